"""Looking back: the history of a page, the page at a revision, two revisions compared, what changed lately."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from wiki.addresses import SHORT, page_address, passage_address
from wiki.index import RevisionRow
from wiki.markdown import Rendered, language_of, render_page, unrendered
from wiki.model.acts import OBJECT_ID
from wiki.model.errors import NotFound, Refused
from wiki.model.names import is_attachment
from wiki.model.words import N_
from wiki.prose import size_of_change
from wiki.repository import is_text
from wiki.together import begin_return
from wiki.web import differences
from wiki.web.attachments.shown import sides as files_beside
from wiki.web.crumbs import Pager
from wiki.web.errors import error_page
from wiki.web.former import MOST_BEFORE, history_address, is_taken, left_behind, now_at
from wiki.web.here import member, number, path_of, site_address, the_wiki
from wiki.web.kept import kept_answer
from wiki.web.places import with_passage_links
from wiki.web.proposals.files import only_moved
from wiki.web.say import _, kept
from wiki.web.words import day as day_of

blueprint = Blueprint("history", __name__)
_DAY = 86400
_SHORT_ID = re.compile(r"[0-9a-f]{7,39}")


@blueprint.get("/-/history/<path:name>")
def page(name: str) -> Response:
    """The revisions of a page, renames followed."""
    return kept_answer(lambda: _history(name))


def _history(name: str) -> Response:
    index = the_wiki().index
    page, of = _meant(name), request.args.get("of") or None
    if "on" in request.args:
        return _on(name, page, request.args["on"])
    before = number("before")
    rows = index.history_of(page, before)
    if not rows:
        if before is None:
            raise NotFound(N_("There never was a page “%(name)s”."), name=name)
        return make_response(redirect(url_for("history.page", name=name, of=of)))
    last = index.previous(rows[-1])
    older = [last] if last is not None else []
    html = render_template(
        "history.html",
        page_name=name,
        of=of,
        current_url=now_at(index.latest(rows[0])) if of else page_address(name),
        page_title=rows[0].page_title,
        left=left_behind(name, page) if before is None else [],
        rows=rows,
        sizes=index.book.sizes(rows),
        endorsers=index.colleagues.endorsers([row.proposal for row in rows if row.proposal is not None]),
        differences=_differences(name, [*rows, *older]),
        pager=_pager(name, of, rows, before, older=bool(older)),
    )
    return make_response(html)


def _meant(name: str) -> int:
    """The page whose past is asked for, by its row: the one that is or was called this; with ``of``, a commit of main,
    the one that was called so then, for an address may be given to another page."""
    of = request.args.get("of")
    page = _row(of, name).page_id if of else the_wiki().index.page_id(name)
    if page is None:
        raise NotFound(N_("There never was a page “%(name)s”."), name=name)
    return page


def _differences(name: str, rows: Sequence[RevisionRow]) -> dict[int, str]:
    """Where it is told what each of these revisions of a page, newest first, changed of the one before it, by sequence
    number."""
    return {
        row.seq: url_for("history.compare", name=name, a=before.commit, b=row.commit) for row, before in pairwise(rows)
    }


def _on(name: str, page: int, day: str) -> Response:
    """To the page as it was at the end of a day, in UTC; to another that had its address then."""
    try:
        until = _end_of(day)
    except ValueError as wrong:
        raise Refused(N_("“%(day)s” is not a day. Write it as 2026-05-31."), day=day[:20]) from wrong
    index = the_wiki().index
    row = index.revision_of(page, until)
    if row is None or row.status == "removed":
        before = index.held_before(name, page, MOST_BEFORE) if "of" not in request.args else []
        others = [index.revision_of(one.page_id, until) for one in before]
        there = next((one for one in others if one is not None and one.name == name and one.status != "removed"), None)
        if there is None:
            return _not_yet(page) if row is None else _no_longer(row)
        row = there
    return make_response(redirect(f"{row.url}?{urlencode({'on': day})}"))


def _end_of(day: str) -> int:
    """The last second of a day such as 2026-05-31, in unix seconds; `ValueError` for what is none."""
    return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) + _DAY - 1


def _no_longer(removal: RevisionRow) -> Response:
    """404 for a day on which the page had been removed, with the way to what it was and to what it is now."""
    actions = [(_("The page as it was last"), removal.url), _now_or_history(the_wiki().index.latest(removal))]
    removed = _(
        "“%(name)s” was not in force on that day: it was removed on %(day)s.",
        name=removal.page_title,
        day=day_of(removal.when),
    )
    return error_page(404, _("Not in force on that day"), removed, actions)


def _not_yet(page: int) -> Response:
    """404 for a day before there was such a page, with the way to its first revision and to what it is now."""
    index = the_wiki().index
    first = index.first_revision(page)
    actions = [(_("The page as it was first"), first.url), _now_or_history(index.latest(first))]
    message = _("“%(title)s” came into force on %(day)s.", title=first.page_title, day=day_of(first.when))
    return error_page(404, _("This page was not there yet"), message, actions)


def _now_or_history(latest: RevisionRow) -> tuple[str, str]:
    """The way to the page as it is now; to its history where it was removed."""
    now = now_at(latest)
    return (_("The page now"), now) if now is not None else (_("Its history"), history_address(latest))


def _pager(name: str, of: str | None, rows: list[RevisionRow], before: int | None, *, older: bool) -> Pager:
    newer_url = None
    if before is not None:
        seqs = the_wiki().index.newer_revisions(rows[0].page_id, rows[0].seq)
        newer_url = url_for("history.page", name=name, of=of, before=seqs[-1] + 1) if seqs else None
    return Pager(newer_url, url_for("history.page", name=name, of=of, before=rows[-1].seq) if older else None)


def whole_commit(text: str) -> str:
    """A full commit id in small letters, of its beginning where only one begins like that; nothing else is looked
    for."""
    text = text.lower()
    if OBJECT_ID.fullmatch(text):
        return text
    found = the_wiki().index.whole_id(text) if _SHORT_ID.fullmatch(text) else None
    if found is None:
        raise NotFound(N_("There is no revision %(id)s."), id=text[:50])
    return found


def _row(commit: str, name: str) -> RevisionRow:
    row = the_wiki().index.revision(whole_commit(commit), name)
    if row is None:
        raise NotFound(N_("There is no revision %(id)s of “%(name)s”."), id=commit[:12], name=name)
    return row


def _content(blob: str | None) -> bytes:
    return the_wiki().repository.content(blob) if blob is not None else b""


def _file(row: RevisionRow | None) -> str | None:
    """Where a picture or document is as it was at a revision."""
    if row is None or row.blob is None:
        return None
    return url_for("attachments.in_force", path=row.name, at=row.commit)


def _no_text() -> Markup:
    return Markup("<p>{}</p>").format(_("This is no text, so it cannot be shown."))


@blueprint.get("/-/revision/<commit>/<path:name>")
def revision(commit: str, name: str) -> Response:
    """A page as it was when this commit of main was in force."""
    row = _row(commit, name)
    if not OBJECT_ID.fullmatch(commit):
        return make_response(redirect(row.url, 308))
    index = the_wiki().index
    before = index.previous(row)
    latest = index.latest(row)
    held = row if row.blob is not None else before
    shown = held.blob if held is not None else None
    title, language, html = _as_it_was(held) if held is not None else (None, None, Markup())
    page = render_template(
        "revision.html",
        row=row,
        title=title or row.page_title,
        language=language,
        html=html,
        newer=latest.seq > row.seq or row.status == "removed",
        held=_still_held(row),
        may_return=shown is not None and latest.blob != shown and not is_taken(latest),
        short_url=site_address() + url_for("history.revision", commit=row.commit[:SHORT], name=row.name),
        current_url=now_at(latest),
        history_url=history_address(latest),
        difference_url=url_for("history.compare", name=row.name, a=before.commit, b=row.commit) if before else None,
    )
    return make_response(page)


def _as_it_was(row: RevisionRow) -> tuple[str | None, str | None, Markup]:
    """The title, the language and the text of a page at a revision, or what else the file was."""
    content = _content(row.blob)
    if is_attachment(row.name):
        return None, None, files_beside(row.name, None, _file(row))
    if not is_text(content):
        return None, None, _no_text()
    rendered = _rendered(content.decode("utf-8", "replace"), row.name.rpartition("/")[0])
    linked = with_passage_links(rendered.html, passage_address(row.commit, row.name))
    return rendered.title, rendered.language, Markup(linked)  # noqa: S704 - made safe by its maker


def _still_held(row: RevisionRow) -> tuple[int, int] | None:
    """The day that was asked for, where this revision no longer holds, and when it ceased to; in unix seconds."""
    try:
        asked = _end_of(request.args.get("on", ""))
    except ValueError:
        return None
    after = the_wiki().index.following(row)
    return (asked, after.when) if after is not None and row.when <= asked < after.when else None


def _rendered(text: str, folder: str) -> Rendered:
    try:
        return render_page(text, folder)
    except Refused:
        return unrendered(text)


@blueprint.post("/-/revision/<commit>/<path:name>")
def go_back(commit: str, name: str) -> Response:
    """Begin a draft in which the page reads as it did at this revision."""
    account = member()
    row = _row(commit, name)
    index = the_wiki().index
    before = index.previous(row)
    blob = row.blob if row.blob is not None else before.blob if before is not None else None
    if blob is None:
        raise NotFound(N_("There is no revision %(id)s of “%(name)s”."), id=commit[:12], name=name)
    latest = index.latest(row)
    if is_taken(latest):
        raise Refused(N_("Another page has the address “%(name)s” now. Propose a new page with this text instead."),
                      name=latest.name)  # fmt: skip
    path = path_of(latest.name)
    title = kept(_("Go back to “%(title)s” of %(day)s", title=row.page_title, day=day_of(row.when)))
    draft = begin_return(the_wiki(), account, path, blob, title).draft
    return make_response(redirect(url_for("drafts.draft", number=draft.id), 303))


@blueprint.get("/-/compare/<path:name>")
def compare(name: str) -> Response:
    """The difference of two revisions, the older one first."""
    asked = [request.args.get(key, "") for key in ("a", "b")]
    if not all(asked):
        raise Refused(N_("Please choose two revisions to compare."))
    one, two = (_row(commit, name) for commit in asked)
    view = request.args.get("view")
    if one.page_id != two.page_id:
        raise Refused(N_("These are revisions of two different pages."))
    if one.seq > two.seq:
        return make_response(redirect(url_for("history.compare", name=name, a=asked[1], b=asked[0], view=view)))
    if not all(map(OBJECT_ID.fullmatch, asked)):
        a, b = map(whole_commit, asked)
        return make_response(redirect(url_for("history.compare", name=name, a=a, b=b, view=view), 308))
    between, latest = _between(one, two, view or ""), the_wiki().index.latest(two)
    a, b = (commit[:SHORT] for commit in asked)
    html = render_template(
        "compare.html",
        current_url=now_at(latest),
        history_url=history_address(latest),
        page_title=two.page_title,
        a=one,
        b=two,
        between=between,
        views=[
            (key, label, url_for("history.compare", name=name, a=asked[0], b=asked[1], view=key or None))
            for key, label in (("", _("As it reads")), ("beside", _("Side by side")), ("lines", _("Line by line")))
            if between.size is not None
        ],
        short_url=site_address() + url_for("history.compare", name=two.name, a=a, b=b, view=between.view or None),
    )
    return make_response(html)


@dataclass(frozen=True)
class Between:
    """The difference of two revisions in one ``view`` of it: as HTML, or as two ``sides`` with the language of each.
    ``size`` is None of what is no text."""

    view: str
    shown: Markup
    moved_from: str | None
    sides: list[differences.Stretch] | None = None
    tongues: tuple[str | None, str | None] = (None, None)
    size: tuple[int, int] | None = None


def _between(one: RevisionRow, two: RevisionRow, view: str) -> Between:
    moved_from = one.name if one.name != two.name else None
    contents = _content(one.blob), _content(two.blob)
    stayed = moved_from is not None and contents[0] == contents[1]
    if is_attachment(two.name) or not all(map(is_text, contents)):
        shown = files_beside(two.name, _file(one), _file(two)) if is_attachment(two.name) else _no_text()
        return Between("", only_moved() if stayed else shown, moved_from)
    before, after = (content.decode("utf-8", "replace") for content in contents)
    tongues, size = (language_of(before), language_of(after)), size_of_change(before, after)
    if stayed:
        return Between("", only_moved(), moved_from, None, tongues, size)
    sides = differences.beside_each_other(before, after, two.name) if view == "beside" else None
    if sides is not None:
        return Between("beside", Markup(), moved_from, sides, tongues, size)
    if view in {"beside", "lines"}:
        return Between("lines", differences.line_by_line(before, after), moved_from, None, tongues, size)
    return Between("", differences.prose(before, after, two.name), moved_from, None, tongues, size)
