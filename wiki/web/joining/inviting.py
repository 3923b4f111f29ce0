"""Letting others in: invitations by mail, links to copy, and what has become of them."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import EmailField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange

from wiki.accounts import Account
from wiki.accounts.identity import MAX_EMAIL, check_email
from wiki.accounts.invitations import MOST_DAYS, MOST_USES, Invitation, new_token
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web.administration.tabs import administration_tabs
from wiki.web.crumbs import Pager
from wiki.web.door_letters import invitation_letter, putting
from wiki.web.errors import status_of
from wiki.web.here import MAX_NUMBER, member, number, site_address, the_wiki
from wiki.web.joining.proof import refuse_without_proof
from wiki.web.joining.routes import blueprint, may_invite
from wiki.web.languages import language
from wiki.web.limits import count_try
from wiki.web.refusals import not_allowed
from wiki.web.say import _, _l
from wiki.web.words import translate

PER_PAGE = 50
MOST_INVITED = "100 per day"


class InviteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Whom?"""

    email = EmailField(
        _l("Their e-mail address"), [InputRequired(_l("Please type an e-mail address.")), Length(max=MAX_EMAIL)]
    )


def _within(most: int) -> NumberRange:
    return NumberRange(1, most, _l("Please type a number from %(min)s to %(max)s."))


class LinkForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """For how many, and for how long?"""

    uses = IntegerField(_l("For how many people"), [_within(MOST_USES)], default=1)
    days = IntegerField(_l("For how many days"), [_within(MOST_DAYS)], default=7)


@blueprint.before_request
def _only_who_may_invite() -> Response | None:
    if request.endpoint not in {"joining.invitations", "joining.invite", "joining.make_link", "joining.revoke"}:
        return None
    if may_invite(member()):
        return None
    return not_allowed(_("Only administrators invite people here. Please ask one of them."))


@blueprint.get("/-/invitations")
def invitations() -> Response:
    """All invitations, to administrators; to others their own."""
    return _page(InviteForm(), LinkForm())


@blueprint.post("/-/invitations")
def invite() -> Response:
    """Invite an address: by mail, or where none is sent with a link that is shown once."""
    account, form = member(), InviteForm()
    if not form.validate_on_submit():
        return _page(form, LinkForm(formdata=None), status=400)
    count_try(MOST_INVITED, "invitations", str(account.id))
    wiki, token = the_wiki(), new_token()
    try:
        email = check_email(form.email.data)
        refuse_without_proof(email)
        letter = invitation_letter(email, token, account.name, language())
        wiki.invitations.invite(account, email, token, wiki.now(), also=putting(letter))
    except Refused as error:
        form.email.errors = [translate(error.sentence)]
        return _page(form, LinkForm(formdata=None), status=status_of(error))
    if not wiki.sends_mail:
        return _page(InviteForm(formdata=None), LinkForm(formdata=None), made=token, whom=email)
    flash(_("An invitation is on its way to %(email)s.", email=email), "success")
    return make_response(redirect(url_for("joining.invitations"), 303))


@blueprint.post("/-/invitations/link")
def make_link() -> Response:
    """Make a link that several people may use. It is shown once."""
    account, form = member(), LinkForm()
    if not form.validate_on_submit():
        return _page(InviteForm(formdata=None), form, status=400)
    wiki, token = the_wiki(), new_token()
    wiki.invitations.open_link(account, form.uses.data, form.days.data, token, wiki.now())
    return _page(InviteForm(formdata=None), LinkForm(formdata=None), made=token)


@blueprint.post("/-/invitations/<int:number>/revoke")
def revoke(number: int) -> Response:
    """Take an invitation back."""
    if not 0 < number <= MAX_NUMBER:
        raise NotFound(N_("There is no such invitation."))
    wiki = the_wiki()
    wiki.invitations.revoke(member(), number, wiki.now())
    flash(_("The invitation no longer works."), "success")
    return make_response(redirect(url_for("joining.invitations"), 303))


def _page(
    invite: InviteForm, link: LinkForm, status: int = 200, made: str | None = None, whom: str | None = None
) -> Response:
    wiki, account = the_wiki(), member()
    rows, pager = _rows(account)
    html = render_template(
        "invitations.html",
        invite=invite,
        link=link,
        made=_address_of(made) if made is not None else None,
        whom=whom,
        rows=rows,
        pager=pager,
        now=wiki.now(),
        tabs=administration_tabs() if account.administrator else None,
    )
    response = make_response(html, status)
    if made is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


def _rows(account: Account) -> tuple[list[Invitation], Pager]:
    before = number("before")
    by = None if account.administrator else account
    rows = the_wiki().invitations.listed(by, before, PER_PAGE + 1)
    older = url_for("joining.invitations", before=rows[PER_PAGE - 1].id) if len(rows) > PER_PAGE else None
    newer = url_for("joining.invitations") if before is not None else None
    return rows[:PER_PAGE], Pager(newer, older)


def _address_of(token: str) -> str:
    """The link as it is shown to who made it: under the address of the wiki, or the one they came by."""
    return site_address() + url_for("joining.invitation", token=token)
