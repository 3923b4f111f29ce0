"""Front matter: the YAML between ``---`` lines at the top of a page, and what the wiki reads from it."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from urllib.parse import unquote

import yaml

MAX_FRONT_MATTER = 64 * 1024
MAX_DEPTH = 20

_BLOCK = re.compile(r"\A(?:\ufeff)?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PLAIN = re.compile(r"(?:\w[\w-]*:(?: +[\w\"'/][^\t]*)?| {0,4}- +[\w\"'/][^\t]*)?")
"""A line with a value, or a value of a list, in which nothing nests."""
_INLINE_HTML = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>"
)
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_READ_ELSEWHERE = "title redirect_from redirect_to permalink layout cspell review_by sidebar questions keywords"
_NOT_FACTS = frozenset(_READ_ELSEWHERE.split())


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The front matter and the text below it.

    What is broken, no mapping, over 64 KiB or full of aliases is no front matter: it stays in the text, so that
    somebody sees it.
    """
    if not text.startswith(("---", "\ufeff---")):
        return {}, text
    text = _one_kind_of_line_end(text)
    found = _BLOCK.match(text[: MAX_FRONT_MATTER + 16])
    if found is None:
        return {}, text
    values = _load(found[1])
    return ({}, text) if values is None else (values, text[found.end() :])


def head_of(text: str) -> tuple[str, int]:
    """The lines between the dashes, and where they begin, both with one character for each line end; ("", 0) for
    none. They may be broken."""
    found = _BLOCK.match(_one_kind_of_line_end(text[: MAX_FRONT_MATTER * 2])[: MAX_FRONT_MATTER + 16])
    return (found[1], found.start(1)) if found is not None else ("", 0)


def lines_above_body(text: str) -> int:
    """How many lines of a text its front matter takes."""
    return max(0, text.count("\n") - split_front_matter(text)[1].count("\n"))


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _load(head: str) -> dict[str, object] | None:
    try:
        if not _is_simple(head):
            return None
        values = yaml.load(head, Loader=LOADER)  # noqa: S506 - one of the two safe loaders
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError, TypeError, KeyError, AttributeError):
        return None
    if values is None and not head.strip():
        return {}
    if not isinstance(values, dict):
        return None
    return {key: value for key, value in values.items() if isinstance(key, str)}


def _is_simple(head: str) -> bool:
    """Whether the YAML is shallow and without aliases: deep nesting ends the whole process, in libyaml."""
    if all(_PLAIN.fullmatch(line) for line in head.split("\n")):
        return True
    depth = 0
    for event in yaml.parse(head, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            return False
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return False
    return True


def one_line(value: object, most: int = 200) -> str | None:
    """A simple value as one line of text, or None where it is empty, nested or too long to be read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and value.bit_length() > 64:
        return None
    if isinstance(value, (str, int, float, date)):
        line = " ".join(str(value).split())
        return line if 0 < len(line) <= most else None
    return None


def title_in(values: dict[str, object]) -> str | None:
    """``title`` as words: what it holds of HTML that stands within a line is read as a browser would read it."""
    title = one_line(values.get("title"), most=300)
    return one_line(html.unescape(_INLINE_HTML.sub("", title)), most=300) if title is not None else None


def facts_in(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """The simple values that mean nothing to the wiki itself, as (label, text)."""
    facts = []
    for key, value in values.items():
        text = _listed(value) if isinstance(value, list) else one_line(value)
        if text is not None and key.casefold() not in _NOT_FACTS and len(key) <= 60:
            facts.append((label_of(key), text))
    return tuple(facts[:20])


def label_of(key: str) -> str:
    """``date_approved`` as ``Date approved``."""
    return key.replace("_", " ").strip().capitalize()


def _listed(values: list[object]) -> str | None:
    """Simple values behind each other; None where one of them is not simple."""
    lines = [one_line(value) for value in values[:50]]
    return one_line(", ".join(line for line in lines if line)) if None not in lines else None


def aliases_in(values: dict[str, object]) -> tuple[str, ...]:
    """Names under which the page was known: ``redirect_from`` and ``permalink``, without slashes at the ends."""
    given = values.get("redirect_from")
    old = [*(given if isinstance(given, list) else [given]), values.get("permalink")]
    names = (unquote(name.split("#")[0].split("?")[0]).strip().strip("/") for name in old if isinstance(name, str))
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= 240))[:100]


def language_in(values: dict[str, object]) -> str | None:
    """``lang`` or ``language``, where it is the tag of a language: ``de``, ``pt-BR``."""
    value = values.get("lang", values.get("language"))
    return value if isinstance(value, str) and _TAG.fullmatch(value) else None


def language_of(text: str) -> str | None:
    """The language that a page with this text says it is in; None where it says none."""
    return language_in(split_front_matter(text)[0])


def review_date(values: dict[str, object]) -> str | None:
    """``review_by`` as an ISO date."""
    value = values.get("review_by")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(value.strip()).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None
