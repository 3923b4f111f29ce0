"""Signing in and out, and the one-time link that makes the first account."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Flask, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wiki.accounts import Account
from wiki.accounts.identity import email_key
from wiki.model.errors import NotFound, Refused, Unavailable
from wiki.model.words import N_
from wiki.web.errors import status_of
from wiki.web.here import reader, the_wiki
from wiki.web.languages import recall
from wiki.web.limits import count_try
from wiki.web.safety import local_path
from wiki.web.say import _, _l
from wiki.web.words import translate

blueprint = Blueprint("signin", __name__)


class User(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """An account as Flask-Login wants it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.name = account.name
        self.email = account.email

    def get_id(self) -> str:
        """What the session keeps; ends with a password change."""
        return self.account.session_id


def _load(session_id: str) -> User | None:
    wiki = the_wiki()
    account = wiki.accounts.by_session(session_id)
    if account is None:
        return None
    with suppress(Unavailable):
        wiki.accounts.seen(account, wiki.now())
    return User(account)


def install(app: Flask) -> None:
    """Sessions."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who are you?"""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Please type your e-mail address.")), Length(max=320)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Please type your password.")), Length(max=1024)])
    next = HiddenField()


class WelcomeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The first account, or a new password."""

    email = EmailField(_l("E-mail address"), [Length(max=320)])
    name = StringField(_l("Your name, as colleagues know you"), [Length(max=100)])
    password = PasswordField(
        _l("Password (at least 12 characters)"), [InputRequired(_l("Please choose a password.")), Length(max=1024)]
    )


def _count_sign_in() -> None:
    settings = the_wiki().settings
    count_try(settings.sign_in_limit_per_address, "address", request.remote_addr or "")
    typed = request.form.get("email", "")[:320]
    count_try(settings.sign_in_limit_per_account, "account", email_key(typed) or typed.casefold())


@blueprint.get("/-/sign-in")
def sign_in() -> Response:
    """The form."""
    target = local_path(request.args.get("next"))
    if reader() is not None:
        return make_response(redirect(target))
    return make_response(render_template("sign_in.html", form=SignInForm(data={"next": target})))


@blueprint.post("/-/sign-in")
def try_to_sign_in() -> Response:
    """The same answer, in the same time, whether the address or the password is wrong."""
    _count_sign_in()
    form = SignInForm()
    if not form.validate_on_submit():
        return make_response(render_template("sign_in.html", form=form), 400)
    wiki = the_wiki()
    account = wiki.accounts.authenticate(form.email.data, form.password.data, wiki.now())
    if account is None:
        form.password.errors = [_("The e-mail address or the password is not right. Please try again.")]
        return make_response(render_template("sign_in.html", form=form), 403)
    _begin_session(account)
    response = make_response(redirect(local_path(form.next.data), 303))
    recall(response, account)
    return response


def _begin_session(account: Account) -> None:
    session.clear()
    session.permanent = True
    login_user(User(account))


@blueprint.post("/-/sign-out")
def sign_out() -> Response:
    """End this session."""
    logout_user()
    session.clear()
    flash(_("You are signed out."), "notice")
    return make_response(redirect(url_for("pages.contents"), 303))


@blueprint.route("/-/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> Response:
    """The page behind a one-time link: the first account of a wiki, or a password for an account."""
    count_try("30 per minute", "welcome", request.remote_addr or "")
    wiki = the_wiki()
    link = wiki.accounts.link(token, wiki.now())
    if link is None:
        raise NotFound(N_("This link has been used already, or is too old. Please ask for a new one."))
    form = WelcomeForm()
    first = link.account is None
    heading = _("Make the first account") if first else _("Choose a password")
    if request.method == "GET":
        if link.account is not None:
            form.email.data, form.name.data = link.account.email, link.account.name
        return make_response(render_template("welcome.html", form=form, heading=heading, first=first))
    status = 400
    if form.validate_on_submit():
        try:
            account = wiki.accounts.redeem(
                token,
                wiki.now(),
                email=form.email.data if first else None,
                name=form.name.data if first else None,
                password=form.password.data,
            )
        except Refused as error:
            form.password.errors = [translate(error.sentence)]
            status = status_of(error)
        else:
            _begin_session(account)
            flash(_("Welcome, %(name)s.", name=account.name), "success")
            return make_response(redirect(url_for("pages.contents"), 303))
    return make_response(render_template("welcome.html", form=form, heading=heading, first=first), status)
