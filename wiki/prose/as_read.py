"""A rendered page as the plain words that somebody reads on it, with the lines on which its blocks begin.

Reads only HTML that the renderer has made safe. Numbers of footnotes and the ways back from them are left out: they are
no words of the text. `static/words.js` counts words in the same manner.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from wiki.markdown import render_page

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*) ?/?>')
_LINE = re.compile(r' data-line="(\d+)"')
_SILENT = re.compile(r' class="[^"]*\bfootnote-(?:ref|back)\b')
_INLINE = frozenset({
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "img", "input", "ins", "kbd", "label", "q", "s", "small",
    "span", "strong", "sub", "sup", "u",
})  # fmt: skip


@dataclass(frozen=True)
class AsRead:
    """The words with one space between them, or a line end where a block begins. ``begins`` says where in them each
    block begins, and on which line of the text."""

    words: str
    begins: tuple[tuple[int, int], ...]

    def place(self, quote: str, nth: int) -> tuple[int, int] | None:
        """Where some words stand for the nth time, counted from 1; None where they do not."""
        there, wanted, at = self.words.replace("\n", " "), " ".join(quote.split()), -1
        if not wanted or nth < 1:
            return None
        for _time in range(nth):
            at = there.find(wanted, at + 1)
            if at < 0:
                return None
        return at, at + len(wanted)

    def nth(self, at: int, quote: str) -> int:
        """The how manieth of these words it is that stands at a place."""
        there, wanted, count, found = self.words.replace("\n", " "), quote.replace("\n", " "), 0, -1
        while found < at and (found := there.find(wanted, found + 1)) >= 0:
            count += 1
        return count

    def line(self, at: int) -> int | None:
        """The line of the block in which a place is."""
        return next((line for start, line in reversed(self.begins) if start <= at), None)

    def beginning(self, line: int, before: int) -> int | None:
        """Where the last block of this line begins that does so not after ``before``."""
        return next((start for start, own in reversed(self.begins) if own == line and start <= before), None)


@lru_cache(maxsize=16)
def page_as_read(text: str, folder: str) -> AsRead:
    """What somebody reads on a page; `Refused` as by `render_page`."""
    return as_read(render_page(text, folder, lines=True).html)


def as_read(shown: str) -> AsRead:
    """The words of a rendered page whose blocks know their lines."""
    words, begins = _Words(), []
    at, silent = 0, ""
    for tag in _TAG.finditer(shown):
        if not silent:
            words.add(html.unescape(shown[at : tag.start()]))
        at, name = tag.end(), tag[2]
        if silent:
            silent = "" if tag[1] and name == silent else silent
            continue
        if name not in _INLINE:
            words.gap = "\n"
        line = _LINE.search(tag[3])
        if line is not None:
            begins.append((words.size + (words.size > 0), int(line[1])))
        silent = name if not tag[1] and _SILENT.match(tag[3]) else ""
    words.add(html.unescape(shown[at:]))
    return AsRead("".join(words.written), tuple(begins))


class _Words:
    """Words as they are put together; ``gap`` is what stands before the next one."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.size = 0
        self.gap = ""

    def add(self, text: str) -> None:
        found = " ".join(text.split())
        if not found:
            self.gap = self.gap or (" " if text else "")
            return
        gap = self.gap or (" " if text[0].isspace() else "")
        self.written.append(gap + found if self.size else found)
        self.size += len(self.written[-1])
        self.gap = " " if text[-1].isspace() else ""
