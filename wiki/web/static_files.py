"""The style sheet and the scripts, under names that change with what is in them, so that browsers keep them for a year.

Read once, made small once, served from memory. A script that imports another names it by that one's changing name.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

_EXTENSION = "static files"
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])((?:\./|\.\./)[\w./-]*?)([\w.-]+\.js)\2""")
_HASHED = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}(?P<suffix>\.\w+)")
_SMALLER = frozenset({".css", ".js", ".svg", ".txt"})


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    name: str
    body: bytes

    @cached_property
    def hashed_name(self) -> str:
        """``style.0123456789ab.css``."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}.{hashlib.sha256(self.body).hexdigest()[:12]}{dot}{suffix}"

    @cached_property
    def small(self) -> bytes | None:
        """By gzip, where that is worth it."""
        return gzip.compress(self.body, 9, mtime=0) if Path(self.name).suffix in _SMALLER else None


class StaticFiles:
    """All of them, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, StaticFile] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self._read(path.relative_to(folder).as_posix(), ())

    def get(self, name: str) -> StaticFile | None:
        """The file of this name."""
        return self._files.get(name)

    def _read(self, name: str, on_the_way: tuple[str, ...]) -> StaticFile:
        if name not in self._files:
            body = (self._folder / name).read_bytes()
            if name.endswith(".js"):
                body = self._with_hashed_imports(body.decode("utf-8"), (*on_the_way, name)).encode("utf-8")
            self._files[name] = StaticFile(name, body)
        return self._files[name]

    def _with_hashed_imports(self, script: str, on_the_way: tuple[str, ...]) -> str:
        """Scripts that import each other in a circle keep their plain names there."""

        def hashed(found: re.Match[str]) -> str:
            name = posixpath.normpath(posixpath.join(posixpath.dirname(on_the_way[-1]), found[3], found[4]))
            if name.startswith("../") or name in on_the_way or not (self._folder / name).is_file():
                return found[0]
            last = posixpath.basename(self._read(name, on_the_way).hashed_name)
            return f"{found[1]}{found[2]}{found[3]}{last}{found[2]}"

        return _IMPORT.sub(hashed, script)


def install(app: Flask) -> None:
    """Serve them under the address that Flask has for them, and let `url_for` name them."""
    app.extensions[_EXTENSION] = StaticFiles(Path(str(app.static_folder)))
    app.view_functions["static"] = _serve

    @app.url_defaults
    def _name_by_content(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            found = app.extensions[_EXTENSION].get(str(values.get("filename", "")))
            if found is not None:
                values["filename"] = found.hashed_name


def _serve(filename: str) -> Response:
    """A file. Under a name that it has no longer, as it is now, and not for long."""
    files: StaticFiles = current_app.extensions[_EXTENSION]
    hashed = _HASHED.fullmatch(filename)
    found = files.get(f"{hashed['stem']}{hashed['suffix']}") if hashed else None
    found = found or files.get(filename)
    if found is None:
        abort(404)
    small = found.small if request.accept_encodings["gzip"] > 0 else None
    response = Response(small or found.body, mimetype=mimetypes.guess_type(found.name)[0] or "application/octet-stream")
    response.headers["Vary"] = "Accept-Encoding"
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _FOR_A_YEAR if filename == found.hashed_name else "no-cache"
    response.set_etag(found.hashed_name.rsplit(".", 2)[1] + ("-gzip" if small else ""))
    response.make_conditional(request)
    return response
