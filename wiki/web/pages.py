"""Reading: the contents, a folder, a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from urllib.parse import unquote

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.addresses import SHORT, page_address, passage_address
from wiki.index import Node, PageRecord, ProposalRow
from wiki.index.links import Mentions
from wiki.markdown import Rendered, TocEntry
from wiki.model.acts import Person
from wiki.model.names import PAGE_SUFFIX
from wiki.prose import meeting
from wiki.together import spots_in
from wiki.web.attachments import serving as attachments
from wiki.web.crumbs import Crumb, Pager, crumbs_of
from wiki.web.editor.sections import with_ways_in
from wiki.web.errors import missing_page
from wiki.web.here import number, the_wiki
from wiki.web.kept import kept_answer
from wiki.web.languages import written_in
from wiki.web.lately import CHANGES, lately
from wiki.web.passages import shown_at
from wiki.web.places import KEY, with_passage_links
from wiki.web.say import _
from wiki.web.sharing import relies_on, shows_one_page
from wiki.web.shown import facts_shown, shown
from wiki.web.still_right.banner import Review, review_of
from wiki.web.tree import Branch, beside

blueprint = Blueprint("pages", __name__)
MOST_COMPARED = 6
MOST_MENTIONS = 12
MOST_LINES = 120
CHAPTER_LINES = 6
SHORTEST_CHAPTER = 2
IN_FOLDER = 100
MOST_REDIRECTS = 5


@dataclass(frozen=True)
class Contested:
    """A passage that several open proposals would change, or after which they would put something ``new``, and their
    numbers."""

    words: str
    new: bool
    proposals: tuple[int, ...]


@dataclass(frozen=True)
class PageView:
    """A page as its template wants it. ``since`` in unix seconds; ``passages`` is what the addresses of its
    passages begin with. The wiki itself, which brought the text that the page was ``founded`` with, is none of its
    authors. What is not always wanted, because a part of the page lasts, is worked out when it is asked for. ``text``
    tells the text and how it is shown from others. ``here`` is the name that it is shown under: of a folder, where it
    is its introduction. Of its last revision are told who made it, who endorsed it, and whether it only ``confirms``
    that the page is still right."""

    name: str
    here: str
    title: str
    text: Hashable
    html: Callable[[], Markup]
    lead: str
    toc: tuple[TocEntry, ...]
    passages: str
    since: int
    revision: str
    blob: str
    proposal: int | None
    authors: tuple[Person, ...]
    authors_count: int
    founded: bool
    changed_by: tuple[Person, ...]
    confirms: bool
    endorsers: tuple[Person, ...]
    revisions: int
    open: list[ProposalRow]
    contested: list[Contested]
    crumbs: Callable[[], list[Crumb]]
    facts: Callable[[], list[tuple[str, str]]]
    review: Review | None
    id: int
    seq: int
    mentions: Mentions
    around: Callable[[], tuple[Node | None, Node | None]]
    tree: Callable[[], Branch]
    written: Markup

    @property
    def is_whole(self) -> bool:
        """Whether its last revision brought all of it."""
        return self.revisions == 1 and not self.founded


@blueprint.get("/")
def contents() -> Response:
    """The guidelines as a tree, what came into force lately, what waits for the reader."""
    return kept_answer(_contents)


def _contents() -> Response:
    index = the_wiki().index
    root, newest = index.contents(), index.book.changes(limit=CHANGES)
    chapters = _chapters(root)
    html = render_template(
        "contents.html",
        chapters=chapters,
        leads=index.leads(chapter.node for chapter in chapters),
        more=len(root.children) - MOST_LINES,
        pages_count=root.count,
        recent=lately(newest, index.book.touched(newest)),
    )
    return make_response(html)


@dataclass(frozen=True)
class Chapter:
    """A page or folder at the top of the contents, with as much of what is in it as there is room for."""

    node: Node
    shown: tuple[Node, ...]
    more: int


def _chapters(root: Node) -> list[Chapter]:
    """The top of the contents, within `MOST_LINES` lines: of many folders less is shown of each."""
    top = root.children[:MOST_LINES]
    folders = sum(node.kind == "folder" for node in top)
    each = min(CHAPTER_LINES, max(0, MOST_LINES - len(top)) // folders) if folders else 0
    each = each if each >= SHORTEST_CHAPTER else 0
    return [
        Chapter(node, node.children[:each], len(node.children) - each if len(node.children) > each > 0 else 0)
        for node in top
    ]


@blueprint.get("/-/contents")
def all_contents() -> Response:
    """Everything at the top of the contents, a page at a time."""
    return kept_answer(lambda: _folder(the_wiki().index.contents()))


@blueprint.get("/<path:name>")
def page(name: str) -> Response:
    """A page in force, or a folder; else where it has gone, or the offer to propose it."""
    if name.startswith("-/"):
        abort(404)
    return kept_answer(lambda: _page(name), f"{name}{PAGE_SUFFIX}")


def _page(name: str) -> Response:
    index = the_wiki().index
    found = index.page(name)
    if found is not None:
        record, rendered = found
        asked = request.args.get(KEY)
        at = shown_at(record, asked) if asked else None
        shows_one_page()
        if isinstance(at, Response):
            return at
        if rendered.redirect_to is not None and at is None and request.args.get("redirect") != "no":
            target = _led_to(name, rendered.redirect_to)
            if target is not None:
                return make_response(redirect(target, 302))
        return make_response(render_template("page.html", page=_view(record, rendered, at)))
    file = attachments.elsewhere(name)
    if file is not None:
        return file
    tidy = name.strip("/").removesuffix(".md")
    folder = index.folder(tidy) if tidy else None
    if folder is not None:
        return _folder(folder) if tidy == name else _elsewhere(tidy)
    forwarded = index.forwarded(tidy)
    if forwarded is not None:
        return _elsewhere(forwarded)
    if tidy != name and tidy and (index.page(tidy) is not None or index.forwarded(tidy) is not None):
        return _elsewhere(tidy)
    meant = index.whole_contents().written_otherwise(tidy)
    if meant is not None and meant != name:
        return make_response(redirect(page_address(meant), 302))
    return missing_page(tidy or name)


def _led_to(name: str, target: str) -> str | None:
    """Where a page that leads elsewhere leads in the end; None where that is in circles or very far, so that the page
    itself is to be shown."""
    index, seen = the_wiki().index, {name}
    for _step in range(MOST_REDIRECTS):
        path = target.partition("#")[0].partition("?")[0]
        step = unquote(path).strip("/") if path.startswith("/") else ""
        step = step if index.page(step) is not None else index.forwarded(step) or step
        if step in seen:
            return None
        seen.add(step)
        relies_on(f"{step}{PAGE_SUFFIX}", index.stirred(f"{step}{PAGE_SUFFIX}"))
        found = index.page(step) if step else None
        if found is None or found[1].redirect_to is None:
            return target
        target = found[1].redirect_to
    return None


def _elsewhere(name: str) -> Response:
    query = "?" + request.query_string.decode("ascii", "replace") if request.query_string else ""
    return make_response(redirect(page_address(name) + query, 301))


def _view(record: PageRecord, rendered: Rendered, at: str | None = None, here: str = "") -> PageView:
    index, here = the_wiki().index, here or record.name
    opened = index.proposals_touching(f"{record.name}.md") if record.open_count else []
    system = the_wiki().repository.system.key
    authors = tuple(author for author in record.authors if author.key != system)
    founded = len(authors) < len(record.authors)
    return PageView(
        id=record.id,
        seq=record.seq,
        name=record.name,
        here=here,
        title=record.title,
        text=(record.revision, at),
        html=partial(_text, record, at or rendered.html),
        lead=rendered.lead,
        toc=rendered.toc,
        passages=passage_address(record.revision, record.name),
        since=record.since,
        revision=record.revision,
        blob=record.blob,
        proposal=record.proposal,
        authors=authors,
        authors_count=max(record.authors_count - founded, len(authors)),
        founded=founded,
        changed_by=tuple(one for one in record.changed_by if one.key != system),
        confirms=record.confirms,
        endorsers=record.endorsers,
        revisions=record.revisions,
        open=opened,
        contested=_contested(record) if len(opened) > 1 else [],
        crumbs=lambda: crumbs_of(here, record.title, index.contents()),
        facts=lambda: facts_shown(rendered.facts),
        review=review_of(record, rendered.review_by),
        mentions=index.links.mentions(record.id, record.name, MOST_MENTIONS),
        around=lambda: index.whole_contents().around(here),
        tree=lambda: beside(index.contents(), here),
        written=written_in(rendered.language),
    )


def _text(record: PageRecord, html: str) -> Markup:
    """The text of a page with what belongs to it where it stands: ways to change a section, and to link to it."""
    links = f"?{KEY}={record.revision[:SHORT]}."
    return shown(with_ways_in(with_passage_links(html, links), record.name), record.name)


def _contested(record: PageRecord) -> list[Contested]:
    """Where the open proposals for a page overlap."""
    wiki = the_wiki()
    rows = [row for row in wiki.index.touching(f"{record.name}.md")[:MOST_COMPARED] if row.before == record.blob]
    touched = {row.n: spots_in(wiki, record.blob, row.before, row.after) for row in rows}
    found: dict[tuple[str, bool], set[int]] = {}
    for one, two in combinations(touched, 2):
        for spot in meeting(touched[one], touched[two]):
            found.setdefault((spot.words, bool(spot.added)), set()).update((one, two))
    return [Contested(words, new, tuple(sorted(numbers))) for (words, new), numbers in found.items()][:3]


def _folder(folder: Node) -> Response:
    """What is in a folder, at first below its introduction, which is a page like any other."""
    index = the_wiki().index
    at = (min(max(number("page") or 1, 1), 10_000) - 1) * IN_FOLDER
    nodes = folder.children[at : at + IN_FOLDER]
    listing = {
        "nodes": nodes,
        "leads": index.leads(nodes),
        "pager": _turning(at // IN_FOLDER + 1, len(folder.children)),
        "name": folder.name,
        "can_add_url": url_for("editor.new", name=f"{folder.name}/" if folder.name else None),
    }
    own = None if at or not folder.own else index.page(folder.own)
    if own is not None:
        return make_response(render_template("introduction.html", page=_view(*own, here=folder.name), **listing))
    html = render_template(
        "folder.html",
        crumbs=crumbs_of(folder.name, folder.title, index.contents()),
        title=folder.title if folder.name else _("All pages"),
        around=index.whole_contents().around(folder.name),
        tree=beside(index.contents(), folder.name),
        **listing,
    )
    return make_response(html)


def _turning(page: int, count: int) -> Pager:
    """Through a folder with very much in it."""
    address = request.path
    return Pager(
        newer_url=(f"{address}?page={page - 1}" if page > 2 else address) if page > 1 else None,
        older_url=f"{address}?page={page + 1}" if page * IN_FOLDER < count else None,
    )
