"""Forwarded headers, believed only from proxies that the operator named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Application = Callable[..., Iterable[bytes]]


class TrustedProxies:
    """Passes a request through `ProxyFix` where it comes from one of ``addresses``, and as it is where not."""

    def __init__(self, app: Application, addresses: Iterable[str]) -> None:
        self._app = app
        self._behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._addresses = frozenset(addresses)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        chosen = self._behind_proxy if environ.get("REMOTE_ADDR") in self._addresses else self._app
        return chosen(environ, start_response)
