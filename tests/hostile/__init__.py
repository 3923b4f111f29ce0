"""Hostile texts and names, read from the files beside this one, for every test that types what nobody should."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).parent
_ESCAPE = re.compile(r"\\(?:([nrt0\\])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}


def families(file: str) -> dict[str, list[str]]:
    """The lines of a file, unescaped, by the family that they stand under."""
    found: dict[str, list[str]] = {}
    family: list[str] | None = None
    for line in (_HERE / file).read_text(encoding="utf-8").split("\n"):
        if line.startswith("== "):
            family = found.setdefault(line[3:], [])
        elif family is not None and line:
            family.append(_ESCAPE.sub(_unescaped, line))
    return found


def _unescaped(escape: re.Match[str]) -> str:
    letter, *codes = escape.groups()
    return _LETTERS[letter] if letter else chr(int(next(filter(None, codes)), 16))


TEXTS = families("texts.txt")
ALL_TEXTS = [text for family in TEXTS.values() for text in family]
NAMES = families("names.txt")
ALL_NAMES = [name for family in NAMES.values() for name in family]


def typeable(text: str) -> str:
    """The text as a form can send it: half a character becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
