"""An answer as it is sent: its status, its headers and its bytes, or 304 for a reader who has it.

Only pages for readers without a session are sent compressed. They hold no secret and nothing of the query, so the
length of an answer tells a stranger nothing. Pages of a session hold the token of its forms beside words that others
can choose (the address, a text that was proposed); compressed together, their length would betray the token piece by
piece.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

from wiki.web.safety import headers_of_all
from wiki.web.sharing import Piece

VARY = "Cookie, Accept-Language, Accept-Encoding"
SHARED = "public, max-age=0, s-maxage=1, must-revalidate"
"""A cache that stands between may give a page to everybody with the same cookies, for a second; browsers ask."""
PRIVATE = "private, no-cache"
_LONGEST = 1_000
_OK, _SAME = "200 OK", "304 NOT MODIFIED"


@dataclass(frozen=True, slots=True)
class Finished:
    """An answer."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def send(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request by WSGI."""
        start_response(self.status, self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]

    def response(self) -> Response:
        """The same for Flask."""
        return Response(self.body, self.status, headers=self.headers)


@dataclass(slots=True)
class Page:
    """A page for readers without a session: what makes it out (``digest``), its bytes in pieces, some of which other
    pages have too, and compressed ones as soon as somebody wants them."""

    digest: str
    pieces: Sequence[Piece]
    small: bytes = field(default=b"", compare=False)

    def body(self) -> bytes:
        """Its bytes."""
        return b"".join([piece.body for piece in self.pieces])

    @property
    def size(self) -> int:
        """Bytes that it takes, not compressed."""
        return sum(piece.size for piece in self.pieces)

    def compressed(self) -> bytes:
        """By gzip."""
        if not self.small:
            self.small = gzip.compress(self.body(), 6, mtime=0)
        return self.small


def for_everybody(environ: dict[str, Any], page: Page, control: str = SHARED) -> Finished:
    """The answer to a reader without a session."""
    told = environ.get("HTTP_ACCEPT_ENCODING", "")
    small = len(told) <= _LONGEST and _takes_gzip(told)
    etag = f'"{page.digest}-gzip"' if small else f'"{page.digest}"'
    headers = _headers(environ, etag, control)
    if _has(environ, etag):
        return Finished(_SAME, headers, b"")
    if small:
        headers.append(("Content-Encoding", "gzip"))
    return _whole(_OK, headers, page.compressed() if small else page.body())


@dataclass(frozen=True, slots=True)
class Redirect:
    """The way to where a page is."""

    status: str
    location: str
    body: bytes


def elsewhere(environ: dict[str, Any], way: Redirect, control: str) -> Finished:
    """The answer that leads there."""
    headers = [("Location", way.location), ("Cache-Control", control), ("Vary", VARY), *headers_of_all(environ)]
    return _whole(way.status, headers, way.body)


def for_one(environ: dict[str, Any], digest: str, body: Callable[[], bytes]) -> Finished:
    """The answer to one reader alone; its bytes are put together only where they are sent."""
    etag = f'"{digest}"'
    headers = _headers(environ, etag, PRIVATE)
    if _has(environ, etag):
        return Finished(_SAME, headers, b"")
    return _whole(_OK, headers, body())


def _headers(environ: dict[str, Any], etag: str, control: str) -> list[tuple[str, str]]:
    return [("ETag", etag), ("Cache-Control", control), ("Vary", VARY), *headers_of_all(environ)]


def _whole(status: str, headers: list[tuple[str, str]], body: bytes) -> Finished:
    headers.append(("Content-Type", "text/html; charset=utf-8"))
    headers.append(("Content-Length", str(len(body))))
    return Finished(status, headers, body)


def _has(environ: dict[str, Any], etag: str) -> bool:
    """Whether the reader's browser has what this tag stands for."""
    told: str | None = environ.get("HTTP_IF_NONE_MATCH")
    if told is None or told == etag:
        return told is not None
    return parse_etags(told).contains_weak(etag.strip('"'))


@lru_cache(maxsize=512)
def _takes_gzip(header: str) -> bool:
    return bool(parse_accept_header(header, Accept)["gzip"] > 0)
