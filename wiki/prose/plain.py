"""The difference as plain text, for mail: what was said and what is said now, under the headings they stand in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from wiki.prose.blocks import Block, blocks_of
from wiki.prose.compare import changes, pairs, runs
from wiki.prose.pieces import sentences

WIDTH = 76
_SENTENCES = frozenset({"text", "item", "quote"})
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^()\n]{0,500}\)")
_MARKS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|`+")


def plain_difference(old: str, new: str, width: int = WIDTH) -> str:
    """Lines of at most ``width`` characters where words allow: a heading in brackets, ``-`` before what went, ``+``
    before what came; of a paragraph only the sentences that changed. "" where no word is different."""
    before, after = blocks_of(old), blocks_of(new)
    lines: list[str] = []
    heading = told = ""
    for run in changes(runs([block.meaning for block in before], [block.meaning for block in after])):
        if run.sign == "=":
            heading = next((b.text for b in reversed(after[run.new]) if b.kind == "heading"), heading)
            continue
        if lines:
            lines.append("")
        if heading and heading != told:
            lines += [f"[{_words(heading)}]", ""]
            told = heading
        lines += [line for sign, text in _changed(before[run.old], after[run.new]) for line in _set(sign, text, width)]
        heading = next((b.text for b in reversed(after[run.new]) if b.kind == "heading"), heading)
    return "\n".join(lines) + "\n" if lines else ""


def _changed(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for at, to in pairs([block.whole for block in old], [block.whole for block in new]):
        if at is not None and to is not None:
            yield from _sentences(old[at], new[to])
        elif at is not None:
            yield "-", old[at].whole
        elif to is not None:
            yield "+", new[to].whole


def _sentences(old: Block, new: Block) -> Iterator[tuple[str, str]]:
    """The sentences of a paragraph that changed; all of it where it is no paragraph."""
    if not {old.kind, new.kind} <= _SENTENCES:
        yield "-", old.whole
        yield "+", new.whole
        return
    before, after = ([piece.text.strip() for piece in sentences(block.text)] for block in (old, new))
    for run in changes(runs(before, after)):
        if run.sign != "=":
            yield from (("-", sentence) for sentence in before[run.old])
            yield from (("+", sentence) for sentence in after[run.new])


def _set(sign: str, text: str, width: int) -> list[str]:
    words = _words(text)
    return textwrap.wrap(
        words, width, initial_indent=f"{sign} ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _words(text: str) -> str:
    """The words of a text without the marks of the language."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())
