"""The page behind an invitation, where somebody chooses a name and a password, and comes in."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wiki.accounts.identity import MAX_EMAIL, MAX_NAME, check_email
from wiki.accounts.invitations import Invitation, new_token
from wiki.accounts.passwords import LONGEST
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web.door_letters import joining_letter, putting
from wiki.web.errors import error_page, status_of
from wiki.web.here import reader, the_wiki
from wiki.web.joining.proof import refuse_without_proof
from wiki.web.joining.routes import AddressForm, blueprint, count_letter, look_into_your_mail
from wiki.web.limits import count_try
from wiki.web.say import _, _l
from wiki.web.signin import begin_session
from wiki.web.words import translate


class ArrivalForm(AddressForm):
    """Who are you?"""

    name = StringField(
        _l("Your name, as colleagues know you"), [InputRequired(_l("Please type your name.")), Length(max=MAX_NAME)]
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Please choose a password.")), Length(max=LONGEST)])


class NamedForm(ArrivalForm):
    """The same, where the address is known."""

    email = EmailField(_l("E-mail address"), [Length(max=MAX_EMAIL)])


@blueprint.before_request
def _one_account_for_each() -> Response | None:
    account = reader()
    if account is None or request.endpoint not in {"joining.invitation", "joining.accept"}:
        return None
    message = _(
        "You are signed in as %(name)s. Whoever this invitation is for opens it where nobody is signed in.",
        name=account.name,
    )
    return error_page(
        409, _("You have an account already"), message, [(_("Go to the contents"), url_for("pages.contents"))]
    )


@blueprint.get("/-/invitation/<token>")
def invitation(token: str) -> Response:
    """The form."""
    found = _found(token)
    form = _form_for(found)
    if found.email is not None:
        form.email.data = found.email
    return _page(found, form)


@blueprint.post("/-/invitation/<token>")
def accept(token: str) -> Response:
    """Come in; by an open link, first show that the address is one's own, wherever mail is sent."""
    found = _found(token)
    form = _form_for(found)
    if _asks_address_alone(found):
        count_letter()
    if not form.validate_on_submit():
        return _page(found, form, 400)
    try:
        return _confirm_first(found, form) if _asks_address_alone(found) else _come_in(token, found, form)
    except Refused as error:
        part = form.email if _asks_address_alone(found) else form.password
        part.errors = [translate(error.sentence)]
        return _page(found, form, status_of(error))


def _confirm_first(found: Invitation, form: AddressForm) -> Response:
    wiki, token = the_wiki(), new_token()
    email = check_email(form.email.data)
    letter = joining_letter(email, token, wiki.accounts.by_email(email))
    wiki.invitations.ask(email, token, wiki.now(), through=found, also=putting(letter))
    return look_into_your_mail(email, _("Come in"))


def _come_in(token: str, found: Invitation, form: ArrivalForm) -> Response:
    wiki = the_wiki()
    if found.email is None:
        refuse_without_proof(check_email(form.email.data))
    account = wiki.invitations.accept(
        token, wiki.now(), email=form.email.data, name=form.name.data, password=form.password.data
    )
    begin_session(account)
    flash(_("Welcome, %(name)s.", name=account.name), "success")
    return make_response(redirect(url_for("pages.contents"), 303))


def _found(token: str) -> Invitation:
    count_try("30 per minute", "welcome", request.remote_addr or "")
    wiki = the_wiki()
    found = wiki.invitations.find(token, wiki.now())
    if found is None:
        raise NotFound(
            N_("This invitation has been used already, was taken back, or is too old. Please ask for a new one.")
        )
    return found


def _asks_address_alone(found: Invitation) -> bool:
    return found.email is None and the_wiki().sends_mail


def _form_for(found: Invitation) -> AddressForm:
    if _asks_address_alone(found):
        return AddressForm()
    return NamedForm() if found.email is not None else ArrivalForm()


def _page(found: Invitation, form: AddressForm, status: int = 200) -> Response:
    response = make_response(render_template("invited.html", form=form, found=found), status)
    response.headers["Cache-Control"] = "no-store"
    return response
