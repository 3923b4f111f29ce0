"""Addresses of passages that stay: to the page in force, where the passage stands now, or to what became of it."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup, escape

from wiki.addresses import page_address
from wiki.index import PageRecord, RevisionRow
from wiki.index.course import Turn
from wiki.markdown import language_of, render_page
from wiki.model.acts import OBJECT_ID
from wiki.model.errors import NotFound, Refused
from wiki.prose import Passage
from wiki.web import differences
from wiki.web.errors import error_page
from wiki.web.former import history_address
from wiki.web.here import the_wiki
from wiki.web.history import whole_commit
from wiki.web.places import Fate, fate_of, marked, page_at, passage_of, text_of
from wiki.web.say import _

blueprint = Blueprint("passages", __name__)
_TITLE = re.compile(r"#[ \t]|[^\n]+\n=+[ \t]*(?:\n|$)")


@blueprint.get("/-/passage/<commit>/<path:name>")
def passage(commit: str, name: str) -> Response:
    """To a passage of a page in force, or what became of it. ``?at=`` is its line, or the id of a heading."""
    at = request.args.get("at", "")
    row = _row(commit, name)
    found = passage_of(row, at) if row is not None and row.blob is not None else None
    if row is None or found is None:
        return _nothing(row, name)
    if not OBJECT_ID.fullmatch(commit):
        return make_response(redirect(url_for("passages.passage", commit=whole_commit(commit), name=name, at=at), 308))
    later = the_wiki().index.course.after(row.page_id, row.seq)
    last = _last(row, later)
    fate = fate_of(row, found, later)
    if last is not None and last.blob is not None and fate.since is None and fate.now is not None:
        return make_response(redirect(page_at(last.name, last.commit, fate.now)))
    return make_response(_story(row, fate, last))


def shown_at(record: PageRecord, asked: str) -> str | Response | None:
    """The HTML of a page in force with a passage marked, by the commit and line that ``asked`` names; where it no
    longer stands there, the way to what became of it. None where nothing can be marked."""
    commit, _dot, at = asked.partition(".")
    row = _row(commit, record.name)
    found = passage_of(row, at) if row is not None and row.blob is not None else None
    if row is None or found is None:
        return None
    if not at.isdigit():
        return make_response(redirect(url_for("passages.passage", commit=row.commit, name=row.name, at=at)))
    later = the_wiki().index.course.after(row.page_id, row.seq)
    fate = fate_of(row, found, later) if row.page_id == record.id else None
    if fate is None or fate.since is not None or fate.now is None:
        return make_response(redirect(url_for("passages.passage", commit=row.commit, name=row.name, at=at)))
    try:
        html = render_page(text_of(record.blob), record.name.rpartition("/")[0], lines=True).html
    except Refused:
        return None
    return marked(html, fate.now)


def _row(commit: str, name: str) -> RevisionRow | None:
    try:
        return the_wiki().index.revision(whole_commit(commit), name)
    except NotFound:
        return None


def _last(row: RevisionRow, later: list[Turn]) -> RevisionRow | None:
    return the_wiki().index.revision(later[-1].commit, later[-1].path) if later else row


def _nothing(row: RevisionRow | None, name: str) -> Response:
    """404, with the ways to what there is."""
    actions = [(_("Go to the contents"), url_for("pages.contents"))]
    if the_wiki().index.history(name):
        actions.insert(0, (_("See its history"), url_for("history.page", name=name)))
        actions.insert(0, (_("Go to the page"), page_address(name)))
    if row is not None:
        message = _("There is no such passage in this revision of “%(title)s”.", title=row.page_title)
    else:
        message = _("There is no such revision of a page “%(name)s”. Perhaps the address was cut off.", name=name)
    return error_page(404, _("There is no such passage"), message, actions)


def _story(row: RevisionRow, fate: Fate, last: RevisionRow | None) -> str:
    index = the_wiki().index
    removed = last is None or last.blob is None
    with_page = removed and fate.now is not None
    turn = fate.since
    change = last if with_page else index.revision(turn.commit, turn.path) if turn is not None else None
    before = index.previous(change) if change is not None else None
    now = fate.now if not removed else None
    return render_template(
        "passage.html",
        row=row,
        title=last.page_title if last is not None else row.page_title,
        shown=_shown(fate.was, row.name),
        language=language_of(text_of(row.blob)),
        with_page=with_page,
        removed_later=last if removed and not with_page else None,
        change=change,
        change_url=url_for("history.compare", name=change.name, a=before.commit, b=change.commit)
        if change is not None and before is not None
        else None,
        difference=_difference(fate.was, now, row.name, text_of(last.blob))
        if now is not None and last is not None
        else None,
        now_url=page_at(last.name, last.commit, now) if now is not None and last is not None else None,
        page_url=page_address(last.name) if last is not None and not removed else None,
        history_url=history_address(the_wiki().index.latest(row)),
    )


def _difference(was: Passage, now: Passage, name: str, page: str) -> Markup:
    """How a passage became another, as it looks; as it is written where only that differs, or where it would be shown
    as the title of a page."""
    shown = [_shown(each, name) for each in (was, now)]
    if shown[0] == shown[1] or any(_TITLE.match(each.source) for each in (was, now)):
        return differences.passage(was.source, now.source, page)
    return differences.prose(was.source, now.source, f"{name}.md", page=page)


def _shown(passage: Passage, name: str) -> Markup:
    """A passage by itself, as it would look."""
    try:
        html = render_page(passage.source, name.rpartition("/")[0]).html
    except Refused:
        html = ""
    if html:
        return Markup(html)  # noqa: S704 - the renderer's output has passed the allow-list
    return Markup("<p>{}</p>").format(escape(" ".join(block.text for block in passage.blocks)))
