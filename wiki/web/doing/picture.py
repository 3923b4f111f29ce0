"""Months as a picture: for each a column as high as half of the changes took, and beside it one as high as nine in ten
did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wiki.web.doing.figures import OfMonth

WIDTH, HEIGHT = 600, 140
_COLUMN = 0.6


@dataclass(frozen=True)
class Column:
    """A month in the picture: where it stands, how wide each of its two columns is, and how high half and nine in ten
    reach (0 where that is not known), in units of the picture; lengths of time in seconds."""

    month: date
    x: int
    width: int
    half: int
    nine: int
    half_time: int
    nine_time: int | None


@dataclass(frozen=True)
class Picture:
    """The columns of the months of which enough is known, and the longest time that one of them shows, in seconds."""

    columns: tuple[Column, ...]
    longest: int
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT


def picture(months: Sequence[OfMonth]) -> Picture | None:
    """The picture; None where no month has enough changes, or all of them took no time at all."""
    longest = max((month.times.nine or month.times.half or 0 for month in months), default=0)
    if not longest:
        return None
    room = WIDTH // len(months)
    width = round(room * _COLUMN / 2)
    columns = [
        Column(
            month.first,
            room * place + (room - 2 * width) // 2,
            width,
            _high(month.times.half, longest),
            _high(month.times.nine or 0, longest),
            month.times.half,
            month.times.nine,
        )
        for place, month in enumerate(months)
        if month.times.half is not None
    ]
    return Picture(tuple(columns), longest, months[0].first, months[-1].first)


def _high(seconds: int, longest: int) -> int:
    """At least a line, so that a quick month is seen too."""
    return max(2, round(HEIGHT * seconds / longest)) if seconds else 0
