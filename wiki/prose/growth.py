"""How a text grew: how many of its words are whose, at a few of its revisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from wiki.markdown import lines_above_body
from wiki.model.acts import Person
from wiki.model.counting import words_above, words_of

_T = TypeVar("_T")


@dataclass(frozen=True)
class Point:
    """A text at a moment, in unix seconds: how many of its words are whose, whoever has most first."""

    at: int
    words: tuple[tuple[Person, int], ...]

    @property
    def total(self) -> int:
        """All its words."""
        return sum(count for _person, count in self.words)


def point(at: int, text: str, words: Iterable[tuple[Person, int]]) -> Point:
    """The words of a text, below its front matter, by whoever wrote them; ``words`` are all, each so many in a row."""
    above = words_above(text)[lines_above_body(text)]
    counts: Counter[Person] = Counter()
    for person, count in words:
        counts[person] += max(0, count - above)
        above = max(0, above - count)
    return Point(at, tuple((person, count) for person, count in counts.most_common() if count))


def renamed(each: Point, proper: Mapping[Person, Person]) -> Point:
    """The same with other names; who has the same one is one."""
    counts: Counter[Person] = Counter()
    for person, count in each.words:
        counts[proper[person]] += count
    return Point(each.at, tuple(counts.most_common()))


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
