"""Forwarded headers, believed only from proxies that the operator named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Application = Callable[..., Iterable[bytes]]
TOLD_USER, TOLD_NAME = "wiki.told_user", "wiki.told_name"
"""Where in the environment of a request stands who is there, as a trusted proxy says; nobody else can put it there."""


class TrustedProxies:
    """Passes a request through `ProxyFix` where it comes from one of ``addresses``, and as it is where not.

    The headers ``user_header`` and ``name_header`` reach nobody under their own names, whoever sent them. What
    decides is the address of the peer, not one that it forwards."""

    def __init__(
        self, app: Application, addresses: Iterable[str], user_header: str = "", name_header: str = ""
    ) -> None:
        self._app = app
        self._behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._addresses = frozenset(addresses)
        self._told = [(_key(header), kept) for header, kept in ((user_header, TOLD_USER), (name_header, TOLD_NAME))]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        trusted = environ.get("REMOTE_ADDR") in self._addresses
        told = {kept: _text(environ.get(key, "")) for key, kept in self._told if key}
        for key, _kept in self._told:
            environ.pop(key, None)
        if not trusted:
            return self._app(environ, start_response)
        environ.update(told)
        return self._behind_proxy(environ, start_response)


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}" if header else ""


def _text(value: str) -> str:
    """A header as it was meant: servers hand on bytes as if they were Latin-1, and names come as UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8").strip()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value.strip()
