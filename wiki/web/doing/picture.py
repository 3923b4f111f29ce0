"""Months as a picture: for each a column as high as nine in ten changes took, and before it a narrower one as high as
half of them did, so that both are seen where they are equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wiki.web.doing.figures import OfMonth

WIDTH, HEIGHT = 600, 140
_COLUMN = 0.6
_INSET = 0.25


@dataclass(frozen=True)
class Column:
    """A month in the picture: where it stands, how wide it is, by how much the column of the half is narrower on either
    side, and how high half and nine in ten reach (0 where that is not known), in units of the picture; lengths of time
    in seconds."""

    month: date
    x: int
    width: int
    inset: int
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
    width = round(room * _COLUMN)
    columns = [
        Column(
            month.first,
            room * place + (room - width) // 2,
            width,
            round(width * _INSET),
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
