"""On which line of the text each block begins. The library's tokens do not say; they stand in the order of the text, so
each is looked for below the one before it: first a line that says nothing else, then one in which its words stand. The
rows of a table stand below each other, around the line of dashes.

Where shortcodes stood in the text, lines are looked at with these expanded as well, and in the end the longest stretch
of plain words is looked for; what is not found has no line of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import Any

from wiki.markdown.shortcodes import expand
from wiki.markdown.tables import cells_of

_NOTE = re.compile(r" {0,3}\[\^([^\]\n]{1,200})\]:")
_PLAIN = re.compile(r"[\w ,.'’-]{3,}")
_MARKS = re.compile(r"(?:[ \t>]|[-*+:](?=[ \t])|\d{1,9}[.)](?=[ \t])|#{1,6}(?=[ \t])|\[[ xX]\](?=[ \t]))*")
_DASHES = frozenset("|:- \t")
_AHEAD = 500
_NEAR = 40

Token = dict[str, Any]


class Places:
    """The lines of one text; ``first`` is the number of the first of them."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._lines = text.split("\n")
        self._first = first
        self._at = 0
        self._below = 0

    def mark(self, tokens: list[Token]) -> None:
        """Give every block that can be found its ``line``; one that holds others has that of the first in it."""
        for token in tokens:
            line = self._place(token)
            if line is not None:
                token["line"] = line

    def notes(self) -> dict[str, int]:
        """The lines of the footnotes, by their keys."""
        found: dict[str, int] = {}
        for number, line in enumerate(self._lines, start=self._first):
            note = _NOTE.match(line)
            if note is not None:
                found.setdefault(note[1].casefold(), number)
        return found

    def _place(self, token: Token) -> int | None:
        if token["type"] == "table":
            return self._place_table(token)
        if "children" in token:
            lines = [self._place_inside(child) for child in token["children"]]
            return next((line for line in lines if line is not None), None)
        words = token.get("text", token.get("raw"))
        return self._find(words, keeps_blank=token.get("style") != "indent") if isinstance(words, str) else None

    def _place_inside(self, token: Token) -> int | None:
        self.mark([token])
        line: int | None = token.get("line")
        return line

    def _place_table(self, table: Token) -> int | None:
        head, *bodies = table["children"]
        number = self._head(len(head["children"]))
        if number is None:
            return None
        rows = [row for body in bodies for row in body["children"]]
        for token, line in [(head, number), *((row, number + 2 + nth) for nth, row in enumerate(rows))]:
            token["line"] = self._first + line
        self._at = self._below = number + 2 + len(rows)
        return self._first + number

    def _head(self, columns: int) -> int | None:
        """The line above the next line of dashes that belongs to a table of so many columns."""
        for number in range(self._below + 1, min(len(self._lines), self._below + _AHEAD)):
            dashes = self._lines[number].strip(" \t>")
            if {"|", "-"} <= set(dashes) <= _DASHES and len(cells_of(dashes)) == columns:
                return number - 1
        return None

    def _find(self, words: str, *, keeps_blank: bool) -> int | None:
        lines = words.strip("\n").split("\n")
        at, first = next(((at, line.strip()) for at, line in enumerate(lines) if line.strip()), (0, ""))
        if not first:
            return None
        number = self._alone(first)
        if number is None:
            number = self._next(first, _AHEAD)
        if number is None:
            plain = max(_PLAIN.findall(first), key=len, default="").strip()
            number = self._next(plain, _NEAR) if plain else None
        if number is None:
            return None
        self._at = number + len(lines) - at if len(lines) > 1 else number
        self._below = max(self._at, number + 1)
        return self._first + number - (at if keeps_blank else 0)

    def _alone(self, words: str) -> int | None:
        """The next line below the block before that says these words alone."""
        numbers = self._saying.get(words, [])
        at = bisect_left(numbers, self._below)
        return numbers[at] if at < len(numbers) and numbers[at] < self._below + _AHEAD else None

    @cached_property
    def _saying(self) -> dict[str, list[int]]:
        """The lines that say something, with their marks and without."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines):
            for each in dict.fromkeys((line, self._expanded.get(number, line))):
                bare = each[_end_of_marks(each) :].strip()
                for said in {each.strip(), bare, bare.rstrip("#").rstrip()}:
                    found.setdefault(said, []).append(number)
        return found

    @cached_property
    def _expanded(self) -> dict[int, str]:
        """The lines with shortcodes as these are shown."""
        return {number: expand(line) for number, line in enumerate(self._lines) if "{%" in line or "{{" in line}

    def _next(self, words: str, ahead: int) -> int | None:
        """The next line in which these words stand."""
        there = range(self._at, min(len(self._lines), self._at + ahead))
        return next((number for number in there
                     if words in self._lines[number] or words in self._expanded.get(number, "")), None)  # fmt: skip


def _end_of_marks(line: str) -> int:
    """Where what a line says begins, behind the marks of lists, quotations and headings."""
    found = _MARKS.match(line)
    return found.end() if found is not None else 0
