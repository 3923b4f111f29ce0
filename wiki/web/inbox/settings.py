"""How somebody wants to be reached by mail."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from wiki.asking import OFFERED
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.notify import Asks, Rhythm, zones
from wiki.web.here import member, the_wiki
from wiki.web.inbox.routes import blueprint, tabs
from wiki.web.say import _

Choice = tuple[str, str]


def _asks() -> list[Choice]:
    return [
        (Asks.NOW, _("At once")),
        (Asks.DIGEST, _("In the digest")),
        (Asks.NEVER, _("Never; I look into my inbox")),
    ]


def _rhythms() -> list[Choice]:
    return [
        (Rhythm.DAILY, _("Every day at 8:00")),
        (Rhythm.WEEKLY, _("Mondays at 8:00")),
        (Rhythm.NEVER, _("Never")),
    ]


@blueprint.get("/-/inbox/settings")
def settings() -> Response:
    """The form."""
    wiki, account = the_wiki(), member()
    html = render_template(
        "inbox_settings.html",
        tabs=tabs(),
        chosen=wiki.notify.reaching.of(account.id),
        asks=_asks(),
        rhythms=_rhythms(),
        zones=zones(),
        choice=wiki.asking.choices.of(account.id),
        paused=wiki.asking.paused(account),
        offered=OFFERED,
        sends_mail=wiki.sends_mail,
        email=account.email,
    )
    return make_response(html)


@blueprint.post("/-/inbox/settings")
def choose() -> Response:
    """Choose."""
    wiki, account = the_wiki(), member()
    zone, rhythm, asks = (request.form.get(name, "") for name in ("zone", "rhythm", "asks"))
    if zone not in zones() or rhythm not in set(Rhythm) or asks not in set(Asks):
        raise Refused(N_("Please choose one of what there is to choose from."))
    most = request.form.get("most", "")
    if most:
        wiki.asking.choices.choose(account.id, int(most) if most in {str(each) for each in OFFERED} else 0)
    wiki.notify.reaching.choose(account.id, zone, Rhythm(rhythm), Asks(asks), wiki.now())
    flash(_("This is how you are told from now on."), "success")
    return make_response(redirect(url_for("inbox.settings"), 303))
