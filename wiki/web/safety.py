"""What every answer carries, and which requests are not answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from wiki.web.door import FOREIGN, Application
from wiki.web.here import the_request
from wiki.web.operating import PROBES

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
HEADERS_BY_TLS = (*HEADERS, ("Strict-Transport-Security", "max-age=31536000"))
_MALFORMED = re.compile("[\x00-\x1f\x7f\ufffd]")
_WITH_FILES = frozenset({"attachments.upload", "editor.edit", "editor.new"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_UNDER_ANY_NAME = frozenset({"site.health", *PROBES})

csrf = CSRFProtect()


class ForeignHost(BadRequest):
    """The request was for a site of another name."""

    code = 421


def install(app: Flask) -> None:
    """Protect forms, refuse requests from other sites, and add the headers."""
    app.before_request(_refuse_other_hosts)
    app.before_request(_let_files_be_larger)
    csrf.init_app(app)
    app.before_request(_refuse_what_no_form_of_ours_sends)
    app.after_request(_stay_here)
    app.wsgi_app = Headed(app.wsgi_app)  # type: ignore[method-assign]


def _refuse_what_no_form_of_ours_sends() -> None:
    """Addresses that no browser makes of a link of ours (bytes that are not text, control characters), requests that
    would change something and come from another site, and JSON in the place of a form: it says what none can, such
    as half a character."""
    asked = the_request()
    if _MALFORMED.search(asked.path):
        abort(400)
    if asked.method in _SAFE_METHODS:
        return
    if asked.is_json and asked.endpoint is not None and asked.blueprint != "api":
        abort(415)
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        abort(403)
    origin = asked.headers.get("Origin")
    if origin is not None and _host(origin) != asked.host:
        abort(403)


def _refuse_other_hosts() -> None:
    """Who looks after the machine asks for its health under any name."""
    asked = the_request()
    problem = asked.environ.get(FOREIGN)
    if problem == "malformed":
        abort(400)
    if problem is not None and asked.endpoint not in _UNDER_ANY_NAME:
        raise ForeignHost


def _let_files_be_larger() -> None:
    """A form that brings a file may be larger than others by that file."""
    asked = the_request()
    if asked.endpoint in _WITH_FILES and asked.mimetype == "multipart/form-data":
        texts = current_app.config["MAX_CONTENT_LENGTH"]
        asked.max_content_length = texts + current_app.extensions["wiki"].settings.max_attachment_bytes


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _stay_here(response: Response) -> Response:
    """The framework's own redirects name the host that was asked for."""
    location = response.headers.get("Location", "")
    if location and location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/\\")
    return response


class Headed:
    """Passes requests on to ``app``, and gives answers the headers of every answer, but for those that they bring."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            brought = {name for name, _value in headers}
            headers.extend([header for header in headers_of_all(environ) if header[0] not in brought])
            return start_response(status, headers, *rest)

        return self._app(environ, start)


def headers_of_all(environ: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The headers of every answer to such a request."""
    return HEADERS_BY_TLS if environ.get("wsgi.url_scheme") == "https" else HEADERS


def local_path(target: str | None) -> str:
    """A path of this site to go on to; the contents for anything else."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or "\\" in target or any(ord(char) < 33 for char in target):
        return "/"
    return target
