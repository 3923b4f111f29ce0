"""Searching: the page of answers, and suggestions while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from wiki.index import Answers, Found
from wiki.index.search import MOST_COUNTED, PER_PAGE
from wiki.index.summary import title_from
from wiki.model.errors import NotFound, Refused
from wiki.model.names import problem_with_name
from wiki.model.words import N_
from wiki.web.crumbs import Pager, crumbs_of
from wiki.web.here import number, the_wiki
from wiki.web.say import _, ngettext

blueprint = Blueprint("search", __name__)
KINDS = {"pages": "page", "proposals": "proposal", "people": "person"}
STATES = ("open", "in force", "closed")
LONGEST = 1_000
_LONGEST_FILTER = 300


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for, and among what."""

    question: str
    kind: str
    folder: str
    state: str
    page: int
    exactly: bool

    def url(self, **other: Any) -> str:
        """The same search with something else in its address."""
        values: dict[str, Any] = {
            "q": self.question or None,
            "kind": self.kind if self.kind != "pages" else None,
            "in": self.folder or None,
            "state": self.state or None,
            "exactly": 1 if self.exactly else None,
        }
        values.update(other)
        return url_for("search.page", **{key: value for key, value in values.items() if value is not None})


@blueprint.get("/-/search")
def page() -> Response:
    """What was found."""
    wanted = _wanted()
    answers = the_wiki().index.search.find(
        wanted.question, KINDS[wanted.kind], wanted.folder, wanted.state, (wanted.page - 1) * PER_PAGE, wanted.exactly
    )
    html = render_template(
        "search.html",
        wanted=wanted,
        answers=answers,
        tabs=_tabs(wanted, answers),
        told=_told(wanted, answers),
        rows=[(row, _where(row)) for row in answers.rows],
        pager=_pager(wanted, answers),
        folders=_folders(wanted),
        states=list(zip(STATES, (_("on the table"), _("in force"), _("closed")), strict=True)),
        new_name=_new_name(wanted.question),
    )
    return make_response(html)


@blueprint.get("/-/search/suggest")
def suggest() -> Response:
    """Titles that somebody may be typing, as JSON."""
    found = the_wiki().index.search.suggest(_text("q", LONGEST)[:100])
    many = ngettext("%(num)s suggestion", "%(num)s suggestions", len(found))
    return jsonify(
        said=many if found else _("No title is like this. Press Enter to search the texts."),
        suggestions=[
            {"title": one.title, "url": one.url, "label": _("Proposal") if one.kind == "proposal" else _above(one.name)}
            for one in found
        ],
    )


def _wanted() -> Wanted:
    """What the address asks for; `Refused` where it cannot be meant."""
    kind, state = request.args.get("kind", "pages") or "pages", request.args.get("state", "")
    if kind not in KINDS:
        raise NotFound(N_("Only pages, proposals and people can be searched for."))
    if state and state not in STATES:
        raise Refused(N_("There is no state “%(state)s” of proposals."), state=state[:50])
    page = min(max(number("page") or 1, 1), MOST_COUNTED // PER_PAGE)
    folder = _text("in", _LONGEST_FILTER).strip("/")
    exactly = bool(request.args.get("exactly"))
    return Wanted(_text("q", LONGEST), kind, folder, state if kind == "proposals" else "", page, exactly)


def _text(key: str, longest: int) -> str:
    value = request.args.get(key, "").replace("\x00", " ").strip()
    if len(value) > longest:
        raise Refused(N_("That is too long to search for. A few words find more."))
    return value


def _tabs(wanted: Wanted, answers: Answers) -> list[tuple[str, str, str, str | None]]:
    """The kinds: key, label, address, how many."""
    labels = (_("Pages"), _("Proposals"), _("People"))
    tabs: list[tuple[str, str, str, str | None]] = []
    for (kind, key), label in zip(KINDS.items(), labels, strict=True):
        count = answers.count(key)
        said = f"{count}+" if count == MOST_COUNTED else str(count)
        state = wanted.state or None if kind == "proposals" else None
        tabs.append((kind, label, wanted.url(kind=kind, state=state), None if answers.nothing_asked else said))
    return tabs


def _told(wanted: Wanted, answers: Answers) -> str:
    """How many there are, in words."""
    count = answers.count(KINDS[wanted.kind])
    if count == MOST_COUNTED:
        return _("More than can be shown: these are the first %(num)s. More words find fewer.", num=count)
    if wanted.kind == "pages":
        return ngettext("%(num)s page", "%(num)s pages", count)
    if wanted.kind == "proposals":
        return ngettext("%(num)s proposal", "%(num)s proposals", count)
    return ngettext("%(num)s colleague", "%(num)s colleagues", count)


def _where(row: Found) -> str:
    """The folders above a page, by their titles."""
    return _above(row.name) if row.kind == "page" else ""


def _above(name: str) -> str:
    return " › ".join(crumb.title for crumb in crumbs_of(name, "", the_wiki().index.contents())[1:-1])


def _pager(wanted: Wanted, answers: Answers) -> Pager:
    count = answers.count(KINDS[wanted.kind])
    more = wanted.page * PER_PAGE < min(count, MOST_COUNTED)
    back = wanted.url(page=wanted.page - 1 if wanted.page > 2 else None) if wanted.page > 1 else None
    return Pager(back, wanted.url(page=wanted.page + 1) if more else None)


def _folders(wanted: Wanted) -> list[tuple[str, str]]:
    """The topmost folders with their titles, and the one that is asked for."""
    nodes = the_wiki().index.contents().children
    folders = [(node.name, node.title) for node in nodes if node.kind == "folder"]
    if wanted.folder and wanted.folder not in dict(folders):
        node = the_wiki().index.folder(wanted.folder)
        folders.append((wanted.folder, node.title if node is not None else title_from(wanted.folder)))
    return folders


def _new_name(question: str) -> str | None:
    """The name of a page that could be proposed about this; None where it would not do."""
    name = "-".join(question.casefold().replace("/", " ").replace('"', " ").split())[:80]
    return name if name and problem_with_name(name) is None else None
