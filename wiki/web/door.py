"""The door: what every request is made to be before anything looks at it.

A query is ASCII, as the standard has it, so that bytes that are no text cannot end in a fault. The host that a browser
asked for is one of ours: what it says comes from whoever asks, and stands in links to copy and in feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import quote

from wiki.addresses import host_name

Application = Callable[..., Iterable[bytes]]

FOREIGN = "wiki.foreign_host"
"""In the environment of a request: why its host was not let through, "unknown" or "malformed"."""
_ASCII = "".join(map(chr, range(128)))


class Door:
    """Passes requests on to ``app``. ``hosts`` are the names that it answers to; none: to all."""

    def __init__(self, app: Application, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._seen: dict[str, str | None] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request. One for another host is told so under a name that does no harm."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=_ASCII)
        host = environ.get("HTTP_HOST")
        problem = self._problem(host) if host is not None else None
        if problem is not None:
            environ[FOREIGN] = problem
            environ["HTTP_HOST"] = "localhost"
        return self._app(environ, start_response)

    def _problem(self, host: str) -> str | None:
        if host in self._seen:
            return self._seen[host]
        name = host_name(host)
        problem = "malformed" if name is None else "unknown" if self._hosts and name not in self._hosts else None
        if problem is None and len(self._seen) < 100:
            self._seen[host] = None
        return problem
