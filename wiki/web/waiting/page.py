"""The page of what waits for somebody, and the way to it from mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from markupsafe import Markup

from wiki.accounts import Account
from wiki.addresses import proposal_address
from wiki.model.acts import Kind
from wiki.model.errors import NotFound
from wiki.model.merge import Weighed
from wiki.model.words import N_
from wiki.web import differences
from wiki.web.calendar import today
from wiki.web.crumbs import Pager
from wiki.web.here import member, number, proposal_number, the_wiki
from wiki.web.proposals.lists import tabs
from wiki.web.say import _
from wiki.web.titles import title_of
from wiki.web.waiting.things import Need, Thing, texts_of, things_for, weighed_or_none

blueprint = Blueprint("waiting", __name__)
PER_PAGE = 20
MOST_DIFFERENCES = 8
ROOM = 24_000
"""So many characters of differences stand on the page, so that it stays light."""


@dataclass(frozen=True)
class Look:
    """What would change, page by page, and the change that an endorsement would be of."""

    pages: Sequence[tuple[str, Markup]]
    change: str
    again: bool


@dataclass(frozen=True)
class Row:
    """A thing, with the difference where there is room for it."""

    thing: Thing
    look: Look | None
    asked: bool


@dataclass(frozen=True)
class Part:
    """Things of one kind under a heading."""

    heading: str
    rows: Sequence[Row]


@blueprint.get("/-/waiting")
def page() -> Response:
    """What waits for whoever is signed in, then what else is on the table."""
    account, index = member(), the_wiki().index
    at = min(number("page") or 1, 10_000)
    things = things_for(account) if at == 1 else []
    passed = the_wiki().asking.passed_by(account.id)
    others = index.proposals_waiting(account.person.key, (at - 1) * PER_PAGE, PER_PAGE + 1, without=passed)
    shown = {thing.n for thing in things}
    html = render_template(
        "waiting.html",
        tabs=tabs(signed_in=True),
        paused=the_wiki().asking.paused(account),
        parts=_parts(things, account),
        due=_due(account) if at == 1 else 0,
        others=[row for row in others[:PER_PAGE] if row.n not in shown],
        passed=index.waiting_among(account.person.key, passed - shown) if at == 1 else [],
        pager=Pager(
            url_for("waiting.page", page=at - 1) if at > 1 else None,
            url_for("waiting.page", page=at + 1) if len(others) > PER_PAGE else None,
        ),
    )
    return make_response(html)


def _due(account: Account) -> int:
    """How many of the pages that they wrote on should have been looked at again by now."""
    yesterday = (today() - timedelta(days=1)).isoformat()
    return the_wiki().index.reviews.count(yesterday, account.person.key)


def _parts(things: Sequence[Thing], account: Account) -> list[Part]:
    headings = {
        Need.ASKED: _("You are asked"),
        Need.GROUP: _("Your group is needed"),
        Need.LAPSED: _("You endorsed an earlier text"),
        Need.OBJECTED: _("Somebody waits for your answer"),
        Need.MINE: _("Only you can bring these on"),
        Need.STUCK: _("These of yours are stuck"),
        Need.SHORT: _("One voice is missing"),
    }
    rows = _rows(things, account)
    return [Part(headings[need], list(some)) for need, some in groupby(rows, key=lambda row: row.thing.need)]


def _rows(things: Sequence[Thing], account: Account) -> list[Row]:
    rows, room, left = [], ROOM, MOST_DIFFERENCES
    for thing in things:
        look = _look(thing, account, room) if thing.asks_for_voice and left else None
        if look is not None:
            left -= 1
            room -= sum(len(html) for _title, html in look.pages)
        rows.append(Row(thing, look, thing.need is Need.ASKED))
    return rows


def _look(thing: Thing, account: Account, room: int) -> Look | None:
    """The difference; None where it is too long for the page, or they cannot endorse it."""
    weighed = weighed_or_none(thing.n)
    if weighed is None or weighed.in_force or the_wiki().guidelines.author(weighed.proposal, account.person):
        return None
    again = thing.need is Need.LAPSED
    found = []
    for path, before, after in texts_of(weighed, account if again else None):
        if len(before) + len(after) > 4 * ROOM:
            return None
        if before != after:
            found.append((title_of(path, after or before), differences.prose(before, after, path)))
            room -= len(found[-1][1])
    return Look(found, weighed.proposal.change, again) if found and room >= 0 else None


@blueprint.get("/-/waiting/<int:n>")
def one(n: int) -> Response:
    """From mail to the place of deciding, under the difference. Opening it does nothing else."""
    account = member()
    if the_wiki().index.proposal(proposal_number(n)) is None:
        raise NotFound(N_("There is no proposal %(n)s."), n=n)
    return make_response(redirect(proposal_address(n) + _place(the_wiki().guidelines.weigh(n), account)))


def _place(weighed: Weighed, account: Account) -> str:
    voice = weighed.proposal.voices.get(account.person.key)
    lapsed = voice is not None and voice.kind is Kind.ENDORSE and voice.of != weighed.proposal.change
    open_still = weighed.in_force is None and weighed.proposal.closed is None and not weighed.overtaken
    return "#since-endorsed" if lapsed and open_still else "#decision"
