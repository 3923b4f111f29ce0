"""Whoever has an account: found, let go and let back in, made an administrator, sent a link to a new password."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from wiki.accounts import Account
from wiki.accounts.invitations import new_token
from wiki.accounts.people import DAY
from wiki.model.acts import one_line
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web.administration.routes import blueprint
from wiki.web.administration.tabs import administration_tabs
from wiki.web.crumbs import Pager
from wiki.web.door_letters import putting, reset_letter
from wiki.web.here import MAX_NUMBER, member, number, the_wiki
from wiki.web.say import _, ngettext

PER_PAGE = 50
MOST_WORDS = 200
LINK_LIFETIME = DAY


@blueprint.get("/-/administration")
def people() -> Response:
    """Accounts by name; those in whose name or address some words occur."""
    words = one_line(request.args.get("q", ""))[:MOST_WORDS]
    page = min(number("page") or 1, 10_000)
    administration = the_wiki().administration
    rows = administration.people(words, (page - 1) * PER_PAGE, PER_PAGE + 1)
    older = _list(words, page + 1) if len(rows) > PER_PAGE else None
    newer = _list(words, page - 1) if page > 1 else None
    html = render_template(
        "administration_people.html",
        rows=rows[:PER_PAGE],
        count=administration.count(words),
        q=words,
        pager=Pager(newer, older),
        tabs=administration_tabs(),
    )
    return make_response(html)


def _list(words: str, page: int) -> str:
    return url_for("administration.people", q=words or None, page=page)


@blueprint.get("/-/administration/people/<int:number>")
def person(number: int) -> Response:
    """One account, with what can be done about it."""
    who = _account(number)
    html = render_template(
        "administration_person.html",
        who=who,
        own=who.id == member().id,
        has_password=the_wiki().own.has_password(who),
        tabs=administration_tabs(),
    )
    return make_response(html)


@blueprint.get("/-/administration/people/<int:number>/deactivate")
def ask_to_deactivate(number: int) -> Response:
    """Ask once more, and say what it means."""
    who, wiki = _account(number), the_wiki()
    html = render_template(
        "administration_deactivate.html",
        who=who,
        voices=len(wiki.index.spoken_on([who.person.key])),
        orphaned=_orphaned(who),
        own=who.id == member().id,
        tabs=administration_tabs(),
    )
    return make_response(html)


def _orphaned(who: Account) -> int:
    """How many open proposals would be left without an author who can look after them; of the latest ones."""
    wiki = the_wiki()
    rows = [row for row in wiki.index.proposals_by(who.person.key) if row.state == "open"]
    alone = 0
    for row in rows:
        others = {author.key for author in wiki.guidelines.weigh(row.n).proposal.authors}
        found = wiki.accounts.among(others, formerly=True).values()
        alone += not any(account.active and account.id != who.id for account in found)
    return alone


@blueprint.post("/-/administration/people/<int:number>/deactivate")
def deactivate(number: int) -> Response:
    """Let somebody go: their sessions end at once, and what they said of open proposals stops counting."""
    who = _do(the_wiki().administration.deactivate, number)
    voices = the_wiki().take_back_voices_of_departed()
    said = ngettext("%(num)s voice no longer counts.", "%(num)s voices no longer count.", voices)
    flash(_("%(name)s is deactivated.", name=who.name) + " " + said, "success")
    return _back(who)


@blueprint.post("/-/administration/people/<int:number>/reactivate")
def reactivate(number: int) -> Response:
    """Let somebody back in."""
    who = _do(the_wiki().administration.reactivate, number)
    flash(_("%(name)s can sign in again.", name=who.name), "success")
    return _back(who)


@blueprint.post("/-/administration/people/<int:number>/make-administrator")
def make_administrator(number: int) -> Response:
    """Somebody who may administrate too."""
    who = _do(the_wiki().administration.make_administrator, number)
    flash(_("%(name)s is an administrator now.", name=who.name), "success")
    return _back(who)


@blueprint.post("/-/administration/people/<int:number>/unmake-administrator")
def unmake_administrator(number: int) -> Response:
    """Somebody who may no longer administrate."""
    who = _do(the_wiki().administration.unmake_administrator, number)
    flash(_("%(name)s is no longer an administrator.", name=who.name), "success")
    return _back(who)


@blueprint.post("/-/administration/people/<int:number>/send-link")
def send_link(number: int) -> Response:
    """Send somebody a link to a new password. Only by mail: whoever saw the link here could act as them."""
    wiki, token = the_wiki(), new_token()
    if not wiki.sends_mail:
        raise Refused(N_("No mail is sent here. Whoever runs the server makes a link with “wiki user link”."))
    who = _account(number)
    letter = reset_letter(who.email, token, who, LINK_LIFETIME)
    wiki.administration.issue_link(member(), number, token, wiki.now(), LINK_LIFETIME, also=putting(letter))
    flash(_("A link is on its way to %(name)s. It works once, for a day.", name=who.name), "success")
    return _back(who)


def _do(deed: Callable[[Account, int, int], Account], number: int) -> Account:
    return deed(member(), _account(number).id, the_wiki().now())


def _account(number: int) -> Account:
    if not 0 < number <= MAX_NUMBER:
        raise NotFound(N_("There is no such account."))
    return the_wiki().accounts.get(number)


def _back(who: Account) -> Response:
    """To the page of the account; home for somebody who has just let themselves go, or is no administrator any more."""
    me = the_wiki().accounts.get(member().id)
    if not me.active or not me.administrator:
        return make_response(redirect(url_for("pages.contents"), 303))
    return make_response(redirect(url_for("administration.person", number=who.id), 303))
