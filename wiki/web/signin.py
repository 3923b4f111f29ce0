"""Signing in and out, and the one-time link that makes the first account."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Flask, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wiki.accounts import Account, Session
from wiki.accounts.identity import email_key
from wiki.accounts.people import Link, nothing
from wiki.model.errors import NotFound, Refused, Unavailable
from wiki.model.words import N_
from wiki.web.devices import this_device
from wiki.web.door_letters import password_changed
from wiki.web.errors import status_of
from wiki.web.here import reader, the_wiki, this_session
from wiki.web.languages import recall
from wiki.web.limits import count_try
from wiki.web.safety import local_path
from wiki.web.say import _, _l
from wiki.web.words import translate

blueprint = Blueprint("signin", __name__)


class User(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """An account as Flask-Login wants it."""

    def __init__(self, account: Account, session: Session, key: str) -> None:
        self.account = account
        self.session = session
        self.key = key
        self.name = account.name
        self.email = account.email

    def get_id(self) -> str:
        """What the cookie keeps: the key of the session."""
        return self.key


def _load(key: str) -> User | None:
    wiki, now = the_wiki(), the_wiki().now()
    found = wiki.sessions.find(key, now)
    if found is None:
        return None
    account, session = found
    with suppress(Unavailable):
        wiki.accounts.seen(account, now)
        wiki.sessions.seen(session, now)
    return User(account, session, key)


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
    if not the_wiki().settings.password_sign_in:
        raise Refused(N_("Nobody signs in with a password here. The sign-in page shows the ways there are."))
    _count_sign_in()
    form = SignInForm()
    if not form.validate_on_submit():
        return make_response(render_template("sign_in.html", form=form), 400)
    wiki = the_wiki()
    account = wiki.accounts.authenticate(form.email.data, form.password.data, wiki.now())
    if account is None:
        form.form_errors.append(_("That address and password do not belong together. Please look at both once more."))
        return make_response(render_template("sign_in.html", form=form), 403)
    begin_session(account)
    response = make_response(redirect(local_path(form.next.data), 303))
    recall(response, account)
    return response


def begin_session(account: Account) -> None:
    """Whoever sends this request is signed in from now on, in a session of its own; the one they had here is over."""
    wiki = the_wiki()
    end_session()
    made, key = wiki.sessions.begin(account, this_device(), wiki.now())
    session.permanent = True
    login_user(User(account, made, key))


def end_session() -> None:
    """Whoever sends this request is signed out, here and for everybody who has their cookie."""
    before = this_session()
    if before is not None:
        the_wiki().sessions.end(before.account, before.id)
        logout_user()
    session.clear()


@blueprint.post("/-/sign-out")
def sign_out() -> Response:
    """End this session; the way out at the provider it came from is shown next."""
    provider = session.get("signed_in_by")
    end_session()
    flash(_("You are signed out."), "notice")
    if provider in {one.name for one in the_wiki().settings.oidc}:
        return make_response(redirect(url_for("sso.signed_out", provider=provider), 303))
    return make_response(redirect(url_for("pages.contents"), 303))


def _hello(link: Link, account: Account) -> str:
    if link.renews:
        return _("Your password is changed, and you are signed in. Everywhere else you are signed out.")
    return _("Welcome, %(name)s.", name=account.name)


def _welcome(link: Link) -> str:
    """What the page behind a one-time link is for."""
    if link.account is None:
        return _("Make the first account")
    return _("Choose a new password") if link.renews else _("Choose a password")


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
    heading = _welcome(link)
    if request.method == "GET":
        if link.account is not None:
            form.email.data, form.name.data = link.account.email, link.account.name
        return make_response(render_template("welcome.html", form=form, heading=heading, first=first, link=link))
    status = 400
    if form.validate_on_submit():
        try:
            account = wiki.accounts.redeem(
                token,
                wiki.now(),
                email=form.email.data if first else None,
                name=form.name.data if first else None,
                password=form.password.data,
                also=password_changed(link.account, token) if link.account and link.renews else nothing,
            )
        except Refused as error:
            form.password.errors = [translate(error.sentence)]
            status = status_of(error)
        else:
            begin_session(account)
            flash(_hello(link, account), "success")
            return make_response(redirect(url_for("pages.contents"), 303))
    return make_response(render_template("welcome.html", form=form, heading=heading, first=first, link=link), status)
