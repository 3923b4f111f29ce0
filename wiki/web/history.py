"""Looking back: the history of a page, the page at a revision, two revisions compared, what changed lately."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
from wiki.model.words import N_
from wiki.prose import size_of_change
from wiki.together import begin_return
from wiki.web import differences
from wiki.web.crumbs import Pager
from wiki.web.errors import error_page
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
    if "on" in request.args:
        return _on(name, request.args["on"])
    before = number("before")
    rows = index.history(name, before)
    if rows is None:
        raise NotFound(N_("There never was a page “%(name)s”."), name=name)
    last = index.previous(rows[-1]) if rows else None
    older = [last] if last is not None else []
    html = render_template(
        "history.html",
        page_name=name,
        page_title=rows[0].page_title if rows else name,
        rows=rows,
        sizes=index.book.sizes(rows),
        endorsers=index.colleagues.endorsers([row.proposal for row in rows if row.proposal is not None]),
        differences=_differences(name, [*rows, *older]),
        pager=_pager(name, rows, before, older=bool(older)),
    )
    return make_response(html)


def _differences(name: str, rows: Sequence[RevisionRow]) -> dict[int, str]:
    """Where it is told what each of these revisions of a page, newest first, changed of the one before it, by sequence
    number."""
    return {
        row.seq: url_for("history.compare", name=name, a=before.commit, b=row.commit) for row, before in pairwise(rows)
    }


def _on(name: str, day: str) -> Response:
    """To the page as it was at the end of a day, in UTC."""
    try:
        until = _end_of(day)
    except ValueError as wrong:
        raise Refused(N_("“%(day)s” is not a day. Write it as 2026-05-31."), day=day[:20]) from wrong
    row = the_wiki().index.revision_on(name, until)
    if row is None:
        return _not_yet(name)
    if row.status == "removed":
        return _no_longer(name, row)
    return make_response(redirect(f"{row.url}?{urlencode({'on': day})}"))


def _end_of(day: str) -> int:
    """The last second of a day such as 2026-05-31, in unix seconds; `ValueError` for what is none."""
    return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) + _DAY - 1


def _no_longer(name: str, removal: RevisionRow) -> Response:
    """404 for a day on which the page had been removed, with the way to what it was and to what it is now."""
    latest = the_wiki().index.history(name) or [removal]
    actions = [(_("The page as it was last"), removal.url), _now_or_history(name, latest[0])]
    removed = _(
        "“%(name)s” was not in force on that day: it was removed on %(day)s.",
        name=removal.page_title,
        day=day_of(removal.when),
    )
    return error_page(404, _("Not in force on that day"), removed, actions)


def _not_yet(name: str) -> Response:
    """404 for a day before there was such a page, with the way to its first revision and to what it is now."""
    index = the_wiki().index
    latest = index.history(name)
    if not latest:
        raise NotFound(N_("There never was a page “%(name)s”."), name=name)
    first = index.first_revision(latest[0].page_id)
    actions = [(_("The page as it was first"), first.url), _now_or_history(name, latest[0])]
    message = _("“%(title)s” came into force on %(day)s.", title=latest[0].page_title, day=day_of(first.when))
    return error_page(404, _("This page was not there yet"), message, actions)


def _now_or_history(name: str, latest: RevisionRow) -> tuple[str, str]:
    """The way to the page as it is now; to its history where it was removed."""
    if latest.status == "removed":
        return _("Its history"), url_for("history.page", name=name)
    return _("The page now"), page_address(latest.name)


def _pager(name: str, rows: list[RevisionRow], before: int | None, *, older: bool) -> Pager:
    newer_url = None
    if before is not None and rows:
        seqs = the_wiki().index.newer_revisions(rows[0].page_id, rows[0].seq)
        newer_url = url_for("history.page", name=name, before=seqs[-1] + 1) if seqs else None
    return Pager(newer_url, url_for("history.page", name=name, before=rows[-1].seq) if older else None)


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


def _text(blob: str | None) -> str:
    return the_wiki().repository.content(blob).decode("utf-8", "replace") if blob is not None else ""


@blueprint.get("/-/revision/<commit>/<path:name>")
def revision(commit: str, name: str) -> Response:
    """A page as it was when this commit of main was in force."""
    row = _row(commit, name)
    if not OBJECT_ID.fullmatch(commit):
        return make_response(redirect(row.url, 308))
    index = the_wiki().index
    before = index.previous(row)
    latest = index.history(row.name)
    newer = bool(latest) and latest is not None and latest[0].seq > row.seq
    shown = row.blob if row.blob is not None else before.blob if before is not None else None
    rendered = _rendered(_text(shown), row.name.rpartition("/")[0])
    html = render_template(
        "revision.html",
        row=row,
        title=rendered.title or row.page_title,
        language=rendered.language,
        html=Markup(with_passage_links(rendered.html, passage_address(row.commit, row.name))),  # noqa: S704 - made safe by its maker
        newer=newer or row.status == "removed",
        held=_held(row),
        may_return=shown is not None and (latest is None or latest[0].blob != shown or latest[0].status == "removed"),
        short_url=site_address() + url_for("history.revision", commit=row.commit[:SHORT], name=row.name),
        current_url=_now(row, latest),
        difference_url=url_for("history.compare", name=row.name, a=before.commit, b=row.commit) if before else None,
    )
    return make_response(html)


def _held(row: RevisionRow) -> tuple[int, int] | None:
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


def _now(row: RevisionRow, latest: list[RevisionRow] | None) -> str | None:
    """Where the page is now; None for one that was removed."""
    if latest and latest[0].status == "removed":
        return None
    return page_address(latest[0].name if latest else row.name)


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
    latest = index.history(row.name)
    path = path_of((latest or [row])[0].name)
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
    if one.page_id != two.page_id:
        raise Refused(N_("These are revisions of two different pages."))
    if one.seq > two.seq:
        view = request.args.get("view")
        return make_response(redirect(url_for("history.compare", name=name, a=asked[1], b=asked[0], view=view)))
    if not all(map(OBJECT_ID.fullmatch, asked)):
        view = request.args.get("view")
        a, b = map(whole_commit, asked)
        return make_response(redirect(url_for("history.compare", name=name, a=a, b=b, view=view), 308))
    before, after = _text(one.blob), _text(two.blob)
    view = request.args.get("view", "")
    moved_from = one.name if one.name != two.name else None
    view = "" if moved_from and before == after else view
    sides = differences.beside_each_other(before, after, two.name) if view == "beside" else None
    if moved_from and before == after:
        shown = only_moved()
    elif view == "lines" or (view == "beside" and sides is None):
        shown = differences.line_by_line(before, after)
    else:
        shown = differences.prose(before, after, two.name)
    view = "lines" if view == "beside" and sides is None else view if view in {"beside", "lines"} else ""
    short = url_for("history.compare", name=two.name, a=asked[0][:SHORT], b=asked[1][:SHORT], view=view or None)
    html = render_template(
        "compare.html",
        page_name=two.name,
        page_title=two.page_title,
        a=one,
        b=two,
        moved_from=moved_from,
        view=view,
        views=[
            (key, label, url_for("history.compare", name=name, a=asked[0], b=asked[1], view=key or None))
            for key, label in (("", _("As it reads")), ("beside", _("Side by side")), ("lines", _("Line by line")))
        ],
        shown=shown,
        sides=sides,
        tongues=(language_of(before), language_of(after)),
        size=size_of_change(before, after),
        short_url=site_address() + short,
    )
    return make_response(html)
