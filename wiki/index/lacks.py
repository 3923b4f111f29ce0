"""Why open proposals are not in force, kept so that nobody weighs a thousand of them to count."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete

from wiki.index import schema
from wiki.index.upsert import insert_rows
from wiki.model.merge import Weighed
from wiki.prepared import Prepared

_FORGET = Prepared(delete(schema.lack).where(schema.lack.c.n == bindparam("about")))


def write_lacks(connection: Connection, weighed: Weighed, known: int) -> None:
    """Note the reasons of `decide` for one proposal, of which so many acts are indexed; none for what is in force or
    closed."""
    if known:
        forget_lacks(connection, weighed.n)
    if weighed.in_force or weighed.proposal.closed is not None:
        return
    rows = [
        {"n": weighed.n, "place": place, "why": reason.why.value, "about": reason.about, "until": reason.until}
        for place, reason in enumerate(weighed.standing.reasons)
    ]
    insert_rows(connection, schema.lack, rows)


def forget_lacks(connection: Connection, n: int) -> None:
    """Nothing is lacking any more."""
    _FORGET.run(connection, about=n)
