"""Your name, your address, your password."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, flash, make_response, redirect, url_for
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wiki.accounts import Account, FormerIdentity
from wiki.accounts.former import EMAIL, NAME
from wiki.accounts.invitations import new_token
from wiki.model.errors import Refused
from wiki.web.account.routes import blueprint, page
from wiki.web.account.sure import SureForm, has_password, is_fresh
from wiki.web.door_letters import password_changed
from wiki.web.here import member, the_wiki
from wiki.web.limits import count_try
from wiki.web.say import _, _l
from wiki.web.signin import begin_session
from wiki.web.words import translate


class NameForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Another name."""

    name = StringField(_l("Your name, as colleagues know you"), [InputRequired(_l("Please give a name."))])


class AddressForm(SureForm):
    """Another address."""

    email = EmailField(_l("Your new e-mail address"), [InputRequired(_l("Please type an address.")), Length(max=320)])


class PasswordForm(SureForm):
    """Another password."""

    new = PasswordField(
        _l("Your new password"), [InputRequired(_l("Please choose a password.")), Length(max=1024)]
    )  # fmt: skip


@dataclass
class Forms:
    """The forms of the page; the one that was refused holds what was typed. Fields of one name are told apart by the
    beginnings of their ids."""

    name: NameForm = field(default_factory=lambda: NameForm(formdata=None))
    address: AddressForm = field(default_factory=lambda: AddressForm(formdata=None))
    password: PasswordForm = field(default_factory=lambda: PasswordForm(formdata=None))

    def __post_init__(self) -> None:
        self.password.present.id = "present-for-password"


@blueprint.get("/-/account")
def you() -> Response:
    """The page."""
    return shown(Forms())


def shown(forms: Forms, status: int = 200) -> Response:
    """The page with its forms."""
    wiki, account = the_wiki(), member()
    if not forms.name.is_submitted() or forms.name.name.data is None:
        forms.name.name.data = account.name
    before = wiki.former.of(account.id)
    return page(
        "you",
        status,
        forms=forms,
        pending=wiki.own.pending(account, wiki.now()),
        before=before,
        mailmap=mailmap_of(account, before),
        sends_mail=wiki.sends_mail,
        has_password=has_password(),
        fresh=is_fresh(),
    )


def mailmap_of(account: Account, before: list[FormerIdentity]) -> list[str]:
    """The lines by which git, too, calls an account by its present name and address (see ``git help mailmap``)."""
    proper = f"{account.name} <{account.email}>"
    lines = [f"{proper} <{each.text}>" for each in reversed(before) if each.kind == EMAIL]
    return [proper, *lines] if any(each.kind == NAME for each in before) else lines


@blueprint.post("/-/account/name")
def rename() -> Response:
    """Another name from now on."""
    wiki, account = the_wiki(), member()
    count_try("10 per day", "rename", str(account.id))
    forms = Forms(name=NameForm())
    if not forms.name.validate_on_submit():
        return shown(forms, 400)
    try:
        renamed = wiki.accounts.rename(account, forms.name.name.data, wiki.now())
    except Refused as error:
        forms.name.name.errors = [translate(error.sentence)]
        return shown(forms, 400)
    wiki.index.catch_up()
    flash(_("You are called %(name)s from now on.", name=renamed.name), "success")
    return _back()


@blueprint.post("/-/account/password")
def password() -> Response:
    """Another password. Every other session ends, and this one goes on under a key of its own."""
    wiki, account = the_wiki(), member()
    forms = Forms(password=PasswordForm())
    if not forms.password.validate_on_submit() or not forms.password.is_sure():
        return shown(forms, 400)
    try:
        tell = password_changed(account, new_token())
        changed = wiki.accounts.set_password(account, forms.password.new.data, tell)
    except Refused as error:
        forms.password.new.errors = [translate(error.sentence)]
        return shown(forms, 400)
    begin_session(changed)
    flash(_("Your password is changed. Everywhere else you are signed out."), "success")
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("account.you"), 303))
