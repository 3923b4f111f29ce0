"""What lists and margins tell of a page: title, first sentence, other addresses, links, and who wrote and endorsed it.

Read from the rows of the index and from the text in git, for some pages at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from wiki.index import schema
from wiki.index.ledger import people_in
from wiki.index.search_texts import PAGE, Texts, page_entry
from wiki.index.summary import summarise
from wiki.index.upsert import SOME, insert_rows
from wiki.markdown import links_in
from wiki.model.acts import read_message
from wiki.model.names import name_of
from wiki.repository import Repository

SHOWN_AUTHORS = 5
MAX_LINKS = 1_000
_P, _L, _A, _W = schema.page, schema.landed, schema.authorship, schema.person


def tell_of(connection: Connection, repository: Repository, pages: Iterable[int], language: str) -> None:
    """Write what is told of these pages, by their row, from the revision that they are at, and the words they are found
    by. ``language`` is that of texts which do not say theirs."""
    waiting = iter(sorted(pages))
    while some := list(islice(waiting, SOME)):
        query = select(_P, _L.c.id.label("commit"), _L.c.at, _L.c.proposal).join(_L, _L.c.seq == _P.c.last_seq)
        rows = connection.execute(query.where(_P.c.id.in_(some))).all()
        for table in (schema.alias, schema.link):
            connection.execute(delete(table).where(table.c.page_id.in_(some)))
        _write_texts(connection, repository, rows, language)
        _write_provenance(connection, repository, rows)


def _write_texts(connection: Connection, repository: Repository, rows: Sequence[Row[Any]], language: str) -> None:
    texts = Texts(connection, PAGE, [row.id for row in rows])
    told: list[dict[str, object]] = []
    aliases: list[dict[str, object]] = []
    links: list[dict[str, object]] = []
    for row in rows:
        name = name_of(row.path)
        if name is None or row.blob is None:
            continue
        text = repository.content(row.blob).decode("utf-8", "replace")
        summary = summarise(name, text)
        told.append({"id_": row.id, "title": summary.title, "lead": summary.lead})
        if row.in_force:
            texts.add(page_entry(row.id, name, summary.title, text, language))
            aliases += [{"name": alias, "page_id": row.id} for alias in summary.aliases]
            targets = links_in(text, name.rpartition("/")[0])
            links += [{"page_id": row.id, "target": target} for target in sorted(targets)[:MAX_LINKS]]
    texts.write()
    if told:
        statement = update(_P).where(_P.c.id == bindparam("id_"))
        connection.execute(statement.values(title=bindparam("title"), lead=bindparam("lead")), told)
    insert_rows(connection, schema.alias, aliases)
    insert_rows(connection, schema.link, links)


def _write_provenance(connection: Connection, repository: Repository, rows: Sequence[Row[Any]]) -> None:
    """What a page says of itself in its margin, as JSON: its last authors, how many there are, who endorsed the last
    change."""
    authors = _authors(connection, [row.id for row in rows if row.in_force])
    told = [
        {"id_": row.id, "provenance": _provenance(repository, row, authors.get(row.id, [])) if row.in_force else "{}"}
        for row in rows
    ]
    if told:
        statement = update(_P).where(_P.c.id == bindparam("id_")).values(provenance=bindparam("provenance"))
        connection.execute(statement, told)


def _provenance(repository: Repository, row: Row[Any], authors: Sequence[Row[Any]]) -> str:
    trailers = read_message(repository.commit(row.commit).message)[1] if row.proposal is not None else ()
    return json.dumps(
        {
            "authors": [[author.name, author.email] for author in authors],
            "authors_count": authors[0].of_all if authors else 0,
            "endorsers": [[one.name, one.email] for one in people_in(trailers, "Endorsed-by")],
            "commit": row.commit,
            "at": row.at,
            "proposal": row.proposal,
        },
        ensure_ascii=False,
    )


def _authors(connection: Connection, pages: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Who wrote each page, the last few of them, newest first, each with how many there are."""
    place = func.row_number().over(partition_by=_A.c.page_id, order_by=(_A.c.last_seq.desc(), _W.c.key))
    count = func.count().over(partition_by=_A.c.page_id)
    every = (
        select(_A.c.page_id, _W.c.name, _W.c.email, place.label("place"), count.label("of_all"))
        .join(_W, _W.c.id == _A.c.person_id)
        .where(_A.c.page_id.in_(pages))
        .subquery()
    )
    query = select(every).where(every.c.place <= SHOWN_AUTHORS).order_by(every.c.page_id, every.c.place)
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.page_id, []).append(row)
    return found
