"""Whether it is really them: what takes an account over, or ends it, asks for the password once more."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import Length

from wiki.accounts import Account
from wiki.web.here import member, the_wiki, this_session
from wiki.web.limits import count_try
from wiki.web.say import _, _l

FRESH = 600
"""So long after the sign-in nobody who has no password is asked to sign in again, in seconds."""


class SureForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that asks for the present password. Call `is_sure` where the rest of it is right."""

    present = PasswordField(_l("Your present password"), [Length(max=1024)])

    def is_sure(self) -> bool:
        """Whether whoever sent this is who they seem; else the form says what to do."""
        problem = _problem(member(), self.present.data or "")
        if problem is not None:
            self.present.errors = [problem]
        return problem is None


def has_password() -> bool:
    """Whether there is a password to ask for."""
    return the_wiki().own.has_password(member())


def is_fresh() -> bool:
    """Whether they have signed in just now."""
    session = this_session()
    return session is not None and the_wiki().now() - session.began_at <= FRESH


def _problem(account: Account, password: str) -> str | None:
    wiki = the_wiki()
    if not wiki.own.has_password(account):
        return None if is_fresh() else _("You signed in some time ago. Please sign out, sign in again, and come back.")
    if not password:
        return _("Please type your present password.")
    count_try(wiki.settings.sign_in_limit_per_account, "account", account.email.casefold())
    return None if wiki.own.is_password(account, password) else _("This is not your present password.")
