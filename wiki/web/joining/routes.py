"""The blueprint of coming in, and what its views share."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, make_response, render_template, request
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from wiki.accounts.identity import MAX_EMAIL, email_key
from wiki.accounts.people import Account
from wiki.web.here import the_wiki
from wiki.web.limits import count_try
from wiki.web.say import _l

blueprint = Blueprint("joining", __name__)


class AddressForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Which address is yours?"""

    email = EmailField(
        _l("E-mail address"), [InputRequired(_l("Please type your e-mail address.")), Length(max=MAX_EMAIL)]
    )


def count_letter() -> None:
    """Count one letter that somebody who is not signed in asks for; 429 where there were too many."""
    settings = the_wiki().settings
    typed = request.form.get("email", "")[:MAX_EMAIL]
    count_try(settings.mail_limit_per_address, "letters from", request.remote_addr or "")
    count_try(settings.mail_limit_per_account, "letters to", email_key(typed) or typed.casefold())


def look_into_your_mail(email: str, heading: str) -> Response:
    """The answer to everybody who gave an address, whatever is known of it."""
    return make_response(render_template("look_into_mail.html", email=email, heading=heading))


def may_invite(account: Account | None) -> bool:
    """Whether somebody may let others in here."""
    return account is not None and the_wiki().invitations.may_invite(account)


def may_join() -> bool:
    """Whether people with an address of a named domain may make an account themselves."""
    wiki = the_wiki()
    return bool(wiki.settings.join_domains) and wiki.sends_mail


def install(app: Flask) -> None:
    """Tell the layout and the page for signing in what to offer."""

    @app.context_processor
    def _offers() -> dict[str, object]:
        return {"may_join": may_join(), "sends_mail": the_wiki().sends_mail}
