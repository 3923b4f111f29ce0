"""Medians and the like, as they are reckoned everywhere here."""

from __future__ import annotations

from collections.abc import Sequence

ENOUGH_FOR_HALF = 5
ENOUGH_FOR_NINE = 10
"""From how many values on a median, and a 90th percentile, says something."""


def quantile(values: Sequence[int], tenths: int) -> int:
    """The nearest rank: the smallest of the values that at least so many tenths of all values do not exceed. It is
    always one of them, nothing is interpolated; of 1, 2, 3, 4 the half is 2. There must be a value, and ``tenths`` be
    from 1 to 10."""
    rank = -(-len(values) * tenths // 10)
    return sorted(values)[rank - 1]


def half(values: Sequence[int]) -> int | None:
    """The median; None where there are too few values."""
    return quantile(values, 5) if len(values) >= ENOUGH_FOR_HALF else None


def nine_in_ten(values: Sequence[int]) -> int | None:
    """The 90th percentile; None where there are too few values."""
    return quantile(values, 9) if len(values) >= ENOUGH_FOR_NINE else None
