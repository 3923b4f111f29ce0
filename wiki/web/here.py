"""What a view needs of this application: the wiki, and who is asking.

Flask's stand-ins for the application and the request take ten times as long over each question as those themselves.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from flask import Request, abort, current_app, request
from flask_login import current_user
from werkzeug.sansio.utils import get_current_url

from wiki.accounts import Account, Session
from wiki.assembly import Wiki
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused
from wiki.model.names import POLICY_PATH, PageName
from wiki.model.words import N_
from wiki.web.sharing import asked_who

MAX_NUMBER = 2**31 - 1


def the_wiki() -> Wiki:
    """The wiki this application serves."""
    return cast("Wiki", current_app._get_current_object().extensions["wiki"])  # type: ignore[attr-defined]


def the_request() -> Request:
    """This request itself, for what is asked at every request."""
    return cast("Request", request._get_current_object())  # type: ignore[attr-defined]


def site_address() -> str:
    """Where people reach the wiki, without a slash at the end: as the setting says, or as this request came."""
    return the_wiki().settings.site_url or _host_url(request.scheme, request.host)


@lru_cache(maxsize=64)
def _host_url(scheme: str, host: str) -> str:
    return get_current_url(scheme, host).rstrip("/")


def reader() -> Account | None:
    """Who is signed in, or None."""
    asked_who()
    return cast("Account", current_user.account) if current_user.is_authenticated else None


def this_session() -> Session | None:
    """The session of whoever is signed in, or None."""
    asked_who()
    return cast("Session", current_user.session) if current_user.is_authenticated else None


def member() -> Account:
    """Who is signed in; 401 (to sign in, and come back) for somebody who is not."""
    account = reader()
    if account is None:
        abort(401)
    return account


def person() -> Person:
    """The colleague who acts."""
    return member().person


def path_of(name: str) -> str:
    """The file of a page name from an address; `Refused` where it cannot be one."""
    return name if name == POLICY_PATH else PageName(name).path


def number(key: str) -> int | None:
    """A whole number from the query, None where it is missing; `Refused` for anything else."""
    value = request.args.get(key)
    if value is None or value == "":
        return None
    if not value.isascii() or not value.isdigit() or int(value) > MAX_NUMBER:
        raise Refused(N_("“%(key)s” in this address must be a whole number."), key=key)
    return int(value)


def proposal_number(n: int) -> int:
    """A proposal number from an address; `NotFound` for one that cannot be."""
    if not 0 < n <= MAX_NUMBER:
        raise NotFound(N_("There is no proposal %(n)s."), n=n)
    return n
