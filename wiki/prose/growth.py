"""How a text grew: whose its lines are after each change, and how many words of it are whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from wiki.markdown import lines_above_body
from wiki.model.acts import Person
from wiki.model.counting import words_of

_T = TypeVar("_T")


@dataclass(frozen=True)
class Lines:
    """Lines in a row of a text: written by ``author``, or, where that is None, taken from the text before, in which
    they began on the line ``was``, from 1."""

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


def authors_after(change: Iterable[Lines], before: Sequence[Person]) -> list[Person]:
    """Who wrote each line of a text, from what became of the text before, whose lines are by ``before``."""
    authors: list[Person] = []
    for lines in change:
        if lines.author is not None:
            authors.extend([lines.author] * lines.count)
        else:
            authors.extend(before[lines.was - 1 : lines.was - 1 + lines.count])
    return authors


def point(at: int, text: str, authors: Sequence[Person]) -> Point:
    """The words of a text, below its front matter, by whoever wrote the lines they stand in."""
    words: Counter[Person] = Counter()
    lines = zip(authors, text.split("\n"), strict=False)
    for author, line in islice(lines, lines_above_body(text), None):
        words[author] += words_in(line)
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
