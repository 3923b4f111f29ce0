"""The lists of proposals."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for

from wiki.index import ProposalRow
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.web.crumbs import Pager
from wiki.web.here import member, number, person, reader, the_wiki
from wiki.web.kept import kept_answer
from wiki.web.proposals.routes import blueprint
from wiki.web.say import _

PER_PAGE = 50


@blueprint.get("/-/proposals")
def index() -> Response:
    """The lists."""
    return kept_answer(_index)


def _index() -> Response:
    account = reader()
    tab = request.args.get("tab", "waiting" if account else "open")
    if tab == "waiting":
        return make_response(redirect(url_for("waiting.page", page=number("page"))))
    page = min(number("page") or 1, 10_000)
    offset = (page - 1) * PER_PAGE
    rows = _rows(tab, offset)
    older = url_for("proposals.index", tab=tab, page=page + 1) if len(rows) > PER_PAGE else None
    newer = url_for("proposals.index", tab=tab, page=page - 1) if page > 1 else None
    html = render_template(
        "proposals.html", rows=rows[:PER_PAGE], tab=tab, tabs=tabs(account is not None), pager=Pager(newer, older)
    )
    return make_response(html)


def _rows(tab: str, offset: int) -> list[ProposalRow]:
    found = the_wiki().index
    if tab == "mine":
        return found.proposals_by(member().person.key, offset, PER_PAGE + 1)
    if tab in {"open", "in force", "closed"}:
        return found.proposals(tab, offset, PER_PAGE + 1)
    raise NotFound(N_("There is no such list of proposals."))


def tabs(signed_in: bool) -> list[tuple[str, str, str, int | None]]:
    """The lists that there are: key, label, address, how many."""
    wiki = the_wiki()
    found: list[tuple[str, str, int | None]] = []
    if signed_in:
        count = wiki.index.count_waiting(person().key, wiki.asking.passed_by(member().id))
        found.append(("waiting", _("Waiting for you"), count))
    found.append(("open", _("Open"), wiki.index.count("open")))
    if signed_in:
        found.append(("mine", _("By you"), None))
    found += [("in force", _("In force"), None), ("closed", _("Closed"), None)]
    places = {"waiting": url_for("waiting.page")}
    shown = [(key, label, places.get(key) or url_for("proposals.index", tab=key), count) for key, label, count in found]
    drafts = wiki.drafts.count(member().id) if signed_in else 0
    return [*shown, ("drafts", _("Drafts"), url_for("drafts.index"), drafts)] if drafts else shown
