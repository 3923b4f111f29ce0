"""Two sequences -> what is common, removed and added; and which removed piece became which added one.

Sequences of anything hashable are compared as texts in which every distinct thing is one character, by Myers'
algorithm in C++ with a time limit. Past the limit the answer is coarser, never wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from fast_diff_match_patch import diff

SECONDS = 0.15
MAX_TOKENS = 150_000
MAX_TOKENS_AT_ONCE = 12_000
MAX_LENGTH = 200_000
MAX_PAIRED = 4_000
ALIKE = 0.5

_CODES = range(0xF0000, 0x10FFFE)
"""Characters that stand for things."""
_LOOK_AHEAD = 12
_WORD_BY_WORD = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_NUMBER = r"\d++(?:[-:.,/]\d++)++"
"""A date, a time of day, an amount: what only part of is different is another one."""
_TOKEN = re.compile(rf"{_NUMBER}|[{_WORD_BY_WORD}]|(?:(?![{_WORD_BY_WORD}])\w)+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Run:
    """A stretch: ``sign`` is "=", "-" or "+"; the places in the old and in the new sequence."""

    sign: str
    old: slice
    new: slice


def runs(
    old: Sequence[Hashable], new: Sequence[Hashable], *, tidy: bool = False, seconds: float = SECONDS
) -> list[Run]:
    """How the old sequence becomes the new one. ``tidy`` gives up small islands between changes; with 0 ``seconds``
    there is no time limit, and equal sequences always get equal answers."""
    codes = dict(zip(dict.fromkeys(chain(old, new)), map(chr, _CODES), strict=False))
    try:
        before, after = ("".join(map(codes.__getitem__, side)) for side in (old, new))
    except KeyError:
        return _whole(len(old), len(new))  # there are more than there are characters
    found, at, to = [], 0, 0
    steps = diff(before, after, timelimit=seconds, checklines=False, cleanup="Semantic" if tidy else "No")
    for sign, length in steps:
        first, second = (0 if sign == "+" else length), (0 if sign == "-" else length)
        found.append(Run(sign, slice(at, at + first), slice(to, to + second)))
        at, to = at + first, to + second
    return found


def _whole(old: int, new: int) -> list[Run]:
    return [Run("-", slice(0, old), slice(0, 0)), Run("+", slice(old, old), slice(0, new))]


def changes(found: Sequence[Run]) -> Iterator[Run]:
    """The same, with what is removed and added in one place as one run of the sign "~"."""
    pending: list[Run] = []
    for run in [*found, Run("=", slice(0, 0), slice(0, 0))]:
        if run.sign != "=":
            pending.append(run)
            continue
        if pending:
            yield Run(
                "~",
                slice(min(p.old.start for p in pending), max(p.old.stop for p in pending)),
                slice(min(p.new.start for p in pending), max(p.new.stop for p in pending)),
            )
            pending = []
        if run.old.stop > run.old.start:
            yield run


def tokens_of(text: str) -> list[str]:
    """Words, numbers, spaces and single marks; where words are written without spaces, single characters."""
    return _TOKEN.findall(text)


def likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common, from 0 to 1."""
    return _likeness(_bag(one), _bag(other))


def pairs(old: Sequence[str], new: Sequence[str], alike: float = ALIKE) -> list[tuple[int | None, int | None]]:
    """Which old text became which new one, in order; None beside one that was removed or added. Those are
    one text that have at least the share ``alike`` of their words in common."""
    if not old or not new or len(old) + len(new) > MAX_PAIRED:
        return [*((at, None) for at in range(len(old))), *((None, to) for to in range(len(new)))]
    bags, others = [_bag(text) for text in old], [_bag(text) for text in new]
    matched: list[tuple[int | None, int | None]] = []
    to = 0
    for at, bag in enumerate(bags):
        ahead = range(to, min(len(new), to + _LOOK_AHEAD))
        best = max(ahead, key=lambda place: (_likeness(bag, others[place]), -place), default=None)
        if best is None or _likeness(bag, others[best]) < alike:
            matched.append((at, None))
            continue
        matched.extend((None, place) for place in range(to, best))
        matched.append((at, best))
        to = best + 1
    matched.extend((None, place) for place in range(to, len(new)))
    return matched


def _bag(text: str) -> frozenset[tuple[str, int]]:
    """The words of a text, each time it occurs."""
    counts: Counter[str] = Counter()
    bag = []
    for token in tokens_of(text[:20_000]):
        if not token.isspace():
            counts[token] += 1
            bag.append((token, counts[token]))
    return frozenset(bag)


def _likeness(one: frozenset[tuple[str, int]], other: frozenset[tuple[str, int]]) -> float:
    """The share of words that two texts have in common."""
    size = len(one) + len(other)
    return 2 * len(one & other) / size if size else 1.0


@dataclass
class Words:
    """Compares the words of one difference, and stops when that would become long: ``left`` tokens remain."""

    left: int = MAX_TOKENS

    def between(self, old: str, new: str) -> list[tuple[str, str]] | None:
        """Two texts as (sign, text) pieces, or None where they are too long to be compared."""
        if len(old) + len(new) > MAX_LENGTH or self.left <= 0:
            return None
        before, after = tokens_of(old), tokens_of(new)
        self.left -= len(before) + len(after)
        if len(before) + len(after) > MAX_TOKENS_AT_ONCE:
            return None
        pieces: list[tuple[str, str]] = []
        for run in runs(before, after, tidy=True):
            tokens = after[run.new] if run.sign == "+" else before[run.old]
            pieces.append((run.sign, "".join(tokens)))
        return pieces
