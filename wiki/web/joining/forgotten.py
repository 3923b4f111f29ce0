"""A password that was forgotten."""

from __future__ import annotations

from flask import Response, make_response, render_template

from wiki.accounts.identity import check_email
from wiki.accounts.invitations import new_token
from wiki.accounts.resetting import ask_for_link
from wiki.model.errors import Refused
from wiki.web.door_letters import putting, reset_letter
from wiki.web.here import the_wiki
from wiki.web.joining.routes import AddressForm, blueprint, count_letter, look_into_your_mail
from wiki.web.say import _
from wiki.web.words import translate


@blueprint.get("/-/forgotten")
def forgotten() -> Response:
    """The form, which asks for the address alone."""
    return _form(AddressForm())


@blueprint.post("/-/forgotten")
def ask() -> Response:
    """Send a link to the address. The answer is the same, after the same work, whether it has an account or not."""
    wiki = the_wiki()
    if not wiki.sends_mail:
        return _form(AddressForm(), 400)
    count_letter()
    form = AddressForm()
    if not form.validate_on_submit():
        return _form(form, 400)
    try:
        email = check_email(form.email.data)
    except Refused as error:
        form.email.errors = [translate(error.sentence)]
        return _form(form, 400)
    found, token = wiki.accounts.by_email(email), new_token()
    known = found if found is not None and found.active else None
    letter = reset_letter(email, token, known)
    ask_for_link(wiki.accounts, known, token, wiki.now(), also=putting(letter))
    return look_into_your_mail(email, _("Forgot your password?"))


def _form(form: AddressForm, status: int = 200) -> Response:
    return make_response(render_template("forgotten.html", form=form), status)
