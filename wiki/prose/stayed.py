"""Which words of a text stood in the text before, whatever lines they stand in and wherever they were moved."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from wiki.model.counting import words_of
from wiki.prose.compare import changes, runs

LONG_ENOUGH = 12
"""So many letters a passage has at least that is known again somewhere else."""
NOWHERE = -1
_IN_A_ROW = 4
_MOST_PAIRS = 60_000
"""Where more pairs of words than that are to be compared, only those are found that stand `_IN_A_ROW`."""
_END = re.compile(
    r"[.!?…:。！？\n]"
    r"(?:(?<=[.!?…:])[\"'”’»)\]*`]*\s+|(?<=[。！？])|(?<=\n)(?=[ \t]*(?:(?:[-*+>]|#{1,6}|\d{1,9}[.)])[ \t]|\|)))"
)
"""Between two sentences, items of a list, or rows of a table."""

Words = list[tuple[int, str]]
"""Some words of a text, each behind its place in it."""


class Sentence:
    """A sentence, by its words. Of those that one `Reader` read, two with the same words are the same object."""

    __slots__ = ("long_enough", "words")

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self.long_enough = sum(map(len, words)) >= LONG_ENOUGH
        """Whether it is known again somewhere else."""


class Reader:
    """Reads passages as sentences, each once."""

    def __init__(self) -> None:
        self._read: dict[bytes, tuple[Sentence, ...]] = {}
        self._known: dict[tuple[str, ...], Sentence] = {}

    def __call__(self, passage: bytes) -> tuple[Sentence, ...]:
        found = self._read.get(passage)
        if found is None:
            cut = [tuple(words_of(each)) for each in _END.split(passage.decode("utf-8", "replace"))]
            found = tuple([self._known.setdefault(words, Sentence(words)) for words in cut if words])
            self._read[passage] = found
        return found


class Stayed:
    """What stayed of a text, which ``new`` are the sentences of. ``was`` has for each of its words the place that it
    had in the text before, `NOWHERE` for a new one; ``beside``, where that is asked for, the place of an old word in
    whose place a new one was put, or next to which."""

    def __init__(self, old: Sequence[Sentence], new: Sequence[Sentence], *, tells_beside: bool = False) -> None:
        self._old, self._new, self._tells_beside = old, new, tells_beside
        self._olds, self._news = (
            list(accumulate((len(each.words) for each in side), initial=0)) for side in (old, new)
        )
        self.was = [NOWHERE] * self._news[-1]
        self.beside: dict[int, int] = {}
        gaps = self._in_order()
        self._moved(gaps)
        left: tuple[Words, Words] = [], []
        for removed, added in gaps:
            old_words, new_words = _words(old, removed, self._olds), _words(new, added, self._news)
            for mine, more in zip(left, self._in_place(old_words, new_words), strict=True):
                mine += more
        if len(gaps) > 1 and all(left):
            self._in_a_row(*left)
        if tells_beside:
            self._put_beside_neighbours()

    def _take(self, place: int, was: int, count: int) -> None:
        self.was[place : place + count] = range(was, was + count)

    def _take_sentence(self, nth: int, was: int) -> None:
        self._take(self._news[nth], self._olds[was], len(self._new[nth].words))

    def _in_order(self) -> list[tuple[list[int], list[int]]]:
        """Take the sentences that stand where they stood; in each gap between them the old ones and the new ones."""
        old, new = self._old, self._new
        head, most = 0, min(len(old), len(new))
        while head < most and old[head] is new[head]:
            head += 1
        tail = 0
        while tail < most - head and old[-1 - tail] is new[-1 - tail]:
            tail += 1
        self._take(0, 0, self._news[head])
        at_end = self._news[len(new) - tail]
        self._take(at_end, self._olds[len(old) - tail], self._news[-1] - at_end)
        was, now = old[head : len(old) - tail], new[head : len(new) - tail]
        if not was or not now:
            return [(list(range(head, head + len(was))), list(range(head, head + len(now))))] if was or now else []
        gaps = []
        for run in changes(runs(was, now)):
            first, other = run.old.start + head, run.new.start + head
            if run.sign == "=":
                last = run.old.stop + head
                self._take(self._news[other], self._olds[first], self._olds[last] - self._olds[first])
            else:
                gaps.append((list(range(first, run.old.stop + head)), list(range(other, run.new.stop + head))))
        return gaps

    def _moved(self, gaps: Sequence[tuple[list[int], list[int]]]) -> None:
        """Take whole sentences that stood somewhere else, out of these gaps."""
        free: dict[Sentence, deque[tuple[list[int], int]]] = defaultdict(deque)
        for removed, _added in gaps:
            for nth in removed:
                if self._old[nth].long_enough:
                    free[self._old[nth]].append((removed, nth))
        for _removed, added in gaps if free else ():
            for nth in [nth for nth in added if free.get(self._new[nth])]:
                place, was = free[self._new[nth]].popleft()
                place.remove(was)
                added.remove(nth)
                self._take_sentence(nth, was)

    def _in_place(self, old: Words, new: Words) -> tuple[Words, Words]:
        """Take the words of a gap that stayed in their order; those that are left."""
        if not old or not new:
            return old, new
        head, tail = self._at_ends(old, new)
        old, new = old[head : len(old) - tail], new[head : len(new) - tail]
        left: tuple[Words, Words] = [], []
        if not old or not new:
            return old, new
        if len(old) * len(new) > _MOST_PAIRS:
            left = self._in_a_row(old, new)
            self._put_beside(*left)
            return left
        for run in changes(runs([word for _, word in old], [word for _, word in new], tidy=True)):
            was, now = old[run.old], new[run.new]
            if run.sign == "=":
                for (place, _), (before, _) in zip(now, was, strict=True):
                    self.was[place] = before
                continue
            left[0].extend(was)
            left[1].extend(now)
            self._put_beside(was, now)
        return left

    def _at_ends(self, old: Words, new: Words) -> tuple[int, int]:
        """Take the words that are the same at the beginning and at the end; how many there are."""
        head, most = 0, min(len(old), len(new))
        while head < most and old[head][1] == new[head][1]:
            self.was[new[head][0]] = old[head][0]
            head += 1
        tail = 0
        while tail < most - head and old[-1 - tail][1] == new[-1 - tail][1]:
            self.was[new[-1 - tail][0]] = old[-1 - tail][0]
            tail += 1
        return head, tail

    def _put_beside(self, old: Words, new: Words) -> None:
        if old and self._tells_beside:
            self.beside.update((place, old[nth * len(old) // len(new)][0]) for nth, (place, _) in enumerate(new))

    def _put_beside_neighbours(self) -> None:
        """New words that were put between the words of a sentence, in the place of none, stand beside the one before
        them that stayed, or the one after them."""
        for start, end in pairwise(self._news):
            stayed = [place for place in range(start, end) if self.was[place] != NOWHERE]
            for place in range(start, end) if stayed else ():
                if self.was[place] == NOWHERE:
                    before = bisect_left(stayed, place) - 1
                    self.beside.setdefault(place, self.was[stayed[max(before, 0)]])

    def _in_a_row(self, old: Words, new: Words) -> tuple[Words, Words]:
        """Take words that stand in a row in both, wherever that is; those that are left."""
        was, now = [word for _, word in old], [word for _, word in new]
        places: dict[tuple[str, ...], int] = {}
        for at in range(len(was) - _IN_A_ROW, -1, -1):
            places[tuple(was[at : at + _IN_A_ROW])] = at
        taken: set[int] = set()
        at = 0
        while at <= len(now) - _IN_A_ROW:
            before = places.get(tuple(now[at : at + _IN_A_ROW]))
            if before is None or before in taken:
                at += 1
                continue
            count = 0
            while (at + count < len(now) and before + count < len(was) and before + count not in taken
                   and now[at + count] == was[before + count]):  # fmt: skip
                count += 1
            if sum(map(len, now[at : at + count])) >= LONG_ENOUGH:
                taken.update(range(before, before + count))
                for nth in range(count):
                    self.was[new[at + nth][0]] = old[before + nth][0]
            at += count
        return ([each for nth, each in enumerate(old) if nth not in taken],
                [each for each in new if self.was[each[0]] == NOWHERE])  # fmt: skip


def _words(sentences: Sequence[Sentence], some: Iterable[int], starts: Sequence[int]) -> Words:
    return [each for nth in some for each in enumerate(sentences[nth].words, starts[nth])]
