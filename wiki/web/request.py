"""Requests as views see them: Flask's, without what no form of ours sends and no view expects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser


class NamedFields(FormDataParser):
    """Reads a form; a part of it that has no name is left out, for nothing can ask for it."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, Any], MultiDict[str, Any]]:
        """What is left of the stream, the fields and the files."""
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        return rest, _named(form), _named(files)


def _named(parts: MultiDict[str, Any]) -> MultiDict[str, Any]:
    if None not in parts:
        return parts
    every: Iterable[tuple[Any, Any]] = parts.items(multi=True)
    return type(parts)((name, value) for name, value in every if name is not None)


class FormRequest(Request):
    """A request to one of our addresses."""

    form_data_parser_class = NamedFields
