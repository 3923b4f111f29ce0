"""When a digest is due: at eight in the morning, where its reader lives. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

AT = time(8)
MONDAY = 0
_APART = ("posix/", "right/", "Etc/", "SystemV/", "US/")


class Rhythm(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


@cache
def zones() -> tuple[str, ...]:
    """The time zones that one can choose, called by a place, after UTC."""
    placed = (zone for zone in available_timezones() if "/" in zone and not zone.startswith(_APART))
    return ("UTC", *sorted(placed))


@cache
def _known() -> frozenset[str]:
    """All that the server knows, which is found by reading many files."""
    return frozenset(available_timezones())


def next_digest(now: int, zone: str, rhythm: Rhythm) -> int | None:
    """The next moment after ``now`` (unix seconds) at which a digest goes out; None for never. A zone that the server
    does not know counts as UTC."""
    if rhythm is Rhythm.NEVER:
        return None
    place = ZoneInfo(zone) if zone in _known() else ZoneInfo("UTC")
    here = datetime.fromtimestamp(now, UTC).astimezone(place)
    for days in range(9):
        day = here.date() + timedelta(days=days)
        if rhythm is Rhythm.WEEKLY and day.weekday() != MONDAY:
            continue
        at = int(datetime.combine(day, AT, place).timestamp())
        if at > now:
            return at
    raise AssertionError("a Monday comes within eight days")
