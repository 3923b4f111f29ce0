"""The blueprint of the interface for programs, and what its views share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, url_for

from wiki.addresses import person_address
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.model.words import N_, say
from wiki.web.here import number, site_address, the_request
from wiki.web.naming import called
from wiki.web.programs import Program, program, token_wanted
from wiki.web.safety import csrf
from wiki.web.say import _
from wiki.web.words import iso

blueprint = Blueprint("api", __name__, url_prefix="/-/api/1")
csrf.exempt(blueprint)
PER_PAGE = 100
_LAST_PAGE = 10_000


def answer(values: object, status: int = 200) -> Response:
    """JSON, for this program alone and not to be kept."""
    text = json.dumps(values, ensure_ascii=False) + "\n"
    response = Response(text.encode("utf-8", "replace"), status, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def whole(address: str) -> str:
    """An address of the wiki with the host in it."""
    return site_address() + address


def told(person: Person) -> dict[str, str]:
    """Somebody, by name and page."""
    return {"name": called(person), "url": whole(person_address(person.handle))}


def moment(at: int | None) -> str | None:
    """A time in UTC, or null."""
    return iso(at) if at is not None else None


def page_of_list() -> int:
    """Which page of a list is asked for, from 1."""
    return max(1, min(number("page") or 1, _LAST_PAGE))


def further(endpoint: str, page: int, more: bool, **values: Any) -> str | None:
    """Where a list goes on, or null."""
    return whole(url_for(endpoint, page=page + 1, **values)) if more else None


def proposer() -> Program:
    """The program that may propose; 401 for one that shows no token, 403 for one that may only read."""
    found = program()
    if found is None:
        abort(token_wanted(_("Send a token that may propose. You can make one on the page of your account.")))
    if not found.token.may_propose:
        abort(403, _("This token may only read. Make one that may propose."))
    return found


def sent(*, required: Mapping[str, type], optional: Mapping[str, type]) -> dict[str, Any]:
    """The JSON object of this request, with these keys and no others."""
    asked = the_request()
    if asked.mimetype != "application/json":
        abort(415, _("Send JSON, and say so: “Content-Type: application/json”."))
    try:
        values = json.loads(asked.get_data().decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(N_("This is not JSON that can be read.")) from None
    if not isinstance(values, dict):
        raise Refused(N_("Send one JSON object."))
    for key, value in values.items():
        kind = required.get(key) or optional.get(key)
        if kind is None:
            raise Refused(N_("There is no key “%(key)s” here."), key=key[:100])
        if not isinstance(value, kind):
            raise Refused(N_("“%(key)s” must be %(kind)s."), key=key, kind=say(_KINDS[kind.__name__]))
    missing = next((key for key in required if key not in values), None)
    if missing is not None:
        raise Refused(N_("The key “%(key)s” is missing."), key=missing)
    return values


_KINDS = {"str": N_("a text"), "dict": N_("an object")}
