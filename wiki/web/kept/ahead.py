"""Pages made again ahead of whoever asks for them, as soon as something else is to be shown of them.

Who asks for a page of which something else is shown now waits until it is made; where many read and many write, that
would be every tenth. So a thread of each web process looks a hundred times a second, as long as anybody reads, whether
anything was written, and has those pages made again that were asked for lately, in the way they were asked for. It does
so by the view and its template, like any request; of those in whose way it asks, nothing is noted.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from io import BytesIO
from time import monotonic, perf_counter, sleep
from typing import Any

from flask import Flask

from wiki.web.kept.pages import AHEAD, Again, KeptPages, kept_pages
from wiki.web.looks import as_cookies
from wiki.web.observed import ASKED

_EVERY, _IDLE_EVERY = 0.01, 0.25
"""Seconds between two looks, while somebody reads and while nobody does."""
_IDLE = 2
_LATELY = 5
"""Seconds for which a page is worth it after it was asked for: every process makes it with every act on it, so what is
asked for more seldom is made when it is."""
_MOST = 200
"""Of so many pages at most after one look; the others are made when they are asked for."""
_SWITCH = 0.0001
"""Seconds after which the thread lets whoever answers a request go on."""
_TROUBLE = 1
log = logging.getLogger(__name__)


class Ahead:
    """Has the pages made again that ``kept`` keeps, by ``app``: a WSGI application that answers without looking at
    what is kept."""

    def __init__(self, app: Callable[..., Iterable[bytes]], kept: KeptPages, lately: float = _LATELY) -> None:
        self._app = app
        self._kept = kept
        self._lately = lately
        self._pulse: Hashable = None
        self._generation = ""
        self._over = threading.Event()

    def begin(self) -> None:
        """Look from now on, in a thread of its own."""
        sys.setswitchinterval(_SWITCH)
        self._thread = threading.Thread(target=self._go_on, name="ahead", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def look(self) -> int:
        """Make again what was stirred since the last look; how many pages."""
        pulse = self._kept.present.pulse()
        if pulse == self._pulse:
            return 0
        index = self._kept.wiki.index
        before, now = self._generation, index.generation()
        self._pulse, self._generation = pulse, now
        if before in ("", now):
            return 0
        paths = index.stirred_since(before)
        lately = self._kept.asked_since(monotonic() - self._lately, paths)
        return sum(self._make(again) for again in lately[:_MOST])

    def _make(self, again: Again) -> int:
        """Make a page again, unless somebody has; and leave half of the time to others."""
        if not self._kept.is_to_be_made(again):
            return 0
        began = perf_counter()
        for _part in self._app(_environ(again), _nowhere):
            pass
        sleep(perf_counter() - began)
        return 1

    def _go_on(self) -> None:
        wait: float = _EVERY
        while not self._over.wait(wait):
            try:
                self.look()
                wait = _IDLE_EVERY if monotonic() - self._kept.asked_at > _IDLE else _EVERY
            except Exception:
                log.debug("a page could not be made ahead", exc_info=True)  # whoever asks for it is told why
                wait = _TROUBLE


def _environ(again: Again) -> dict[str, Any]:
    """A request for a page as it was asked for before."""
    return {
        **again.asked,
        "HTTP_COOKIE": as_cookies(again.looks),
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "",
        "wsgi.version": (1, 0),
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        AHEAD: again.asked_at,
        ASKED: None,
    }


def _nowhere(_status: str, _headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], None]:
    return lambda _part: None


def ahead_of(app: Flask) -> Ahead:
    """What makes the pages of an application again."""
    return Ahead(partial(Flask.wsgi_app, app), kept_pages(app))
