"""How the wiki is: git, index, clock, disk, mail, and the last check of everything in force."""

from __future__ import annotations

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape

from wiki.accounts.administration_log import Deed, record
from wiki.health.bounds import is_late, room_at
from wiki.model.errors import WikiError
from wiki.outbox import Waiting
from wiki.repository import git_version
from wiki.web.administration.routes import blueprint
from wiki.web.administration.tabs import administration_tabs
from wiki.web.here import member, the_wiki
from wiki.web.say import _, ngettext
from wiki.web.words import ago, moment_html, translate

_UNITS = ("GB", "TB", "PB")


@dataclass(frozen=True)
class Sign:
    """One thing that was looked at; ``fine`` is whether it needs nothing from anybody."""

    fine: bool
    words: str | Markup


@blueprint.get("/-/administration/health")
def health() -> Response:
    """Everything that was looked at just now."""
    signs = [look() for look in (_git, _index, _clock, _disk, _mail)]
    last, waiting = the_wiki().health.verifications()
    html = render_template(
        "administration_health.html", signs=signs, last=last, waiting=waiting, tabs=administration_tabs()
    )
    return make_response(html)


@blueprint.post("/-/administration/verify")
def verify() -> Response:
    """Ask for a check of everything in force; the clock makes it within a minute."""
    wiki, account = the_wiki(), member()
    now = wiki.now()
    wiki.health.ask(now, lambda connection: record(connection, account, Deed.ASKED_TO_VERIFY, "", now))
    flash(_("Everything in force is checked in the background. Look here again in a while."), "success")
    return make_response(redirect(url_for("administration.health") + "#verify", 303))


def _git() -> Sign:
    try:
        return Sign(True, _("git %(version)s", version=git_version()))
    except WikiError as error:
        return Sign(False, translate(error.sentence))


def _index() -> Sign:
    try:
        if the_wiki().index.in_step():
            return Sign(True, _("The index is in step with git."))
    except WikiError as error:
        return Sign(False, translate(error.sentence))
    return Sign(
        False, _("The index is behind git. The clock brings it in step within a minute; “wiki reindex” makes it anew.")
    )


def _clock() -> Sign:
    wiki = the_wiki()
    last = wiki.health.last_tick()
    if last is None:
        return Sign(False, _("The clock has never run. “wiki serve” starts one, and “wiki clock” is one."))
    fine = not is_late(last, wiki.now())
    words = _("The clock last ran %(ago)s.", ago=ago(last))
    return Sign(fine, words if fine else words + " " + _("It should run every minute: “wiki serve” starts one."))


def _disk() -> Sign:
    try:
        room = room_at(the_wiki().settings.data)
    except OSError as error:
        return Sign(False, _("The data directory cannot be looked at: %(why)s", why=error))
    words = _("%(free)s of %(all)s are free where the data is.", free=_size(room.free), all=_size(room.total))
    return Sign(room.enough, words)


def _mail() -> Sign:
    wiki = the_wiki()
    full = wiki.outbox.waiting(wiki.now())
    told = [] if wiki.sends_mail else [_("No mail is sent: the setting “mail_server” is empty.")]
    told.append(_waiting(full))
    if full.given_up:
        told.append(
            ngettext(
                "%(num)s message was given up in the last week.",
                "%(num)s messages were given up in the last week.",
                full.given_up,
            )
        )
    words = Markup(" ").join(told)  # escapes each that is no markup
    return Sign(not is_late(full.oldest, wiki.now()) and not full.given_up, words)


def _waiting(full: Waiting) -> Markup:
    if full.oldest is None:
        return escape(_("Nothing waits to be sent."))
    words = ngettext(
        "%(num)s message waits to be sent, since %(moment)s.",
        "%(num)s messages wait to be sent, the first since %(moment)s.",
        full.waiting,
        moment=moment_html(full.oldest),
    )
    return Markup(words)  # noqa: S704 - our own words, with a moment as markup


def _size(amount: int) -> str:
    """In gigabytes, or a larger unit, with one digit after the point."""
    value, unit = amount / 1e9, 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{format_decimal(round(value, 1), locale=get_locale())} {_UNITS[unit]}"
