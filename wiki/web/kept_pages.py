"""Pages for readers who are not signed in, kept in memory until the index changes.

Such a page depends on the address, the language, the theme and the day alone. The index says in microseconds whether
it has changed, so what is kept is never older than what a query would give.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import Response, current_app, request, session

from wiki.web.globals_ import theme
from wiki.web.here import the_wiki
from wiki.web.words import language

MOST_KEPT = 2_000
_LARGEST = 256 * 1024
Key = tuple[str, str, str, int]
_DAY = 86400


class KeptPages:
    """The last answers, by address, language, theme and day."""

    def __init__(self) -> None:
        self._generation = ""
        self._answers: OrderedDict[Key, tuple[bytes, str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, generation: str) -> tuple[bytes, str] | None:
        """Body and ETag, where they are still true."""
        with self._lock:
            if generation != self._generation:
                self._answers.clear()
                self._generation = generation
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: Key, generation: str, body: bytes, etag: str) -> None:
        """Keep an answer."""
        with self._lock:
            if generation == self._generation and len(body) <= _LARGEST:
                self._answers[key] = (body, etag)
                if len(self._answers) > MOST_KEPT:
                    self._answers.popitem(last=False)


def kept_answer(make: Callable[[], Response]) -> Response:
    """The answer of a view that shows the same to everybody who has no session."""
    if request.query_string or session:
        return make()
    kept = current_app.extensions.setdefault("kept pages", KeptPages())
    assert isinstance(kept, KeptPages)  # noqa: S101 - narrows the type of our own extension
    key = (request.path, language(), theme(), int(time.time()) // _DAY)
    generation = the_wiki().index.generation()
    found = kept.get(key, generation)
    if found is None:
        response = make()
        if response.status_code != 200:
            return response
        body = response.get_data()
        found = (body, hashlib.blake2b(body, digest_size=12).hexdigest())
        kept.put(key, generation, *found)
    response = Response(found[0], mimetype="text/html")
    response.set_etag(found[1])
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response
