"""The book of changes: all that came into force, by day; of a folder, by a person, of a kind; and a year of it as a
picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from wiki.index import Colleague, Filter, RevisionRow
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.web.calendar import DAY, Calendar, calendar, day_number, first_day, today
from wiki.web.crumbs import Pager
from wiki.web.here import number, the_wiki
from wiki.web.history import whole_commit
from wiki.web.kept import kept_answer
from wiki.web.lately import by_day
from wiki.web.say import _
from wiki.web.titles import folder_titles

blueprint = Blueprint("book", __name__)
KINDS = ("added", "changed", "renamed", "removed")
PER_PAGE = 150
"""Of the pages that one change touched."""
_LONGEST = 300
_MOST_BELOW = 50
FIRST_DAY = "day-1"
"""Where the newest day on the page begins."""


@dataclass(frozen=True)
class Asked:
    """Which changes a reader wants to see. ``by`` is what they typed for a person, ``who`` whom that means; ``like``
    are those whom it might mean where it is nobody's name."""

    folder: str
    kind: str
    by: str
    who: Colleague | None
    until: date | None
    like: Sequence[Colleague] = ()

    @property
    def only(self) -> Filter:
        """As the index wants it."""
        return Filter(self.folder or None, self.who.handle if self.who else None, self.kind or None)

    @property
    def has_feed(self) -> bool:
        """Whether there is a feed of just these changes."""
        return not self.kind and not (self.who and self.folder)

    @property
    def nobody(self) -> bool:
        """Whether somebody was asked for whom nobody here is."""
        return bool(self.by) and self.who is None

    def url(self, **other: Any) -> str:
        """The same page with something else in its address."""
        values: dict[str, Any] = {
            "folder": self.folder or None,
            "kind": self.kind or None,
            "person": self.who.handle if self.who else None,
            "until": self.until.isoformat() if self.until else None,
        }
        values.update(other)
        return url_for("book.changes", **{key: value for key, value in values.items() if value is not None})


@dataclass(frozen=True)
class Beginning:
    """The first day of the book, in unix seconds, and where it is told of."""

    when: int
    url: str


@blueprint.get("/-/changes")
def changes() -> Response:
    """What came into force, day by day."""
    return kept_answer(_changes)


def _changes() -> Response:
    asked = _asked()
    rows, pager = _rows(asked)
    touched = the_wiki().index.book.touched(rows, asked.only)
    year = None
    if not asked.only and not asked.nobody:
        year = _year(asked)
    html = render_template(
        "changes.html",
        asked=asked,
        days=by_day(rows, touched),
        pager=pager,
        folders=_folders(asked),
        kinds=list(zip(KINDS, (_("new pages"), _("changed pages"), _("moved pages"), _("removed pages")), strict=True)),
        year=year,
        begins=_begins(asked),
        earlier_url=asked.url(until=year.earlier.isoformat()) if year and year.earlier else None,
        later_url=asked.url(until=year.later.isoformat()) if year and year.later else None,
    )
    return make_response(html)


@blueprint.get("/-/changes/<commit>")
def change(commit: str) -> Response:
    """All pages that one change touched."""
    return kept_answer(lambda: _change(commit))


def _change(commit: str) -> Response:
    book, page = the_wiki().index.book, min(number("page") or 1, 1_000)
    whole = whole_commit(commit)
    seq = book.seq_of(whole)
    rows = book.pages_of(seq, (page - 1) * PER_PAGE, PER_PAGE + 1) if seq is not None else []
    if seq is not None and not rows and page > 1:
        raise NotFound(N_("The list of what this change touched ends before page %(page)s."), page=page)
    if not rows:
        raise NotFound(N_("There is no revision %(id)s."), id=commit[:12])
    if whole != commit:
        return make_response(redirect(url_for("book.change", commit=whole), 308))
    back, on = (url_for("book.change", commit=whole, page=at) for at in (page - 1, page + 1))
    pager = Pager(back if page > 1 else None, on if len(rows) > PER_PAGE else None)
    html = render_template("change.html", first=rows[0], rows=rows[:PER_PAGE], pager=pager)
    return make_response(html)


def _asked() -> Asked:
    """What the address asks for; `Refused` where it cannot be meant."""
    colleagues = the_wiki().index.colleagues
    folder, kind, by, handle = (_text(key) for key in ("folder", "kind", "by", "person"))
    if kind and kind not in KINDS:
        raise Refused(N_("There is no kind of change “%(kind)s”."), kind=kind[:50])
    who, like = None, list[Colleague]()
    if by:
        found = colleagues.named(by)
        like = [] if found else colleagues.like(by)
        who = found[0] if found else like.pop() if len(like) == 1 else None
    elif handle:
        who = colleagues.find(handle)
        if who is None:
            raise NotFound(N_("There is nobody under this address."))
        by = who.person.name
    return Asked(folder.strip("/"), kind, by, who, _until(), like)


def _text(key: str) -> str:
    value = request.args.get(key, "").strip()
    if len(value) > _LONGEST:
        raise Refused(N_("“%(key)s” in this address is too long."), key=key)
    return value


def _until() -> date | None:
    value = request.args.get("until", "")
    if not value:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as wrong:
        raise Refused(N_("“%(day)s” is not a day. Write it as 2026-05-31."), day=value[:20]) from wrong


def _rows(asked: Asked) -> tuple[list[RevisionRow], Pager]:
    if asked.nobody:
        return [], Pager(None, None)
    book = the_wiki().index.book
    before = number("before")
    if before is None and asked.until is not None:
        last = book.last_until(day_number(asked.until))
        before = 0 if last is None else last + 1
    rows = book.changes(before, only=asked.only)
    older = newer = None
    if rows and book.changes(rows[-1].seq, limit=1, only=asked.only):
        older = asked.url(before=rows[-1].seq)
    if before is not None and rows:
        seqs = book.newer(rows[0].seq, only=asked.only)
        newer = asked.url(before=seqs[-1] + 1, until=None) if seqs else None
    return rows, Pager(newer, older)


def _folders(asked: Asked) -> list[tuple[str, str]]:
    """Which folders can be chosen, each with what it is called: the topmost, and what is above and just below the one
    that is chosen."""
    index = the_wiki().index
    parts = asked.folder.split("/") if asked.folder else []
    chosen = index.folder(asked.folder) if asked.folder else None
    below = [node.name for node in chosen.children if node.kind == "folder"] if chosen is not None else []
    above = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return folder_titles(sorted({*index.book.folders(), *above, *below[:_MOST_BELOW]}))


def _begins(asked: Asked) -> Beginning | None:
    """Where the book begins, for whoever asks for what was before."""
    extent = the_wiki().index.book.extent() if asked.until is not None else None
    if extent is None or asked.until is None or day_number(asked.until) >= extent[0]:
        return None
    first = date(1970, 1, 1) + timedelta(days=extent[0])
    return Beginning(extent[0] * DAY, asked.url(until=first.isoformat()))


def _year(asked: Asked) -> Calendar | None:
    """The year up to the day that is asked for, or to the last change where that was long ago; None where it was before
    the first."""
    book = the_wiki().index.book
    extent = book.extent()
    if extent is None or (asked.until is not None and day_number(asked.until) < extent[0]):
        return None
    first, latest = (date(1970, 1, 1) + timedelta(days=days) for days in extent)
    last = max(min(asked.until or today(), today()), date(1970, 1, 1))
    if asked.until is None and latest < first_day(last):
        last = latest
    counts = book.days(day_number(first_day(last)))
    return calendar(counts, last, first, lambda day: f"?until={day.isoformat()}#{FIRST_DAY}")
