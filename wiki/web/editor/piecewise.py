"""A long text as it would look, quickly: only the sections that changed since the last time are rendered again.

A text is taken apart at the headings of its table of contents after an empty line, outside of blocks of code, and each
piece goes through the one renderer, front matter with the first. Where pieces depend on each other (footnotes,
definitions, two headings of one name, HTML, shortcodes around several) the text is rendered whole.
"""

from __future__ import annotations

import re
import time
from functools import lru_cache

from wiki.markdown import SECONDS, expand, render_page, split_front_matter
from wiki.model.errors import Refused
from wiki.model.words import N_

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"#{2,3}[ \t]")
_TOGETHER = re.compile(
    r"""
    \*?\[[^\]\n]+\]:                         # the definition of a link, a footnote or an abbreviation
  | \[\^                                     # a footnote
  | <[a-z!?/]                                # HTML
  | ^[ ]{0,3}:[ ]                            # the definition of a word
  | ^[ ]{0,3}>.*\n(?![ ]{0,3}>)[ ]*\S         # a quotation that goes on without its mark
  | ^[ ]*(?:[>*+-]|\d+[.)])[ ].*(?:```|~~~)  # a block of code that begins inside of a list
    """,
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_LINE = re.compile(r'data-line="(\d+)"')
_ID = re.compile(r' id="(h-[^"]+)"')
_SHORT = 4_000


def rendered_quickly(text: str, folder: str) -> str:
    """The HTML of a page, whose blocks say on which line they begin. `Refused` as by `render_page`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    pieces = _apart(text) if len(text) >= _SHORT and "\0" not in text else None
    if pieces is None:
        return render_page(text, folder, lines=True).html
    shown, line, until = [], 0, time.monotonic() + SECONDS
    for piece in pieces:
        if time.monotonic() > until:
            raise Refused(N_("This text takes too long to show. Please make it simpler or shorter."))
        shown.append(_moved_down(_piece(piece, folder), line))
        line += piece.count("\n")
    ids = [found for each in shown for found in _ID.findall(each)]
    return "".join(shown) if len(ids) == len(set(ids)) else render_page(text, folder, lines=True).html


def _apart(text: str) -> list[str] | None:
    """The text in pieces that can be rendered one by one, the first with the front matter; None where they depend on
    each other."""
    body = split_front_matter(text)[1]
    front = text[: len(text) - len(body)]
    if not front and text.startswith(("---", "\ufeff---")):
        return None
    pieces = pieces_of(body)
    expanded = expand(body)
    if expanded is not body and pieces_of(expanded) != [_expanded(piece) for piece in pieces]:
        return None
    return None if _TOGETHER.search(expanded) else [front + pieces[0], *pieces[1:]]


def pieces_of(text: str) -> list[str]:
    """The text in pieces that each begin with a heading after an empty line, but for the first."""
    pieces: list[list[str]] = [[]]
    fence, empty = "", False
    for row in text.splitlines(keepends=True) if "\x0b" not in text else [text]:
        opened = _FENCE.match(row)
        if fence:
            if opened is not None and opened[1].startswith(fence) and not row.strip().strip(fence[0]):
                fence, empty = "", False
        elif opened is not None:
            fence = opened[1]
        elif empty and _HEADING.match(row):
            pieces.append([])
        pieces[-1].append(row)
        empty = not row.strip()
    return ["".join(rows) for rows in pieces]


@lru_cache(maxsize=1024)
def _expanded(piece: str) -> str:
    return expand(piece)


@lru_cache(maxsize=1024)
def _piece(piece: str, folder: str) -> str:
    return render_page(piece, folder, lines=True).html


def _moved_down(shown: str, lines: int) -> str:
    return _LINE.sub(lambda match: f'data-line="{int(match[1]) + lines}"', shown) if lines else shown
