"""Passages on a page: where they stand in its HTML, and what became of them since some revision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wiki.addresses import SHORT, page_address
from wiki.index import RevisionRow
from wiki.index.course import Turn
from wiki.markdown import render_page
from wiki.model.errors import Refused
from wiki.prose import Passage, became, passage_at
from wiki.web.here import the_wiki

MOST_STEPS = 4
KEY = "passage"
_ATTRIBUTES = r'(?: [a-z-]+="[^"]*")*'
_BLOCK = re.compile(rf'<([a-z0-9]+)({_ATTRIBUTES}) data-line="([0-9]+)"({_ATTRIBUTES})>')
_HEADING = re.compile(r"h-[\w-]{1,160}")
_LINE = re.compile(r"[0-9]{1,7}")
_ANCHOR = '<a class="anchor" href="#'


@dataclass(frozen=True)
class Fate:
    """What became of a passage. ``now`` is what it is today, None where it is gone; ``since`` the revision with which
    it ceased to read as it did, or to be there, None while it stands."""

    was: Passage
    now: Passage | None
    since: Turn | None


def text_of(blob: str | None) -> str:
    """The text of a blob as passages are counted in it; "" for none."""
    if blob is None:
        return ""
    return the_wiki().repository.content(blob).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def passage_of(row: RevisionRow, at: str) -> Passage | None:
    """The passage of a revision at a place: the number of a line, or the id of a heading. None where there is none."""
    text = text_of(row.blob)
    if _LINE.fullmatch(at):
        return passage_at(text, int(at))
    line = _line_of(text, at) if _HEADING.fullmatch(at) else None
    return passage_at(text, line) if line is not None else None


def _line_of(text: str, heading: str) -> int | None:
    try:
        html = render_page(text, "", lines=True).html
    except Refused:
        return None
    blocks = _BLOCK.finditer(html)
    return next((int(found[3]) for found in blocks if f' id="{heading}"' in found[2] + found[4]), None)


def fate_of(row: RevisionRow, passage: Passage, later: Sequence[Turn]) -> Fate:
    """What became of a passage of a revision in the ``later`` ones, the last of which has a text."""
    text, place, turns = text_of(row.blob), passage, [turn for turn in later if turn.blob is not None]
    since: Turn | None = None
    for _ in range(MOST_STEPS):
        if not turns:
            return Fate(passage, place, since)
        now = became(text, text_of(turns[-1].blob), place)
        if now is not None and now.says_the_same_as(place):
            return Fate(passage, now, since)
        at = _first_other(text, place, turns)
        if now is not None:
            return Fate(passage, now, since or turns[at])
        changed = text_of(turns[at].blob)
        after = became(text, changed, place)
        if after is None:
            return Fate(passage, None, turns[at])
        since, text, place, turns = since or turns[at], changed, after, turns[at + 1 :]
    return Fate(passage, None, since)


def _first_other(text: str, passage: Passage, turns: Sequence[Turn]) -> int:
    """Before which of these revisions the passage still read the same, and with it no more; it does not with the
    last."""
    same, other = -1, len(turns) - 1
    while other - same > 1:
        middle = (same + other) // 2
        there = became(text, text_of(turns[middle].blob), passage)
        if there is not None and there.says_the_same_as(passage):
            same = middle
        else:
            other = middle
    return other


def page_at(name: str, commit: str, passage: Passage) -> str:
    """The address of a page in force at a passage that stands in this commit."""
    return f"{page_address(name)}?{KEY}={commit[:SHORT]}.{passage.first}#{KEY}"


def marked(html: str, passage: Passage) -> str:
    """A page whose blocks know their lines, with this passage marked and no lines any more."""
    lines = [int(found[3]) for found in _BLOCK.finditer(html)]
    inside = [line for line in lines if passage.first <= line <= passage.last]
    first = min(inside, default=max((line for line in lines if line < passage.first), default=0))
    rows = len(passage.blocks) > 1
    begun: list[int] = []

    def mark(found: re.Match[str]) -> str:
        tag, attributes, line = found[1], found[2] + found[4], int(found[3])
        if line != first and not (rows and line in inside):
            return f"<{tag}{attributes}>"
        shown = _with_class(attributes, "found")
        if begun:
            return f"<{tag}{shown}>"
        begun.append(line)
        return f'<{tag}{shown}><span id="{KEY}"></span>' if " id=" in shown else f'<{tag} id="{KEY}"{shown}>'

    return _BLOCK.sub(mark, html)


def _with_class(attributes: str, name: str) -> str:
    if ' class="' in attributes:
        return attributes.replace(' class="', f' class="{name} ', 1)
    return f'{attributes} class="{name}"'


def with_passage_links(html: str, address: str) -> str:
    """A page whose headings lead to their own address that stays; ``address`` is what such addresses begin with."""
    return html.replace(_ANCHOR, f'<a class="anchor" href="{address}')
