"""Pages for readers who are not signed in, kept in memory until the index changes.

Such a page depends on the address, the language, the theme, the key for searching and the day alone. The index says
in microseconds whether it has changed, so what is kept is never older than what a query would give.

Only these pages are sent compressed. They hold no secret and nothing of the query, so the length of an answer tells a
stranger nothing. Pages of a session hold the token of its forms beside words that others can choose (the address,
a text that was proposed); compressed together, their length would betray the token piece by piece.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from flask import Flask, Response, current_app, g, request, session

from wiki.web.globals_ import slash, theme
from wiki.web.here import the_wiki
from wiki.web.languages import language
from wiki.web.safety import HEADERS
from wiki.web.sessions import SESSION_COOKIE

MOST_KEPT = 2_000
VARY = "Cookie, Accept-Language, Accept-Encoding"
_LARGEST = 256 * 1024
Key = tuple[str, str, str, str, int]
_DAY = 86400
_EXTENSION = "kept pages"


@dataclass(frozen=True)
class Kept:
    """A finished answer: its body, and its headers with those that every answer carries."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, body: bytes) -> Kept:
        """The page that a view has made."""
        etag = hashlib.blake2b(body, digest_size=12).hexdigest()
        own = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("ETag", f'"{etag}"'),
            ("Cache-Control", "no-cache"),
            ("Vary", VARY),
        )
        return cls(body, (*own, *HEADERS))

    @cached_property
    def small(self) -> bytes:
        """The body by gzip."""
        return gzip.compress(self.body, 6, mtime=0)

    def answer(self) -> Response:
        """The page, or 304 for a reader who has it."""
        small = request.accept_encodings["gzip"] > 0
        response = Response(self.small if small else self.body, headers=list(self.headers))
        if small:
            response.headers["Content-Encoding"] = "gzip"
            response.headers["ETag"] = f'{response.headers["ETag"][:-1]}-gzip"'
        if "If-None-Match" in request.headers:
            response.make_conditional(request)
        return response


class KeptPages:
    """The last answers, by address, language, theme, key and day."""

    def __init__(self) -> None:
        self._generation = ""
        self._answers: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, generation: str) -> Kept | None:
        """The answer, where it is still true."""
        with self._lock:
            if generation != self._generation:
                self._answers.clear()
                self._generation = generation
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: Key, generation: str, kept: Kept) -> None:
        """Keep an answer."""
        with self._lock:
            if generation == self._generation and len(kept.body) <= _LARGEST:
                self._answers[key] = kept
                if len(self._answers) > MOST_KEPT:
                    self._answers.popitem(last=False)


def install(app: Flask) -> None:
    """Begin with nothing kept."""
    app.extensions[_EXTENSION] = KeptPages()


def kept_answer(make: Callable[[], Response]) -> Response:
    """The answer of a view that shows the same to everybody who has no session."""
    if request.query_string or SESSION_COOKIE in request.cookies or session:
        return _for_a_session(make())
    pages: KeptPages = current_app.extensions[_EXTENSION]
    key = (request.path, language(), theme(), slash(), the_wiki().now() // _DAY)
    generation = the_wiki().index.generation()
    kept = pages.get(key, generation)
    if kept is None:
        response = make()
        if response.status_code != 200:
            return response
        kept = Kept.of(response.get_data())
        pages.put(key, generation, kept)
    return kept.answer()


def _for_a_session(response: Response) -> Response:
    """An answer for one reader alone, or 304 where their browser has it. The token of its forms is another one each
    time, but while the session lasts an earlier one does as well."""
    if response.status_code == 200:
        body, token = response.get_data(), str(g.get("csrf_token", ""))
        same = body.replace(token.encode(), str(session.get("csrf_token", "")).encode()) if token else body
        response.set_etag(hashlib.blake2b(same, digest_size=12).hexdigest())
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = VARY
        response.make_conditional(request)
    return response
