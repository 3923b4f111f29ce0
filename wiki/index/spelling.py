"""Words as they may have been meant: the nearest of those that stand somewhere."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, bindparam, func, select

from wiki.index import schema
from wiki.index.words import LONGEST

_W = schema.word
_MOST_WEIGHED = 5_000
_MOST_BEGINNINGS = 10
_SHORTEST = 4
_LONG = 10
_LAST = "\U0010ffff"
_LIKE = (
    select(_W.c.word, _W.c.entries)
    .where(_W.c.word >= bindparam("first"), _W.c.word < bindparam("last"))
    .where(func.length(_W.c.word).between(bindparam("shortest"), bindparam("longest")))
    .limit(_MOST_WEIGHED)
)


@dataclass(frozen=True)
class Known:
    """A word that stands somewhere, with its stems, and in how much of what can be found."""

    word: str
    stems: tuple[str, ...]
    entries: int


def beginning_with(connection: Connection, beginning: str) -> list[Known]:
    """The commonest words that begin like this."""
    if len(beginning) < 3:
        return []
    found = _like(connection, beginning, 1, LONGEST)
    return _known(connection, dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_MOST_BEGINNINGS]))


def nearest(connection: Connection, word: str) -> Known | None:
    """The word that this may have been meant to be: one slip away, in long words two; of several the nearest, then the
    commonest. None where there is none. The first letter may be missing, doubled or have changed places."""
    if len(word) < _SHORTEST:
        return None
    slips = 2 if len(word) >= _LONG else 1
    found: dict[str, int] = {}
    for first in dict.fromkeys((word[0], word[1])):
        found |= _like(connection, first, len(word) - slips, len(word) + slips)
    best = _best(word, found, slips)
    return _known(connection, {best: found[best]})[0] if best is not None else None


def _best(word: str, known: dict[str, int], slips: int) -> str | None:
    near = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=slips, limit=None)
    ranked = sorted((distance, -known[other], other) for other, distance, _ in near if other != word)
    return ranked[0][2] if ranked else None


def _like(connection: Connection, beginning: str, shortest: int, longest: int) -> dict[str, int]:
    bounds = {"first": beginning, "last": beginning + _LAST, "shortest": shortest, "longest": longest}
    found: dict[str, int] = {}
    for word, entries in connection.execute(_LIKE, bounds):
        found[word] = found.get(word, 0) + entries
    return found


def _known(connection: Connection, words: dict[str, int]) -> list[Known]:
    query = select(_W.c.word, _W.c.stem).where(_W.c.word.in_(list(words)))
    stems: dict[str, set[str]] = {word: set() for word in words}
    for word, stem in connection.execute(query):
        stems[word].add(stem)
    return [Known(word, tuple(sorted(stems[word])), entries) for word, entries in words.items()]
