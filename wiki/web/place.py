"""Where in the editor something is written: what is typed and sent there is kept under this."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

from wiki.model.errors import Refused
from wiki.model.words import N_

_EDITORS = ("/-/edit/", "/-/new", "/-/suggest/")
_TELLING = ("proposal", "draft", "name", "section")
_LONGEST = 600


def place_here() -> str:
    """The place of this request: its address, with what tells two texts apart."""
    told = told_here()
    return (f"{request.path}?{urlencode(told)}" if told else request.path)[:_LONGEST]


def told_here() -> list[tuple[str, str]]:
    """What the query of this request says about which text is meant."""
    return [(key, request.args[key][:300]) for key in _TELLING if request.args.get(key)]


def place_named(text: str) -> str:
    """A place that a form names; `Refused` where it is none."""
    if not text.startswith(_EDITORS) or len(text) > _LONGEST or not text.isprintable():
        raise Refused(N_("Nothing is written at this address."))
    return text
