"""Which pages of two handbooks are compared, what is told of them, and when an aim is missed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.aims import aim
from benchmarks.alike import APART, Alike, Lengths, Turns, aims, pairs, table
from benchmarks.reads import Rate

LENGTHS = st.builds(Lengths, st.integers(1_000, 3_000), st.integers(1_000, 3_000))
HANDBOOK = st.lists(LENGTHS, max_size=30).map(lambda every: {f"page-{nth}": each for nth, each in enumerate(every)})


@given(HANDBOOK, HANDBOOK)
def test_pages_are_compared_that_are_alike_for_strangers_and_members_and_each_once(
    small: dict[str, Lengths], large: dict[str, Lengths]
) -> None:
    found = pairs(small, large)
    assert all(small[one].apart(large[other]) <= APART for one, other in found)
    assert len({one for one, _ in found}) == len({other for _, other in found}) == len(found)


def test_each_page_has_the_nearest_that_is_not_yet_taken() -> None:
    small = {"a": Lengths(1_000, 1_100), "b": Lengths(1_001, 1_101), "long": Lengths(9_000, 9_100)}
    large = {"x": Lengths(1_004, 1_104), "y": Lengths(999, 1_099), "z": Lengths(1_500, 1_600)}
    assert pairs(small, large) == [("a", "y"), ("b", "x")]


def test_a_page_that_is_longer_for_members_alone_is_no_like() -> None:
    assert pairs({"a": Lengths(1_000, 1_100)}, {"b": Lengths(1_000, 1_200)}) == []


def test_what_is_told_are_the_medians_of_the_ratios_of_each_turn() -> None:
    paces = [(100, 200, 100), (50, 60, 60), (10, 30, 33)]
    turns = Turns([(Rate(hello, 1), Rate(small, 1, 10), Rate(large, 1, 11)) for hello, small, large in paces])
    found = Alike(3, (14_862.2, 14_858), {"page view": turns})
    assert table(["246 pages", "10,000 pages"], found).splitlines()[-1] == (
        "| page view | 2.00 of hello | 1.20 of hello | 1.00; processor time 1.10 |"
    )
    assert aims(found) == [
        "| page view, like pages, beside the small size: requests a second; processor time | within 5 % | "
        "1.00; 1.10 **missed** |"
    ]


def test_an_aim_is_missed_by_any_figure_that_is_beyond_it_and_by_none_that_was_not_measured() -> None:
    assert aim("a wait", "≤ 1.3", [1.3, None], most=1.3) == "| a wait | ≤ 1.3 | 1.30; not measured |"
    assert aim("a wait", "≤ 1.3", [1.2, 1_301.0], most=1.3) == "| a wait | ≤ 1.3 | 1.20; 1,301 **missed** |"
    assert aim("a pace", "within 5 %", [0.94], most=1.05, least=0.95) == "| a pace | within 5 % | 0.94 **missed** |"
    assert aim("errors", "0", [0, 2], most=0) == "| errors | 0 | 0; 2 **missed** |"
