"""Where a page is now, and where its past is told, when its address may have been given to another."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from wiki.addresses import SHORT, page_address
from wiki.index import RevisionRow
from wiki.web.here import the_wiki

MOST_BEFORE = 5
"""So many pages are named that had an address before."""


def history_address(latest: RevisionRow) -> str:
    """Where the past of a page is told, by its last revision."""
    if the_wiki().index.page_id(latest.name) == latest.page_id:
        return url_for("history.page", name=latest.name)
    return url_for("history.page", name=latest.name, of=latest.commit[:SHORT])


def now_at(latest: RevisionRow) -> str | None:
    """Where a page is now, by its last revision; None for one that was removed."""
    return page_address(latest.name) if latest.status != "removed" else None


def is_taken(latest: RevisionRow) -> bool:
    """Whether a page was removed and another has its address now."""
    return latest.status == "removed" and the_wiki().index.page_id(latest.name) != latest.page_id


@dataclass(frozen=True)
class Left:
    """A page that had an address before: until when, in unix seconds, and where its past is told."""

    title: str
    until: int
    url: str


def left_behind(name: str, page: int) -> list[Left]:
    """The other pages that had the address of this one before, the last first."""
    index = the_wiki().index
    found: dict[int, RevisionRow] = {}
    for row in index.held_before(name, page, MOST_BEFORE):
        found.setdefault(row.page_id, row)
    return [Left(row.page_title, row.when, history_address(index.latest(row))) for row in found.values()]
