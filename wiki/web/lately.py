"""What came into force lately: one entry for each change, with the first of the pages that it touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from wiki.addresses import proposal_address
from wiki.index import RevisionRow
from wiki.index.contents import TEMPLATES
from wiki.model.acts import Person

CHANGES = 6
ROWS_OF_EACH = 20
"""So many rows for each change the index gives at the most, over all of them."""
PAGES = 3


@dataclass(frozen=True)
class Lately:
    """A change that is in force: ``pages`` are the first that it touched, ``more`` how many others there are, ``many``
    where there are more than were counted. ``when`` in unix seconds."""

    title: str
    url: str
    author: Person
    when: int
    pages: Sequence[RevisionRow]
    more: int
    many: bool


def lately(rows: Sequence[RevisionRow]) -> list[Lately]:
    """The changes in these rows of the book, newest first."""
    told = [list(some) for _commit, some in groupby(rows, key=lambda row: row.commit)]
    cut = len(rows) >= CHANGES * ROWS_OF_EACH
    return [_entry(some, many=cut and at == len(told) - 1) for at, some in enumerate(told)]


def _entry(rows: Sequence[RevisionRow], *, many: bool) -> Lately:
    """Templates, which are no guidelines, come after the pages."""
    first = rows[0]
    url = proposal_address(first.proposal) if first.proposal is not None else first.url
    pages = sorted(rows, key=lambda row: row.name.startswith(f"{TEMPLATES}/"))
    shown = pages if len(pages) <= PAGES + 1 else pages[:PAGES]
    return Lately(first.title, url, first.author, first.when, shown, len(pages) - len(shown), many)
