"""The list of pages that ask to be looked at again, folder by folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import Response, make_response, render_template, request, url_for

from wiki.addresses import page_address
from wiki.index.reviews import Due, Told
from wiki.index.summary import title_from
from wiki.model.acts import Person
from wiki.together import SOON, Confirmation, confirmations
from wiki.web.calendar import today
from wiki.web.crumbs import Pager
from wiki.web.here import member, number, the_wiki
from wiki.web.kept import kept_answer
from wiki.web.review_words import how_far
from wiki.web.say import _
from wiki.web.still_right.banner import PLACE, is_due
from wiki.web.still_right.routes import blueprint
from wiki.web.words import long_date

AT_ONCE = 40
NO_FOLDER = "-"
"""What stands in the address for pages in no folder; no folder can be called so."""


@dataclass(frozen=True)
class Row:
    """A page that is due: its day and how far that is, who last revised it (None where that is not known) and when
    (unix seconds), and the open proposal that answers."""

    title: str
    url: str
    day: str
    far: str
    author: Person | None
    revised_at: int
    answer: Confirmation | None


@dataclass(frozen=True)
class Folder:
    """A topmost folder, with how many pages in it are due or soon will be; ``key`` stands for it in the address."""

    key: str
    title: str
    count: int


@dataclass(frozen=True)
class Part:
    """Pages whose day has passed, or those whose day comes soon, folder by folder."""

    due: bool
    count: int
    folders: Sequence[tuple[str, Sequence[Row]]]


@blueprint.get("/-/still-right")
def due() -> Response:
    """What should have been looked at by now, then what comes in the next days."""
    return kept_answer(_due)


def _due() -> Response:
    mine = bool(request.args.get("mine"))
    every = _every(member().person.key if mine else None)
    asked = request.args.get("folder", "")[:300].strip("/")
    some = [one for one in every if not asked or _key(one) == asked]
    at = min(number("page") or 1, 10_000)
    html = render_template(
        "still_right.html",
        tabs=_tabs(),
        own=mine,
        folder=asked,
        folders=_folders(every),
        count=sum(is_due(one.review_by) for one in some),
        soon=SOON,
        parts=_parts(some, (at - 1) * AT_ONCE),
        pager=_turning(at, len(some), asked, mine),
    )
    return make_response(html)


def _every(by: str | None) -> list[Due]:
    """What is due or soon will be, in the order of the list."""
    until = (today() + timedelta(days=SOON)).isoformat()
    found = the_wiki().index.reviews.due(until, by)
    return sorted(found, key=lambda one: (not is_due(one.review_by), one.folder, one.review_by, one.name))


def _tabs() -> list[tuple[str, str, str, int | None]]:
    return [
        ("", _("All pages"), url_for("still_right.due"), None),
        ("mine", _("Pages you wrote on"), url_for("still_right.due", mine="yes"), None),
    ]


def _key(one: Due) -> str:
    return one.folder or NO_FOLDER


def _title(folder: str) -> str:
    node = the_wiki().index.folder(folder) if folder else None
    return _("In no folder") if not folder else node.title if node is not None else title_from(folder)


def _folders(every: Sequence[Due]) -> list[Folder]:
    counts = Counter(one.folder for one in every)
    return [Folder(name or NO_FOLDER, _title(name), count) for name, count in sorted(counts.items())]


def _parts(some: Sequence[Due], offset: int) -> list[Part]:
    """What there is room for on one page of the list."""
    counts = Counter(is_due(one.review_by) for one in some)
    shown = some[offset : offset + AT_ONCE]
    told = the_wiki().index.reviews.told([one.id for one in shown])
    answers = confirmations(the_wiki(), *(one.name for one in shown))
    return [
        Part(
            due,
            counts[due],
            [
                (_title(folder), [_row(one, told[one.id], answers.get(one.name)) for one in rows if one.id in told])
                for folder, rows in groupby(of_part, key=lambda one: one.folder)
            ],
        )
        for due, of_part in groupby(shown, key=lambda one: is_due(one.review_by))
    ]


def _row(one: Due, told: Told, answer: Confirmation | None) -> Row:
    day = date.fromisoformat(one.review_by)
    return Row(
        title=told.title,
        url=f"{page_address(one.name)}#{PLACE}",
        day=long_date(day),
        far=how_far(day),
        author=told.author,
        revised_at=told.revised_at,
        answer=answer,
    )


def _turning(at: int, count: int, folder: str, mine: bool) -> Pager:
    def turned(page: int | None) -> str:
        return url_for("still_right.due", page=page, folder=folder or None, mine="yes" if mine else None)

    return Pager(
        turned(at - 1 if at > 2 else None) if at > 1 else None,
        turned(at + 1) if at * AT_ONCE < count else None,
    )
