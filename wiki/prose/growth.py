"""How a text grew: whose its words are after each change, and how many of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from wiki.markdown import lines_above_body
from wiki.model.acts import Person
from wiki.model.counting import words_above, words_of
from wiki.prose.compare import runs

_T = TypeVar("_T")


@dataclass(frozen=True)
class Words:
    """Words in a row of a text: written by ``author``, or, where that is None, taken from the text before, in which
    they began after ``was`` others."""

    count: int
    author: Person | None
    was: int = 0


@dataclass(frozen=True)
class Point:
    """A text at a moment, in unix seconds: how many of its words are whose, whoever has most first."""

    at: int
    words: tuple[tuple[Person, int], ...]

    @property
    def total(self) -> int:
        """All its words."""
        return sum(count for _person, count in self.words)


def authors_after(change: Iterable[Words], before: Sequence[Person], stayed: Sequence[Person | None]) -> list[Person]:
    """Who wrote each word of a text, from what became of the text before, whose words are by ``before``. New words
    that have ``stayed`` are not new."""
    authors: list[Person] = []
    for words in change:
        if words.author is None:
            authors.extend(before[words.was : words.was + words.count])
        else:
            at = len(authors)
            known = stayed[at : at + words.count] or [None] * words.count
            authors.extend(author or words.author for author in known)
    return authors


def stayed(before: str, text: str, authors: Sequence[_T]) -> list[_T | None]:
    """For each word of a text who wrote it, where it stood in the text before, whose words are by ``authors``,
    whatever its line was; None for the others."""
    old, new = words_of(before), words_of(text)
    found: list[_T | None] = [None] * len(new)
    for run in runs(old, new, tidy=True) if len(old) == len(authors) else ():
        if run.sign == "=":
            found[run.new] = authors[run.old]
    return found


def point(at: int, text: str, authors: Sequence[Person]) -> Point:
    """The words of a text, below its front matter, by whoever wrote them."""
    above = words_above(text)[lines_above_body(text)]
    words = Counter(authors[above:])
    return Point(at, tuple((person, count) for person, count in words.most_common() if count))


def words_in(text: str) -> int:
    """How many words there are."""
    return len(words_of(text))


def spread(things: Sequence[_T], moments: Sequence[int], most: int) -> list[_T]:
    """At most ``most`` of these things, in order: the first, the last, the last one of each stretch of time, all
    stretches being equally long, and as many of the others as there is room for, evenly."""
    if len(things) <= most:
        return list(things)
    first, last = min(moments), max(moments)
    length = max(1, -(-(last - first) // (most - 2)))
    by_stretch = {min((at - first) // length, most - 3): place for place, at in enumerate(moments)}
    places = {0, *by_stretch.values(), len(things) - 1}
    others = [place for place in range(len(things)) if place not in places]
    room = most - len(places)
    places.update(others[at * len(others) // room] for at in range(room))
    return [things[place] for place in sorted(places)]
