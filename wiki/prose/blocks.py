"""A text as the pieces that somebody reads: headings, paragraphs, list items, rows of tables, lines of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

FRONT = re.compile(r"\A---[ \t]*\n(.{0,65536}?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FACT = re.compile(r"([A-Za-z][\w -]{0,60}):[ \t]+(\S.*)")
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_MARKED = (
    ("heading", re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")),
    ("rule", re.compile(r" {0,3}((?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$)")),
    ("item", re.compile(r"[ \t]*([-*+]|\d{1,9}[.)])(?:[ \t]+(?:\[[ xX]\](?=[ \t]))?|$)")),
    ("row", re.compile(r" {0,3}(?=\|)()")),
    ("quote", re.compile(r" {0,3}(>)[ \t]?")),
)


@dataclass(frozen=True)
class Block:
    """A piece of a page. ``kind`` is fact, heading, text, item, row, quote, code or rule; ``marker`` what makes it
    one (``##``, ``-``, the name of a fact); ``text`` the rest, on one line but for code; ``line`` the line of the page
    it begins on, from 1. Where it stands makes no difference to what it is."""

    kind: str
    marker: str
    text: str
    line: int = field(default=0, compare=False)

    @property
    def whole(self) -> str:
        """Marker and text."""
        return f"{self.marker} {self.text}" if self.marker else self.text

    @property
    def meaning(self) -> tuple[str, str, str]:
        """What two blocks have in common that read the same: an item may have another number."""
        return self.kind, "1." if self.kind == "item" and self.marker[0].isdigit() else self.marker, self.text


@lru_cache(maxsize=8)
def blocks_of(text: str) -> tuple[Block, ...]:
    """The pieces of a page, in order. Every word of it is in one of them. Who asks for one passage of a text asks for
    others of it next, so what the last texts say is kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT.match(text)
    if front is None:
        return tuple(_body(text, 1))
    return (*_facts(front[1]), *_body(text[front.end() :], 1 + front[0].count("\n")))


def _facts(head: str) -> Iterator[Block]:
    for number, line in enumerate(head.split("\n"), start=2):
        simple = _FACT.fullmatch(line.rstrip())
        if simple is not None:
            yield Block("fact", simple[1] + ":", simple[2], number)
        elif line.strip():
            yield Block("fact", "", line.rstrip(), number)


def _body(text: str, first: int) -> Iterator[Block]:
    open_block: tuple[str, str, list[str], int] | None = None
    fence = ""
    for number, line in enumerate(text.split("\n"), start=first):
        mark = FENCE.match(line)
        starts = None if fence or mark else marked_line(line)
        joins = open_block is not None and not fence and mark is None and joins_block(open_block[0], starts, line)
        if joins and open_block is not None:
            open_block[2].append(starts[2] if starts else line)
            continue
        if open_block is not None:
            yield _closed(open_block)
            open_block = None
        if fence or mark:
            yield Block("code", "", line, number)
            fence = fence_after(fence, mark[1] if mark else "")
        elif starts is not None and starts[0] in {"item", "quote"}:
            open_block = (starts[0], starts[1], [starts[2]], number)
        elif starts is not None:
            yield Block(starts[0], starts[1], _one_line(starts[2]), number)
        elif line.strip():
            open_block = ("text", "", [line], number)
    if open_block is not None:
        yield _closed(open_block)


def marked_line(line: str) -> tuple[str, str, str] | None:
    """The kind, marker and rest of a line that begins a block by its mark; None for any other."""
    for kind, pattern in _MARKED:
        found = pattern.match(line)
        if found is not None:
            marker = found[0].strip() if kind == "item" else found[1].strip()
            return kind, marker, line[found.end() :]
    return None


def joins_block(open_kind: str, starts: tuple[str, str, str] | None, line: str) -> bool:
    """Whether a line goes on with the block that is open."""
    if not line.strip():
        return False
    return starts is None or (open_kind == "quote" and starts[0] == "quote")


def _closed(block: tuple[str, str, list[str], int]) -> Block:
    return Block(block[0], block[1], _one_line(" ".join(block[2])), block[3])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def fence_after(fence: str, mark: str) -> str:
    """The fence of code that is open after a line with this mark; "" for none."""
    if not fence:
        return mark
    return "" if mark.startswith(fence) else fence
