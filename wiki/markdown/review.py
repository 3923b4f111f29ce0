"""The day in ``review_by``: read from the text of a page, and moved without touching anything else in it."""

from __future__ import annotations

import re
from datetime import date

import yaml

from wiki.markdown.front_matter import LOADER, head_of, review_date, split_front_matter

KEY = "review_by"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINE_END = re.compile(r"\r\n")


def review_day(text: str) -> date | None:
    """Until when a page asks to be looked at again; None where it does not."""
    found = review_date(split_front_matter(text)[0])
    return date.fromisoformat(found) if found is not None else None


def with_review_day(text: str, day: date) -> str | None:
    """The text with another day in ``review_by``, and every other character as it is: comments, quotes, order, line
    ends. None where there is no such day, or it is written in a way that cannot be followed."""
    place = _place(text)
    if place is None:
        return None
    moved = f"{text[: place[0]]}{day.isoformat()}{text[place[1] :]}"
    values, body = split_front_matter(text)
    became, same = split_front_matter(moved)
    others = {key: value for key, value in values.items() if key != KEY}
    kept = {key: value for key, value in became.items() if key != KEY}
    return moved if review_date(became) == day.isoformat() and kept == others and same == body else None


def moved_on(before: str, after: str) -> date | None:
    """The later day that a text names where that is all that changed in it; None for any other change."""
    was, will = review_day(before), review_day(after)
    moved = was is not None and will is not None and will > was and with_review_day(before, will) == after
    return will if moved else None


def _place(text: str) -> tuple[int, int] | None:
    """Where the day stands in a text."""
    if review_day(text) is None:
        return None
    head, start = head_of(text)
    top = yaml.compose(head, Loader=LOADER)
    pairs = top.value if isinstance(top, yaml.MappingNode) else ()
    written = [value for key, value in pairs if key.value == KEY]
    if not written:
        return None
    value = written[-1]
    at = value.start_mark.index
    found = _DAY.search(head[at : value.end_mark.index])
    if found is None:
        return None
    first = _as_written(text, start + at + found.start())
    return first, first + len(found[0])


def _as_written(text: str, at: int) -> int:
    """The place in a text of a place in the same text with one character for each line end."""
    for end in _LINE_END.finditer(text):
        if end.start() >= at:
            break
        at += 1
    return at
