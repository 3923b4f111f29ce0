"""The simulation of asking, in a tiny company: the same for the same seed, within what was agreed, and verified."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.habits import DAY, HOUR, Chance, Colleague, Habits, after_working_hours, colleagues, waits
from benchmarks.picture import picture
from benchmarks.simulate import Size, both, table

TINY = Size(people=60, proposals=8, months=1)


def test_a_tiny_company_keeps_to_what_was_agreed_and_waits_less() -> None:
    usual, asked = both(TINY, Habits(clicks=1.0))
    assert usual.asked == 0
    assert asked.asked > 0
    assert asked.answered > 0
    assert [usual.violations, asked.violations, asked.too_often] == [0, 0, 0]
    assert asked.median() < usual.median()
    assert len(usual.waited) == len(asked.waited) > 0
    assert "requests beyond what was agreed | – | 0" in table([usual, asked])
    assert picture([usual.waited, asked.waited]).count("<polyline") == 2


def test_the_same_seed_meets_the_same_people_and_another_one_others() -> None:
    one, same, other = (colleagues(50, Habits(), Chance(seed)) for seed in (1, 1, 2))
    assert one == same != other


def test_habits_that_are_doubled_leave_the_people_who_they_are() -> None:
    some, more = (colleagues(500, Habits(daily=share), Chance(1)) for share in (0.01, 0.02))
    assert [one.folders for one in some] == [one.folders for one in more]
    assert sum(one.looks > 0.5 for one in some) < sum(one.looks > 0.5 for one in more)


@given(st.integers(0, 10**6), st.floats(0, 60), st.sampled_from([-5, 0, 1, 8]))
def test_people_answer_when_they_are_at_work_and_not_before(start: int, hours: float, zone: int) -> None:
    who = Colleague(1, zone, frozenset(), 0, 3, True)
    at = after_working_hours(1_780_000_000 + start, hours, who)
    local = at + zone * HOUR
    assert at + 1 >= 1_780_000_000 + start + hours * HOUR
    assert (local // DAY + 3) % 7 < 5
    assert 9 * HOUR - 1 <= local % DAY <= 17 * HOUR


def test_half_of_all_waits_are_longer_than_the_median() -> None:
    assert waits(4, 0.49) < 4 < waits(4, 0.51)
    assert waits(4, 1) < 60
