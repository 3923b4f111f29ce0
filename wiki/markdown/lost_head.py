"""What keeps the front matter of a page from being read, where a change has come between."""

from __future__ import annotations

import re
from enum import Enum, auto

from wiki.markdown.front_matter import head_of, lines_above_body, split_front_matter, title_in

_FACT = re.compile(r"[\w\"'][^\n]*:(?:[ \t]|$)", re.MULTILINE)
_DASHES = re.compile(r"\ufeff?---[ \t]*\n")
_OPENING = re.compile(r"---[ \t]*$", re.MULTILINE)


class LostHead(Enum):
    """It does not begin on the first line; it does not end; it cannot be read; it has gone with the title that it
    gave."""

    MISPLACED = auto()
    UNCLOSED = auto()
    UNREADABLE = auto()
    GONE = auto()


def lost_head(before: str, after: str) -> LostHead | None:
    """Why front matter is none in the text ``after``: that of the text ``before``, or where there was none, what was
    plainly meant to be some. None where all is well, or where it is as it was."""
    if lines_above_body(after):
        return None
    had = bool(lines_above_body(before))
    lost = _lost(split_front_matter(before)[0], after) if had else _never_read(after)
    return None if not had and lost is _never_read(before) else lost


def _lost(was: dict[str, object], after: str) -> LostHead | None:
    standing = any(re.search(rf"^[ \t]*{re.escape(key)}[ \t]*:", after, re.MULTILINE) for key in was)
    if head_of(after)[0] and standing:
        return LostHead.UNREADABLE
    if _DASHES.match(after) and standing:
        return LostHead.UNCLOSED
    if standing and _OPENING.search(after):
        return LostHead.MISPLACED
    return LostHead.GONE if title_in(was) is not None else None


def _never_read(text: str) -> LostHead | None:
    head = head_of(text)[0]
    if head:
        return LostHead.UNREADABLE if _FACT.match(head) else None
    opened = _DASHES.match(text)
    if opened is not None:
        return LostHead.UNCLOSED if _FACT.match(text, opened.end()) else None
    below = text.lstrip("\ufeff \t\n")
    return LostHead.MISPLACED if below != text and split_front_matter(below)[0] else None
