"""Words followed back from texts of a page through those it had before, each to the text that it came with.

A step back costs the difference of the passages that changed, and next to nothing where no word in them is followed.
What is new of a sentence is sought further back: the page may have had the sentence before, and lost it. It is followed
from there, then.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import NamedTuple
from zlib import crc32

from wiki.prose.compare import runs
from wiki.prose.stayed import NOWHERE, Reader, Sentence, Stayed

_BREAK = re.compile(rb"\n(?:\n+|(?=[ \t]{0,8}(?:(?:[-*+>]|#{1,6}|[0-9]{1,3}[.)])[ \t]|\|)))")
_AHEAD = 16
"""So many bytes behind its end, at most, tell where a passage ends."""

_RUN = re.compile(rb"[A-Za-z0-9_]+")
_MARK = 0xFFFFFF

Passes = Callable[[int], bool]
"""Whether a new word of a text, by its place in it, is left to whoever wrote what stood there before."""


class Followed(NamedTuple):
    """``length`` words of the text ``asked`` about, from its word ``start`` (from 0) on. In the passage where they are
    now they begin with the word ``at``."""

    at: int
    length: int
    asked: int
    start: int

    def part(self, first: int, length: int, at: int) -> Followed:
        """Some of them, from the ``first`` on, where they begin with the word ``at``."""
        return Followed(at, length, self.asked, self.start + first)


class Came(NamedTuple):
    """Words that came with the text ``source``: there they are in the passage ``nth``."""

    words: Followed
    source: int
    nth: int


Open = tuple[Followed, ...]


@dataclass(frozen=True)
class _Text:
    """A text: its number, its bytes, and these as passages, with the words that are followed in each."""

    number: int
    whole: bytes
    passages: Sequence[bytes]
    open: Sequence[Open]


class Tracer:
    """Follows words back, from the newest text on, whose number is the highest."""

    def __init__(self, number: int, text: bytes, read: Reader | None = None) -> None:
        text = _plain(text)
        passages = _passages(text)
        self._read = read or Reader()
        self._now = _Text(number, text, passages, [()] * len(passages))
        self._sources: dict[int, Sequence[bytes]] = {}
        self._above: dict[int, Sequence[int]] = {}
        self._sought: dict[Sentence, list[Came]] = {}
        self._rare: dict[Sentence, list[bytes]] = {}
        self._parked: dict[int, _Text] = {}
        self._came: list[Came] = []
        self.lost: set[int] = set()
        """The `marks` of the passages that were in a text and not in the one after it."""
        self.compared = 0
        """How many words were compared so far."""

    @property
    def done(self) -> bool:
        """Whether no word is followed any longer, and none sought."""
        return not self._sought and not self._parked and not any(self._now.open)

    def ask(self, asked: int) -> None:
        """Follow all words of the text that was come to, which is called ``asked``."""
        starts = self._starts(self._now.passages)
        more = [(Followed(0, end - start, asked, start),) if end > start else ()
                for start, end in pairwise(starts)]  # fmt: skip
        self._now = replace(self._now, open=_both(self._now.open, more))

    def park(self, number: int) -> None:
        """The text that was come to is that of an earlier ``number`` too: what is followed in it goes on from there."""
        now, kept = self._now, self._parked.get(number)
        mine = now.open if kept is None else _both(kept.open, now.open)
        self._parked[number] = _Text(number, now.whole, now.passages, mine)
        self._now = replace(now, open=[()] * len(now.open))

    def back(self, number: int, text: bytes, passes: Passes | None = None) -> None:
        """A step back to the text ``number``; ``passes`` is about the one after it."""
        text, now = _plain(text), self._now
        if text == now.whole:
            self._now = replace(now, number=number)
        else:
            head, tail = _same(now.passages, now.whole, text)
            first, last = sum(map(len, now.passages[:head])), len(text) - sum(map(len, now.passages[tail:]))
            old = _passages(text[first:last])
            inside = self._stretch(now, range(head, tail), old, passes)
            passages = [*now.passages[:head], *old, *now.passages[tail:]]
            self._now = _Text(number, text, passages, [*now.open[:head], *inside, *now.open[tail:]])
        if number in self._parked:
            self._now = replace(self._now, open=_both(self._now.open, self._parked.pop(number).open))

    def seek_only(self, lost: Set[int]) -> None:
        """Seek on only what may be in passages that have these marks."""
        for sentence in list(self._sought):
            if not marks(" ".join(sentence.words).encode("utf-8")) <= lost:
                del self._rare[sentence]
                self._came += self._sought.pop(sentence)

    def here(self) -> list[Came]:
        """The words that are followed in the text that was come to; they are followed no longer."""
        now = self._now
        self._now = replace(now, open=[()] * len(now.open))
        return self._stand(now)

    def everywhere(self) -> list[Came]:
        """The same, and those that were to go on from earlier texts."""
        found = [came for text in self._parked.values() for came in self._stand(text)]
        self._parked.clear()
        return found + self.here()

    def _stand(self, text: _Text) -> list[Came]:
        self._sources[text.number] = text.passages
        return [Came(each, text.number, nth) for nth, some in enumerate(text.open) for each in some]

    def came(self) -> list[Came]:
        """Where the words came from that are followed no longer. What is still sought came from where it was new."""
        return self._came + [each for some in self._sought.values() for each in some]

    def place(self, came: Came) -> int:
        """How many words stand above these in the text that they came with."""
        if came.source not in self._above:
            self._above[came.source] = self._starts(self._sources[came.source])
        return self._above[came.source][came.nth] + came.words.at

    def _starts(self, passages: Sequence[bytes]) -> list[int]:
        """How many words stand above each of these passages, and, last, how many there are."""
        return list(accumulate((_count(self._read(each)) for each in passages), initial=0))

    def _stretch(self, now: _Text, some: range, old: Sequence[bytes], passes: Passes | None) -> list[Open]:
        """What is followed in the old passages, which became some of the text that was come to."""
        inside: list[Open] = [()] * len(old)
        was: list[int] = []
        changed: list[int] = []
        for run in runs(old, now.passages[some.start : some.stop]):
            if run.sign == "=":
                inside[run.old] = now.open[some.start + run.new.start : some.start + run.new.stop]
            else:
                was += range(run.old.start, run.old.stop)
                changed += some[run.new]
        others = [old[nth] for nth in was]
        self.lost.update(*map(marks, others))
        read = any(now.open[nth] for nth in changed)
        found = self._changed(now, changed, others, passes) if read else [()] * len(others)
        if self._sought:
            found = _both(found, self._seek(others, read=read))
        for nth, each in zip(was, found, strict=True):
            inside[nth] = each
        return inside

    def _changed(self, now: _Text, some: Sequence[int], old: Sequence[bytes], passes: Passes | None) -> list[Open]:
        """The same of passages that read otherwise."""
        new = [self._read(now.passages[nth]) for nth in some]
        before = [self._read(each) for each in old]
        stayed = Stayed([one for each in before for one in each], [one for each in new for one in each],
                        tells_beside=passes is not None)  # fmt: skip
        was = stayed.was
        self.compared += len(was)
        if passes is not None:
            starts = self._starts(now.passages)
            places = [starts[nth] + at for nth, each in zip(some, new, strict=True) for at in range(_count(each))]
            was = [stayed.beside.get(place, NOWHERE) if found == NOWHERE and passes(places[place]) else found
                   for place, found in enumerate(was)]  # fmt: skip
        bounds = list(accumulate(map(_count, before), initial=0))
        inside: list[list[Followed]] = [[] for _ in old]
        start = 0
        for nth, sentences in zip(some, new, strict=True):
            for words in now.open[nth]:
                for first, count, place in _rows(was[start + words.at : start + words.at + words.length], bounds):
                    if place == NOWHERE:
                        self._new(words.part(first, count, words.at + first), now, nth, sentences)
                    else:
                        into = bisect_right(bounds, place) - 1
                        inside[into].append(words.part(first, count, place - bounds[into]))
            start += _count(sentences)
        return [tuple(each) for each in inside]

    def _new(self, words: Followed, now: _Text, nth: int, sentences: Sequence[Sentence]) -> None:
        """These words are new in a passage of a text: from now on they are sought, sentence by sentence."""
        self._sources[now.number] = now.passages
        start = 0
        for sentence in sentences:
            first, last = max(words.at, start), min(words.at + words.length, start + len(sentence.words))
            if first < last:
                came = Came(words.part(first - words.at, last - first, first), now.number, nth)
                if sentence.long_enough:
                    self._sought.setdefault(sentence, []).append(came)
                    if sentence not in self._rare:
                        self._rare[sentence] = [w.encode("utf-8") for w in sorted(sentence.words, key=len)[::-1]]
                else:
                    self._came.append(came)
            start += len(sentence.words)

    def _seek(self, passages: Sequence[bytes], *, read: bool) -> list[Open]:
        """What was sought and is found in these passages: it is followed again. Where they were not ``read`` yet, they
        are only if all words of a sentence are somewhere in them."""
        stretch = b"" if read else b"".join(passages)
        found: list[list[Followed]] = [[] for _ in passages]
        likely = read or any(all(map(stretch.__contains__, rare)) for rare in self._rare.values())
        for nth, passage in enumerate(passages if likely else ()):
            start = 0
            for sentence in self._read(passage):
                if sentence in self._sought:
                    del self._rare[sentence]
                    for came in self._sought.pop(sentence):
                        within = self._within(came)
                        found[nth].append(came.words.part(0, came.words.length, start + within))
                start += len(sentence.words)
        return [tuple(each) for each in found]

    def _within(self, came: Came) -> int:
        """How many words of their sentence stand above these."""
        start = 0
        for sentence in self._read(self._sources[came.source][came.nth]):
            if start + len(sentence.words) > came.words.at:
                break
            start += len(sentence.words)
        return came.words.at - start


def marks(text: bytes) -> set[int]:
    """What stands for every two words in a row: a passage that has a sentence has all marks of it. Below 2**24."""
    return {crc32(b" ".join(pair)) & _MARK for pair in pairwise(_RUN.findall(text))}


def _plain(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")


def _passages(text: bytes) -> list[bytes]:
    """The text cut behind blank lines, and before items of a list, headings and rows of a table."""
    ends = [found.end() for found in _BREAK.finditer(text)]
    cut = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return cut if cut[-1] else cut[:-1]


def _count(sentences: Sequence[Sentence]) -> int:
    return sum([len(each.words) for each in sentences])


def _both(one: Sequence[Open], other: Sequence[Open]) -> list[Open]:
    return [mine + more if more else mine for mine, more in zip(one, other, strict=True)]


def _rows(places: Sequence[int], bounds: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """These places as rows that go on, none over a bound: which is the first, how many, and where it begins."""
    first = 0
    while first < len(places):
        place, last = places[first], first + 1
        if place == NOWHERE:
            while last < len(places) and places[last] == NOWHERE:
                last += 1
        else:
            end = bounds[bisect_right(bounds, place)]
            while last < len(places) and places[last] == place + last - first < end:
                last += 1
        yield first, last - first, place
        first = last


def _same(passages: Sequence[bytes], text: bytes, other: bytes) -> tuple[int, int]:
    """How many of the passages of a text begin another one as well, and from which on they end it."""
    starts = list(accumulate(map(len, passages)))
    alike = _alike(text, other)
    head = bisect_right(starts, alike - _AHEAD)
    at_end = min(_alike(text, other, at_end=True), len(other) - (starts[head - 1] if head else 0))
    tail = len(passages)
    while tail > head and tail > 0 and len(text) - (starts[tail - 2] if tail > 1 else 0) + 2 <= at_end:
        tail -= 1
    return head, tail


def _alike(one: bytes, other: bytes, *, at_end: bool = False) -> int:
    """How many bytes at the beginning are the same, or at the end."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if at_end:
            same = one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]
        else:
            same = one[low:middle] == other[low:middle]
        low, high = (middle, high) if same else (low, middle - 1)
    return low
