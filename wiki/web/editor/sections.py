"""The sections of a page: what stands under a heading, down to the next one of its rank."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for

from wiki.markdown import render_page
from wiki.model.errors import Refused
from wiki.web.say import _

_HEADING = re.compile(r'<h([2-6]) id="h-([^"]+)" data-line="(\d+)">')
_SHOWN = re.compile(r'(<h[2-6] id="h-([^"]+)"[^>]*>)(.*?)(</h[2-6]>)', re.DOTALL)
_NAMED = re.compile(r'(<div class="table"[^>]* aria-labelledby=")(?=h-)')
_TAG = re.compile(r"<[^>]+>")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
WORDS = "words-"
"""What the ids of the words of headings begin with, before the id of the heading; copy.js knows it too."""


@dataclass(frozen=True)
class Part:
    """A section of a text, between what stands before and after it."""

    slug: str
    before: str
    text: str
    after: str

    def whole(self, typed: str) -> str:
        """The text with other words in this section. Empty lines at its end are those that were there."""
        ends = self.text[len(self.text.rstrip("\n")) :]
        body = typed.strip("\n")
        return self.before + (body + (ends or "\n") if body else "") + self.after

    def within(self, whole: str) -> str:
        """The section of a text in which only this section is another."""
        return whole[len(self.before) : len(whole) - len(self.after)]


def part_of(text: str, slug: str, folder: str) -> Part | None:
    """The section under this heading; None where there is none whose line can be told."""
    try:
        shown = render_page(text, folder, lines=True).html
    except Refused:
        return None
    lines = text.split("\n")
    headings = [(int(level), name, int(line) - 1) for level, name, line in _HEADING.findall(shown)]
    at = next((number for number, heading in enumerate(headings) if html.unescape(heading[1]) == slug), None)
    if at is None or not _is_heading(lines, headings[at][2]):
        return None
    level, _name, first = headings[at]
    last = next((line for rank, _other, line in headings[at + 1 :] if rank <= level), len(lines))
    if last < len(lines) and not _is_heading(lines, last):
        return None
    before, part = "".join(f"{line}\n" for line in lines[:first]), "\n".join(lines[first:last])
    return Part(slug, before, part + ("\n" if last < len(lines) else ""), "\n".join(lines[last:]))


def _is_heading(lines: list[str], at: int) -> bool:
    if not 0 <= at < len(lines):
        return False
    under = lines[at + 1] if at + 1 < len(lines) else ""
    return lines[at].lstrip(" ").startswith("#") or bool(lines[at].strip() and _UNDERLINE.fullmatch(under))


def with_ways_in(shown: str, name: str) -> str:
    """The HTML of a page with a way into the editor at each of its headings, which keep their names."""
    edit = url_for("editor.edit", name=name)

    def with_way(match: re.Match[str]) -> str:
        words = html.unescape(_TAG.sub("", match[3]))
        label = html.escape(_("Suggest a change to “%(title)s”", title=words))
        address = f"{edit}?section={quote(html.unescape(match[2]), safe='')}"
        way = (
            f'<a class="way-in" href="{html.escape(address)}" rel="nofollow" aria-label="{label}" title="{label}"></a>'
        )
        own = f"{WORDS}h-{match[2]}"
        opening = f'{match[1][:-1]} aria-labelledby="{own}"><span id="{own}">'
        return f"{opening}{match[3]}</span>{way}{match[4]}"

    return _SHOWN.sub(with_way, _NAMED.sub(rf"\1{WORDS}", shown))
