"""What came into force: one entry for each change, with the first of the pages that it touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from wiki.addresses import proposal_address
from wiki.index import RevisionRow
from wiki.index.book import COUNTED
from wiki.index.contents import TEMPLATES
from wiki.model.acts import Person

CHANGES = 6
PAGES = 3
_DAY = 86400


@dataclass(frozen=True)
class Lately:
    """A change that is in force: ``pages`` are the first that it touched, ``more`` how many others there are, ``many``
    where there are more than were counted. ``when`` in unix seconds."""

    commit: str
    title: str
    url: str
    author: Person
    when: int
    endorsements: int
    pages: Sequence[RevisionRow]
    more: int
    many: bool


def lately(rows: Sequence[RevisionRow], touched: Mapping[int, int], most: int = PAGES) -> list[Lately]:
    """The changes in these rows of the book, newest first. ``touched`` says how many pages each touched; of those
    ``most`` are told, or the one more that is left."""
    return [_entry(list(some), touched[seq], most) for seq, some in groupby(rows, key=lambda row: row.seq)]


def by_day(rows: Sequence[RevisionRow], touched: Mapping[int, int]) -> list[tuple[int, list[Lately]]]:
    """The same by the day, in unix seconds, with all pages that are in these rows."""
    entries = lately(rows, touched, len(rows))
    return [(day * _DAY, list(some)) for day, some in groupby(entries, key=lambda one: one.when // _DAY)]


def _entry(rows: Sequence[RevisionRow], touched: int, most: int) -> Lately:
    """Templates, which are no guidelines, come after the pages."""
    first = rows[0]
    url = proposal_address(first.proposal) if first.proposal is not None else first.url
    pages = sorted(rows, key=lambda row: row.name.startswith(f"{TEMPLATES}/"))
    shown = pages if touched <= most + 1 else pages[:most]
    return Lately(first.commit, first.title, url, first.author, first.when, first.endorsements, shown,
                  touched - len(shown), touched >= COUNTED)  # fmt: skip
