"""What is told to somebody: first what asks something of them, then what they follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.accounts import Account
from wiki.model.errors import Damaged, NotFound, Refused
from wiki.model.words import N_
from wiki.notify import Matter, Notice
from wiki.web.crumbs import Pager
from wiki.web.here import member, number, proposal_number, the_wiki
from wiki.web.inbox.routes import blueprint, tabs
from wiki.web.inbox.sentences import address_of, because_of, sentence_of
from wiki.web.proposals.page import since_endorsed
from wiki.web.safety import local_path
from wiki.web.say import _, ngettext

PER_PAGE = 50
MOST_DIFFERENCES = 3
"""How many differences stand on the page, so that it stays light."""


@dataclass(frozen=True)
class Renewal:
    """What changed since somebody endorsed, and the change that they would endorse now."""

    difference: Markup
    change: str


@dataclass(frozen=True)
class NoticeView:
    """A notice as the page shows it. ``at`` in unix seconds; ``asked`` where somebody asked them by name."""

    id: int
    n: int
    sentence: str
    url: str
    because: str
    at: int
    renewal: Renewal | None = None
    asked: bool = False


def view_of(notice: Notice, renewal: Renewal | None = None) -> NoticeView:
    """The notice in words."""
    return NoticeView(
        notice.id,
        notice.n,
        sentence_of(notice),
        address_of(notice),
        because_of(notice),
        notice.at,
        renewal,
        notice.matter is Matter.ASKED,
    )


@blueprint.get("/-/inbox")
def page() -> Response:
    """What is new."""
    account, inbox, before = member(), the_wiki().notify.inbox, number("before")
    asks = inbox.asks(account.id) if before is None else []
    news = inbox.news(account.id, before, PER_PAGE + 1)
    older = url_for("inbox.page", before=news[PER_PAGE - 1].id) if len(news) > PER_PAGE else None
    newer = url_for("inbox.page") if before is not None else None
    html = render_template(
        "inbox.html",
        tabs=tabs(),
        asks=_with_renewals(asks, account),
        news=[view_of(notice) for notice in news[:PER_PAGE]],
        until=max((notice.id for notice in (*asks, *news)), default=0),
        stopped=the_wiki().notify.reaching.of(account.id).stopped,
        pager=Pager(newer, older),
    )
    return make_response(html)


def _with_renewals(asks: Sequence[Notice], account: Account) -> list[NoticeView]:
    lapsed = [notice for notice in asks if notice.matter is Matter.LAPSED][:MOST_DIFFERENCES]
    renewals = {notice.id: _renewal(notice.n, account) for notice in lapsed}
    return [view_of(notice, renewals.get(notice.id)) for notice in asks]


def _renewal(n: int, account: Account) -> Renewal | None:
    try:
        weighed = the_wiki().guidelines.weigh(n)
    except (Damaged, NotFound):
        return None
    difference = since_endorsed(weighed, account)
    return Renewal(difference, weighed.proposal.change) if difference is not None else None


@blueprint.get("/-/inbox/earlier")
def earlier() -> Response:
    """What was read or done."""
    account, before = member(), number("before")
    rows = the_wiki().notify.inbox.earlier(account.id, before, PER_PAGE + 1)
    older = url_for("inbox.earlier", before=rows[PER_PAGE - 1].id) if len(rows) > PER_PAGE else None
    newer = url_for("inbox.earlier") if before is not None else None
    views = [view_of(notice) for notice in rows[:PER_PAGE]]
    return make_response(render_template("inbox_earlier.html", tabs=tabs(), rows=views, pager=Pager(newer, older)))


@blueprint.post("/-/inbox/read")
def read() -> Response:
    """One notice is read, or all up to the last that was shown."""
    wiki, account = the_wiki(), member()
    one, until = _sent("notice"), _sent("until")
    if one is not None:
        if not wiki.notify.inbox.mark_read(account.id, one, wiki.now()):
            raise NotFound(N_("There is no such notice in your inbox."))
        flash(_("Marked as read."), "success")
    elif until is not None:
        count = wiki.notify.inbox.mark_all_read(account.id, until, wiki.now())
        flash(ngettext("%(num)s is marked as read.", "%(num)s are marked as read.", count), "success")
    else:
        raise Refused(N_("Please choose what you have read."))
    return make_response(redirect(local_path(request.form.get("next")) if one is None else url_for("inbox.page"), 303))


def _sent(name: str) -> int | None:
    value = request.form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


@blueprint.post("/-/inbox/mute/<int:n>")
def mute(n: int) -> Response:
    """Hear nothing more of a proposal."""
    wiki, account = the_wiki(), member()
    if wiki.index.proposal(proposal_number(n)) is None:
        raise NotFound(N_("There is no proposal %(n)s."), n=n)
    wiki.notify.watches.mute(account.id, n, wiki.now())
    flash(_("You hear nothing more of this proposal. To hear of it again, choose so on its page."), "success")
    return make_response(redirect(local_path(request.form.get("next")), 303))


@blueprint.post("/-/inbox/try-again")
def try_again() -> Response:
    """Send mail again to an address that had refused it."""
    the_wiki().notify.reaching.try_again(member().id)
    flash(_("Mail is sent to you again."), "success")
    return make_response(redirect(url_for("inbox.page"), 303))
