"""The course of one page: what became of it, revision by revision, whatever it was called; and ids from their
beginnings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from wiki.database import reading
from wiki.index import schema

_R, _L, _A = schema.revision, schema.landed, schema.act


@dataclass(frozen=True)
class Turn:
    """One revision of a page: the commit of main, its place in the book of changes and its time in unix seconds; the
    file as it was called then, and its blob, None where the page was removed."""

    seq: int
    at: int
    commit: str
    path: str
    blob: str | None


class Course:
    """The courses of all pages of one index."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def after(self, page_id: int, seq: int) -> list[Turn]:
        """The revisions of a page after this place in the book of changes, oldest first."""
        query = (
            select(_R.c.seq, _L.c.at, _L.c.id, _R.c.path, _R.c.blob, _R.c.status)
            .join(_L, _L.c.seq == _R.c.seq)
            .where(_R.c.page_id == page_id, _R.c.seq > seq)
            .order_by(_R.c.seq)
        )
        with reading(self.engine) as connection:
            return [
                Turn(row.seq, row.at, row.id, row.path, None if row.status == "D" else row.blob)
                for row in connection.execute(query)
            ]

    def firsts(self, page_id: int, until: int) -> dict[str, Turn]:
        """The texts that the page had more than once until this place in the book of changes, by blob, each at the
        revision that had it first."""
        first = func.min(_R.c.seq).label("seq")
        twice = (
            select(first)
            .where(_R.c.page_id == page_id, _R.c.seq <= until, _R.c.status != "D")
            .group_by(_R.c.blob)
            .having(func.count() > 1)
        )
        query = (
            select(_R.c.seq, _L.c.at, _L.c.id, _R.c.path, _R.c.blob)
            .join(_L, _L.c.seq == _R.c.seq)
            .where(_R.c.page_id == page_id, _R.c.seq.in_(twice))
        )
        with reading(self.engine) as connection:
            return {row.blob: Turn(row.seq, row.at, row.id, row.path, row.blob) for row in connection.execute(query)}

    def whole_act(self, beginning: str) -> str | None:
        """The act on a proposal whose id begins like this; None where there is none, or more than one."""
        query = select(_A.c.id).where(_A.c.id >= beginning, _A.c.id < beginning + "g").limit(2)
        with reading(self.engine) as connection:
            found = list(connection.execute(query).scalars())
        return str(found[0]) if len(found) == 1 else None
