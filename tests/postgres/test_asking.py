"""Once more, on PostgreSQL; see `test_rooms`."""

import pytest

from tests.asking.conftest import all_here
from tests.asking.test_asking import (
    test_after_three_days_others_are_asked_by_the_clock_once,
    test_an_author_asks_those_they_choose_and_each_hears_of_it_once,
    test_clocks_and_authors_at_once_ask_nobody_more_than_agreed,
    test_everything_is_told_to_whom_it_is_about,
    test_not_now_is_a_pause_of_two_weeks_from_everything,
    test_who_leaves_is_forgotten_and_those_they_asked_stay_asked,
    test_who_wrote_the_passage_and_who_endorsed_the_page_are_suggested_with_their_reasons,
)
from tests.world import World

__all__ = [
    "test_after_three_days_others_are_asked_by_the_clock_once",
    "test_an_author_asks_those_they_choose_and_each_hears_of_it_once",
    "test_clocks_and_authors_at_once_ask_nobody_more_than_agreed",
    "test_everything_is_told_to_whom_it_is_about",
    "test_not_now_is_a_pause_of_two_weeks_from_everything",
    "test_who_leaves_is_forgotten_and_those_they_asked_stay_asked",
    "test_who_wrote_the_passage_and_who_endorsed_the_page_are_suggested_with_their_reasons",
]


@pytest.fixture
def world(world: World) -> World:
    """Everybody was here today."""
    all_here(world)
    return world
