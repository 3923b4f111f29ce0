"""Colleagues: what somebody wrote, proposed, endorsed and objected to, as git tells it to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from wiki.addresses import person_address
from wiki.index import Colleague, Filter, ProposalRow, VoiceRow
from wiki.model.acts import Kind
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.web.calendar import Calendar, calendar, day_number, first_day, today
from wiki.web.crumbs import Pager
from wiki.web.here import number, reader, the_wiki
from wiki.web.kept import kept_answer
from wiki.web.lately import Lately, by_day
from wiki.web.say import _

blueprint = Blueprint("people", __name__)
PER_PAGE = 50
TABS = ("wrote", "proposed", "endorsed", "objected")
_VOICES = {"endorsed": Kind.ENDORSE, "objected": Kind.OBJECT}


def colleague_or_404(handle: str) -> Colleague:
    """The colleague with this handle; `NotFound` where nobody has it."""
    who = the_wiki().index.colleagues.find(handle)
    if who is None:
        raise NotFound(N_("There is nobody under this address."))
    return who


def _reader_or_404(handle: str) -> Colleague:
    """As `colleague_or_404`; those who are signed in find their own page before git has heard of them."""
    found = the_wiki().index.colleagues.find(handle)
    account = reader() if found is None else None
    if account is None or account.person.handle != handle:
        return found or colleague_or_404(handle)
    return Colleague(account.person, handle, (account.person.key,), ())


@blueprint.get("/-/people/<handle>")
def person(handle: str) -> Response:
    """The page of a colleague."""
    return kept_answer(lambda: _person(handle))


def _person(handle: str) -> Response:
    who = _reader_or_404(handle)
    if who.handle != handle:
        return make_response(redirect(person_address(who.handle), 301))
    tab = request.args.get("tab", TABS[0])
    if tab not in TABS:
        raise NotFound(N_("There is no such list."))
    rows, pager = _changes(who) if tab == TABS[0] else _proposals(who, tab)
    html = render_template("person.html", who=who, tab=tab, tabs=_tabs(who), rows=rows, pager=pager, year=_year(who))
    return make_response(html)


def _url(who: Colleague, tab: str, **other: Any) -> str:
    return url_for("people.person", handle=who.handle, tab=tab if tab != TABS[0] else None, **other)


def _tabs(who: Colleague) -> list[tuple[str, str, str, int]]:
    counts = the_wiki().index.colleagues.count(who)
    labels = (_("Wrote"), _("Proposed"), _("Endorsed"), _("Objected"))
    said = (counts["wrote"], *(counts[kind.value] for kind in (Kind.PROPOSE, Kind.ENDORSE, Kind.OBJECT)))
    return [(tab, label, _url(who, tab), count) for tab, label, count in zip(TABS, labels, said, strict=True)]


def _changes(who: Colleague) -> tuple[list[tuple[int, list[Lately]]], Pager]:
    """What came into force of what they wrote, by day."""
    book, before, only = the_wiki().index.book, number("before"), Filter(person=who.handle)
    rows = book.changes(before, only=only)
    older = newer = None
    if rows and book.changes(rows[-1].seq, limit=1, only=only):
        older = _url(who, TABS[0], before=rows[-1].seq)
    if before is not None and rows:
        seqs = book.newer(rows[0].seq, only=only)
        newer = _url(who, TABS[0], before=seqs[-1] + 1) if seqs else None
    return by_day(rows, book.touched(rows, only)), Pager(newer, older)


def _proposals(who: Colleague, tab: str) -> tuple[Sequence[ProposalRow | VoiceRow], Pager]:
    page = min(number("page") or 1, 10_000)
    offset = (page - 1) * PER_PAGE
    colleagues = the_wiki().index.colleagues
    if tab in _VOICES:
        rows: Sequence[ProposalRow | VoiceRow] = colleagues.voices(who, _VOICES[tab], offset, PER_PAGE + 1)
    else:
        rows = colleagues.proposals(who, offset, PER_PAGE + 1)
    older = _url(who, tab, page=page + 1) if len(rows) > PER_PAGE else None
    return rows[:PER_PAGE], Pager(_url(who, tab, page=page - 1) if page > 1 else None, older)


def _year(who: Colleague) -> Calendar | None:
    """The last year in which they were heard of."""
    colleagues = the_wiki().index.colleagues
    span = colleagues.span(who)
    if span is None:
        return None
    first, latest = (date(1970, 1, 1) + timedelta(days=days) for days in span)
    last = latest if latest < first_day(today()) else today()
    return calendar(colleagues.days(who, day_number(first_day(last))), last, first, acts=True)
