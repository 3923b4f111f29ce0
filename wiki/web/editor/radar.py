"""Which open proposals touch what is being edited, as it opens and while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from flask import get_template_attribute, url_for

from wiki.index import TouchingRow
from wiki.model.names import POLICY_PATH, problem_with_name
from wiki.prose import Spot, meeting, spots
from wiki.together import near
from wiki.web.editor.desk import Desk, text_of
from wiki.web.editor.sections import Part, part_of
from wiki.web.here import path_of, reader, the_wiki

MOST_SHOWN = 6
MOST_SPOTS = 2
_EDIT = "/-/edit/"


@dataclass(frozen=True)
class Seen:
    """An open proposal that touches what is being edited: where, whether that is a passage that the writer changes
    too, and the way to help it instead; None where they are one of its authors."""

    row: TouchingRow
    spots: Sequence[Spot]
    meets: bool
    join_url: str | None


@dataclass(frozen=True)
class Radar:
    """What is seen, the proposals that meet the writer's own changes first; ``more`` are not shown."""

    seen: Sequence[Seen]
    more: int
    section: bool

    @property
    def meeting(self) -> int:
        """How many of them would change what the writer changes."""
        return sum(one.meets for one in self.seen)


def radar(desk: Desk, typed: str | None = None) -> Radar | None:
    """Beside the editor: proposals for the page, or for the section that is edited; ``typed`` is the whole text of
    the page as it is now. None where there are none."""
    if desk.path == POLICY_PATH or desk.kind in {"new", "remove"} or not desk.path:
        return None
    own = desk.weighed.n if desk.weighed is not None else desk.draft.proposal if desk.draft is not None else None
    return _radar(desk.name, desk.part, typed, own)


def radar_while_typing(place: str, typed: str, proposal: int | None) -> str:
    """The same for the preview, which knows the place at which something is typed: HTML in a ``template``, "" where
    there is nothing to tell."""
    asked = urlsplit(place)
    name = unquote(asked.path.removeprefix(_EDIT))
    if not asked.path.startswith(_EDIT) or problem_with_name(name) is not None:
        return ""
    slug = parse_qs(asked.query).get("section", [""])[0]
    blob = the_wiki().repository.file(the_wiki().repository.main(), path_of(name))
    part = _part(blob.id, slug, name.rpartition("/")[0]) if blob is not None and slug else None
    found = _radar(name, part, part.whole(typed) if part is not None else typed, proposal)
    if found is None:
        return ""
    shown = get_template_attribute("_radar.html", "radar")(found)
    return f"<template data-radar>{shown}</template>"


@lru_cache(maxsize=256)
def _part(blob: str, slug: str, folder: str) -> Part | None:
    return part_of(text_of(blob), slug, folder)


def _radar(name: str, part: Part | None, typed: str | None, own: int | None) -> Radar | None:
    wiki = the_wiki()
    path = path_of(name)
    blob = wiki.repository.file(wiki.repository.main(), path)
    nearby = near(wiki, path, blob.id, without=own) if blob is not None else []
    if blob is None or not nearby:
        return None
    mine = spots(text_of(blob.id), typed.replace("\r\n", "\n")) if typed is not None else ()
    seen = []
    for one in nearby:
        within = [spot for spot in one.spots if part is None or _in_part(spot, part)]
        meets = bool(meeting(one.spots, mine))
        if within or meets:
            seen.append(Seen(one.row, (within or one.spots)[:MOST_SPOTS], meets, None))
    seen.sort(key=lambda one: not one.meets)
    shown = [Seen(one.row, one.spots, one.meets, _joining(name, one.row)) for one in seen[:MOST_SHOWN]]
    return Radar(shown, len(seen) - len(shown), part is not None) if seen else None


def _in_part(spot: Spot, part: Part) -> bool:
    first = part.before.count("\n") + 1
    return first <= spot.line < first + part.text.count("\n") + (not part.after)


def _joining(name: str, row: TouchingRow) -> str | None:
    """Where somebody helps with a proposal for a page instead of making another."""
    account = reader()
    if account is None or account.person.key == row.author.key:
        return None
    return url_for("suggesting.suggest", n=row.n, name=name)
