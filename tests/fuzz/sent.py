"""Sending strange requests to the application, as a server would hand them over, and judging the answers.

The application is called by WSGI itself: more that is malformed gets through to it than servers let pass.
"""

from __future__ import annotations

import io
import logging
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from tests.fuzz.asked import Asked
from tests.world import COLLEAGUES, World, first_name

OURS = {"localhost", ""}
LOOKS_ONLY = {"GET", "HEAD", "OPTIONS", "get"}
POLICY = "default-src '"


@dataclass
class Answer:
    """What came back; ``headers`` with small names, each once."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Fuzzer:
    """Somebody who sends them, now and then signed in as one of the colleagues of a wiki."""

    world: World
    statuses: Counter[int] = field(default_factory=Counter)
    endpoints: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    cookie: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    _told: list[str] = field(default_factory=list)
    _refs: dict[str, str] = field(default_factory=dict)
    _since: int = 0

    def __post_init__(self) -> None:
        log = logging.getLogger("wiki.web.errors")
        log.propagate = False
        log.addHandler(_Listening(self._told))
        self._begin()
        self._refs = self._written()

    def send(self, asked: Asked) -> None:
        """Send one request; what is wrong with the answer goes to ``faults``."""
        self._since += 1
        if asked.signed_in and self._since > 60:
            self._begin()
        self._told.clear()
        try:
            answer = self._call(self._environ(asked))
        except Exception:  # noqa: BLE001 - that is what is looked for
            self.faults.append(f"{asked}\n{traceback.format_exc()}")
            return
        self.statuses[answer.status] += 1
        self.endpoints[asked.endpoint] += 1
        written = self._written()
        problems = [*_problems(asked, answer), *self._told]
        if written != self._refs and (asked.method in LOOKS_ONLY or answer.status >= 400):
            problems.append("it wrote into the repository")
        self._refs = written
        self.faults += [f"{asked}\n{answer.status}: {problem}\n{answer.body[:300]!r}" for problem in problems]

    def _begin(self) -> None:
        """Sign in whoever can, and look up what is to be filled in."""
        self._since = 0
        for who in map(first_name, COLLEAGUES):
            visitor = self.world.visitor(who)
            kept = visitor.client.get_cookie("concord")
            if visitor.page.address.startswith("/-/sign-in") or kept is None:
                continue
            self.cookie = f"concord={kept.value}"
            self.known = {**known(self.world), "{token}": visitor.token()}
            return
        self.cookie, self.known = "", known(self.world)

    def _environ(self, asked: Asked) -> dict[str, Any]:
        body, query = self._filled(asked.body), self._filled(asked.query)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": asked.method, "SCRIPT_NAME": "", "PATH_INFO": self._filled(asked.path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"), "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "CONTENT_TYPE": asked.kind,
            "CONTENT_LENGTH": str(len(body)) if asked.length is None else asked.length, "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        if asked.signed_in and self.cookie:
            environ["HTTP_COOKIE"] = self.cookie
        for name, value in asked.headers:
            environ["HTTP_" + name.upper().replace("-", "_")] = value.replace("{token}", self.known.get("{token}", "x"))
        return environ

    def _filled(self, text: bytes) -> bytes:
        for key, value in self.known.items():
            text = text.replace(key.encode(), value.encode())
        return text

    def _call(self, environ: dict[str, Any]) -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> None:
            begun[:] = [(status, headers)]

        pieces = self.world.app.wsgi_app(environ, start_response)
        try:
            body = b"".join(pieces)
        finally:
            getattr(pieces, "close", lambda: None)()
        status, headers = begun[0]
        return Answer(int(status[:3]), {name.lower(): value for name, value in headers}, body)

    def _written(self) -> dict[str, str]:
        """Every ref as its file says; the wiki packs none while it serves."""
        top = self.world.wiki.repository.path / "refs"
        return {str(file): file.read_text("ascii") for file in top.rglob("*") if file.is_file()}


class _Listening(logging.Handler):
    """Keeps what the application logs as a fault."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(logging.Formatter().format(record))


def known(world: World) -> dict[str, str]:
    """What requests may speak of, as it is in this wiki just now."""
    repository = world.wiki.repository
    main = repository.main()
    blob = repository.file(main, "welcome.md") or repository.file(main, "policy.toml")
    assert blob is not None
    numbered = repository.refs.below("refs/proposals/")
    return {
        "{main}": main,
        "{founding}": repository.founding,
        "{change}": world.change(1) if numbered else "0" * 40,
        "{act}": next(iter(numbered.values()), "0" * 40),
        "{blob}": blob.id,
        "{handle}": world.person("ana").handle,
        "{place}": "/-/edit/travel/expenses",
    }


def _problems(asked: Asked, answer: Answer) -> list[str]:
    found = []
    headers, text = answer.headers, answer.body.decode("utf-8", "replace")
    if answer.status >= 500:
        found.append("a fault of ours")
    if "Traceback (most recent call last)" in text or "werkzeug" in text:
        found.append("it shows the inside")
    if not headers.get("content-security-policy", "").startswith(POLICY) or "frame-ancestors 'none'" not in (
        headers.get("content-security-policy", "")
    ):
        found.append("no policy")
    for name, value in (("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin")):
        if headers.get(name) != value:
            found.append(f"no {name}")
    kind = headers.get("content-type", "")
    if answer.status >= 400 and asked.method != "HEAD" and kind.startswith("text/html"):
        tree = html.fromstring(text) if text.strip() else None
        if tree is None or not tree.xpath("//main//h1"):
            found.append("no page that a person can read")
    if "location" in headers and not _is_ours(headers["location"]):
        found.append(f"it leads to {headers['location']}")
    if any(char in value for value in headers.values() for char in "\r\n\0"):
        found.append("a header of several lines")
    return found


def _is_ours(location: str) -> bool:
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme in {"", "http"} and (parts.hostname or "") in OURS and not location.startswith(("//", "/\\"))
