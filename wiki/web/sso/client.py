"""Talking to one provider: what it says of itself, its keys, and the exchange of a code for who somebody is.

To read what this takes costs as much as a tenth of everything else, so it is read when a provider is first talked to.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from joserfc.errors import JoseError
from requests.exceptions import HTTPError, RequestException

from wiki.accounts import Introduction
from wiki.providers import Provider, trustworthy
from wiki.web.sso.asking import Asking, document
from wiki.web.sso.begun import Begun
from wiki.web.sso.problems import Down, Misconfigured, Stale, Unsound
from wiki.web.sso.tokens import Claims, UnknownKey, check_claims, introduction_from, read_token

log = logging.getLogger(__name__)
MINUTE = 60
KEPT = 60 * MINUTE
"""How long what a provider says of itself, and its keys, are taken for granted."""
KEPT_WHILE_DOWN = 24 * KEPT
NEWER_KEYS_AFTER = MINUTE
"""A token with an unknown key asks for the keys again, but not more often: anybody can make up a key."""
TRY_AGAIN_AFTER = 10
"""For so long nobody is made to wait for a provider that has just not answered."""


@dataclass(frozen=True)
class Described:
    """What a provider says of itself, as far as it is of use. Optional addresses may be empty."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    end_session_endpoint: str
    token_auth: str | None
    names_itself: bool
    """Whether it says who it is when it sends somebody back (RFC 9207)."""


@dataclass
class _Kept:
    value: Any = None
    at: int = 0
    failed: Down | None = None
    failed_at: int = 0


class Client:
    """One provider, as one process of the wiki knows it. ``now`` is in unix seconds."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._described, self._keys = _Kept(), _Kept()

    def described(self, now: int) -> Described:
        """What it says of itself; `Down` where it cannot be asked and was not lately."""
        found: Described = self._take(self._described, now, KEPT, self._discover)
        return found

    def _discover(self) -> Described:
        found = document(self.provider, f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.provider.issuer:
            raise Down(self.provider, f"it names itself {found.get('issuer')!r}, not {self.provider.issuer!r}")
        described = _description(found)
        needed = described.authorization_endpoint, described.token_endpoint, described.jwks_uri
        if not all(needed):
            raise Down(self.provider, "its description lacks an address that can be used")
        return described

    def keys(self, now: int, kept: int = KEPT) -> dict[str, Any]:
        """Its public keys, no older than ``kept`` seconds where it answers."""
        where = self.described(now).jwks_uri
        found: dict[str, Any] = self._take(self._keys, now, kept, lambda: document(self.provider, where))
        return found

    def _take(self, kept: _Kept, now: int, fresh: int, ask: Any) -> Any:
        """What is kept while it is fresh; else what is asked for; and while nobody answers, what is not very old."""
        if kept.value is not None and 0 <= now - kept.at < fresh:
            return kept.value
        usable = kept.value is not None and now - kept.at < KEPT_WHILE_DOWN
        if kept.failed is not None and 0 <= now - kept.failed_at < TRY_AGAIN_AFTER:
            if usable:
                return kept.value
            raise kept.failed
        try:
            kept.value, kept.at, kept.failed = ask(), now, None
        except Down as error:
            kept.failed, kept.failed_at = error, now
            if not usable:
                raise
            log.warning("%s", error)
        return kept.value

    def begin(self, back: str, now: int) -> Begun:
        """Begin a sign-in that comes back to the address ``back``."""
        described, nonce, verifier = self.described(now), generate_token(32), generate_token(64)
        with Asking(self.provider, redirect_uri=back) as asking:
            url, state = asking.create_authorization_url(
                described.authorization_endpoint, state=generate_token(32), nonce=nonce, code_verifier=verifier
            )
        return Begun(url, state, nonce, verifier)

    def introduction(self, code: str, begun: Begun, back: str, now: int) -> Introduction:
        """Who has signed in: the code is exchanged for a token, and the token is checked."""
        answer = self._exchange(code, begun, back, now)
        token, access = answer.get("id_token"), answer.get("access_token")
        access = access if isinstance(access, str) else ""
        if not isinstance(token, str):
            raise (Unsound if access else Down)(self.provider, "there is no ID token in its answer")
        header, claims = self._read(token, now)
        check_claims(self.provider, header, claims, nonce=begun.nonce, access_token=access, now=now)
        return introduction_from(self.provider, self._completed(claims, access, now))

    def _exchange(self, code: str, begun: Begun, back: str, now: int) -> dict[str, Any]:
        described = self.described(now)
        try:
            with Asking(self.provider, redirect_uri=back, token_endpoint_auth_method=described.token_auth) as asking:
                answer: dict[str, Any] = asking.fetch_token(
                    described.token_endpoint, grant_type="authorization_code", code=code, code_verifier=begun.verifier
                )
        except OAuthError as error:
            kind = Stale if error.error == "invalid_grant" else Misconfigured
            raise kind(self.provider, f"the code was refused: {error}") from error
        except HTTPError as error:
            refused = error.response is not None and error.response.status_code in {401, 403}
            raise (Misconfigured if refused else Down)(self.provider, f"the code was refused: {error}") from error
        except (RequestException, OSError, ValueError, TypeError) as error:
            raise Down(self.provider, f"{described.token_endpoint}: {error}") from error
        return answer

    def _read(self, token: str, now: int) -> tuple[dict[str, Any], Claims]:
        try:
            try:
                return read_token(token, self.keys(now))
            except UnknownKey:
                return read_token(token, self.keys(now, NEWER_KEYS_AFTER))
        except UnknownKey as error:
            raise Unsound(self.provider, f"the token is signed with a key that is not its own: {error}") from error
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unsound(self.provider, f"the token cannot be read: {error}") from error

    def _completed(self, claims: Claims, access: str, now: int) -> Claims:
        """The claims, with those that this provider tells only who asks for them."""
        where = self.described(now).userinfo_endpoint
        wanted = {"email", self.provider.groups_claim} - {""}
        if not where or not access or wanted <= claims.keys():
            return claims
        try:
            more = document(self.provider, where, headers={"Authorization": f"Bearer {access}"})
        except Down as error:
            log.warning("%s", error)
            return claims
        if more.get("sub") != claims["sub"]:
            raise Unsound(self.provider, "it tells of somebody else than the token")
        return {**more, **claims}


def _description(found: dict[str, Any]) -> Described:
    def address(key: str) -> str:
        value = found.get(key)
        return value if isinstance(value, str) and trustworthy(value) else ""

    methods = found.get("token_endpoint_auth_methods_supported")
    posts = isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods
    return Described(
        authorization_endpoint=address("authorization_endpoint"),
        token_endpoint=address("token_endpoint"),
        jwks_uri=address("jwks_uri"),
        userinfo_endpoint=address("userinfo_endpoint"),
        end_session_endpoint=address("end_session_endpoint"),
        token_auth="client_secret_post" if posts else None,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )
