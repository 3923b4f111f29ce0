"""A digest is due at eight in the morning, where its reader lives."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import BEGAN, DAY
from wiki.notify import Rhythm, zones
from wiki.notify.rhythm import next_digest


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("now", "zone", "rhythm", "then"),
    [
        ("2026-05-12T07:59:59+00:00", "UTC", Rhythm.DAILY, "2026-05-12T08:00:00+00:00"),
        ("2026-05-12T08:00:00+00:00", "UTC", Rhythm.DAILY, "2026-05-13T08:00:00+00:00"),
        ("2026-05-12T23:30:00+00:00", "Asia/Tokyo", Rhythm.DAILY, "2026-05-13T23:00:00+00:00"),
        ("2026-05-12T12:00:00+00:00", "America/Los_Angeles", Rhythm.DAILY, "2026-05-12T15:00:00+00:00"),
        ("2026-10-24T07:00:00+00:00", "Europe/Berlin", Rhythm.DAILY, "2026-10-25T07:00:00+00:00"),
        ("2026-03-28T08:00:00+00:00", "Europe/Berlin", Rhythm.DAILY, "2026-03-29T06:00:00+00:00"),
        ("2026-05-12T12:00:00+00:00", "UTC", Rhythm.WEEKLY, "2026-05-18T08:00:00+00:00"),
        ("2026-05-18T08:00:00+00:00", "UTC", Rhythm.WEEKLY, "2026-05-25T08:00:00+00:00"),
        ("2026-05-18T07:00:00+00:00", "Asia/Tokyo", Rhythm.WEEKLY, "2026-05-24T23:00:00+00:00"),
        ("2026-05-12T07:00:00+00:00", "Moon/Base", Rhythm.DAILY, "2026-05-12T08:00:00+00:00"),
    ],
)
def test_the_next_digest(now: str, zone: str, rhythm: Rhythm, then: str) -> None:
    assert next_digest(at(now), zone, rhythm) == at(then)


def test_never_is_never() -> None:
    assert next_digest(BEGAN, "UTC", Rhythm.NEVER) is None


@given(
    st.integers(BEGAN, BEGAN + 1000 * DAY),
    st.sampled_from(zones()),
    st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]),
)
def test_it_is_eight_there_and_soon(now: int, zone: str, rhythm: Rhythm) -> None:
    then = next_digest(now, zone, rhythm)
    assert then is not None
    there = datetime.fromtimestamp(then, UTC).astimezone(ZoneInfo(zone))
    assert (there.hour, there.minute) == (8, 0)
    assert 0 < then - now <= (1 if rhythm is Rhythm.DAILY else 7) * DAY + 2 * 3600
    assert rhythm is Rhythm.DAILY or there.weekday() == 0


def test_zones_are_called_by_places() -> None:
    assert {"UTC", "Europe/Berlin", "Asia/Tokyo", "America/Argentina/Buenos_Aires"} <= set(zones())
    assert not any(zone.startswith(("Etc/", "posix/")) for zone in zones())
