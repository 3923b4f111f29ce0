"""OpenID Connect providers in the settings: ``[oidc.NAME]`` tables, and one from the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from urllib.parse import urlsplit

from wiki.model.errors import Refused
from wiki.model.words import N_, Sentence, say

ENVIRONMENT = "WIKI_OIDC_"
FROM_ENVIRONMENT = "sso"
"""The name of a provider that only the environment tells of, where it tells none."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_DOMAIN = re.compile(r"[^\s@,/]{1,253}")


@dataclass(frozen=True)
class Provider:
    """Where colleagues may sign in instead. ``name`` stands in addresses, ``label`` on the button."""

    name: str
    issuer: str
    """Its address, exactly as it names itself; https, but on this machine."""
    client_id: str
    client_secret: str = field(default="", repr=False)
    """Empty for a public client, which PKCE alone protects."""
    label: str = ""
    domains: tuple[str, ...] = ()
    """Who comes for the first time must have an address there, casefolded; empty for any address."""
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = ""
    """The claim that lists somebody's groups; they are shown, and decide nothing."""
    trust_groups: bool = False
    """Whether a text for the policy may be made ready of them."""
    join: bool = False
    """Whether somebody without an account may make one."""

    def admits(self, email: str) -> bool:
        """Whether somebody with this address may come for the first time."""
        return not self.domains or email.rpartition("@")[2].casefold() in self.domains


def read_providers(tables: object, environ: Mapping[str, str]) -> tuple[Provider, ...]:
    """The providers of ``[oidc.NAME]`` tables, with what the environment says over that of ``WIKI_OIDC_NAME``.
    `Refused` names the key that is unknown, missing or of no use."""
    if not isinstance(tables, dict):
        raise Refused(N_("The setting “%(key)s” must be %(expected)s."), key="oidc", expected="[oidc.NAME]")
    told = {key.removeprefix(ENVIRONMENT).lower(): value for key, value in environ.items() if value and _ours(key)}
    named = told.pop("name", None) or (next(iter(tables)) if len(tables) == 1 else FROM_ENVIRONMENT)
    whole = dict(tables)
    if told:
        beside = whole.get(named, {})
        whole[named] = {**beside, **told} if isinstance(beside, dict) else beside
    return tuple(_provider(name, table) for name, table in whole.items())


def _ours(key: str) -> bool:
    return key.startswith(ENVIRONMENT) and key.removeprefix(ENVIRONMENT).lower() in {*_KINDS, "name"}


def _provider(name: str, table: object) -> Provider:
    if not _NAME.fullmatch(name):
        raise Refused(
            N_("“%(name)s” cannot name a provider: small letters, digits and hyphens, at most 31."), name=name
        )
    if not isinstance(table, dict):
        raise Refused(N_("The setting “%(key)s” must be %(expected)s."), key=f"oidc.{name}", expected=f"[oidc.{name}]")
    values = {key: _read(name, key, value) for key, value in table.items()}
    for key in ("issuer", "client_id"):
        if key not in values:
            raise Refused(N_("The setting “%(key)s” is missing."), key=f"oidc.{name}.{key}")
    provider = Provider(name=name, **{"label": name.capitalize(), **values})  # type: ignore[arg-type]
    _check(provider)
    return provider


def _read(name: str, key: str, value: object) -> object:
    full = f"oidc.{name}.{key}"
    if key not in _KINDS:
        raise Refused(N_("There is no setting “%(key)s”."), key=full)
    expected, reader = _READERS[_KINDS[key]]
    found = reader(value)
    if found is None:
        raise Refused(N_("The setting “%(key)s” must be %(expected)s."), key=full, expected=say(expected))
    return found


def _check(provider: Provider) -> None:
    if not trustworthy(provider.issuer) or urlsplit(provider.issuer).query:
        _senseless(provider, "issuer", say(N_("it must begin with https://")))
    if "openid" not in provider.scopes:
        _senseless(provider, "scopes", say(N_("“openid” must be among them")))
    if not all(_DOMAIN.fullmatch(domain) for domain in provider.domains):
        _senseless(provider, "domains", say(N_("a domain is what follows the @ of an address")))
    if provider.trust_groups and not provider.groups_claim:
        _senseless(provider, "trust_groups", say(N_("“groups_claim” must name the claim that lists them")))


def _senseless(provider: Provider, key: str, why: Sentence) -> None:
    raise Refused(N_("The setting “%(key)s” makes no sense: %(why)s"), key=f"oidc.{provider.name}.{key}", why=why)


def trustworthy(url: str) -> bool:
    """Whether what is sent to an address is seen by nobody else: https, or a place on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or any(ord(char) < 33 for char in url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _on_this_machine(host))


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _text(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _truth(value: object) -> bool | None:
    if isinstance(value, str):
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _words(value: object) -> tuple[str, ...] | None:
    """Texts, each without blanks; from the environment divided by commas or blanks."""
    if isinstance(value, str):
        value = re.split(r"[\s,]+", value)
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        return None
    return tuple(part.strip() for part in value if part.strip())


def _domains(value: object) -> tuple[str, ...] | None:
    found = _words(value)
    return tuple(domain.casefold() for domain in found) if found is not None else None


_READERS: dict[str, tuple[str, Callable[[object], object]]] = {
    "text": (N_("a text"), _text),
    "truth": (N_("true or false"), _truth),
    "words": (N_("a list of texts"), _words),
    "domains": (N_("a list of texts"), _domains),
}
_OF_TYPE = {"str": "text", "bool": "truth", "tuple[str, ...]": "words"}
_KINDS = {one.name: _OF_TYPE[str(one.type)] for one in fields(Provider) if one.name != "name"} | {"domains": "domains"}
