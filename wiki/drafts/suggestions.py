"""Suggestions: other words for a page of a proposal, given to its authors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select, update

from wiki.database import reading, writing
from wiki.drafts.schema import suggestion
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_

MOST_OPEN = 50


class Fate(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Suggestion:
    """The whole text of one page as somebody would have it. ``change`` is the act whose text they began from;
    ``note`` says why, ``answer`` what an author said to it. Times in unix seconds."""

    id: int
    n: int
    change: str
    who: Person
    note: str
    path: str
    text: str
    fate: Fate
    answer: str
    made_at: int
    decided_at: int | None


class Suggestions:
    """All suggestions of one wiki."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def make(self, n: int, change: str, who: Person, path: str, text: str, note: str, now: int) -> int:
        """Suggest another text; its number. Suggesting the same twice makes one."""
        table = suggestion
        values = {"n": n, "change": change, "name": who.name, "email": who.email, "path": path, "text": text,
                  "note": note}  # fmt: skip
        with writing(self.engine) as connection:
            same = [table.c[key] == value for key, value in values.items()]
            there = connection.execute(select(table.c.id).where(*same, table.c.fate == Fate.OPEN)).scalar()
            if there is not None:
                return int(there)
            have = connection.execute(select(func.count()).where(table.c.n == n, table.c.fate == Fate.OPEN)).scalar()
            if (have or 0) >= MOST_OPEN:
                raise Refused(
                    N_("There are %(most)s open suggestions already. Please let the authors answer first."),
                    most=MOST_OPEN,
                )
            values |= {"fate": Fate.OPEN.value, "answer": "", "made_at": now}
            key = connection.execute(insert(table).values(**values)).inserted_primary_key
        assert key is not None  # noqa: S101 - the insert has just succeeded
        return int(key[0])

    def of(self, n: int) -> list[Suggestion]:
        """The suggestions for a proposal, oldest first."""
        query = select(suggestion).where(suggestion.c.n == n).order_by(suggestion.c.id).limit(500)
        with reading(self.engine) as connection:
            return [_suggestion(row) for row in connection.execute(query)]

    def by(self, emails: Sequence[str]) -> list[Suggestion]:
        """What somebody suggested under any of these addresses, oldest first."""
        query = select(suggestion).where(suggestion.c.email.in_(emails)).order_by(suggestion.c.id)
        with reading(self.engine) as connection:
            return [_suggestion(row) for row in connection.execute(query)]

    def after(self, number: int, limit: int) -> list[Suggestion]:
        """The suggestions for any proposal that were made after this one, oldest first."""
        query = select(suggestion).where(suggestion.c.id > number).order_by(suggestion.c.id).limit(limit)
        with reading(self.engine) as connection:
            return [_suggestion(row) for row in connection.execute(query)]

    def last(self) -> int:
        """The number of the last suggestion; 0 where there is none."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.max(suggestion.c.id))).scalar() or 0

    def get(self, n: int, number: int) -> Suggestion:
        """One suggestion; `NotFound` where the proposal has none of this number."""
        query = select(suggestion).where(suggestion.c.n == n, suggestion.c.id == number)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(N_("There is no such suggestion."))
        return _suggestion(row)

    def decide(self, n: int, numbers: Iterable[int], fate: Fate, now: int, answer: str = "") -> int:
        """Close open suggestions; how many were still open."""
        own = suggestion.c.n == n, suggestion.c.id.in_(list(numbers)), suggestion.c.fate == Fate.OPEN
        values = {"fate": fate.value, "decided_at": now, "answer": answer}
        with writing(self.engine) as connection:
            return connection.execute(update(suggestion).where(*own).values(**values)).rowcount


def _suggestion(row: Row[Any]) -> Suggestion:
    return Suggestion(
        id=row.id,
        n=row.n,
        change=row.change,
        who=Person(row.name, row.email),
        note=row.note,
        path=row.path,
        text=row.text,
        fate=Fate(row.fate),
        answer=row.answer,
        made_at=row.made_at,
        decided_at=row.decided_at,
    )
