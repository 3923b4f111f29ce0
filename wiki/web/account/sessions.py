"""Where you are signed in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, url_for

from wiki.web.account.routes import blueprint, page
from wiki.web.devices import described
from wiki.web.here import member, the_wiki, this_session
from wiki.web.say import _, ngettext


@dataclass(frozen=True)
class SessionView:
    """One line of the list; times in unix seconds."""

    id: int
    device: str
    address: str
    began_at: int
    seen_at: int
    mine: bool


@blueprint.get("/-/account/sessions")
def sessions() -> Response:
    """The list, this session first."""
    wiki, account, here = the_wiki(), member(), this_session()
    rows = [
        SessionView(
            each.id,
            described(each.device),
            each.device.address,
            each.began_at,
            each.seen_at,
            here is not None and each.id == here.id,
        )
        for each in wiki.sessions.of(account.id, wiki.now())
    ]
    return page("sessions", rows=sorted(rows, key=lambda row: not row.mine))


@blueprint.post("/-/account/sessions/<int:number>/end")
def end_session(number: int) -> Response:
    """End one of them. Ending this one is signing out."""
    account, here = member(), this_session()
    the_wiki().sessions.end(account.id, min(number, 2**31 - 1))
    if here is not None and here.id == number:
        flash(_("You are signed out."), "notice")
        return make_response(redirect(url_for("pages.contents"), 303))
    flash(_("That device is signed out."), "success")
    return _back()


@blueprint.post("/-/account/sessions/end-others")
def end_other_sessions() -> Response:
    """Go on here alone."""
    account, here = member(), this_session()
    ended = the_wiki().sessions.end_others(account.id, here.id if here is not None else 0)
    if ended:
        flash(
            ngettext("%(num)s other device is signed out.", "%(num)s other devices are signed out.", ended), "success"
        )
    else:
        flash(_("You are signed in nowhere else."), "notice")
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("account.sessions"), 303))
