"""Text -> safe HTML. The one place where what somebody typed becomes HTML.

`render_page` and `render_fragment` are pure, safe in threads, and bounded: at most 1 MiB of text and two seconds,
after which the text is `Refused`; telling the parts of code apart may take one second more, after which it stays
plain. Raise `RENDERER_VERSION` whenever the HTML for some text changes: what is kept in the index is rendered again
then.

Inside, from the text down: `front_matter`, `shortcodes`, `grammar` (with `tables` and `typed`) make tokens; `coloured`
tells the parts of code apart; `writer` (with `links` and `bare_html`) makes HTML of them; `sanitise` lets through only
what is on its list. `source_links` reads and mends links in the text itself, `review` the day of the next look;
`lost_head` says why front matter is none any more.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TypeVar

from wiki.markdown import render
from wiki.markdown.apart import fragment_apart, page_apart
from wiki.markdown.front_matter import language_of, lines_above_body, review_date, split_front_matter, title_in
from wiki.markdown.grammar import TooSlow
from wiki.markdown.lost_head import LostHead, lost_head
from wiki.markdown.render import Rendered, unrendered
from wiki.markdown.review import moved_on, review_day, with_review_day
from wiki.markdown.shortcodes import expand
from wiki.markdown.source_links import links_in, mend_links
from wiki.markdown.writer import TocEntry
from wiki.model.errors import Refused
from wiki.model.words import N_, Size

__all__ = [
    "MAX_TEXT",
    "RENDERER_VERSION",
    "SECONDS",
    "LostHead",
    "Rendered",
    "TocEntry",
    "expand",
    "language_of",
    "lines_above_body",
    "links_in",
    "lost_head",
    "mend_links",
    "moved_on",
    "render_fragment",
    "render_page",
    "review_date",
    "review_day",
    "split_front_matter",
    "title_in",
    "unrendered",
    "with_review_day",
]

RENDERER_VERSION = 6
MAX_TEXT = 1 << 20
SECONDS = 2.0

_SMALL = 48 * 1024
_NOT_IN_IDS = re.compile(r"[^a-z0-9-]+")
_T = TypeVar("_T")


def render_page(text: str, folder: str, *, lines: bool = False) -> Rendered:
    """The page with this text, whose relative links start in ``folder`` ("" at the top). With ``lines`` its blocks
    say in ``data-line`` on which line of the text they begin.

    `Refused` where the text is over 1 MiB or takes over two seconds.
    """
    text = _clean(text)
    if len(text) > _SMALL:
        return _in_time(lambda: page_apart(text, folder, lines))
    return _in_time(lambda: render.page(text, folder, time.monotonic() + SECONDS, lines=lines))


def render_fragment(text: str, prefix: str) -> str:
    """Safe HTML for a reason or a comment, shown among others: no headings, ids that begin with ``prefix``.

    `Refused` as by `render_page`.
    """
    text = _clean(text)
    own = _NOT_IN_IDS.sub("-", prefix.lower())[:60].rstrip("-")
    own = f"{own}-" if own else ""
    if len(text) > _SMALL:
        return _in_time(lambda: fragment_apart(text, own))
    return _in_time(lambda: render.fragment(text, own, time.monotonic() + SECONDS))


def _clean(text: str) -> str:
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_TEXT:
        raise Refused(N_("This text is too long: at most %(most)s can be shown."), most=Size(MAX_TEXT))
    return data.decode("utf-8").replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")


def _in_time(rendering: Callable[[], _T]) -> _T:
    try:
        return rendering()
    except (TooSlow, RecursionError) as slow:
        raise Refused(N_("This text takes too long to show. Please make it simpler or shorter.")) from slow
