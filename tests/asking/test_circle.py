"""The circle: a few at a time, then wider, and to an end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wiki.asking.circle import CIRCLE, MOST_OF_ONE, WAIT, Asked, how_many, next_look

NOW = 1_780_000_000


def test_nobody_else_is_asked_while_those_asked_may_still_answer() -> None:
    assert how_many(Asked((NOW - WAIT + 1,), 1), 3, NOW) == 0


def test_after_three_days_others_are_asked_two_more_than_voices_are_lacking_and_five_at_most() -> None:
    old = Asked((NOW - WAIT,), 1)
    assert [how_many(old, lacking, NOW) for lacking in (1, 2, 3, 9)] == [3, 4, 5, 5]


def test_those_asked_meanwhile_are_counted_in() -> None:
    assert how_many(Asked((NOW - WAIT, NOW - 10, NOW - 10), 3), 2, NOW) == 2


def test_whoever_cannot_is_replaced_by_one() -> None:
    assert how_many(Asked((NOW - 10,), 2, owed=1), 3, NOW) == 1
    assert how_many(Asked((), 1, owed=1), 3, NOW) == 1


def test_it_ends() -> None:
    assert how_many(Asked((NOW - WAIT,), MOST_OF_ONE), 9, NOW) == 0
    assert how_many(Asked((NOW - WAIT,), MOST_OF_ONE - 1, owed=4), 9, NOW) == 1
    assert next_look(Asked((NOW - WAIT,), MOST_OF_ONE), NOW) is None
    assert next_look(Asked((), 3), NOW) is None


def test_the_clock_looks_again_when_the_earliest_of_those_who_may_still_answer_has_had_three_days() -> None:
    assert next_look(Asked((NOW - 9 * WAIT, NOW - 20, NOW - 10), 3), NOW) == NOW - 20 + WAIT
    assert next_look(Asked((NOW - 9 * WAIT,), 3), NOW) == NOW + WAIT


@given(st.lists(st.integers(NOW - 20 * WAIT, NOW)), st.integers(1, 40), st.integers(0, 20), st.integers(0, 5))
def test_never_more_than_five_at_once_nor_fifteen_in_all(made: list[int], lacking: int, total: int, owed: int) -> None:
    asked = Asked(tuple(made), max(total, len(made)), owed)
    count = how_many(asked, lacking, NOW)
    assert 0 <= count <= CIRCLE
    assert asked.total + count <= max(MOST_OF_ONE, asked.total)
    look = next_look(asked, NOW)
    assert look is None or look > NOW
