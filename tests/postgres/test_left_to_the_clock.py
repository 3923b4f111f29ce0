"""Once more, on PostgreSQL; see `test_rooms`."""

from tests.faults.test_cut_off_in_between import (
    few,
    test_cut_off_between_any_two_statements_nothing_stands_otherwise_or_is_left_undone,
)
from tests.index.test_rebuilding import (
    in_small_steps,
    test_proposals_that_main_moved_under_after_it_was_cut_off_are_weighed_again,
)
from tests.service.test_left_to_the_clock import (
    long,
    test_a_wiki_that_lost_its_index_looks_at_everything_that_is_overtaken,
    test_an_act_on_what_was_overtaken_is_settled_though_its_process_was_killed,
    test_what_a_killed_process_leaves_overtaken_is_brought_up_to_date,
)

__all__ = [
    "few",
    "in_small_steps",
    "long",
    "test_a_wiki_that_lost_its_index_looks_at_everything_that_is_overtaken",
    "test_an_act_on_what_was_overtaken_is_settled_though_its_process_was_killed",
    "test_cut_off_between_any_two_statements_nothing_stands_otherwise_or_is_left_undone",
    "test_proposals_that_main_moved_under_after_it_was_cut_off_are_weighed_again",
    "test_what_a_killed_process_leaves_overtaken_is_brought_up_to_date",
]
