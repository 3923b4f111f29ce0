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
    side_by_side,
    source_difference,
    unchanged,
    unchanged_source,
)
from wiki.web.say import _

UNFOLDED = 3


def _labels() -> Labels:
    return Labels(**{each.name: _(str(each.default)).replace("%%", "%") for each in fields(Labels)})


def prose(before: str, after: str, path: str, beside: Beside | None = None) -> Markup:
    """The difference as the page in this file would look, with what stands ``beside`` its passages; the policy line by
    line."""
    if path == POLICY_PATH:
        return line_by_line(before, after)
    folder = path.rpartition("/")[0]
    return Markup(difference(before, after, _labels(), beside, folder))  # noqa: S704 - made safe by its maker


def passage(before: str, after: str) -> Markup:
    """The difference of two versions of one passage, with the marks of the language set back."""
    return Markup(block_difference(before, after, _labels()))  # noqa: S704 - made safe by its maker


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
    sides = side_by_side(before, after, _labels(), path.rpartition("/")[0]) if path != POLICY_PATH else None
    if sides is None:
        return None
    stretches = []
    for same, group in groupby(sides, key=lambda each: each.sign == "="):
        rows = [Pair(same, Markup(each.before), Markup(each.after)) for each in group]  # noqa: S704 - made safe by its maker
        stretches.append(Stretch(rows, same and len(rows) > UNFOLDED))
    return stretches


def line_by_line(before: str, after: str) -> Markup:
    """The difference as it is written."""
    return Markup(source_difference(before, after, _labels()))  # noqa: S704 - made safe by its maker


def untouched(text: str, *, first: bool, last: bool, as_written: bool = False) -> Markup:
    """A stretch that is the same on both sides, folded where it is long; ``as_written`` line by line."""
    show = unchanged_source if as_written else unchanged
    return Markup(show(text, _labels(), first=first, last=last))  # noqa: S704 - made safe by its maker
