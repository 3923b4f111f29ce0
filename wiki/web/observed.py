"""Around everything: each request gets an id, is counted and timed, and written to the log where that is wanted.

The id stands in every line that is logged meanwhile, and in the answer as ``X-Request-Id``. One that a trusted proxy
has given is kept, so that its log and ours can be laid side by side.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Collection, Iterable
from contextvars import Token
from time import perf_counter
from typing import Any

from werkzeug.routing import Rule

from wiki.logs import ACCESS, request_id
from wiki.web.counters import Counters

Application = Callable[..., Iterable[bytes]]
ASKED = "wiki.asked"
"""Where in the environment of a request stands the rule of the view that answers it."""
NOWHERE = "nowhere"
"""The kind of a request that no view answers."""
_HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")
access = logging.getLogger(ACCESS)


class Observed:
    """Passes requests on to ``app``, and counts what comes back. ``proxies`` are the addresses of peers whose ids are
    kept."""

    def __init__(self, app: Application, counters: Counters, proxies: Collection[str]) -> None:
        self._app = app
        self._counters = counters
        self._proxies = frozenset(proxies)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        number = self._id(environ)
        status = 500
        began = perf_counter()
        told: Token[str] = request_id.set(number)

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            headers.append((_HEADER, number))
            return start_response(line, headers, *rest)

        try:
            return self._app(environ, start)
        finally:
            seconds = perf_counter() - began
            rule: Rule | None = environ.get(ASKED)
            self._counters.count(rule.endpoint.partition(".")[0] if rule is not None else NOWHERE, status, seconds)
            if access.isEnabledFor(logging.INFO):
                _note(environ, rule, status, seconds)
            request_id.reset(told)

    def _id(self, environ: dict[str, Any]) -> str:
        if self._proxies and environ.get("REMOTE_ADDR") in self._proxies:
            given = environ.get("HTTP_X_REQUEST_ID", "")
            if _WELL_FORMED.fullmatch(given):
                return str(given)
        return os.urandom(8).hex()


def _note(environ: dict[str, Any], rule: Rule | None, status: int, seconds: float) -> None:
    """A line about one answer. Without the query, which can hold what somebody looks for, and without the tokens that
    some addresses are the only key to."""
    method, address = environ.get("REQUEST_METHOD", ""), environ.get("REMOTE_ADDR", "")
    path = rule.rule if rule is not None and "token" in rule.arguments else environ.get("PATH_INFO", "")
    path = path.encode("latin-1", "replace").decode("utf-8", "replace")
    milliseconds = round(seconds * 1000, 1)
    told = {"method": method, "path": path, "status": status, "milliseconds": milliseconds, "address": address}
    access.info("%s %s %s %s ms %s", method, path, status, milliseconds, address, extra={"asked": told})
