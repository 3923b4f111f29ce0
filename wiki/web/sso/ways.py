"""The ways into one's own account, and the way out at the provider."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Response, flash, make_response, redirect, render_template, url_for

from wiki.accounts import Account, Identity
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.providers import Provider
from wiki.web.here import member, reader, the_wiki
from wiki.web.say import _
from wiki.web.sso.problems import Down
from wiki.web.sso.routes import all_providers, blueprint, client_or_404, password_sign_in


@dataclass(frozen=True)
class Way:
    """An identity that opens the account. ``label`` says where it is; ``offered`` whether one can still sign in
    there; ``last`` whether it is the only way left."""

    identity: Identity
    label: str
    offered: bool
    last: bool


@dataclass(frozen=True)
class Ways:
    """All ways into an account, and what could be one more."""

    password: bool
    identities: tuple[Way, ...]
    more: tuple[Provider, ...]


def ways_of(account: Account) -> Ways:
    """How somebody can sign in."""
    wiki, offered = the_wiki(), {one.issuer: one for one in all_providers()}
    mine = wiki.identities.of(account)
    password = password_sign_in() and wiki.identities.has_password(account)
    open_ways = [one for one in mine if one.issuer in offered]
    ways = tuple(
        Way(
            one,
            offered[one.issuer].label if one.issuer in offered else urlsplit(one.issuer).netloc,
            one.issuer in offered,
            last=not password and not any(other is not one for other in open_ways),
        )
        for one in mine
    )
    linked = {one.issuer for one in mine}
    return Ways(password, ways, tuple(one for one in offered.values() if one.issuer not in linked))


@blueprint.get("/-/ways-to-sign-in")
def ways() -> Response:
    """How one can sign in, and what could be one more way."""
    account = member()
    return make_response(render_template("ways_to_sign_in.html", ways=ways_of(account)))


@blueprint.post("/-/ways-to-sign-in/<int:number>/unlink")
def unlink(number: int) -> Response:
    """Let an identity open the account no longer."""
    account, wiki = member(), the_wiki()
    if number >= 2**31:
        raise NotFound(N_("This way to sign in is not one of yours, or is gone already."))
    issuers = [one.issuer for one in all_providers()]
    gone = wiki.identities.unlink(account, number, issuers, password_sign_in())
    flash(_("%(email)s no longer opens your account.", email=gone.email or gone.subject), "notice")
    return make_response(redirect(url_for("sso.ways"), 303))


@blueprint.get("/-/sign-in/<provider>/signed-out")
def signed_out(provider: str) -> Response:
    """After signing out here: the way out at the provider, which would let the next person in without asking."""
    client = client_or_404(provider)
    if reader() is not None:
        return make_response(redirect(url_for("pages.contents")))
    try:
        way_out = client.described(the_wiki().now()).end_session_endpoint
    except Down:
        way_out = ""
    if way_out:
        back = the_wiki().settings.site_url + url_for("pages.contents", _external=not the_wiki().settings.site_url)
        query = {"client_id": client.provider.client_id, "post_logout_redirect_uri": back}
        way_out = f"{way_out}{'&' if urlsplit(way_out).query else '?'}{urlencode(query)}"
    return make_response(render_template("sso_signed_out.html", provider=client.provider, way_out=way_out))
