"""The question on a page whose day has come, or comes soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wiki.index import PageRecord
from wiki.together import MONTHS, SOON, can_be_confirmed, confirmations, later, usual_months
from wiki.web.calendar import today
from wiki.web.here import the_wiki
from wiki.web.say import _, ngettext
from wiki.web.words import long_date

PLACE = "still-right"
"""Where on the page the question stands."""


@dataclass(frozen=True)
class Choice:
    """After how many months the page may ask again, with the day."""

    months: int
    words: str
    chosen: bool


@dataclass(frozen=True)
class Standing:
    """An open proposal that answers the question: what it does, in a sentence, and where it is."""

    title: str
    url: str
    sentence: str


@dataclass(frozen=True)
class Review:
    """The question: by which day the page should be looked at, whether that has passed, the blob of the text that is
    asked about, and what may be answered. There is nothing to choose where the day is written in a way that cannot be
    changed with a click, or a proposal is ``standing``."""

    day: str
    due: bool
    blob: str
    choices: Sequence[Choice]
    standing: Standing | None


def is_asked(review_by: str) -> bool:
    """Whether a page with this day (as 2026-05-31) asks by now."""
    return review_by <= (today() + timedelta(days=SOON)).isoformat()


def is_due(review_by: str) -> bool:
    """Whether the day has passed."""
    return review_by < today().isoformat()


def review_of(record: PageRecord, review_by: str | None) -> Review | None:
    """The question that a page asks; None where it asks nothing."""
    if review_by is None or not is_asked(review_by):
        return None
    standing = _standing(record.name) if record.open_count else None
    by_click = standing is None and can_be_confirmed(the_wiki(), record.blob)
    return Review(
        day=long_date(date.fromisoformat(review_by)),
        due=is_due(review_by),
        blob=record.blob,
        choices=_choices(record.name) if by_click else (),
        standing=standing,
    )


def _standing(name: str) -> Standing | None:
    found = confirmations(the_wiki(), name).get(name)
    if found is None:
        return None
    if found.until is None:
        sentence = _("It would take the day away.")
    elif found.changes_more:
        sentence = _("It would change the page, and let it ask again on %(day)s.", day=long_date(found.until))
    else:
        sentence = _("It confirms the page until %(day)s.", day=long_date(found.until))
    return Standing(found.row.title, found.row.url, sentence)


def _choices(name: str) -> list[Choice]:
    usual, day = usual_months(the_wiki(), name), today()
    return [Choice(months, _in_months(months, later(day, months)), months == usual) for months in MONTHS]


def _in_months(months: int, day: date) -> str:
    if months % 12:
        return ngettext("on %(day)s, in %(num)s month", "on %(day)s, in %(num)s months", months, day=long_date(day))
    return ngettext("on %(day)s, in %(num)s year", "on %(day)s, in %(num)s years", months // 12, day=long_date(day))
