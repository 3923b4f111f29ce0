"""Half of all, nine in ten: which value that is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.model.quantile import half, nine_in_ten, quantile


@pytest.mark.parametrize(
    ("values", "tenths", "expected"),
    [([1, 2, 3, 4], 5, 2), ([4, 3, 2, 1, 5], 5, 3), ([7], 9, 7), (range(1, 11), 9, 9), (range(1, 12), 9, 10)],
)
def test_it_is_the_nearest_rank(values: list[int], tenths: int, expected: int) -> None:
    assert quantile(values, tenths) == expected


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 10))
def test_at_least_so_many_do_not_exceed_it_and_no_smaller_one_will_do(values: list[int], tenths: int) -> None:
    found = quantile(values, tenths)
    part = Fraction(tenths, 10)
    assert found in values
    assert sum(value <= found for value in values) >= part * len(values)
    assert all(sum(value <= other for value in values) < part * len(values) for other in values if other < found)


def test_of_too_few_nothing_is_said() -> None:
    assert half([1] * 4) is None
    assert half([1] * 5) == 1
    assert nine_in_ten([1] * 9) is None
    assert nine_in_ten([1] * 10) == 1
