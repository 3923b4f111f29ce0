"""To a provider and back. Looking changes nothing but the session, and what is kept for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from wiki.accounts import Account, Identity, Introduction
from wiki.providers import Provider
from wiki.web.errors import error_page
from wiki.web.here import reader, the_wiki
from wiki.web.say import _
from wiki.web.sso.begun import meet, remember, take
from wiki.web.sso.problems import Cancelled, Down, Misconfigured, Stale, Unsound
from wiki.web.sso.routes import blueprint, client_or_404, count_sign_in, let_in, no_entry, other_ways, way_back

if TYPE_CHECKING:
    from wiki.web.sso.client import Client

_THOUGHT_BETTER = frozenset({
    "access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required",
})  # fmt: skip
_BUSY = frozenset({"temporarily_unavailable", "server_error"})
_LONGEST_CODE = 4096


@blueprint.get("/-/sign-in/<provider>")
def begin(provider: str) -> Response:
    """Go to the provider. A link leads here and not a form, for a form may not lead to another site."""
    client = client_or_404(provider)
    now = the_wiki().now()
    begun = client.begin(way_back(client.provider), now)
    remember(client.provider, begun, request.args.get("next"), now)
    return make_response(redirect(begun.url))


@blueprint.get("/-/sign-in/<provider>/back")
def back(provider: str) -> Response:
    """Back from the provider, with a code that says who has signed in there."""
    client = client_or_404(provider)
    taken = take(client.provider, request.args.get("state", ""), the_wiki().now())
    if "error" in request.args:
        raise _said_no(client.provider, request.args["error"])
    code = request.args.get("code", "")
    if taken is None or not code:
        raise Stale(client.provider, "it was not begun in this browser, or too long ago")
    if len(code) > _LONGEST_CODE:
        raise BadRequest
    count_sign_in()
    begun, target = taken
    _check_who_answers(client)
    told = client.introduction(code, begun, way_back(client.provider), the_wiki().now())
    return _came(client.provider, told, target)


def _said_no(provider: Provider, error: str) -> Cancelled | Down | Misconfigured:
    kind = Cancelled if error in _THOUGHT_BETTER else Down if error in _BUSY else Misconfigured
    return kind(provider, f"it says {error[:60]!r}")


def _check_who_answers(client: Client) -> None:
    """The answer names its issuer (RFC 9207), where the provider does that: nobody else's answer is taken for its."""
    says = request.args.get("iss")
    expected = client.described(the_wiki().now()).names_itself
    if (says is None and expected) or (says is not None and says != client.provider.issuer):
        raise Unsound(client.provider, f"the answer comes from {says!r}")


def _came(provider: Provider, told: Introduction, target: str) -> Response:
    """Somebody came by this way. Who they are, is said by issuer and subject alone."""
    wiki, here = the_wiki(), reader()
    known = wiki.identities.find(told.issuer, told.subject)
    if known is None:
        meet(provider, wiki.identities.introduce(told, wiki.now()), target)
        return make_response(redirect(url_for("sso.arrived", provider=provider.name), 303))
    owner = wiki.accounts.get(known.account_id)
    if here is not None:
        return _came_again(provider, told, known, here)
    if not owner.active:
        return out_of_use(provider)
    wiki.identities.used(known, told, wiki.now())
    return let_in(owner, provider, target)


def _came_again(provider: Provider, told: Introduction, known: Identity, here: Account) -> Response:
    """Somebody is signed in, and comes by a way that is known."""
    wiki = the_wiki()
    if known.account_id != here.id:
        message = _(
            "You are signed in as %(name)s. This sign-in at %(label)s opens another account. To use that one, sign "
            "out first; to use it for this one, unlink it there.",
            name=here.name,
            label=provider.label,
        )
        return error_page(409, _("This opens another account"), message, [other_ways()])
    wiki.identities.used(known, told, wiki.now())
    flash(_("%(label)s is one of your ways to sign in already.", label=provider.label), "notice")
    return make_response(redirect(url_for("sso.ways"), 303))


def out_of_use(provider: Provider) -> Response:
    """The account is there, and nobody may use it."""
    message = _("%(label)s knows you, but your account here is no longer in use. An administrator can bring it back.",
                label=provider.label)  # fmt: skip
    return no_entry(_("This account is not in use"), message, [(_("Go to the contents"), url_for("pages.contents"))])
