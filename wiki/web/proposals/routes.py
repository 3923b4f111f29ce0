"""The blueprint of proposals, and what its views share."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from wiki.guidelines import Outcome
from wiki.model.errors import Refused
from wiki.model.proposal import Blob
from wiki.model.words import N_
from wiki.web.here import the_wiki
from wiki.web.say import _

blueprint = Blueprint("proposals", __name__)
MAX_TEXT = 20_000


def field(name: str, most: int = MAX_TEXT) -> str:
    """What a form says under this name; `Refused` where it is too long."""
    value = request.form.get(name, "")
    if len(value) > most:
        raise Refused(N_("That is too long: at most %(most)s characters."), most=most)
    return value


def back(n: int, anchor: str = "") -> Response:
    """To the page of a proposal."""
    return make_response(redirect(url_for("proposals.proposal", n=n) + anchor, 303))


def after(outcome: Outcome, otherwise: str, anchor: str = "#decision", also: str = "") -> Response:
    """To the page of a proposal after an act, with a word about what it led to, and what it did ``also``."""
    if outcome.in_force:
        flash(" ".join(filter(None, [_("That was enough: the change is in force."), also])), "celebrate")
    else:
        flash(" ".join(filter(None, [otherwise, also])), "success")
    return back(outcome.n, anchor)


def text_of(blob: Blob | None) -> str:
    """The text of a file; "" for none, and for one that holds no text."""
    data = the_wiki().repository.content(blob) if blob is not None else b""
    return data.decode("utf-8", "replace") if b"\0" not in data[:8000] else ""


def file_at(commit: str, path: str) -> Blob | None:
    """A file as an act or a commit of main has it."""
    return the_wiki().repository.file(commit, path)
