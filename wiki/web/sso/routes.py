"""The blueprint of signing in elsewhere, the providers by name, and what its views share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, request, url_for
from werkzeug.exceptions import NotFound

from wiki.accounts import Account
from wiki.providers import Provider
from wiki.web.errors import Action, error_page
from wiki.web.here import reader, the_wiki
from wiki.web.languages import recall
from wiki.web.limits import count_try
from wiki.web.say import _
from wiki.web.signin import begin_session
from wiki.web.sso.begun import on_to, signed_in_by
from wiki.web.sso.problems import Cancelled, Down, Misconfigured, SignInProblem, Stale

if TYPE_CHECKING:
    from wiki.web.sso.client import Client

log = logging.getLogger(__name__)
blueprint = Blueprint("sso", __name__)
_EXTENSION = "sso clients"


def attach(app: Flask) -> None:
    """Know nothing of any provider yet."""
    app.extensions[_EXTENSION] = {}


def install(app: Flask) -> None:
    """What templates say of the providers, and what is said when one fails."""
    app.jinja_env.globals.update(providers=all_providers, password_sign_in=password_sign_in)
    app.register_error_handler(SignInProblem, problem_page)


def all_providers() -> list[Provider]:
    """The providers of the settings, in their order."""
    return list(the_wiki().settings.oidc)


def password_sign_in() -> bool:
    """Whether passwords are of use."""
    return the_wiki().settings.password_sign_in


def client_or_404(name: str) -> Client:
    """What talks to the provider of this name."""
    provider = next((one for one in all_providers() if one.name == name), None)
    if provider is None:
        raise NotFound
    clients = cast("dict[str, Client]", current_app.extensions[_EXTENSION])
    return clients.get(name) or clients.setdefault(name, _new_client(provider))


def _new_client(provider: Provider) -> Client:
    from wiki.web.sso.client import Client

    return Client(provider)


def way_back(provider: Provider) -> str:
    """The address to which a provider sends people back; registered there letter by letter."""
    site = the_wiki().settings.site_url
    if site:
        return site + url_for("sso.back", provider=provider.name)
    return url_for("sso.back", provider=provider.name, _external=True)


def count_sign_in() -> None:
    """Count one try from this address."""
    count_try(the_wiki().settings.sign_in_limit_per_address, "address", request.remote_addr or "")


def let_in(account: Account, provider: Provider, target: str) -> Response:
    """Begin a session, and go on to where somebody was going."""
    wiki = the_wiki()
    begin_session(account)
    signed_in_by(provider)
    wiki.accounts.seen(account, wiki.now())
    response = make_response(redirect(on_to(target), 303))
    recall(response, account)
    return response


def other_ways() -> Action:
    """Where to go where this way does not lead on."""
    if reader() is not None:
        return _("Your ways to sign in"), url_for("sso.ways")
    return _("Sign in another way"), url_for("signin.sign_in")


def again(provider: Provider) -> Action:
    """Begin anew."""
    return _("Begin again"), url_for("sso.begin", provider=provider.name)


def no_entry(heading: str, message: str, actions: list[Action]) -> Response:
    """403 for somebody whom the provider knows, and who may not come in all the same."""
    return error_page(403, heading, message, actions)


def problem_page(problem: SignInProblem) -> Response:
    """What went wrong between the provider and the wiki, and what to do next."""
    log.warning("%s", problem)
    provider = problem.provider
    status, heading, message = _words_of(problem, provider.label)
    return error_page(status, heading, message, [again(provider), other_ways()])


def _words_of(problem: SignInProblem, label: str) -> tuple[int, str, str]:
    if isinstance(problem, Cancelled):
        return 403, _("You did not sign in"), _("%(label)s says that you did not go through with it.", label=label)
    if isinstance(problem, Stale):
        return 400, _("This sign-in cannot be used"), _(
            "It was begun in another browser, too long ago, or has been used already. Nothing has changed."
        )  # fmt: skip
    if isinstance(problem, Down):
        return 503, _("%(label)s does not answer", label=label), _(
            "So nobody can sign in with it just now. Nothing has changed. Please try again in a minute."
        )  # fmt: skip
    if isinstance(problem, Misconfigured):
        return 503, _("%(label)s does not let this wiki ask", label=label), _(
            "The two do not agree on how to sign in. Please tell whoever runs this wiki; the log says more."
        )  # fmt: skip
    return 403, _("You are not signed in"), _(
        "What %(label)s sent cannot be relied on, so it was not used. Please begin again. If it happens again, tell "
        "whoever runs this wiki; the log says more.",
        label=label,
    )  # fmt: skip
