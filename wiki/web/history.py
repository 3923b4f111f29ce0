"""Looking back: the history of a page, the page at a revision, two revisions compared, what changed lately."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.addresses import page_address
from wiki.index import RevisionRow
from wiki.markdown import render_page
from wiki.model.acts import OBJECT_ID
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web import differences
from wiki.web.crumbs import Pager
from wiki.web.here import number, the_wiki
from wiki.web.kept_pages import kept_answer

blueprint = Blueprint("history", __name__)
PER_PAGE = 50
_DAY = 86400


@blueprint.get("/-/history/<path:name>")
def page(name: str) -> Response:
    """The revisions of a page, renames followed."""
    return kept_answer(lambda: _history(name))


def _history(name: str) -> Response:
    index = the_wiki().index
    before = number("before")
    rows = index.history(name, before)
    if rows is None:
        raise NotFound(N_("There never was a page “%(name)s”."), name=name)
    html = render_template(
        "history.html",
        page_name=name,
        page_title=rows[0].page_title if rows else name,
        rows=rows,
        pager=_pager(name, rows, before),
    )
    return make_response(html)


def _pager(name: str, rows: list[RevisionRow], before: int | None) -> Pager:
    index = the_wiki().index
    older = newer = None
    if len(rows) == PER_PAGE and index.previous(rows[-1]) is not None:
        older = url_for("history.page", name=name, before=rows[-1].seq)
    if before is not None and rows:
        seqs = index.newer_revisions(rows[0].page_id, rows[0].seq)
        newer = url_for("history.page", name=name, before=seqs[-1] + 1) if seqs else None
    return Pager(newer, older)


def _commit(text: str) -> str:
    """A full commit id. Short ones are not guessed here; nothing else reaches git."""
    if not OBJECT_ID.fullmatch(text):
        raise NotFound(N_("There is no revision %(id)s."), id=text[:50])
    return text


def _row(commit: str, name: str) -> RevisionRow:
    row = the_wiki().index.revision(_commit(commit), name)
    if row is None:
        raise NotFound(N_("There is no revision %(id)s of “%(name)s”."), id=commit[:12], name=name)
    return row


def _text(blob: str | None) -> str:
    return the_wiki().repository.content(blob).decode("utf-8", "replace") if blob is not None else ""


@blueprint.get("/-/revision/<commit>/<path:name>")
def revision(commit: str, name: str) -> Response:
    """A page as it was when this commit of main was in force."""
    row = _row(commit, name)
    index = the_wiki().index
    before = index.previous(row)
    latest = index.history(row.name)
    newer = bool(latest) and latest is not None and latest[0].seq > row.seq
    shown = row.blob if row.blob is not None else before.blob if before is not None else None
    rendered = render_page(_text(shown), row.name.rpartition("/")[0])
    html = render_template(
        "revision.html",
        row=row,
        title=rendered.title or row.page_title,
        html=Markup(rendered.html),  # noqa: S704 - the renderer's output has passed the allow-list
        newer=newer or row.status == "removed",
        current_url=page_address(latest[0].name if latest else row.name),
        difference_url=url_for("history.compare", name=row.name, a=before.commit, b=row.commit) if before else None,
    )
    return make_response(html)


@blueprint.get("/-/compare/<path:name>")
def compare(name: str) -> Response:
    """The difference of two revisions, the older one first."""
    asked = [request.args.get(key, "") for key in ("a", "b")]
    if not all(asked):
        raise Refused(N_("Please choose two revisions to compare."))
    one, two = (_row(commit, name) for commit in asked)
    if one.page_id != two.page_id:
        raise Refused(N_("These are revisions of two different pages."))
    if one.seq > two.seq:
        return make_response(redirect(url_for("history.compare", name=name, a=asked[1], b=asked[0])))
    before, after = _text(one.blob), _text(two.blob)
    html = render_template(
        "compare.html",
        page_name=two.name,
        page_title=two.page_title,
        a=one,
        b=two,
        difference=differences.prose(before, after, two.name),
        source=differences.line_by_line(before, after),
    )
    return make_response(html)


@blueprint.get("/-/changes")
def changes() -> Response:
    """What came into force, day by day."""
    return kept_answer(_changes)


def _changes() -> Response:
    index = the_wiki().index
    before = number("before")
    rows = index.changes(before)
    days = [(day * _DAY, list(group)) for day, group in groupby(rows, key=lambda row: row.when // _DAY)]
    older = newer = None
    if rows and index.changes(rows[-1].seq, limit=1):
        older = url_for("history.changes", before=rows[-1].seq)
    if before is not None and rows:
        seqs = index.newer_changes(rows[0].seq)
        newer = url_for("history.changes", before=seqs[-1] + 1) if seqs else None
    return make_response(render_template("changes.html", days=days, pager=Pager(newer, older)))
