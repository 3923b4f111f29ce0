"""In front of Flask: gives out what is kept, in a tenth of the time, and passes on everything else.

It stands behind the door, so that hosts, proxies, ids of requests, counters and logs are as for any other answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from wiki.model.errors import Unavailable
from wiki.web.kept.pages import KeptPages

Application = Callable[..., Iterable[bytes]]


class Front:
    """Passes requests on to ``app`` where nothing is kept for them. ``kept`` says what is kept now."""

    def __init__(self, app: Application, kept: Callable[[], KeptPages]) -> None:
        self._app = app
        self._kept = kept

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        try:
            answer = self._kept().answer(environ)
        except Unavailable:  # Flask says so on a page
            answer = None
        if answer is None:
            return self._app(environ, start_response)
        return answer.send(environ, start_response)
