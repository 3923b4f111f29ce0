"""What a browser keeps while somebody signs in at a provider: what must come back, and whom the provider introduced.

All of it is in the signed session. A sign-in is taken out as it comes back, so that it does not come back twice. Where
to go on to may be long, for what somebody typed travels in it: that is in a cookie of its own, for a session has no
room, and only a word in the session says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Response, after_this_request, current_app, request, session, url_for
from itsdangerous import BadData, URLSafeSerializer

from wiki.providers import Provider
from wiki.web.safety import local_path

LIFETIME = 600
"""Seconds for signing in at the provider."""
MOST_AT_ONCE = 3
"""Somebody may have begun in several windows; cookies are small."""
_LONGEST_IN_SESSION, _LONGEST_IN_COOKIE = 500, 3_000
_COOKIE, _KEPT, _KEPT_FOR = "on_to", "kept:", 3_600
_BEGUN, _MET, _BY = "sso_begun", "sso_met", "signed_in_by"


@dataclass(frozen=True)
class Begun:
    """A sign-in that has begun: where to send the browser, and what must come back with it."""

    url: str
    state: str
    nonce: str
    verifier: str


def remember(provider: Provider, begun: Begun, target: str | None, now: int) -> None:
    """Keep what must come back, and where to go on to afterwards."""
    entry = [begun.state, provider.name, begun.nonce, begun.verifier, _kept(local_path(target)), now]
    session[_BEGUN] = [*_all_begun(), entry][-MOST_AT_ONCE:]


def _kept(target: str) -> str:
    """Where to go on to, or the word for what a cookie keeps of it."""
    if len(target) <= _LONGEST_IN_SESSION:
        return target
    if len(target) > _LONGEST_IN_COOKIE:
        return "/"
    value = _signed().dumps(target)

    @after_this_request
    def keep(response: Response) -> Response:
        secure, path = current_app.config["SESSION_COOKIE_SECURE"], url_for("signin.sign_in")
        response.set_cookie(_COOKIE, value, max_age=_KEPT_FOR, path=path, secure=secure, httponly=True, samesite="Lax")
        return response

    return _KEPT + _digest(target)


def on_to(target: str) -> str:
    """Where to go on to; the contents where that was kept in a cookie which is another by now."""
    if not target.startswith(_KEPT):
        return target
    try:
        kept = str(_signed().loads(request.cookies.get(_COOKIE, "")))
    except BadData:
        return "/"
    return local_path(kept) if _KEPT + _digest(kept) == target else "/"


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="where to go on to after signing in")


def _digest(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()[:32]


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
