"""Keys for programs of yours."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, url_for
from wtforms import StringField
from wtforms.validators import AnyOf, InputRequired, Length

from wiki.accounts.tokens import MAX_NAME
from wiki.model.errors import Refused
from wiki.web.account.routes import blueprint, page
from wiki.web.account.sure import SureForm, has_password, is_fresh
from wiki.web.here import member, site_address, the_wiki
from wiki.web.say import _, _l
from wiki.web.words import translate

READ, PROPOSE = "read", "propose"
_SCOPES = ((READ, _l("Read")), (PROPOSE, _l("Read, and propose in your name")))
_DAYS = (("7", _l("A week")), ("30", _l("30 days")), ("90", _l("90 days")), ("366", _l("A year")))


class TokenForm(SureForm):
    """What the token is for."""

    name = StringField(
        _l("What is it for?"), [InputRequired(_l("Please say what it is for.")), Length(max=MAX_NAME)]
    )  # fmt: skip
    scope = StringField(_l("What may it do?"), [AnyOf([key for key, _label in _SCOPES])], default=READ)
    days = StringField(_l("How long does it work?"), [AnyOf([key for key, _label in _DAYS])], default="90")


@blueprint.get("/-/account/tokens")
def tokens() -> Response:
    """The list, and the form for a new one."""
    return _shown(TokenForm(formdata=None))


def _shown(form: TokenForm, status: int = 200, made: str | None = None) -> Response:
    wiki = the_wiki()
    return page(
        "tokens",
        status,
        rows=wiki.tokens.of(member().id),
        form=form,
        scopes=_SCOPES,
        days=_DAYS,
        made=made,
        now=wiki.now(),
        has_password=has_password(),
        fresh=is_fresh(),
        clone_url=site_address() + url_for("checking.guidelines"),
        api_url=site_address() + url_for("api.pages"),
    )


@blueprint.post("/-/account/tokens")
def make_token() -> Response:
    """A new token, shown this once."""
    wiki, form = the_wiki(), TokenForm()
    if not form.validate_on_submit() or not form.is_sure():
        return _shown(form, 400)
    try:
        _made, key = wiki.tokens.make(
            member(), form.name.data, form.scope.data == PROPOSE, int(form.days.data), wiki.now()
        )
    except Refused as error:
        form.name.errors = [translate(error.sentence)]
        return _shown(form, 400)
    return _shown(TokenForm(formdata=None), 201, key)


@blueprint.post("/-/account/tokens/<int:number>/take-back")
def take_back_token(number: int) -> Response:
    """It works no more."""
    the_wiki().tokens.take_back(member().id, min(number, 2**31 - 1))
    flash(_("The token is taken back. Programs that have it can do nothing with it any more."), "success")
    return make_response(redirect(url_for("account.tokens"), 303))
