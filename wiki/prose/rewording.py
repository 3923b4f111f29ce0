"""Other words for a sentence of a page, put into its source.

Somebody reads a sentence and types another. What is typed is text: a star in it is a star. What stands around words
that stay (emphasis, links, code, footnotes, line ends) stays too, for only the words that differ are written anew. What
comes out is rendered and read again: if anything reads otherwise than was meant, the words are written in another way,
and at last not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise, takewhile

from wiki.model.errors import Refused
from wiki.prose.as_read import AsRead, page_as_read
from wiki.prose.compare import runs, tokens_of
from wiki.prose.letters import Written, written_beside
from wiki.prose.pieces import sentences
from wiki.prose.place import Passage, passage_at

_NEVER = frozenset({"code", "fact", "rule"})
_WORDS = frozenset({"heading", "text", "item"})
_MOST_EDITS = 40
_SPECIAL = re.compile(r"[\\`*_\[\]<~|!]")
_FIRST = re.compile(r"(?:[#+>:=-]|(\d{1,9})(?=[.)]))")


@dataclass(frozen=True)
class Found:
    """Words of a page, from ``start`` to ``stop`` of the letters of their passage; ``at`` is where the passage begins
    in what is read on the page."""

    text: str
    folder: str
    read: AsRead
    passage: Passage
    written: Written
    at: int
    start: int
    stop: int

    @property
    def words(self) -> str:
        """As somebody reads them, on one line."""
        return self.written.words[self.start : self.stop].replace("\n", " ")

    @property
    def nth(self) -> int:
        """The how manieth of the same words on the page they are, counted from 1."""
        return self.read.nth(self.at + self.start, self.words)


class _Marks(Enum):
    """What becomes of the marks among letters that give way: they stay, those between them go, or also those right
    around them."""

    STAY = auto()
    GO = auto()
    GO_AROUND = auto()


@dataclass(frozen=True)
class _Edit:
    """Letters from ``start`` to ``stop`` give way to ``words``."""

    start: int
    stop: int
    words: str


def find(text: str, folder: str, quote: str, nth: int = 1, *, whole: bool = False) -> Found | None:
    """The sentences in which some words stand, for the nth time on a page of this text; with ``whole`` all that the
    passage says. None where they are not there, or not in one passage of words."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        read = page_as_read(text, folder)
    except Refused:
        return None
    there = read.place(quote, nth)
    line = read.line(there[0]) if there is not None else None
    passage = passage_at(text, line) if line is not None else None
    if there is None or passage is None or any(block.kind in _NEVER for block in passage.blocks):
        return None
    at = read.beginning(passage.first, there[0])
    written = written_beside(passage.source, read.words[at:]) if at is not None else None
    if written is None or at is None or there[1] > at + len(written.letters):
        return None
    found = Found(text, folder, read, passage, written, at, there[0] - at, there[1] - at)
    start, stop = (0, len(written.letters)) if whole else _sentences_around(written.words, found.start, found.stop)
    return replace(found, start=start, stop=stop)


def find_passage(text: str, folder: str, line: int) -> Found | None:
    """All words of the heading, paragraph or item that begins on a line; None where none does, or where its words
    cannot be told from its marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    passage = passage_at(text, line)
    if passage is None or passage.first != line or not {block.kind for block in passage.blocks} <= _WORDS:
        return None
    try:
        read = page_as_read(text, folder)
    except Refused:
        return None
    at = next((start for start, own in read.begins if own == line), None)
    written = written_beside(passage.source, read.words[at:]) if at is not None else None
    if written is None or at is None or "\n" in written.words:
        return None
    return Found(text, folder, read, passage, written, at, 0, len(written.letters))


def line_of(text: str, folder: str, quote: str, nth: int = 1) -> int | None:
    """The line of the passage in which some words stand; None where they are not there."""
    try:
        read = page_as_read(text.replace("\r\n", "\n").replace("\r", "\n"), folder)
    except Refused:
        return None
    there = read.place(quote, nth)
    return read.line(there[0]) if there is not None else None


def _sentences_around(words: str, start: int, stop: int) -> tuple[int, int]:
    """From the beginning of the sentence in which something begins to the end of the one in which it ends. A line end
    ends a sentence."""
    at, first, last = 0, start, stop
    for line in words.split("\n"):
        for piece in sentences(line):
            end = at + len(piece.text.rstrip())
            if at <= start < at + len(piece.text):
                first = at
            if at < stop <= at + len(piece.text):
                last = max(stop, end)
            at += len(piece.text)
        at += 1
    return first, last


def reworded(found: Found, typed: str) -> str | None:
    """The text of the page with these words in the place of those that were found; None where they cannot be written
    there so that everything else reads as it did."""
    words = " ".join(typed.split())
    if words == found.words:
        return found.text
    edits = _edits(found, words)
    meant = list(found.read.words)
    for edit in reversed(edits):
        meant[found.at + edit.start : found.at + edit.stop] = edit.words
    for source in _ways(found, edits, _Edit(found.start, found.stop, words)):
        text = with_passage(found.text, found.passage, source)
        if _reads(text, found.folder) == "".join(meant):
            return text
    return None


def sentence_that_differs(was: str, typed: str) -> str:
    """The first sentence of some words of which others make something else, the last one where they only go on; all
    words where nothing is different."""
    old, new = was.split(), typed.split()
    if old == new:
        return " ".join(old)
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    found, count = "", 0
    for sentence in sentences(" ".join(old)):
        found, count = sentence.text.strip(), count + len(sentence.text.split())
        if same < count:
            break
    return found


def with_passage(text: str, passage: Passage, source: str) -> str:
    """The text with another source for one of its passages; every other line stays, and the space at its end."""
    lines = text.split("\n")
    last = lines[passage.last - 1]
    space = last[len(last.rstrip()) :]
    return "\n".join([*lines[: passage.first - 1], *(source + space).split("\n"), *lines[passage.last :]])


def source_after(found: Found, text: str) -> str:
    """The passage as it is written in a text in which nothing but it is another."""
    lines = text.split("\n")
    last = len(lines) - (found.text.count("\n") + 1 - found.passage.last)
    return "\n".join(lines[found.passage.first - 1 : last]).rstrip()


def _reads(text: str, folder: str) -> str:
    try:
        return page_as_read(text, folder).words
    except Refused:
        return ""


def _edits(found: Found, words: str) -> list[_Edit]:
    """Which letters give way to what, word by word."""
    old, new = tokens_of(found.words), tokens_of(words)
    ends = [0]
    for token in old:
        ends.append(ends[-1] + len(token))
    edits: list[_Edit] = []
    for run in runs(old, new, seconds=0):
        if run.sign == "=":
            continue
        start, stop = (found.start + ends[at] for at in (run.old.start, run.old.stop))
        before = edits.pop() if edits and edits[-1].stop == start else _Edit(start, start, "")
        edits.append(_Edit(before.start, stop, before.words + "".join(new[run.new] if run.sign == "+" else ())))
    return edits


def _ways(found: Found, edits: Sequence[_Edit], all_of_it: _Edit) -> Iterator[str]:
    """The source of the passage with these edits, in all ways that may be right, the best first: word by word, or the
    whole sentence anew; as it was typed, or with escapes."""
    source = _one_by_one(found, edits) if len(edits) <= _MOST_EDITS else None
    if source is not None:
        yield source
    yield from _each_way(found, found.written.source, all_of_it)


def _one_by_one(found: Found, edits: Sequence[_Edit]) -> str | None:
    """The source with each edit written in the first way in which it reads as it should; None where one of them cannot
    be. Looked at is the passage by itself, which is quick, or the page where the passage needs it."""
    source, meant = found.written.source, list(found.written.words)
    alone = _reads(source, found.folder) == found.written.words
    words, after = found.read.words, found.at + len(found.written.letters)
    for edit in reversed(edits):
        meant[edit.start : edit.stop] = edit.words
        wanted = "".join(meant) if alone else "".join([words[: found.at], *meant, words[after:]])
        right = next((one for one in _each_way(found, source, edit) if _so(found, one, alone) == wanted), None)
        if right is None:
            return None
        source = right
    return source


def _each_way(found: Found, source: str, edit: _Edit) -> Iterator[str]:
    for marks in _Marks if edit.words else reversed(_Marks):
        for plain in (True, False):
            yield _with(found.written, source, edit, marks, plain=plain)


def _so(found: Found, source: str, alone: bool) -> str:
    return _reads(source if alone else with_passage(found.text, found.passage, source), found.folder)


def _with(written: Written, source: str, edit: _Edit, marks: _Marks, *, plain: bool) -> str:
    """The source, which is as it was before the edit, with it."""
    words = edit.words if plain else _escaped(edit.words, at_beginning=edit.start == 0)
    if edit.start == edit.stop:
        at = _between(written, edit.start)
        return source[:at] + words + source[at:]
    letters = written.letters[edit.start : edit.stop]
    start, end = letters[0].start, letters[-1].end
    gaps = [(one.end, other.start) for one, other in pairwise(letters)]
    if marks is _Marks.STAY:
        stays = "".join(written.source[first:last] for first, last in gaps)
    else:
        stays = "".join(written.without_marks(first, last) for first, last in gaps)
    if marks is _Marks.GO_AROUND:
        start, end = written.before(start), written.after(end)
    return source[:start] + words + stays + source[end:]


def _between(written: Written, at: int) -> int:
    """Where in the source something is put before a letter: behind the space that is there, else right before it."""
    letters = written.letters
    if at == len(letters):
        return written.after(letters[-1].end)
    if at == 0 or not letters[at - 1].shown.isspace():
        return letters[at].start if at == 0 or letters[at].shown != "\n" else written.after(letters[at - 1].end)
    return letters[at - 1].end


def _escaped(words: str, *, at_beginning: bool) -> str:
    """Words as text of the language: what would be a mark in them is none."""
    safe = _SPECIAL.sub(lambda found: f"\\{found[0]}", words.replace("&", "&amp;")).replace("{", "&#123;")
    if at_beginning and (first := _FIRST.match(safe)) is not None:
        return f"{first[1]}\\{safe[first.end() :]}" if first[1] else f"\\{safe}"
    return safe
