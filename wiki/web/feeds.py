"""Atom feeds: what came into force, on all pages or on one, and what is on the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, request, url_for
from lxml import etree

from wiki.addresses import person_address, proposal_address
from wiki.index import Filter, ProposalRow, RevisionRow
from wiki.index.book import ALL
from wiki.model.acts import Person
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.web.here import site_address, the_wiki
from wiki.web.languages import language
from wiki.web.lately import Lately, lately
from wiki.web.naming import called
from wiki.web.people import colleague_or_404
from wiki.web.say import _, ngettext
from wiki.web.words import comma, iso, listed

blueprint = Blueprint("feeds", __name__)
ENTRIES = 50
_NAMESPACE = "http://www.w3.org/2005/Atom"
_TYPE = "application/atom+xml"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry: ``key`` is what makes it one for ever, ``url`` where it leads, times in unix seconds."""

    key: str
    title: str
    url: str
    published: int
    updated: int
    author: Person
    summary: str


@blueprint.get("/-/feeds/changes")
def changes() -> Response:
    """What came into force, on all pages."""
    return _feed(_("Changes in force"), url_for("book.changes"), _of_the_book(ALL))


@blueprint.get("/-/feeds/page/<path:name>")
def page(name: str) -> Response:
    """What came into force on one page, renames followed."""
    rows = the_wiki().index.history(name)
    if not rows:
        raise NotFound(N_("There never was a page “%(name)s”."), name=name)
    title = _("Changes of %(title)s", title=rows[0].page_title)
    return _feed(title, url_for("history.page", name=rows[0].name), [_landed(row) for row in rows[:ENTRIES]])


@blueprint.get("/-/feeds/folder/<path:name>")
def folder(name: str) -> Response:
    """What came into force in one folder."""
    entries = _of_the_book(Filter(folder=name.strip("/")))
    if not entries:
        raise NotFound(N_("There never was a page in “%(folder)s”."), folder=name)
    leads_to = url_for("book.changes", folder=name)
    return _feed(_("Changes in %(folder)s", folder=name), leads_to, entries)


@blueprint.get("/-/feeds/person/<handle>")
def person(handle: str) -> Response:
    """What came into force of what somebody wrote."""
    who = colleague_or_404(handle)
    if who.handle != handle:
        return make_response(redirect(url_for("feeds.person", handle=who.handle), 301))
    title = _("Changes by %(name)s", name=who.person.name)
    return _feed(title, person_address(who.handle), _of_the_book(Filter(person=who.handle)))


@blueprint.get("/-/feeds/proposals")
def proposals() -> Response:
    """What is on the table, the last to move first."""
    rows = the_wiki().index.proposals("open", limit=ENTRIES)
    return _feed(_("Open proposals"), url_for("proposals.index", tab="open"), [_open(row) for row in rows])


def _of_the_book(only: Filter) -> list[Entry]:
    """The newest changes: an entry for each page, or one for a change that touched too many to tell of each."""
    book, entries = the_wiki().index.book, list[Entry]()
    rows = book.changes(limit=ENTRIES, only=only)
    for change in lately(rows, book.touched(rows, only), len(rows)):
        entries += [_of_many(change)] if change.more else map(_landed, change.pages)
    return entries[:ENTRIES]


def _of_many(change: Lately) -> Entry:
    told = [comma().join(row.page_title for row in change.pages)]
    told.append(_("and many more") if change.many else ngettext("and %(num)s more", "and %(num)s more", change.more))
    first = change.pages[0]
    url = url_for("book.change", commit=first.commit) if first.proposal is None else change.url
    return Entry(first.commit, change.title, url, change.when, change.when, change.author, " ".join(told))


def _landed(row: RevisionRow) -> Entry:
    told = {
        "added": _("A new page: %(page)s.", page=row.page_title),
        "removed": _("The page %(page)s was removed.", page=row.page_title),
        "renamed": _("The page %(page)s was moved from %(name)s.", page=row.page_title, name=row.old_name),
    }.get(row.status, _("A change of %(page)s.", page=row.page_title))
    if row.endorsements:
        told += " " + ngettext("Endorsed by %(num)s colleague.", "Endorsed by %(num)s colleagues.", row.endorsements)
    url = proposal_address(row.proposal) if row.proposal is not None else row.url
    return Entry(f"{row.commit}/{row.name}", row.title, url, row.when, row.when, row.author, told)


def _open(row: ProposalRow) -> Entry:
    told = _("It would change %(pages)s.", pages=listed(row.pages)) if row.pages else ""
    if row.needed:
        told += " " + ngettext(
            "%(have)s of %(num)s colleague.", "%(have)s of %(num)s colleagues.", row.needed, have=row.endorsements
        )
    return Entry(
        f"proposal/{row.n}", row.title, row.url, row.opened_at, row.last_act_at, row.author, told.strip()
    )  # fmt: skip


def _feed(title: str, leads_to: str, entries: Sequence[Entry]) -> Response:
    """An Atom feed (RFC 4287). Its ids do not depend on the address that the wiki is reached at."""
    wiki = the_wiki()
    founding = wiki.repository.founding
    urn, root = f"urn:concord:{founding}", site_address()
    updated = max((entry.updated for entry in entries), default=wiki.repository.commit(founding).when)
    feed = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]  # the stubs do not know the default
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language())
    _add(feed, "title", f"{wiki.settings.site_name}: {title}")
    _add(feed, "id", f"{urn}:{quote(request.path)}")
    _add(feed, "updated", iso(updated))
    _add(feed, "link", rel="self", type=_TYPE, href=root + quote(request.path))
    _add(feed, "link", rel="alternate", type="text/html", href=root + leads_to)
    for entry in entries:
        _add_entry(feed, entry, urn, root)
    xml = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    response = Response(xml, content_type=f"{_TYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _add_entry(feed: etree._Element, entry: Entry, urn: str, root: str) -> None:
    one = _add(feed, "entry")
    _add(one, "title", entry.title)
    _add(one, "id", f"{urn}:{quote(entry.key)}")
    _add(one, "published", iso(entry.published))
    _add(one, "updated", iso(entry.updated))
    author = _add(one, "author")
    _add(author, "name", called(entry.author).strip() or "?")
    _add(author, "uri", root + person_address(entry.author.handle))
    _add(one, "link", rel="alternate", type="text/html", href=root + entry.url)
    _add(one, "summary", entry.summary)


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", attributes)
    child.text = _clean(text) if text is not None else None
    return child


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold; the imported past may have some."""
    return _NOT_XML.sub("\ufffd", text)
