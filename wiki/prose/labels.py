"""The words around a difference, and how any text in it is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from wiki.model.words import N_


@dataclass(frozen=True)
class Labels:
    """What the differences say. The web fills it in the reader's language."""

    added: str = N_("Added:")
    removed: str = N_("Removed:")
    changed: str = N_("Changed:")
    moved: str = N_("Moved here:")
    moved_away: str = N_("“%(words)s …” has moved to another place.")
    restyled: str = N_("Written or linked in another way:")
    unchanged: str = N_("Unchanged paragraphs: %(num)s")
    unchanged_lines: str = N_("Unchanged lines: %(num)s")
    nothing: str = N_("Nothing is different.")
    only_layout: str = N_("No word is different, only spaces, line breaks or the numbers of a list.")
    old_line: str = N_("Line before")
    new_line: str = N_("Line after")
    sign: str = N_("Change")
    text: str = N_("Text")
    review_by: str = N_("Look at it again by:")
    attributes: str = ""

    def told(self, text: str) -> str:
        """A sentence of these as HTML. Where the words of the page around it are in another language, ``attributes``
        say which one it is in."""
        return f"<span{self.attributes}>{escaped(text)}</span>" if self.attributes else escaped(text)


_MARKS = re.compile(r"\*{1,3}|`+|\]\((?:[^()<>\s]|\{%[^()<>{}]*%\}){0,500}\)")
_MISLEADING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def escaped(text: str) -> str:
    """Text for HTML. Characters that hide, or turn the order of others, are shown by their number."""
    text = html.escape(text)
    if _MISLEADING.search(text) is None:
        return text
    return _MISLEADING.sub(lambda found: f'<span class="invisible">U+{ord(found[0]):04X}</span>', text)


def hidden(text: str) -> str:
    """Words for those who listen."""
    return f'<span class="visually-hidden">{escaped(text)} </span>'


def quiet(text: str) -> str:
    """Text for HTML with the marks of the language set back: all of it is there, the words stand out."""
    return _MARKS.sub(lambda found: f'<span class="marker">{found[0]}</span>', escaped(text))


def marked(pieces: list[tuple[str, str]], leave_out: str = "", shown: Callable[[str], str] = escaped) -> str:
    """(sign, text) pieces with insertions and deletions; pieces of the sign ``leave_out`` are left out."""
    tags = {"+": "ins", "-": "del"}
    return "".join(
        f"<{tags[sign]}>{shown(text)}</{tags[sign]}>" if sign in tags else shown(text)
        for sign, text in pieces
        if sign != leave_out and text
    )
