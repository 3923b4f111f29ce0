"""A year as a picture: a square for each day, darker where more happened, and the same by month as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask_babel import format_date

from wiki.web.here import the_wiki
from wiki.web.say import _, ngettext
from wiki.web.words import long_date, month_of

WEEKS = 53
STEP = 12
LEVELS = 4
DAY = 86400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Square:
    """A day on which something happened: where it stands in the picture, how dark (1 to 4), what it says, and where
    the day is told of (None where that is nowhere)."""

    x: int
    y: int
    level: int
    says: str
    url: str | None


@dataclass(frozen=True)
class Month:
    """A month: where it begins in the picture (None for one cut off), its name there, in the table and for machines,
    how much happened, and where that is found."""

    x: int | None
    short: str
    name: str
    count: int
    url: str | None


@dataclass(frozen=True)
class Calendar:
    """53 weeks. ``label`` says the whole in one sentence; ``earlier`` and ``later`` are the last days of the years
    around, None where there is nothing."""

    squares: list[Square]
    months: list[Month]
    total: int
    label: str
    of: str
    earlier: date | None
    later: date | None
    width: int = WEEKS * STEP
    height: int = 7 * STEP


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - _EPOCH).days


def today() -> date:
    """The day, in UTC."""
    return datetime.fromtimestamp(the_wiki().now(), UTC).date()


def first_day(last: date) -> date:
    """The Monday on which the 53 weeks begin that end with the week of ``last``."""
    return last - timedelta(days=last.weekday() + 7 * (WEEKS - 1))


def calendar(
    counts: Mapping[int, int],
    last: date,
    first_ever: date | None = None,
    told_at: Callable[[date], str] | None = None,
    acts: bool = False,
) -> Calendar:
    """The 53 weeks that end with the week of ``last``. ``counts`` by days since 1970; ``told_at`` gives the address
    where a day is told of first; ``acts`` says that acts are counted, not changes."""
    begin = first_day(last)
    end = min(begin + timedelta(days=7 * WEEKS - 1), today())
    some = {begin + timedelta(days=n): 0 for n in range((end - begin).days + 1)}
    some = {day: counts.get(day_number(day), 0) for day in some}
    most = max(some.values(), default=0)
    squares = [
        Square(
            STEP * ((day - begin).days // 7),
            STEP * day.weekday(),
            _level(count, most),
            _says(day, count, acts),
            _url(day, told_at),
        )
        for day, count in some.items()
        if count
    ]
    total = sum(some.values())
    span = {"first": long_date(begin), "last": long_date(end)}
    if acts:
        label = ngettext(
            "%(num)s act from %(first)s to %(last)s", "%(num)s acts from %(first)s to %(last)s", total, **span
        )
    else:
        label = ngettext(
            "%(num)s change from %(first)s to %(last)s", "%(num)s changes from %(first)s to %(last)s", total, **span
        )
    later = last + timedelta(days=364) if end < today() else None
    earlier = begin - timedelta(days=1) if first_ever is not None and first_ever < begin else None
    return Calendar(
        squares,
        _months(some, begin, told_at),
        total,
        label,
        _("Acts") if acts else _("Changes"),
        earlier,
        min(later, today()) if later else None,
    )


def _url(day: date, told_at: Callable[[date], str] | None) -> str | None:
    return told_at(day) if told_at is not None else None


def _level(count: int, most: int) -> int:
    """1 to 4: a quarter of the busiest day each."""
    return max(1, -(-LEVELS * count // most))


def _says(day: date, count: int, acts: bool) -> str:
    when = long_date(day)
    if acts:
        return ngettext("%(day)s: %(num)s act", "%(day)s: %(num)s acts", count, day=when)
    return ngettext("%(day)s: %(num)s change", "%(day)s: %(num)s changes", count, day=when)


def _months(some: Mapping[date, int], begin: date, url: Callable[[date], str] | None) -> list[Month]:
    counted: Counter[date] = Counter()
    for day, count in some.items():
        counted[day.replace(day=1)] += count
    months = []
    for first in sorted(counted):
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        week = (max(first, begin) - begin).days // 7
        x = STEP * week if first >= begin and week < WEEKS - 2 else None
        count = counted[first]
        leads = url(min(last, today())) if url is not None and count else None
        months.append(Month(x, format_date(first, "LLL"), month_of(first), count, leads))
    return months
