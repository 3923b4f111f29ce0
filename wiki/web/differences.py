"""Differences of two texts, in the reader's language."""

from __future__ import annotations

from dataclasses import fields

from markupsafe import Markup

from wiki.prose import Beside, Labels, difference, source_difference, unchanged, unchanged_source
from wiki.web.say import _


def _labels() -> Labels:
    return Labels(**{each.name: _(str(each.default)).replace("%%", "%") for each in fields(Labels)})


def prose(before: str, after: str, beside: Beside | None = None) -> Markup:
    """The difference as it reads, with what stands ``beside`` its passages."""
    return Markup(difference(before, after, _labels(), beside))  # noqa: S704 - made safe by its maker


def line_by_line(before: str, after: str) -> Markup:
    """The difference as it is written."""
    return Markup(source_difference(before, after, _labels()))  # noqa: S704 - made safe by its maker


def untouched(text: str, *, first: bool, last: bool, as_written: bool = False) -> Markup:
    """A stretch that is the same on both sides, folded where it is long; ``as_written`` line by line."""
    show = unchanged_source if as_written else unchanged
    return Markup(show(text, _labels(), first=first, last=last))  # noqa: S704 - made safe by its maker
