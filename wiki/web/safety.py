"""What every answer carries, and which requests are not answered."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest

from wiki.web.door import FOREIGN
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
HSTS = ("Strict-Transport-Security", "max-age=31536000")
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
    app.after_request(_add_headers)


def _refuse_what_no_form_of_ours_sends() -> None:
    """Addresses that no browser makes of a link of ours (bytes that are not text, control characters), requests that
    would change something and come from another site, and JSON in the place of a form: it says what none can, such
    as half a character."""
    path = request.path
    if _MALFORMED.search(path):
        abort(400)
    if request.method in _SAFE_METHODS:
        return
    if request.is_json and request.endpoint is not None and request.blueprint != "api":
        abort(415)
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and _host(origin) != request.host:
        abort(403)


def _refuse_other_hosts() -> None:
    """Who looks after the machine asks for its health under any name."""
    problem = request.environ.get(FOREIGN)
    if problem == "malformed":
        abort(400)
    if problem is not None and request.endpoint not in _UNDER_ANY_NAME:
        raise ForeignHost


def _let_files_be_larger() -> None:
    """A form that brings a file may be larger than others by that file."""
    if request.endpoint in _WITH_FILES and request.mimetype == "multipart/form-data":
        texts = current_app.config["MAX_CONTENT_LENGTH"]
        request.max_content_length = texts + current_app.extensions["wiki"].settings.max_attachment_bytes


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _add_headers(response: Response) -> Response:
    add_headers(response.headers)
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):  # the framework's own redirects name the host that was asked for
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/\\")
    if request.is_secure:
        response.headers[HSTS[0]] = HSTS[1]
    return response


def add_headers(headers: Headers) -> None:
    """The headers of every answer."""
    if "Content-Security-Policy" not in headers:
        headers.extend(HEADERS)


def local_path(target: str | None) -> str:
    """A path of this site to go on to; the contents for anything else."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or "\\" in target or any(ord(char) < 33 for char in target):
        return "/"
    return target
