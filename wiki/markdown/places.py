"""On which line of the text each block begins. The library's tokens do not say; they stand in the order of the text, so
each is looked for from where the one before it was found.

Where a shortcode stood in the text the longest stretch of plain words is looked for instead; what is not found has no
line of its own.
"""

from __future__ import annotations

import re
from typing import Any

_NOTE = re.compile(r" {0,3}\[\^([^\]\n]{1,200})\]:")
_PLAIN = re.compile(r"[\w ,.'’-]{3,}")
_AHEAD = 500
_NEAR = 40

Token = dict[str, Any]


class Places:
    """The lines of one text; ``first`` is the number of the first of them."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._lines = text.split("\n")
        self._first = first
        self._at = 0

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
        if "children" in token:
            lines = [self._place_inside(child) for child in token["children"]]
            return next((line for line in lines if line is not None), None)
        words = token.get("text", token.get("raw"))
        return self._find(words) if isinstance(words, str) else None

    def _place_inside(self, token: Token) -> int | None:
        self.mark([token])
        line: int | None = token.get("line")
        return line

    def _find(self, words: str) -> int | None:
        lines = words.strip("\n").split("\n")
        at, first = next(((at, line.strip()) for at, line in enumerate(lines) if line.strip()), (0, ""))
        if not first:
            return None
        number = self._next(first, _AHEAD)
        if number is None:
            plain = max(_PLAIN.findall(first), key=len, default="").strip()
            number = self._next(plain, _NEAR) if plain else None
        if number is None:
            return None
        self._at = number + len(lines) - at if len(lines) > 1 else number
        return self._first + number - at

    def _next(self, words: str, ahead: int) -> int | None:
        """The next line in which these words stand."""
        there = range(self._at, min(len(self._lines), self._at + ahead))
        return next((number for number in there if words in self._lines[number]), None)
