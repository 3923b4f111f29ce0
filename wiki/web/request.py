"""Requests as views see them: Flask's, without what no form of ours sends and no view expects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

FILES = frozenset({"file"})
"""The fields in which our forms send files."""


class NamedFields(FormDataParser):
    """Reads a form. A part of it that has no name is left out, for nothing can ask for it, and so is a file where text
    is meant: a form would take it for what somebody typed."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, Any], MultiDict[str, Any]]:
        """What is left of the stream, the fields and the files."""
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        return rest, _only(form, None), _only(files, FILES)


def _only(parts: MultiDict[str, Any], wanted: frozenset[str] | None) -> MultiDict[str, Any]:
    """The parts with one of these names; with any name where ``wanted`` is None."""
    every: Iterable[tuple[Any, Any]] = parts.items(multi=True)
    kept = []
    for name, value in every:
        if name is not None and (wanted is None or name in wanted):
            kept.append((name, value))
        elif isinstance(value, FileStorage):
            value.close()
    return type(parts)(kept)


class FormRequest(Request):
    """A request to one of our addresses."""

    form_data_parser_class = NamedFields
