"""Raw HTML in a text: a few tags are let through as their bare name, everything else is shown as typed.

No attribute ever passes but the target of a link, and that one goes the way of all links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>")
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:-?>|[\s\S]*?(?:-->|\Z))")
_SHOWN = (
    "abbr b blockquote br caption cite code dd del details dl dt em figcaption hr i ins kbd li ol p pre q s "
    "small strong sub summary sup table tbody td tfoot th thead tr u ul"
)
_SILENT = "article aside button center col colgroup div figure font footer header label main nav section span tt"
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_KEPT = frozenset(_SHOWN.split()) | _HEADINGS
_DROPPED = frozenset(_SILENT.split())


def bare(source: str, link: Callable[[str], str], *, headings: bool, line: int | None = None) -> str:
    """Safe HTML for raw HTML. ``link`` makes the opening tag of a link, or nothing, from its target. With a ``line``
    all words in it say that they begin there."""
    source = _COMMENT.sub("", source)
    pieces, at = [], 0
    for tag in _TAG.finditer(source):
        pieces.append(_placed(_text(source[at : tag.start()]), line))
        pieces.append(_shown(tag, link, headings))
        at = tag.end()
    pieces.append(_placed(_text(source[at:]), line))
    return "".join(pieces)


def is_known(source: str) -> bool:
    """Whether the first tag in this HTML is one of those that we show or leave out silently."""
    tag = _TAG.search(_COMMENT.sub("", source))
    return tag is not None and tag[2].lower() in _KEPT | _DROPPED | {"a"}


def escaped(source: str) -> str:
    """The HTML as it was typed, without its comments."""
    return html.escape(_COMMENT.sub("", source))


def _shown(tag: re.Match[str], link: Callable[[str], str], headings: bool) -> str:
    closing, name = tag[1], tag[2].lower()
    if name == "a":
        href = _HREF.search(tag[3])
        if closing:
            return "</a>"
        return link(html.unescape(next(filter(None, href.groups()), ""))) if href else ""
    if name in _HEADINGS:
        name = ("h2" if name == "h1" else name) if headings else "strong"
    if name in _KEPT:
        return f"<{closing}{name}>"
    return "" if name in _DROPPED else html.escape(tag[0])


def _text(source: str) -> str:
    return html.escape(html.unescape(source))


def _placed(text: str, line: int | None) -> str:
    return f'<span data-line="{line}">{text}</span>' if line is not None and text.strip() else text
