"""What becomes of somebody whom a provider introduced: a new account, one that is theirs already, or one more way
into the account in which they are signed in. Each is said plainly first, and done by a button."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wiki.accounts import Account, Introduction
from wiki.accounts.identity import MAX_NAME, email_key
from wiki.model.errors import Refused
from wiki.outbox import Letter
from wiki.providers import Provider
from wiki.web.errors import error_page, status_of
from wiki.web.here import member, reader, the_wiki
from wiki.web.letters import render_letter
from wiki.web.limits import count_try
from wiki.web.say import _, _l
from wiki.web.sso.begun import met, part
from wiki.web.sso.problems import Stale
from wiki.web.sso.routes import again, blueprint, client_or_404, count_sign_in, let_in, no_entry, other_ways
from wiki.web.sso.views import out_of_use
from wiki.web.words import translate

MOST_LETTERS = "3 per hour"


class NewAccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Under which name?"""

    name = StringField(
        _l("Your name, as colleagues know you"),
        [InputRequired(_l("Please type your name.")), Length(max=MAX_NAME)],
    )


class ProofForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Is the account yours?"""

    password = PasswordField(
        _l("Password of your account here"), [InputRequired(_l("Please type your password.")), Length(max=1024)]
    )


@dataclass(frozen=True)
class Guest:
    """Somebody whom a provider introduced to this browser."""

    provider: Provider
    token: str
    target: str
    told: Introduction

    @property
    def owner(self) -> Account | None:
        """The account that has their address, where the provider confirmed it."""
        return the_wiki().accounts.known_by(self.told.email) if self.told.email_verified else None

    @property
    def admitted(self) -> bool:
        """Whether the operator lets people with their address come by this provider."""
        return not self.provider.domains or (self.told.email_verified and self.provider.admits(self.told.email))

    def done(self) -> None:
        """The introduction has been used."""
        the_wiki().identities.forget(self.token)
        part()


def _guest(name: str) -> Guest:
    provider = client_or_404(name).provider
    kept, wiki = met(provider), the_wiki()
    told = wiki.identities.introduced(kept[0], wiki.now()) if kept is not None else None
    if kept is None or told is None:
        raise Stale(provider, "nobody was introduced to this browser lately")
    return Guest(provider, kept[0], kept[1], told)


@blueprint.get("/-/sign-in/<provider>/arrived")
def arrived(provider: str) -> Response:
    """Say what is about to happen, and ask for what it needs."""
    guest = _guest(provider)
    here = reader()
    if here is not None:
        return _turned_away(guest) or _page("sso_link.html", guest, account=here)
    if guest.owner is not None:
        return _turned_away(guest) or _joining(guest, ProofForm())
    return _turned_away(guest) or _page("sso_new.html", guest, form=NewAccountForm(data={"name": guest.told.name}))


def _turned_away(guest: Guest) -> Response | None:
    """A page for those for whom there is no way on."""
    provider, told, owner = guest.provider, guest.told, guest.owner
    if reader() is None and not told.email_verified:
        message = _(
            "%(label)s does not say that it has confirmed your e-mail address, so it opens no account by itself. If "
            "you have an account here, sign in to it another way, then link %(label)s there.",
            label=provider.label,
        )
        return no_entry(_("Your address is not confirmed"), message, [other_ways()])
    if not guest.admitted:
        message = _(
            "Only colleagues with an address in %(domains)s sign in with %(label)s.",
            domains=", ".join(provider.domains),
            label=provider.label,
        )
        return no_entry(_("Not with this address"), message, [again(provider), other_ways()])
    if reader() is None and owner is not None and not owner.active:
        return out_of_use(provider)
    if reader() is None and owner is None and not provider.join:
        message = _(
            "%(email)s has no account here yet, and signing in with %(label)s does not make one. Please ask an "
            "administrator for an invitation. If you have an account with another address, sign in to it, then link "
            "%(label)s there.",
            email=told.email,
            label=provider.label,
        )
        return no_entry(_("There is no account for you yet"), message, [other_ways()])
    return None


def _page(template: str, guest: Guest, status: int = 200, **others: object) -> Response:
    return make_response(render_template(template, guest=guest, provider=guest.provider, **others), status)


def _joining(guest: Guest, form: ProofForm, status: int = 200) -> Response:
    return _page("sso_join.html", guest, status, form=form, sends_mail=the_wiki().sends_mail)


@blueprint.post("/-/sign-in/<provider>/account")
def make_account(provider: str) -> Response:
    """Make an account for somebody who is new."""
    guest, form, wiki = _guest(provider), NewAccountForm(), the_wiki()
    if reader() is not None or guest.owner is not None:
        return make_response(redirect(url_for("sso.arrived", provider=provider), 303))
    turned_away = _turned_away(guest)
    if turned_away is not None:
        return turned_away
    if not form.validate_on_submit():
        return _page("sso_new.html", guest, 400, form=form)
    try:
        account = wiki.identities.new_account(guest.told, form.name.data, wiki.now())
    except Refused as error:
        form.name.errors = [translate(error.sentence)]
        return _page("sso_new.html", guest, status_of(error), form=form)
    guest.done()
    response = let_in(account, guest.provider, guest.target)
    flash(_("Welcome, %(name)s.", name=account.name), "success")
    return response


@blueprint.post("/-/sign-in/<provider>/join")
def join(provider: str) -> Response:
    """Let the provider open an account that was here before, once its password has been told."""
    guest, form, wiki = _guest(provider), ProofForm(), the_wiki()
    count_sign_in()
    count_try(wiki.settings.sign_in_limit_per_account, "account", email_key(guest.told.email) or "")
    turned_away = _turned_away(guest)
    if turned_away is not None:
        return turned_away
    if not form.validate_on_submit():
        return _joining(guest, form, 400)
    account = wiki.accounts.authenticate(guest.told.email, form.password.data, wiki.now())
    if account is None or guest.owner is None:
        form.password.errors = [_("The password is not right. Please try again.")]
        return _joining(guest, form, 403)
    return _joined(guest, account)


def _joined(guest: Guest, account: Account) -> Response:
    wiki = the_wiki()
    wiki.identities.join(account, guest.told, wiki.now())
    guest.done()
    response = let_in(account, guest.provider, guest.target)
    flash(_("From now on you can sign in with %(label)s.", label=guest.provider.label), "success")
    return response


@blueprint.post("/-/sign-in/<provider>/mail")
def mail(provider: str) -> Response:
    """Send a link to the address of the account, for whoever has forgotten its password or has none."""
    guest, wiki = _guest(provider), the_wiki()
    turned_away, owner = _turned_away(guest), guest.owner
    if turned_away is not None or owner is None or not wiki.sends_mail:
        return turned_away or make_response(redirect(url_for("sso.arrived", provider=provider), 303))
    count_try(MOST_LETTERS, "joining", str(owner.id))
    proof = wiki.identities.ask_for_proof(guest.token, wiki.now())
    address = wiki.settings.address + url_for("sso.prove", provider=provider, token=proof)
    words = render_letter("join_by_provider", owner, who=owner.name, label=guest.provider.label, address=address)
    key = f"join:{owner.id}:{proof[:12]}"
    wiki.outbox.put(Letter(key, owner.email, words.subject, words.text, words.html), now=wiki.now())
    flash(_("A letter is on its way to %(email)s. Open the link in it with this browser.", email=owner.email), "notice")
    return make_response(redirect(url_for("sso.arrived", provider=provider), 303))


@blueprint.get("/-/sign-in/<provider>/proof/<token>")
def prove(provider: str, token: str) -> Response:
    """The page behind the mailed link. It works where the sign-in was begun and nowhere else: whoever is sent such a
    link by a stranger does not let the stranger in by following it."""
    guest, wiki = _proving(provider, token), the_wiki()
    return guest if isinstance(guest, Response) else _page(
        "sso_proved.html", guest, token=token, account=wiki.accounts.known_by(guest.told.email)
    )  # fmt: skip


@blueprint.post("/-/sign-in/<provider>/proof/<token>")
def join_by_mail(provider: str, token: str) -> Response:
    """Let the provider open an account that was here before: who asks for it reads the mail of its address."""
    guest = _proving(provider, token)
    if isinstance(guest, Response):
        return guest
    owner = guest.owner
    if owner is None or not owner.active:
        return out_of_use(guest.provider)
    return _joined(guest, owner)


def _proving(name: str, token: str) -> Guest | Response:
    provider, wiki = client_or_404(name).provider, the_wiki()
    count_try("30 per minute", "welcome", request.remote_addr or "")
    kept = met(provider)
    if kept is None or reader() is not None or not wiki.identities.proves(kept[0], token, wiki.now()):
        message = _(
            "It works once, for two hours, and only in the browser in which you began to sign in with %(label)s. If "
            "you did not begin that yourself, leave it: nothing has changed.",
            label=provider.label,
        )
        return error_page(404, _("This link does not work here"), message, [again(provider), other_ways()])
    guest = _guest(name)
    return _turned_away(guest) or guest


@blueprint.post("/-/sign-in/<provider>/link")
def link(provider: str) -> Response:
    """One more way into the account in which somebody is signed in."""
    account, guest, wiki = member(), _guest(provider), the_wiki()
    turned_away = _turned_away(guest)
    if turned_away is not None:
        return turned_away
    wiki.identities.join(account, guest.told, wiki.now())
    guest.done()
    flash(_("From now on you can sign in with %(label)s.", label=guest.provider.label), "success")
    return make_response(redirect(url_for("sso.ways"), 303))
