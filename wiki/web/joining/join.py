"""Joining with an address of a domain that the operator named."""

from __future__ import annotations

from flask import Response, make_response, render_template

from wiki.accounts.identity import check_email
from wiki.accounts.invitations import new_token
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web.door_letters import joining_letter, putting
from wiki.web.here import the_wiki
from wiki.web.joining.routes import AddressForm, blueprint, count_letter, look_into_your_mail, may_join
from wiki.web.say import _
from wiki.web.words import translate


@blueprint.get("/-/join")
def join() -> Response:
    """The form, which asks for the address alone."""
    _refuse_where_nobody_joins()
    return _form(AddressForm())


@blueprint.post("/-/join")
def ask_to_join() -> Response:
    """Send a link to the address. The answer is the same, after the same work, whether it has an account or not."""
    _refuse_where_nobody_joins()
    count_letter()
    form = AddressForm()
    if not form.validate_on_submit():
        return _form(form, 400)
    try:
        email = check_email(form.email.data)
        _check_domain(email)
    except Refused as error:
        form.email.errors = [translate(error.sentence)]
        return _form(form, 400)
    wiki, token = the_wiki(), new_token()
    letter = joining_letter(email, token, wiki.accounts.by_email(email))
    wiki.invitations.ask(email, token, wiki.now(), also=putting(letter))
    return look_into_your_mail(email, _("Join"))


def _refuse_where_nobody_joins() -> None:
    if not may_join():
        raise NotFound(N_("Nobody makes an account here without an invitation. Please ask an administrator for one."))


def _form(form: AddressForm, status: int = 200) -> Response:
    domains = the_wiki().settings.join_domains
    return make_response(render_template("join.html", form=form, domains=domains), status)


def _check_domain(email: str) -> None:
    """`Refused` for an address elsewhere, and for one of the many that lead to one mailbox: each would be a voice."""
    local, _at, domain = email.rpartition("@")
    if domain.casefold() not in {_normal(named) for named in the_wiki().settings.join_domains}:
        raise Refused(N_("This address is not of a domain whose people may join."))
    if "+" in local:
        raise Refused(N_("Please give the address without “+” and what follows it."))


def _normal(domain: str) -> str:
    """A domain as `check_email` leaves it."""
    try:
        return check_email(f"somebody@{domain.removeprefix('@')}").rpartition("@")[2].casefold()
    except Refused:
        return domain.casefold()
