"""Programs: who sends a token with a request, as ``Authorization: Bearer`` or as the password of HTTP Basic.

A program is nobody's session: it sees what a stranger sees who may read, and the pages of accounts and of
administration are closed to it, for they ask for a reader who is signed in.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, abort, g, request

from wiki.accounts import Account, Token
from wiki.accounts.tokens import PREFIX
from wiki.model.errors import Unavailable
from wiki.web.errors import FOR_PROGRAMS, error_page
from wiki.web.here import the_request, the_wiki
from wiki.web.limits import count_try
from wiki.web.say import _

REALM = 'Basic realm="Concord", charset="UTF-8"'


@dataclass(frozen=True)
class Program:
    """A program, and whose it is."""

    account: Account
    token: Token


def install(app: Flask) -> None:
    """Refuse what comes with a token that does not work, whatever it asks for."""
    app.before_request(_read_token)


def program() -> Program | None:
    """The program that sends this request, or None."""
    return cast("Program | None", g.get("program"))


def _read_token() -> None:
    key = _key()
    if key is None:
        if request.path.startswith(FOR_PROGRAMS) and _bears_something():
            abort(token_wanted(_("This is not a token of this wiki. You can make one on the page of your account.")))
        return
    wiki = the_wiki()
    found = wiki.tokens.find(key, wiki.now())
    if found is None:
        count_try("60 per minute", "token", request.remote_addr or "")
        abort(token_wanted(_("This token does not work: it was taken back, is too old, or was never given out.")))
    account, token = found
    with suppress(Unavailable):
        wiki.tokens.used(token, wiki.now())
    g.program = Program(account, token)


def _bears_something() -> bool:
    """Whether the request shows a token, of whatever kind. Below the addresses for programs nobody else asks for
    one."""
    return request.headers.get("Authorization", "")[:6].lower() == "bearer"


def _key() -> str | None:
    """The token of this request. Other passwords are none of ours: a server in front may ask for them."""
    try:
        asked = the_request()
        sent = asked.authorization if "Authorization" in asked.headers else None
    except ValueError:  # what is no text at all
        return None
    if sent is None:
        return None
    tried = [sent.token] if sent.type == "bearer" else [sent.password, sent.username] if sent.type == "basic" else []
    return next((each for each in tried if each is not None and each.startswith(PREFIX)), None)


def token_wanted(message: str) -> Response:
    """401 for programs, which are told how to show who they are."""
    response = error_page(401, _("A token is needed"), message, [])
    response.headers["WWW-Authenticate"] = REALM
    return response
