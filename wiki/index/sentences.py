"""The sentence in which something was found, with the words that were looked for marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wiki.index.words import RUN, fold, stem, words_of_run

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it was looked for."""

LONGEST = 280
_LOOKED_THROUGH = 100_000
_MOST_PLACES = 100
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")


@dataclass(frozen=True)
class Marks:
    """What to mark, each with the number of its word in the question, of ``count``: ``forms`` are stems and folded
    words, ``spellings`` the folded words of these stems that stand somewhere, ``rows`` characters of scripts without
    spaces."""

    forms: Mapping[str, int]
    spellings: Mapping[str, int]
    rows: Sequence[tuple[str, int]]
    count: int


class Sought(dict[str, int]):
    """The number of what each stretch of letters answers in texts of one language, -1 for nothing; worked out once for
    each stretch."""

    def __init__(self, marks: Marks, language: str) -> None:
        self.forms = marks.forms
        self.rows = marks.rows
        self.marks = marks
        self.language = language

    def __missing__(self, run: str) -> int:
        found = -1
        for word in words_of_run(run):
            found = max(found, self.forms.get(stem(word, self.language), -1), self.forms.get(fold(word), -1))
        self[run] = found
        return found

    def terms_in(self, text: str) -> set[int]:
        """The numbers of the terms that stand in a text."""
        found = {self[run] for run in RUN.findall(text)}
        found.update(number for row, number in self.rows if row in text)
        found.discard(-1)
        return found

    def mark(self, text: str) -> Marked:
        """The text with what was looked for marked."""
        pieces: list[tuple[str, bool]] = []
        at = 0
        for start, end in sorted(self._places(text)):
            if start < at:
                continue
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
        pieces.append((text[at:], False))
        return tuple(piece for piece in pieces if piece[0])

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        yield from (found.span() for found in RUN.finditer(text) if self[found[0]] >= 0)
        for row, _ in self.rows:
            at = text.find(row)
            while at >= 0:
                yield at, at + len(row)
                at = text.find(row, at + len(row))


def found_sentence(sought: Sought, *texts: str) -> Marked:
    """The first sentence with the most of the words, from the first of these texts that has any; () where none has, or
    only very far below."""
    for text in texts:
        some = text[:_LOOKED_THROUGH]
        line = _best(sought, _likely_lines(sought.marks, some)) or _best(sought, some.split("\n"))
        if line:
            return _cut(sought.mark(_best(sought, _SENTENCE.split(line))))
    return ()


def _best(sought: Sought, texts: Sequence[str]) -> str:
    best, count = "", 0
    for text in texts:
        here = len(sought.terms_in(text))
        if here > count:
            best, count = text, here
        if count == sought.marks.count:
            break
    return best


def _likely_lines(marks: Marks, text: str) -> list[str]:
    """The first of the lines in which the most different words stand as they are spelled, as far as that shows without
    reading them: to read a whole text takes twenty times as long."""
    low = text.lower()
    if len(low) != len(text):
        return []
    there: dict[int, set[int]] = {}
    for word, number in (*marks.spellings.items(), *marks.rows):
        at = low.find(word)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            if not (at and low[at - 1].isalnum() and low[at].isascii()):
                there.setdefault(low.rfind("\n", 0, at) + 1, set()).add(number)
            at = low.find(word, at + len(word))
    ranked = sorted(there, key=lambda start: (-len(there[start]), start))[:3]
    return [text[start:].partition("\n")[0] for start in ranked]


def _cut(pieces: Marked) -> Marked:
    """Not more than fits: from a little before the first mark, to where it is too long."""
    shown: list[tuple[str, bool]] = []
    left = LONGEST
    for text, marked in pieces:
        if not shown and not marked and sum(len(piece) for piece, _ in pieces) > LONGEST and len(text) > LONGEST // 3:
            text = "…" + text[-LONGEST // 3 :].partition(" ")[2]
        if len(text) > left:
            cut = text[:left]
            shown.append(((cut.rpartition(" ")[0] or cut) + "…", marked))
            break
        shown.append((text, marked))
        left -= len(text)
    return tuple(shown)
