"""What a change would touch besides its own text: links to headings and addresses that would go, new links that would
lead nowhere, pages that lead here, reviews it answers, and how many colleagues watch. Whom they are is nobody's
business but theirs.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wiki.addresses import page_address
from wiki.index import PageRow
from wiki.index.links import Lost
from wiki.markdown import render_page
from wiki.model.errors import Refused
from wiki.model.names import PAGE_SUFFIX, is_attachment
from wiki.web.attachments.kinds import is_picture
from wiki.web.calendar import today
from wiki.web.heed import to_heed
from wiki.web.here import the_wiki
from wiki.web.say import _, ngettext
from wiki.web.shown import day_shown, leading_nowhere, page_meant

MOST_PAGES = 8
MOST_LINKING = 100
MOST_LISTED = 12
_HEADING = re.compile(r'<h[2-6] id="(h-[^"]+)"[^>]*>(.*?)</h[2-6]>', re.DOTALL)
_HREF = re.compile(r'<a href="(/[^"#?]*)(?:\?[^"#]*)?#([^"]+)"')
_LEADS = re.compile(r'<(?:a href|img src)="(/[^"]*)"')
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Changed:
    """A page as it is in force and as it would be; None where there is none."""

    name: str | None
    new_name: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Listed:
    """One thing that would be touched: a sentence, and the pages that it is about, of ``count``. It is ``grave`` where
    something would lead nowhere, or no longer where it led."""

    sentence: str
    pages: Sequence[PageRow] = ()
    count: int = 0
    grave: bool = False

    @property
    def more(self) -> int:
        """How many pages are not listed."""
        return max(0, self.count - len(self.pages))


@dataclass(frozen=True)
class Consequences:
    """All that would be touched, the grave first; ``summary`` says in one line what matters."""

    listed: Sequence[Listed]

    @property
    def summary(self) -> str:
        """What is grave; where nothing is, all of it."""
        grave = [one.sentence for one in self.listed if one.grave]
        return " · ".join(grave or [one.sentence for one in self.listed])

    @property
    def grave(self) -> bool:
        """Whether something would lead nowhere, or no longer where it led."""
        return any(one.grave for one in self.listed)


@dataclass(frozen=True)
class _Told:
    """What a page says that others rely on, and the names that it leads to."""

    headings: dict[str, str]
    aliases: frozenset[str]
    review_by: str | None
    names: frozenset[str] = frozenset()


def consequences(changed: Sequence[Changed], files: Collection[str] = (), *, heads: bool = True) -> Consequences | None:
    """What these changes together would touch; None where that is nothing. ``files`` are the paths of pictures and
    documents that come along; with ``heads`` front matter that would be lost is told of too."""
    some = changed[:MOST_PAGES]
    coming = {*files, *(one.new_name for one in some if one.new_name is not None)}
    answered = frozenset(
        alias for one in some if one.after is not None for alias in _told(one.after, _folder(one.new_name)).aliases
    )
    listed = [each for one in some for each in (*_of_page(one, answered), *_nowhere(one, coming))]
    if heads:
        listed += [Listed(sentence, grave=True) for one in some for sentence in _heads(one)]
    watching = the_wiki().notify.watches.count([one.name for one in some if one.name is not None])
    if watching:
        listed.append(Listed(ngettext("%(num)s colleague watches this", "%(num)s colleagues watch this", watching)))
    listed.sort(key=lambda one: not one.grave)
    return Consequences(listed) if listed else None


def _of_page(one: Changed, answered: frozenset[str]) -> list[Listed]:
    if one.name is None or one.before is None:
        return _begun(one.new_name) if one.new_name is not None else []
    index = the_wiki().index
    there = index.page(one.name)
    if there is None:
        return []
    names = frozenset([one.name, *index.former_names(there[0].id)])
    mentions = index.links.mentions(there[0].id, one.name, MOST_LINKING)
    if one.after is None:
        return _gone(one.name, mentions.pages, mentions.count) if one.name not in answered else []
    was, will = _told(one.before, _folder(one.name)), _told(one.after, _folder(one.new_name))
    lost = {key: words for key, words in was.headings.items() if key not in will.headings}
    found = [*_headings(names, lost, mentions.pages), *_addresses(was.aliases - will.aliases - answered)]
    if mentions.count:
        found.append(_linking(mentions.pages, mentions.count))
    return [*found, *_review(was.review_by, will.review_by)]


def _heads(one: Changed) -> list[str]:
    name = one.new_name or one.name
    return to_heed(f"{name}{PAGE_SUFFIX}", one.before or "", one.after) if name and one.after is not None else []


def _nowhere(one: Changed, coming: Collection[str]) -> list[Listed]:
    """What the text would say and did not say before, though nothing is there: pages, pictures, documents."""
    if one.after is None or one.new_name is None:
        return []
    said = _told(one.before, _folder(one.name)).names if one.before is not None else frozenset()
    names = _told(one.after, _folder(one.new_name)).names - said - set(coming)
    lost = sorted(leading_nowhere(names, one.new_name).values(), key=lambda each: each.name)
    return [Listed(_missing(each), grave=True) for each in lost[:MOST_LISTED]]


def _missing(lost: Lost) -> str:
    if is_attachment(lost.name) and is_picture(lost.name):
        return _("There is no picture “%(name)s”", name=lost.name)
    if is_attachment(lost.name):
        return _("There is no document “%(name)s”", name=lost.name)
    if lost.removed:
        return _("“%(name)s” leads to a page that was removed", name=lost.name)
    return _("“%(name)s” leads to no page yet", name=lost.name)


def _begun(name: str) -> list[Listed]:
    pages = the_wiki().index.linking_to(name)
    if not pages:
        return []
    sentence = ngettext("%(num)s page leads here already", "%(num)s pages lead here already", len(pages))
    return [Listed(sentence, pages[:MOST_LISTED], len(pages))]


def _gone(name: str, pages: Sequence[PageRow], count: int) -> list[Listed]:
    if not count:
        return []
    sentence = ngettext(
        "%(num)s page links to “%(name)s”, and its link would lead nowhere",
        "%(num)s pages link to “%(name)s”, and their links would lead nowhere",
        count,
        name=name,
    )
    return [Listed(sentence, pages[:MOST_LISTED], count, grave=True)]


def _headings(names: frozenset[str], lost: dict[str, str], pages: Sequence[PageRow]) -> list[Listed]:
    """The headings that would go though pages link to them, each with these pages."""
    if not lost or not pages:
        return []
    addresses = {page_address(name) for name in names}
    leading: dict[str, list[PageRow]] = {}
    for row in pages:
        there = the_wiki().index.page(row.name)
        found = _HREF.findall(there[1].html) if there is not None else []
        for key in {html.unescape(to) for address, to in found if html.unescape(address) in addresses}:
            if key in lost:
                leading.setdefault(key, []).append(row)
    return [
        Listed(_to_heading(lost[key], len(rows)), rows[:MOST_LISTED], len(rows), grave=True)
        for key, rows in leading.items()
    ]


def _to_heading(title: str, count: int) -> str:
    return ngettext(
        "%(num)s page links to the heading “%(title)s” that this removes",
        "%(num)s pages link to the heading “%(title)s” that this removes",
        count,
        title=title,
    )


def _addresses(lost: frozenset[str]) -> list[Listed]:
    return [
        Listed(_("The address “%(name)s” would no longer lead here", name=f"/{name}"), grave=True)
        for name in sorted(lost)[:MOST_LISTED]
    ]


def _linking(pages: Sequence[PageRow], count: int) -> Listed:
    return Listed(ngettext("%(num)s page links here", "%(num)s pages link here", count), pages[:MOST_LISTED], count)


def _review(was: str | None, will: str | None) -> list[Listed]:
    if was is None:
        return []
    if will is not None and will > was:
        return [Listed(_("It answers the review that was due on %(day)s; the next one is due on %(next)s",
                         day=day_shown(was), next=day_shown(will)))]  # fmt: skip
    if will is None:
        return [Listed(_("It answers the review that was due on %(day)s; no other one is due", day=day_shown(was)))]
    if was < today().isoformat():
        return [Listed(_("The review that was due on %(day)s stays due", day=day_shown(was)))]
    return []


def _folder(name: str | None) -> str:
    return (name or "").rpartition("/")[0]


@lru_cache(maxsize=256)
def _told(text: str, folder: str) -> _Told:
    try:
        shown = render_page(text, folder)
    except Refused:
        return _Told({}, frozenset(), None)
    headings = {
        html.unescape(key): " ".join(html.unescape(_TAG.sub("", words)).split())
        for key, words in _HEADING.findall(shown.html)
    }
    names = frozenset(page_meant(address) for address in _LEADS.findall(shown.html))
    return _Told(headings, frozenset(shown.aliases), shown.review_by, names)
