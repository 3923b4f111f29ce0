"""What an ID token says, once it is certain that this provider said it of this sign-in, to this wiki, just now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError, KeyParameterError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from wiki.accounts import Introduction
from wiki.accounts.identity import check_email
from wiki.model.acts import one_line
from wiki.model.errors import Refused
from wiki.providers import Provider
from wiki.web.sso.problems import Unsound

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a key that the provider alone has; whatever it says that it supports."""
_KINDS_OF_KEYS = ("RSA", "EC", "OKP")
LEEWAY = 60
"""Seconds by which two clocks may differ."""
MOST_KEYS, MOST_GROUPS, LONGEST = 20, 500, 255
Claims = Mapping[str, Any]


class UnknownKey(Exception):
    """The token is not signed with any of these keys; perhaps the provider has newer ones."""


def read_token(token: str, keys: Mapping[str, Any]) -> tuple[dict[str, Any], Claims]:
    """The header and the claims of a token that is signed with one of the keys. `UnknownKey` where it is with none of
    them, `JoseError` or `ValueError` where it is no such token at all."""
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    usable = [key for key in keys["keys"] if key.get("kty") in _KINDS_OF_KEYS and key.get("use", "sig") == "sig"]
    why: Exception = KeyError("there is no key to sign with")
    for key in usable[:MOST_KEYS]:
        try:  # one by one: a token that does not name its key is tried with each, one that does with its own alone
            found = jwt.decode(token, KeySet.import_key_set({"keys": [key]}), registry=registry)
        except (BadSignatureError, InvalidKeyIdError, KeyParameterError) as error:
            why = error
        else:
            return dict(found.header), found.claims
    raise UnknownKey(str(why)) from why


def check_claims(
    provider: Provider, header: Mapping[str, Any], claims: Claims, *, nonce: str, access_token: str, now: int
) -> None:
    """`Unsound` unless the token is from this issuer, for this wiki, of this sign-in, and not too old."""
    required = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    expected = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    try:
        CodeIDToken(claims, header, required, expected).validate(now=now, leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise Unsound(provider, f"the token does not hold: {error}") from error
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or len(provider.issuer) > LONGEST:
        raise Unsound(provider, "the token names nobody")


def introduction_from(provider: Provider, claims: Claims) -> Introduction:
    """What the claims say of somebody; nothing in place of what makes no sense."""
    email = _email(claims.get("email"))
    return Introduction(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=email,
        email_verified=bool(email) and any(_says_yes(claims.get(key)) for key in ("email_verified", "xms_edov")),
        name=_name(claims),
        groups=_groups(claims.get(provider.groups_claim)) if provider.groups_claim else (),
    )


def _email(value: object) -> str:
    try:
        return check_email(value) if isinstance(value, str) else ""
    except Refused:
        return ""


def _says_yes(value: object) -> bool:
    """Some providers write their truth as a text; Microsoft Entra ID names it ``xms_edov`` and writes 1 at times."""
    return value is True or (isinstance(value, int) and value == 1) or value in ("true", "True", "1")


def _name(claims: Claims) -> str:
    for key in ("name", "preferred_username", "nickname"):
        value = claims.get(key)
        if isinstance(value, str) and one_line(value):
            return one_line(value)[:LONGEST]
    return ""


def _groups(value: object) -> tuple[str, ...]:
    """Names of groups, each on one line; some providers write a single one without a list."""
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    named = (one_line(one)[:LONGEST] for one in listed[:MOST_GROUPS] if isinstance(one, str))
    return tuple(dict.fromkeys(name for name in named if name))
