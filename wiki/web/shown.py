"""A rendered page as it is shown today: links that lead nowhere are marked, names of callouts are in the reader's
language, facts are words.

A rendered page is kept by its text; what depends on the other pages, or on the reader, is added here, each time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import unquote

from markupsafe import Markup, escape

from wiki.addresses import page_address
from wiki.index.links import Lost, from_within
from wiki.web.here import the_wiki
from wiki.web.say import _
from wiki.web.words import day

_LINK = re.compile(r'<a href="(/[^"]*)"((?: [\w-]+="[^"]*")*)>(.*?)</a>', re.DOTALL)
_CALLOUT = re.compile(r'(<p class="callout-title"[^>]*>)(Note|Tip|Important|Warning|Caution)(</p>)')
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def shown(rendered: str, page: str = "") -> Markup:
    """The HTML of a rendered page, for a reader. ``page`` is its name."""
    marked = _marked(rendered, page) if 'href="/' in rendered else rendered
    names = _callouts() if "callout-title" in marked else {}
    named = _CALLOUT.sub(lambda found: f"{found[1]}{escape(names[found[2]])}{found[3]}", marked) if names else marked
    return Markup(named)  # noqa: S704 - the renderer's output has passed the allow-list; what is added is escaped


def facts_shown(facts: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """What the front matter says, as words."""
    spoken = {"yes": _("yes"), "no": _("no")}
    return [(label, spoken.get(value) or day_shown(value)) for label, value in facts]


def day_shown(iso: str) -> str:
    """``2026-05-12`` as ``12 May 2026``; what is no such day as it is."""
    try:
        when = datetime.strptime(iso, "%Y-%m-%d").replace(tzinfo=UTC) if _DATE.fullmatch(iso) else None
    except ValueError:
        return iso
    return day(int(when.timestamp())) if when is not None else iso


def _callouts() -> dict[str, str]:
    return {"Note": _("Note"), "Tip": _("Tip"), "Important": _("Important"), "Warning": _("Warning"),
            "Caution": _("Caution")}  # fmt: skip


def _marked(rendered: str, page: str) -> str:
    known = the_wiki().index.whole_contents().names
    named = {found[1]: page_meant(found[1]) for found in _LINK.finditer(rendered)}
    broken = _broken(named.values())
    if not broken:
        return rendered
    below = {name: there for name in broken if (there := from_within(name, page)) in known}
    return _LINK.sub(lambda found: _mark(found, broken.get(named[found[1]]), below.get(named[found[1]])), rendered)


def leading_nowhere(names: Iterable[str], page: str) -> dict[str, Lost]:
    """Those of the names on a page that neither a page nor a file has or had."""
    known = the_wiki().index.whole_contents().names
    return {name: lost for name, lost in _broken(names).items() if from_within(name, page) not in known}


def _broken(names: Iterable[str]) -> dict[str, Lost]:
    """Costs no query where all names are those of pages, and one where some are not."""
    index = the_wiki().index
    known = index.whole_contents().names
    unknown = {name for name in names if name and name not in known}
    lost = index.links.lost(unknown) if unknown else {}
    return {name: one for name, one in lost.items() if one.moved_to is None}


def _mark(link: re.Match[str], lost: Lost | None, below: str | None) -> str:
    if lost is None:
        return link[0]
    if below is not None:
        rest = re.search(r"[?#].*", link[1])
        return f'<a href="{escape(page_address(below))}{rest[0] if rest else ""}"{link[2]}>{link[3]}</a>'
    words = _("this page was removed") if lost.removed else _("there is no such page yet")
    said = f'<span class="visually-hidden"> ({escape(words)})</span>'
    title = "" if " title=" in link[2] else f' title="{escape(words)}"'
    return f'<a href="{link[1]}" class="missing"{link[2]}{title}>{link[3]}{said}</a>'


def page_meant(href: str) -> str:
    """The page that an address of this site means; "" for what is none."""
    path = re.split(r"[?#]", html.unescape(href), maxsplit=1)[0]
    return "" if path.startswith("/-/") else unquote(path).strip("/")
