"""What a browser keeps while somebody signs in at a provider: what must come back, and whom the provider introduced.

All of it is in the signed session. A sign-in is taken out as it comes back, so that it does not come back twice.
"""

from __future__ import annotations

from typing import Any

from flask import session

from wiki.providers import Provider
from wiki.web.safety import local_path
from wiki.web.sso.client import Begun

LIFETIME = 600
"""Seconds for signing in at the provider."""
MOST_AT_ONCE = 3
"""Somebody may have begun in several windows; cookies are small."""
_LONGEST_TARGET = 500
_BEGUN, _MET, _BY = "sso_begun", "sso_met", "signed_in_by"


def remember(provider: Provider, begun: Begun, target: str | None, now: int) -> None:
    """Keep what must come back, and where to go on to afterwards."""
    target = local_path(target)
    if len(target) > _LONGEST_TARGET:
        target = "/"
    entry = [begun.state, provider.name, begun.nonce, begun.verifier, target, now]
    session[_BEGUN] = [*_all_begun(), entry][-MOST_AT_ONCE:]


def take(provider: Provider, state: str, now: int) -> tuple[Begun, str] | None:
    """The sign-in that comes back with this state, and where to go on to; None where none was begun here lately."""
    entry = next((one for one in _all_begun() if one[0] == state), None)
    if entry is None:
        return None
    session[_BEGUN] = [one for one in _all_begun() if one is not entry]
    _state, name, nonce, verifier, target, at = entry
    if name != provider.name or not 0 <= now - at < LIFETIME:
        return None
    return Begun("", state, nonce, verifier), target


def _all_begun() -> list[list[Any]]:
    """The oldest first. A list, for what is kept in a cookie loses the order of its keys."""
    return list(session.get(_BEGUN, []))


def meet(provider: Provider, token: str, target: str) -> None:
    """Keep under which token somebody was introduced."""
    session[_MET] = [provider.name, token, target]


def met(provider: Provider) -> tuple[str, str] | None:
    """The token of whom this provider introduced to this browser, and where to go on to."""
    kept = session.get(_MET)
    return (kept[1], kept[2]) if kept and kept[0] == provider.name else None


def part() -> None:
    """The introduction has been used."""
    session.pop(_MET, None)


def signed_in_by(provider: Provider) -> None:
    """Keep which provider this session came from, for the way out."""
    session[_BY] = provider.name
