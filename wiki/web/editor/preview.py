"""The live preview."""

from __future__ import annotations

import re

from flask import Response, make_response, request
from markupsafe import escape

from wiki.markdown import language_of
from wiki.web.attachments.shown import Sources, drafted_in, proposed_by, waiting_at, with_sources
from wiki.web.editor.piecewise import rendered_quickly
from wiki.web.editor.radar import radar_while_typing
from wiki.web.editor.routes import blueprint
from wiki.web.here import member, number, proposal_number, the_wiki
from wiki.web.languages import direction_of
from wiki.web.place import place_here, place_named
from wiki.web.say import _
from wiki.web.shown import leading_nowhere, page_meant
from wiki.web.shown import shown as as_shown

_PICTURE = re.compile(r'<img src="(/[^"]*)"[^>]*>')


@blueprint.post("/-/preview")
def preview() -> Response:
    """The text as it would look, for the live preview. Blocks say in ``data-line`` on which line they begin. Behind it
    in a ``template`` is what open proposals would change of the same page, and in another one the language that the
    text says it is in."""
    member()
    name = request.form.get("name", "")[:300]
    place = request.form.get("place")
    text = request.form.get("text", "")
    sources = sources_of(name, place_named(place)) if place else {}
    radar = radar_while_typing(place, text, number("proposal")) if place else ""
    return make_response(shown(text, name, sources) + radar + _language(text))


def _language(text: str) -> str:
    tag = language_of(text)
    return f'<template data-language lang="{tag}" dir="{direction_of(tag)}"></template>' if tag is not None else ""


def shown(text: str, name: str, sources: Sources) -> str:
    """The text as the page of this name would look, with what leads nowhere marked."""
    name = name.strip("/")
    rendered = with_sources(rendered_quickly(text, name.rpartition("/")[0]), sources)
    return _PICTURE.sub(_Named(name, rendered), as_shown(rendered, name))


class _Named:
    """In the place of a picture that is not there its name."""

    def __init__(self, page: str, rendered: str) -> None:
        self.lost = leading_nowhere({page_meant(address) for address in _PICTURE.findall(rendered)}, page)

    def __call__(self, picture: re.Match[str]) -> str:
        name = page_meant(picture[1])
        if name not in self.lost:
            return picture[0]
        return f'<span class="missing">{escape(_("There is no picture “%(name)s”", name=name))}</span>'


def sources_of(name: str, place: str) -> Sources:
    """The files that are not in force yet which the text of a page may show: those that wait with it, and those of the
    draft or proposal that it is a part of."""
    found = dict(waiting_at(place, name.strip("/").rpartition("/")[0]))
    draft, proposal = number("draft"), number("proposal")
    if draft is not None:
        found |= drafted_in(the_wiki().drafts.get(draft, member().id))
    if proposal is not None:
        found |= proposed_by(the_wiki().guidelines.weigh(proposal_number(proposal)))
    return found


def shown_here(text: str, name: str) -> str:
    """The preview in the page of the editor itself."""
    return shown(text, name, sources_of(name, place_here()))
