"""Whom to ask: pure, from what is known of colleagues to a short list with reasons.

`facts` finds out about them, `circle` says how many and when. Nothing here decides about a text: who is asked has the
same one voice as who is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

from wiki.model.acts import Person

DAY = 86400
ACTIVE_SECONDS = 90 * DAY
"""Who has not been here for so long is not asked."""
MOST_OPEN = 3
"""Nobody has more requests than this to answer at once."""
WEEK = 7 * DAY
OF_A_GROUP = 2
"""So many of a needed group lead the list; more of them would leave no room for others who know the page."""


class Because(StrEnum):
    """Why somebody is worth asking, as everybody may know it."""

    GROUP = "group"
    WROTE = "wrote"
    ENDORSED = "endorsed"
    PAGE = "page"
    NEARBY = "nearby"
    LANGUAGE = "language"
    FREE = "free"


class Bar(StrEnum):
    """Why somebody is not asked."""

    AUTHOR = "author"
    SPOKE = "spoke"
    ASKED = "asked"
    INACTIVE = "inactive"
    YOUNG = "young"
    PAUSED = "paused"
    BUSY = "busy"
    OFTEN = "often"


@dataclass(frozen=True)
class Reason:
    """A reason in one word; ``about`` is the group, where it is one."""

    because: Because
    about: str = ""


@dataclass(frozen=True)
class Candidate:
    """What is known of a colleague and a proposal. Times in unix seconds.

    ``author`` of it under whatever address; ``spoke`` on it, about whatever text; ``asked`` about it already, whatever
    they answered. ``wrote`` what it would change, ``endorsed`` changes of the same pages, wrote other parts of the
    ``page``, did either ``nearby`` in the same folders. ``reads`` is for their own eyes: it orders, and is never told.
    ``groups`` are theirs in the policy. ``language``: True where they chose that of the page, False for another, None
    where they chose none. ``open`` requests to answer, ``week`` requests in the last seven days, of the ``most`` that
    they want; ``paused`` until then.
    """

    account: int
    person: Person
    member_since: int
    seen_at: int | None
    active: bool = True
    author: bool = False
    spoke: bool = False
    asked: bool = False
    wrote: bool = False
    endorsed: bool = False
    page: bool = False
    nearby: bool = False
    reads: bool = False
    groups: frozenset[str] = field(default_factory=frozenset)
    language: bool | None = None
    open: int = 0
    week: int = 0
    most: int = 3
    paused: int | None = None
    asked_at: int | None = None


@dataclass(frozen=True)
class Question:
    """What a proposal lacks: so many ``voices``, somebody of each of these ``groups``. ``since`` is how old an account
    must be (seconds) for its voice to count."""

    n: int
    now: int
    voices: int
    groups: tuple[str, ...] = ()
    since: int = 0


@dataclass(frozen=True)
class Suggested:
    """Somebody worth asking, with the reasons, the best first."""

    account: int
    person: Person
    reasons: tuple[Reason, ...]


def whom(candidates: Iterable[Candidate], question: Question, most: int) -> list[Suggested]:
    """At most so many colleagues, the best first. The same for the same facts, in whatever order they come."""
    free = [one for one in candidates if why_not(one, question) is None and _helps(one, question)]
    ranked = sorted(free, key=lambda one: _place(one, question))
    first = _of_groups(ranked, question)
    chosen = [*first, *(one for one in ranked if one not in first)][:most]
    return [Suggested(one.account, one.person, reasons_of(one, question)) for one in chosen]


def why_not(one: Candidate, question: Question) -> Bar | None:
    """Why this colleague is not asked about this proposal; None where they may be."""
    now = question.now
    inactive = not one.active or one.seen_at is None or one.seen_at <= now - ACTIVE_SECONDS
    bars = {
        Bar.AUTHOR: one.author,
        Bar.SPOKE: one.spoke,
        Bar.ASKED: one.asked,
        Bar.INACTIVE: inactive,
        Bar.YOUNG: now - one.member_since < question.since,
        Bar.PAUSED: one.paused is not None and now < one.paused,
        Bar.BUSY: one.open >= MOST_OPEN,
        Bar.OFTEN: one.week >= one.most,
    }
    return next((bar for bar, holds in bars.items() if holds), None)


def reasons_of(one: Candidate, question: Question) -> tuple[Reason, ...]:
    """The reasons that everybody may know; that nothing else is known is said as well."""
    found = [Reason(Because.GROUP, group) for group in question.groups if group in one.groups]
    known = {
        Because.WROTE: one.wrote,
        Because.ENDORSED: one.endorsed,
        Because.PAGE: one.page and not one.wrote,
        Because.NEARBY: one.nearby and not (one.wrote or one.endorsed or one.page),
    }
    found += [Reason(because) for because, holds in known.items() if holds]
    if not found and one.language:
        found.append(Reason(Because.LANGUAGE))
    return tuple(found) or (Reason(Because.FREE),)


def _helps(one: Candidate, question: Question) -> bool:
    """Where only groups are lacking, others cannot help."""
    return question.voices > 0 or not one.groups.isdisjoint(question.groups)


def _of_groups(ranked: Sequence[Candidate], question: Question) -> list[Candidate]:
    found: list[Candidate] = []
    for group in question.groups:
        members = [one for one in ranked if group in one.groups and one not in found]
        found += members[:OF_A_GROUP]
    return found


def _place(one: Candidate, question: Question) -> tuple[int, int, int]:
    """Who knows most first; among equals whoever was asked least recently, then by a lot that falls otherwise for each
    proposal."""
    lot = crc32(f"{question.n}:{one.account}".encode())
    return -_knows(one), one.asked_at or 0, lot


def _knows(one: Candidate) -> int:
    """How much somebody knows of it, coarse enough that many are equal and take turns."""
    known = 8 * one.wrote + 6 * one.endorsed + 4 * one.page + 2 * one.nearby
    spoken = 0 if one.language is None else 1 if one.language else -4
    return known + one.reads + spoken
