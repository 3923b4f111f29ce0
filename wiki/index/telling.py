"""What lists and margins tell of a page: title, first sentence, other addresses, links, and who wrote and endorsed it.

Read from the rows of the index and from the text in git, for some pages at a time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, select, update

from wiki.index import schema
from wiki.index.confirmed import confirmations, confirming_times
from wiki.index.ledger import people_in
from wiki.index.page_texts import Asked, Read, Said
from wiki.index.search_texts import PAGE, Texts
from wiki.index.shelf import UNTOLD
from wiki.index.stirred import Stirred
from wiki.index.upsert import SOME, Values, insert_values
from wiki.model.acts import read_message
from wiki.model.names import name_of
from wiki.prepared import Prepared
from wiki.repository import Repository

SHOWN_AUTHORS = 5
PAGES_AT_ONCE = 1_000
_in_json = json.JSONEncoder(ensure_ascii=False).encode
_P, _L, _A, _W = schema.page, schema.landed, schema.authorship, schema.person
_PAGES: BindParameter[Any] = bindparam("pages", expanding=True)
_ROWS = Prepared(
    select(_P, _L.c.id.label("commit"), _L.c.at, _L.c.proposal)
    .join(_L, _L.c.seq == _P.c.last_seq)
    .where(_P.c.id.in_(_PAGES))
)
_FORGET = [
    Prepared(delete(table).where(table.c.page_id.in_(_PAGES)).returning(table.c.page_id, named))
    for table, named in ((schema.alias, schema.alias.c.name), (schema.link, schema.link.c.target))
]
"""What is taken away comes back: pages by their row, with a name each."""
_FORGET_REVIEWS = Prepared(delete(schema.review).where(schema.review.c.page_id.in_(_PAGES)))
_AUTHORS = Prepared(
    select(_A, _W.c.same_as, _W.c.name, _W.c.email)
    .join(_W, _W.c.id == _A.c.person_id)
    .where(_A.c.page_id.in_(_PAGES))
    .order_by(_A.c.page_id, _A.c.last_seq.desc(), _W.c.key)
)


@dataclass(frozen=True)
class Asking:
    """Some pages of which is told: their rows, and what their texts say, which may be being read still."""

    pages: Sequence[int]
    rows: Sequence[Row[Any]]
    said: Iterable[Said]


@dataclass(frozen=True)
class _Written:
    """The title and the first sentence of pages, by their row; their other addresses, and where they lead, each with
    the row of its page."""

    told: dict[int, dict[str, str]] = field(default_factory=dict)
    aliases: set[Values] = field(default_factory=set)
    links: set[Values] = field(default_factory=set)
    reviewed: set[int] = field(default_factory=set)
    """The pages that name a day by which somebody should look at them again."""


@dataclass
class _Writers:
    """Who wrote a page, newest first, and who of them made its last revision: by whom they are the same as, the name
    and the address they used last."""

    wrote: dict[str, tuple[str, str]] = field(default_factory=dict)
    last: dict[str, tuple[str, str]] = field(default_factory=dict)


def tell_of(connection: Connection, repository: Repository, pages: Iterable[int], read: Read, stirred: Stirred) -> None:
    """Write what is told of these pages, by their row, from the revision that they are at, and the words they are found
    by. ``read`` reads their texts; ``stirred`` learns of which other pages something else is shown now."""
    waiting = iter(sorted(pages))
    while some := list(islice(waiting, PAGES_AT_ONCE)):
        tell(connection, repository, ask(connection, some, read), stirred)


def ask(connection: Connection, pages: Sequence[int], read: Read) -> Asking:
    """Have the texts of some pages read. Other pages may be told of before these are."""
    rows = [row for at in range(0, len(pages), SOME) for row in _rows(connection, pages[at : at + SOME])]
    return Asking(pages, rows, read([_asked(row) for row in rows if row.blob and name_of(row.path)]))


def tell(connection: Connection, repository: Repository, asking: Asking, stirred: Stirred) -> None:
    """Write what is told of the pages that were asked for."""
    pages, rows = asking.pages, asking.rows
    aliases, links = (_forget(connection, forget, pages) for forget in _FORGET)
    for at in range(0, len(pages), SOME):
        _FORGET_REVIEWS.run(connection, pages=pages[at : at + SOME])
    said = _write_texts(connection, pages, asking.said)
    told = {row.id: {"title": row.title, "lead": row.lead} for row in rows} | said.told
    if said.aliases != aliases or any(told[row.id]["title"] != row.title for row in rows):
        stirred.all()
    stirred.mentions(connection, {target for _page, target in said.links ^ links})
    for at in range(0, len(rows), SOME):
        _write_told(connection, repository, rows[at : at + SOME], told, said.reviewed)


def _rows(connection: Connection, pages: Sequence[int]) -> Sequence[Row[Any]]:
    return _ROWS.rows(connection, pages=pages)


def _asked(row: Row[Any]) -> Asked:
    return Asked(row.id, row.path, row.blob, row.in_force)


def _forget(connection: Connection, forget: Prepared, pages: Sequence[int]) -> set[Values]:
    """Take away the rows of these pages; what the statement returns of them."""
    taken: set[Values] = set()
    for at in range(0, len(pages), SOME):
        taken.update(tuple(row) for row in forget.rows(connection, pages=pages[at : at + SOME]))
    return taken


def _write_texts(connection: Connection, pages: Sequence[int], every: Iterable[Said]) -> _Written:
    """Write what texts lead to and are found by."""
    written = _Written()
    reviews: list[Values] = []
    texts = Texts(connection, PAGE, pages)
    for said in every:
        written.told[said.id] = {"title": said.summary.title, "lead": said.summary.lead}
        if said.found is not None:
            texts.add(said.found)
            written.aliases.update((said.id, alias) for alias in said.summary.aliases)
            written.links.update((said.id, target) for target in said.links)
            reviews += [(said.id, said.review_by)] if said.review_by else []
    written.reviewed.update(page for page, _day in reviews)
    texts.write()
    insert_values(connection, schema.alias, ("page_id", "name"), sorted(written.aliases))
    insert_values(connection, schema.link, ("page_id", "target"), sorted(written.links))
    insert_values(connection, schema.review, ("page_id", "review_by"), reviews)
    return written


def _write_told(
    connection: Connection,
    repository: Repository,
    rows: Sequence[Row[Any]],
    told: Mapping[int, dict[str, str]],
    reviewed: Set[int],
) -> None:
    confirmed = confirmations(connection, repository, [row.id for row in rows if row.id in reviewed])
    writers = _writers(connection, [row for row in rows if row.in_force], confirmed)
    values = [
        {
            "id_": row.id,
            "provenance": _provenance(repository, row, writers[row.id], row.last_seq in confirmed.get(row.id, ()))
            if row.in_force
            else UNTOLD,
            **told[row.id],
        }
        for row in rows
    ]
    if values:
        _TELL.run_many(connection, values)


_TELL = Prepared(
    update(_P)
    .where(_P.c.id == bindparam("id_"))
    .values({column: bindparam(column) for column in ("title", "lead", "provenance")})
)


def _provenance(repository: Repository, row: Row[Any], writers: _Writers, confirms: bool) -> str:
    """What a page says of itself in its margin, as JSON: its last authors, how many there are, who made the last
    change, whether that only ``confirms`` the page, and who endorsed it."""
    authors = [*writers.wrote.values()]
    trailers = read_message(repository.commit(row.commit).message)[1] if row.proposal is not None else ()
    return _in_json(
        {
            "authors": authors[:SHOWN_AUTHORS],
            "authors_count": len(authors),
            "changed_by": [*writers.last.values()],
            "confirms": confirms,
            "endorsers": [[one.name, one.email] for one in people_in(trailers, "Endorsed-by")],
            "commit": row.commit,
            "at": row.at,
            "proposal": row.proposal,
        }
    )


def _writers(
    connection: Connection, rows: Sequence[Row[Any]], confirmed: Mapping[int, Collection[int]]
) -> dict[int, _Writers]:
    """Who wrote each page; whoever only ``confirmed`` that it is still right did not."""
    last = {row.id: row.last_seq for row in rows}
    only = confirming_times(connection, confirmed)
    found = {page: _Writers() for page in last}
    for row in _AUTHORS.rows(connection, pages=list(last)):
        one, who = found[row.page_id], (row.name, row.email)
        if row.last_seq == last[row.page_id]:
            one.last.setdefault(row.same_as, who)
        if not only or row.revisions > only[row.page_id, row.person_id]:
            one.wrote.setdefault(row.same_as, who)
    return found
