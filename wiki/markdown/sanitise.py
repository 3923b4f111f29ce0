"""The last gate: whatever wrote the HTML, only what is named here leaves the room."""

from __future__ import annotations

import re

import nh3

from wiki.markdown.links import SCHEMES

_TAGS = (
    "a abbr aside b blockquote br caption cite code dd del details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i "
    "img input ins kbd label li ol p pre q s section small span strong sub summary sup table tbody td tfoot th thead "
    "tr u ul"
)
_CLASSES = (
    "anchor external footnote-ref footnote-back footnotes table task callout callout-title note tip important warning "
    "caution align-left align-center align-right"
)
TAGS = frozenset(_TAGS.split())
CODE_CLASSES = frozenset(f"tok-{kind}" for kind in ("com", "key", "str", "num", "name", "ins", "del"))
CLASSES = frozenset(_CLASSES.split()) | CODE_CLASSES
WITH_LINES = ("dd", "dt", "figure", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre", "span", "tr")
_OWN = {
    "a": {"href", "title", "class", "rel", "role", "aria-hidden", "tabindex"},
    "abbr": {"title"},
    "aside": {"class", "role"},
    "code": {"class"},
    "div": {"class", "role", "tabindex", "aria-labelledby"},
    "img": {"src", "alt", "width", "height", "loading"},
    "input": {"type", "disabled", "checked"},
    "li": {"class", "id"},
    "ol": {"start"},
    "p": {"class"},
    "pre": {"tabindex"},
    "section": {"class", "role"},
    "span": {"class"},
    "sup": {"class", "id"},
    "td": {"class"},
    "th": {"class", "scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
ATTRIBUTES = {**_OWN, **{tag: {*_OWN.get(tag, ()), "data-line"} for tag in WITH_LINES}}
_FIXED = {
    "rel": {"noopener noreferrer"},
    "role": {"group", "note", "doc-noteref", "doc-backlink", "doc-endnotes"},
    "tabindex": {"0", "-1"},
    "aria-hidden": {"true"},
    "loading": {"lazy"},
    "type": {"checkbox"},
    "scope": {"col"},
}
_ID = re.compile(r"(?:h|fn)-[\w-]{1,160}")
_TARGET = re.compile(r"(?:https?|mailto|tel):|/(?![/\\])|#|\?")
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute in {"id", "aria-labelledby"}:
        return value if _ID.fullmatch(value) else None
    if attribute == "class":
        classes = [name for name in value.split() if name in CLASSES or _LANGUAGE.fullmatch(name)]
        return " ".join(classes) or None
    if attribute == "href":
        return value if _TARGET.match(value) else None
    if attribute == "src":
        return value if value.startswith("/") and not value.startswith(("//", "/\\")) else None
    if attribute in {"start", "data-line", "width", "height"}:
        return value if value.isascii() and value.isdigit() and len(value) < 10 else None
    return value if attribute not in _FIXED or value in _FIXED[attribute] else None


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=_allowed,
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """The HTML with nothing in it but what is allowed."""
    return _cleaner.clean(html)
