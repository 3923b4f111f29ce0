"""Believing a proxy that says who is there.

`wiki.web.proxies` takes the header out of every request and hands on what a trusted proxy sent. Here that becomes a
session, which ends when the proxy says nothing more, or names somebody else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress

from flask import Flask, request, session

from wiki.accounts import Account
from wiki.accounts.identity import MAX_NAME, email_key
from wiki.model.errors import Refused, Unavailable
from wiki.web.here import reader, the_wiki
from wiki.web.proxies import TOLD_NAME, TOLD_USER
from wiki.web.signin import begin_session, end_session

log = logging.getLogger(__name__)
_BY_HEADER = "signed_in_by_header"
_WITHOUT_READERS = frozenset({"static", "site.health", "site.icon", "site.robots"})


def install(app: Flask) -> None:
    """Ask before anything else who is there, where the settings name a header."""
    if app.extensions["wiki"].settings.proxy_user_header:
        app.before_request(_who_is_there)


def _who_is_there() -> None:
    if request.endpoint in _WITHOUT_READERS:
        return
    said = request.environ.get(TOLD_USER, "")
    told, by, here = email_key(said), session.get(_BY_HEADER), reader()
    if said and told is None:
        log.warning("the proxy does not name one e-mail address: %r", said[:80])
    if told is None and by is None:
        return
    if here is not None and told is not None and told == (by or email_key(here.email)):
        return
    end_session()
    account = _account_of(said) if told is not None else None
    if account is not None:
        begin_session(account)
        session[_BY_HEADER] = told


def _account_of(email: str) -> Account | None:
    """The account of whom the proxy names; made now, where it is the first time and the settings let them join."""
    wiki = the_wiki()
    account = wiki.accounts.known_by(email)
    if account is None and _may_join(email):
        with suppress(Unavailable):
            account = _new_account(email)
    return account if account is not None and account.active else None


def _may_join(email: str) -> bool:
    settings = the_wiki().settings
    domain = (email_key(email) or "").rpartition("@")[2]
    return settings.proxy_join or domain in {one.casefold() for one in settings.join_domains}


def _new_account(email: str) -> Account | None:
    """An account under the name that the proxy tells, or one like it that nobody has yet."""
    wiki = the_wiki()
    for name in _names(email):
        with suppress(Refused):
            return wiki.accounts.add(email, name, None, wiki.now())
    return wiki.accounts.known_by(email)


def _names(email: str) -> Iterator[str]:
    """Names to try, the best first."""
    local = (email_key(email) or email).partition("@")[0]
    told = str(request.environ.get(TOLD_NAME, "")).strip()[: MAX_NAME // 2]
    if told:
        yield told
        yield f"{told} ({local})"
    yield local
    yield from (f"{told or local} {number}" for number in range(2, 10))
