"""The course of one page: what became of it, revision by revision, whatever it was called; and ids from their
beginnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, bindparam, func, select

from wiki.database import reading
from wiki.index import schema
from wiki.index.upsert import SOME
from wiki.model.acts import Person

_R, _L, _A, _V, _W = schema.revision, schema.landed, schema.act, schema.wrote, schema.person
_TURNS = select(_R.c.seq, _L.c.at, _L.c.id, _R.c.path, _R.c.blob, _R.c.status, _L.c.proposal).join(
    _L, _L.c.seq == _R.c.seq
)
_LANDED = select(_L.c.seq).where(_L.c.id == bindparam("commit"))


@dataclass(frozen=True)
class Turn:
    """One revision of a page: the commit of main, its place in the book of changes and its time in unix seconds; the
    file as it was called then, and its blob, None where the page was removed; the proposal that it came with, None in
    the imported past."""

    seq: int
    at: int
    commit: str
    path: str
    blob: str | None
    proposal: int | None = None


class Course:
    """The courses of all pages of one index."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def after(self, page_id: int, seq: int) -> list[Turn]:
        """The revisions of a page after this place in the book of changes, oldest first."""
        query = _TURNS.where(_R.c.page_id == page_id, _R.c.seq > seq).order_by(_R.c.seq)
        with reading(self.engine) as connection:
            return [_turn(row) for row in connection.execute(query)]

    def until(self, page_id: int, seq: int, limit: int) -> list[Turn]:
        """The last so many revisions of a page up to this place in the book of changes, newest first."""
        query = _TURNS.where(_R.c.page_id == page_id, _R.c.seq <= seq).order_by(_R.c.seq.desc()).limit(limit)
        with reading(self.engine) as connection:
            return [_turn(row) for row in connection.execute(query)]

    def wrote(self, page_id: int, seqs: Sequence[int]) -> dict[int, tuple[Person, list[Person]]]:
        """Who made these commits of main, by their places in the book of changes, and which of the authors of a page
        have words that came into force with them: nobody else wrote what they changed in it."""
        found: dict[int, tuple[Person, list[Person]]] = {}
        ours = select(schema.authorship.c.person_id).where(schema.authorship.c.page_id == page_id)
        with reading(self.engine) as connection:
            for at in range(0, len(seqs), SOME):
                some = seqs[at : at + SOME]
                made = select(_L.c.seq, _W.c.name, _W.c.email).join(_W, _W.c.id == _L.c.person_id)
                for row in connection.execute(made.where(_L.c.seq.in_(some))):
                    found[row.seq] = Person(row.name, row.email), []
                theirs = select(_V.c.seq, _W.c.name, _W.c.email).join(_W, _W.c.id == _V.c.person_id)
                theirs = theirs.where(_V.c.person_id.in_(ours), _V.c.seq.in_(some)).order_by(_V.c.seq, _W.c.id)
                for row in connection.execute(theirs):
                    found[row.seq][1].append(Person(row.name, row.email))
        return found

    def landed(self, commit: str) -> bool:
        """Whether this is a commit of main, and not of a branch."""
        with reading(self.engine) as connection:
            return connection.execute(_LANDED, {"commit": commit}).scalar() is not None

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
        query = _TURNS.where(_R.c.page_id == page_id, _R.c.seq.in_(twice))
        with reading(self.engine) as connection:
            return {row.blob: _turn(row) for row in connection.execute(query)}

    def whole_act(self, beginning: str) -> str | None:
        """The act on a proposal whose id begins like this; None where there is none, or more than one."""
        query = select(_A.c.id).where(_A.c.id >= beginning, _A.c.id < beginning + "g").limit(2)
        with reading(self.engine) as connection:
            found = list(connection.execute(query).scalars())
        return str(found[0]) if len(found) == 1 else None


def _turn(row: Any) -> Turn:
    blob = None if row.status == "D" else row.blob
    return Turn(row.seq, row.at, row.id, row.path, blob, row.proposal)
