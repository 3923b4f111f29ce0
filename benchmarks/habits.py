"""Colleagues with plausible habits, for `benchmarks.simulate`: pure, and the same for the same seed.

What somebody would do is drawn from a hash of the seed, of who it is and of what it is about, never from a stream. So
two runs that differ in one thing meet the same people in the same moods.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from math import log

HOUR, DAY = 3600, 86400
ZONES = (-5, 0, 1, 8)
FOLDERS = 12
KNOWN = 2
OPENS_AT, CLOSES_AT = 9, 17


@dataclass(frozen=True)
class Habits:
    """Shares from 0 to 1. ``daily``, ``weekly``, ``monthly``: how many colleagues look at the list so often. At a look
    they open ``opened`` proposals, and endorse one ``voice_known`` or ``voice_other`` of the time, as they know its
    folder or not. ``clicks``: how often an author asks those who are suggested. ``mail``: who reads a letter within
    three working hours; the others on the next working day. Of what they read they answer ``answer_known`` or
    ``answer_other``, ``delay`` working hours later in the median; they say "not me" to ``not_me`` and "not now" to
    ``not_now``; to the rest they say nothing."""

    daily: float = 0.01
    weekly: float = 0.03
    monthly: float = 0.06
    opened: int = 2
    voice_known: float = 0.6
    voice_other: float = 0.2
    clicks: float = 0.8
    mail: float = 0.7
    answer_known: float = 0.5
    answer_other: float = 0.25
    delay: float = 4.0
    not_me: float = 0.12
    not_now: float = 0.04


@dataclass(frozen=True)
class Colleague:
    """One of many. ``zone`` in hours from UTC, ``folders`` are those they know, ``looks`` how likely they look at the
    list on a working day, ``most`` how often a week they want to be asked, ``about`` whether they are here at all."""

    number: int
    zone: int
    folders: frozenset[int]
    looks: float
    most: int
    about: bool

    @property
    def name(self) -> str:
        return f"Colleague {self.number}"

    @property
    def email(self) -> str:
        return f"colleague{self.number}@example.com"


class Chance:
    """Draws numbers from 0 to 1 that depend on the seed and on what they are for."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, *about: object) -> float:
        digest = blake2b(repr((self.seed, *about)).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def pick(self, count: int, *about: object) -> int:
        """A whole number below ``count``."""
        return int(self(*about) * count)


def colleagues(count: int, habits: Habits, chance: Chance) -> list[Colleague]:
    """So many of them."""
    found = []
    for number in range(count):
        at = chance("looker", number)
        often = ((habits.daily, 0.9), (habits.weekly, 0.2), (habits.monthly, 0.05))
        looks, upto = 0.0, 0.0
        for share, on_a_day in often:
            looks = looks or (on_a_day if upto <= at < upto + share else 0.0)
            upto += share
        folders = frozenset(chance.pick(FOLDERS, "folder", number, nth) for nth in range(KNOWN))
        wish = chance("most", number)
        most = 1 if wish < 0.1 else 5 if wish > 0.9 else 3
        zone = ZONES[chance.pick(len(ZONES), "zone", number)]
        found.append(Colleague(number, zone, folders, looks, most, chance("about", number) < 0.9))
    return found


def working_days(began: int, days: int) -> Iterator[int]:
    """The midnights (UTC) of the working days, in unix seconds."""
    for nth in range(days):
        midnight = (began // DAY + nth) * DAY
        if (midnight // DAY + 3) % 7 < 5:
            yield midnight


def moment_of_day(midnight: int, who: Colleague, share: float) -> int:
    """A moment of somebody's working day."""
    return int(midnight + (OPENS_AT + share * (CLOSES_AT - OPENS_AT) - who.zone) * HOUR)


def after_working_hours(start: int, hours: float, who: Colleague) -> int:
    """The moment at which somebody has been at work for so many hours after ``start``."""
    local, left = start + who.zone * HOUR, hours * HOUR
    for _ in range(100):
        midnight = local // DAY * DAY
        opens, closes = midnight + OPENS_AT * HOUR, midnight + CLOSES_AT * HOUR
        if (midnight // DAY + 3) % 7 < 5 and local < closes:
            local = max(local, opens)
            if local + left <= closes:
                return int(local + left) - who.zone * HOUR
            left -= closes - local
        local = midnight + DAY
    raise AssertionError("a hundred days are enough")


def waits(median: float, share: float) -> float:
    """A time that is longer than its median half of the time, and rarely much longer."""
    return -median / log(2) * log(1 - min(share, 0.999))
