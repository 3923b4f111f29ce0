"""A text cut into pieces that give it back exactly: whole blocks, lines, or sentences.

Where `blocks.py` says what a reader sees, this keeps every space and line end, so that pieces of several texts can be
put together (`three.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wiki.prose.blocks import FENCE, FRONT, fence_after, joins_block, marked_line

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SENTENCE = re.compile(r".*?(?:[.!?…]+[\"'”’»)\]*_`]*\s+|[。！？]+\s*|\Z)", re.DOTALL)
_WITHOUT_SPACE = re.compile(r"[。！？\s]\Z")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text as it stands in the file. ``kind`` is that of the block, "blank" for an empty line."""

    kind: str
    text: str

    @property
    def key(self) -> str:
        """What two pieces have in common that say the same: line ends do not count."""
        return plain_ends(self.text).removesuffix("\n")


@dataclass(frozen=True)
class Sentence(Piece):
    """A sentence with the space after it."""

    @property
    def key(self) -> str:
        """Where the lines of a paragraph break does not count."""
        return " ".join(self.text.split())


Cut = Callable[[str], list[Piece]]


def plain_ends(text: str) -> str:
    """The text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines(text: str) -> list[Piece]:
    """Every line with its end."""
    return [Piece("line" if line.strip() else "blank", line) for line in _LINE.findall(text)]


def sentences(text: str) -> list[Piece]:
    """The sentences of one paragraph, each with the space after it."""
    return [Sentence("sentence", found) for found in _SENTENCE.findall(text) if found]


def blocks(text: str) -> list[Piece]:
    """Paragraphs, headings, list items, rows of a table, whole pieces of code; at the top of a page the facts that it
    tells about itself."""
    found = _LINE.findall(text)
    front = FRONT.match(plain_ends(text))
    head = front[0].count("\n") + (not front[0].endswith("\n")) if front is not None else 0
    return [*_facts(found[:head]), *_body(found[head:])]


def _facts(found: Iterable[str]) -> Iterator[Piece]:
    """A fact is one line with those below it that are set in."""
    held = ""
    for line in found:
        if held and not line[:1].isspace() and not line.startswith("-"):
            yield Piece("fact", held)
            held = ""
        held += line
        if line.startswith("---"):
            yield Piece("fact", held)
            held = ""
    if held:
        yield Piece("fact", held)


def _body(found: Iterable[str]) -> Iterator[Piece]:
    kind, held, fence = "", "", ""
    for line in found:
        bare = line.rstrip("\r\n")
        mark = FENCE.match(bare)
        starts = None if fence or mark else marked_line(bare)
        goes_on = (
            kind == "code" if fence else bool(held) and kind in _LONG and not mark and joins_block(kind, starts, bare)
        )
        if held and not goes_on:
            yield Piece(kind, held)
            held = ""
        held += line
        if not goes_on:
            kind = "code" if mark else starts[0] if starts else "text" if bare.strip() else "blank"
        fence = fence_after(fence, mark[1] if mark else "") if fence or mark else ""
    if held:
        yield Piece(kind, held)


_LONG = frozenset({"text", "item", "quote"})


def together(texts: Iterable[str]) -> str:
    """Texts one below the other: a line end is put only where one is missing between two."""
    whole: list[str] = []
    for text in texts:
        if text and whole and not whole[-1].endswith(("\n", "\r")):
            whole.append("\n")
        if text:
            whole.append(text)
    return "".join(whole)


def in_a_row(texts: Iterable[str]) -> str:
    """Sentences one after the other, with a space where one is missing between two."""
    whole: list[str] = []
    for text in texts:
        if text and whole and not _WITHOUT_SPACE.search(whole[-1]):
            whole.append(" ")
        if text:
            whole.append(text)
    return "".join(whole)
