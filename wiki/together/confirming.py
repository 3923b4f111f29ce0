"""Somebody has read a page and says that it is still right: a proposal that only moves the day in ``review_by``."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import takewhile

from wiki.assembly import Wiki
from wiki.guidelines import Outcome
from wiki.index import TouchingRow
from wiki.markdown import moved_on, review_day, with_review_day
from wiki.model.acts import MAX_TITLE, Person
from wiki.model.errors import Refused
from wiki.model.names import PAGE_SUFFIX
from wiki.model.words import N_
from wiki.wording import AsItIs

MONTHS = (3, 6, 12, 24)
"""After so many months a page may ask again."""
USUAL = 12
SOON = 30
"""So many days before its day a page asks already."""
_LOOKED_AT = 20
_MOST_OPEN = 200
_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Confirmation:
    """An open proposal that moves the day of a page to another (None: that takes it away), and nothing ``else``
    where that is false."""

    row: TouchingRow
    until: date | None
    changes_more: bool


def later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def confirmed_until(before: str, after: str) -> date | None:
    """Until when a change says that a page is still right; None where it changes anything but that day, or does not
    move it on."""
    return moved_on(before, after)


def confirmations(wiki: Wiki, *names: str) -> dict[str, Confirmation]:
    """Of each page the first open proposal that moves its day, by name."""
    found: dict[str, Confirmation] = {}
    for path, row in wiki.index.touching_some([name + PAGE_SUFFIX for name in names], _MOST_OPEN):
        name = path.removesuffix(PAGE_SUFFIX)
        if name in found or row.before is None or row.after is None:
            continue
        was, will = _day_of(wiki, row.before), _day_of(wiki, row.after)
        if will != was:
            until = confirmed_until(_text(wiki, row.before) or "", _text(wiki, row.after) or "")
            found[name] = Confirmation(row, will, until is None)
    return found


def can_be_confirmed(wiki: Wiki, blob: str) -> bool:
    """Whether the day can be moved in a text without touching anything else in it."""
    text = _text(wiki, blob)
    return text is not None and with_review_day(text, date(2000, 1, 1)) is not None


def usual_months(wiki: Wiki, name: str) -> int:
    """After how many months a page asks again unless somebody chooses otherwise: about as many as there were between
    the day it names and the moment when that was written there, as far as the last revisions tell."""
    rows = (wiki.index.history(name) or [])[: _LOOKED_AT + 1]
    days = [_day_of(wiki, row.blob) for row in rows]
    day = days[0] if days else None
    same = list(takewhile(lambda each: each == day, days))
    if day is None or len(same) > _LOOKED_AT:
        return USUAL
    written = datetime.fromtimestamp(rows[len(same) - 1].when, UTC).date()
    between = (day - written).days
    return min(MONTHS, key=lambda months: abs(months * _MONTH - between)) if between > 0 else USUAL


def confirm(wiki: Wiki, who: Person, name: str, blob: str, until: date, title: str) -> Outcome:
    """Propose that a page, of which somebody has read the text with this blob, is right until a day."""
    text = _text(wiki, blob)
    moved = with_review_day(text, until) if text is not None else None
    if moved is None:
        raise Refused(N_("The day of the next look is written in a way that cannot be changed with a click."))
    path = name + PAGE_SUFFIX
    return wiki.guidelines.propose(who, title[:MAX_TITLE], "", {path: AsItIs(moved)}, seen={path: blob})


def _text(wiki: Wiki, blob: str) -> str | None:
    """The text of a blob exactly as it is; None where it is no text."""
    try:
        return wiki.repository.content(blob).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _day_of(wiki: Wiki, blob: str | None) -> date | None:
    text = _text(wiki, blob) if blob is not None else None
    return review_day(text) if text is not None else None
