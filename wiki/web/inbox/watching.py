"""Watching pages, folders and proposals: the buttons, and the list of what one watches."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request

from wiki.addresses import page_address, proposal_address
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.notify import FOLDER, PAGE, PROPOSAL, Watched
from wiki.web.here import MAX_NUMBER, member, the_wiki
from wiki.web.inbox.routes import blueprint, tabs
from wiki.web.safety import local_path
from wiki.web.say import _

_LONGEST = 400


@dataclass(frozen=True)
class WatchedView:
    """Something that somebody watches; ``gone`` where it is no longer there under this name."""

    kind: str
    target: str
    title: str
    url: str
    since: int
    muted: bool
    gone: bool = False


@blueprint.get("/-/inbox/watching")
def watching() -> Response:
    """Everything that one watches."""
    rows = [_view(one) for one in the_wiki().notify.watches.of(member().id)]
    return make_response(render_template("inbox_watching.html", tabs=tabs(), rows=rows))


def _view(one: Watched) -> WatchedView:
    index = the_wiki().index
    if one.kind == PROPOSAL:
        row = index.proposal(int(one.target))
        title = row.title if row is not None else one.target
        return WatchedView(one.kind, one.target, title, proposal_address(int(one.target)), one.since, one.muted)
    name = one.target
    if one.kind == PAGE and (now_called := index.forwarded(name)) is not None and index.page(name) is None:
        name = now_called
    found = index.page(name) if one.kind == PAGE else None
    folder = index.folder(name) if one.kind == FOLDER else None
    title = found[0].title if found is not None else folder.title if folder is not None else name
    gone = found is None and folder is None
    return WatchedView(one.kind, one.target, title, page_address(name), one.since, False, gone)


@blueprint.post("/-/watch")
def watch() -> Response:
    """Begin to watch something, or end it."""
    wiki, account = the_wiki(), member()
    kind, target = request.form.get("kind", ""), request.form.get("target", "")
    if request.form.get("do") == "stop":
        wiki.notify.watches.end(account.id, kind, target)
        flash(_("You no longer watch this."), "success")
    else:
        _check(kind, target)
        wiki.notify.watches.begin(account.id, kind, target, wiki.now())
        flash(_said(kind), "success")
    return make_response(redirect(local_path(request.form.get("next")), 303))


def _check(kind: str, target: str) -> None:
    index = the_wiki().index
    if kind not in (PAGE, FOLDER, PROPOSAL) or not target or len(target) > _LONGEST:
        raise Refused(N_("Only pages, folders and proposals can be watched."))
    if kind == PROPOSAL:
        whole = target.isascii() and target.isdigit() and 0 < int(target) <= MAX_NUMBER and str(int(target)) == target
        there = whole and index.proposal(int(target)) is not None
    else:
        there = (index.page(target) if kind == PAGE else index.folder(target)) is not None
    if not there:
        raise NotFound(N_("What you want to watch is not there any more."))


def _said(kind: str) -> str:
    match kind:
        case "page":
            return _("You watch this page: your inbox tells you when somebody wants to change it.")
        case "folder":
            return _("You watch this folder: your inbox tells you when somebody wants to change a page in it.")
        case _:
            return _("You watch this proposal: your inbox tells you what becomes of it.")
