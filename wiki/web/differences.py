"""Differences of two texts, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import groupby

from markupsafe import Markup

from wiki.model.names import POLICY_PATH
from wiki.prose import (
    Beside,
    Labels,
    block_difference,
    difference,
    plain_difference,
    side_by_side,
    source_difference,
    unchanged,
    unchanged_source,
)
from wiki.web.languages import in_its_language, told_among
from wiki.web.say import _

UNFOLDED = 3


def _labels(page: str) -> Labels:
    """The words around a difference of a page with this text."""
    sentences = {each.name: _(str(each.default)).replace("%%", "%") for each in fields(Labels) if each.default}
    return Labels(**sentences, attributes=told_among(page))


def prose(before: str, after: str, path: str, beside: Beside | None = None, page: str = "") -> Markup:
    """The difference as the page in this file would look, with what stands ``beside`` its passages; the policy line by
    line. Of passages ``page`` is the whole text, which says in which language they are."""
    if path == POLICY_PATH:
        return line_by_line(before, after)
    folder = path.rpartition("/")[0]
    page = page or after or before
    return in_its_language(difference(before, after, _labels(page), beside, folder), page)


def passage(before: str, after: str, page: str) -> Markup:
    """The difference of two versions of one passage of a page, with the marks of the language set back."""
    return in_its_language(block_difference(before, after, _labels(page)), page)


@dataclass(frozen=True)
class Pair:
    """A passage before and after, as HTML; empty where it is not there."""

    same: bool
    before: Markup
    after: Markup


@dataclass(frozen=True)
class Stretch:
    """Passages in a row that are all the same, or all different."""

    rows: list[Pair]
    folded: bool


def beside_each_other(before: str, after: str, path: str) -> list[Stretch] | None:
    """Both texts of the page in this file, passage beside passage; None where that cannot be shown."""
    sides = (
        side_by_side(before, after, _labels(after or before), path.rpartition("/")[0]) if path != POLICY_PATH else None
    )
    if sides is None:
        return None
    stretches = []
    for same, group in groupby(sides, key=lambda each: each.sign == "="):
        rows = [Pair(same, Markup(each.before), Markup(each.after)) for each in group]  # noqa: S704 - made safe by its maker
        stretches.append(Stretch(rows, same and len(rows) > UNFOLDED))
    return stretches


def plainly(before: str, after: str, width: int) -> str:
    """The difference as plain text, in lines of so many characters."""
    return plain_difference(before, after, width, _labels(after or before))


def line_by_line(before: str, after: str) -> Markup:
    """The difference as it is written."""
    return Markup(source_difference(before, after, _labels("")))  # noqa: S704 - made safe by its maker


def untouched(text: str, page: str, *, first: bool, last: bool, as_written: bool = False) -> Markup:
    """A stretch of a page that is the same on both sides, folded where it is long; ``as_written`` line by line."""
    show = unchanged_source if as_written else unchanged
    return in_its_language(show(text, _labels(page), first=first, last=last), page)
