"""Which pages in force ask to be looked at again, and by when.

Read from `schema.review`, where `catch_up` keeps the day that each page names. A question costs as much as there are
pages that are due, or fewer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select, func, select

from wiki.database import reading
from wiki.index import schema
from wiki.index.contents import TEMPLATES
from wiki.model.acts import Person
from wiki.repository import Repository

_P, _V, _A, _W = schema.page, schema.review, schema.authorship, schema.person


@dataclass(frozen=True)
class Due:
    """A page that asks to be looked at again by a day (as 2026-05-31)."""

    id: int
    name: str
    review_by: str

    @property
    def folder(self) -> str:
        """The topmost folder that it is in; "" for none."""
        return self.name.partition("/")[0] if "/" in self.name else ""


@dataclass(frozen=True)
class Told:
    """What else is told of it: its title, when it was last revised (unix seconds) and by whom, where that is known."""

    title: str
    revised_at: int
    author: Person | None


class Reviews:
    """What the index knows of pages that are due."""

    def __init__(self, engine: Engine, repository: Repository) -> None:
        self.engine = engine
        self.repository = repository

    def due(self, until: str, by: str | None = None) -> list[Due]:
        """The pages to be looked at again until a day, that one included, those first that have waited longest; only
        those on which somebody wrote (by `Person.key`) where that is asked."""
        query = self._due(until, by, select(_P.c.id, _P.c.name, _V.c.review_by))
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(_V.c.review_by, _P.c.name)).all()
        return [Due(row.id, row.name, row.review_by) for row in rows]

    def told(self, pages: Sequence[int]) -> dict[int, Told]:
        """What is told of some of them, by the row of the page."""
        query = select(_P.c.id, _P.c.title, _P.c.provenance).where(_P.c.id.in_(pages))
        found = {}
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                told = json.loads(row.provenance)
                author = next((Person(*who) for who in told.get("changed_by", [])), None)
                found[row.id] = Told(row.title, told.get("at", 0), author)
        return found

    def count(self, until: str, by: str) -> int:
        """How many of them somebody wrote on."""
        with reading(self.engine) as connection:
            return connection.execute(self._due(until, by, select(func.count()))).scalar() or 0

    def _due(self, until: str, by: str | None, what: Select[Any]) -> Select[Any]:
        query = what.select_from(_V.join(_P, _P.c.id == _V.c.page_id))
        templates = func.substr(_P.c.name, 1, len(TEMPLATES) + 1) == f"{TEMPLATES}/"
        query = query.where(_V.c.review_by <= until, _P.c.in_force, _P.c.is_page, ~templates)
        if by is None:
            return query
        wrote = select(_A.c.page_id).join(_W, _W.c.id == _A.c.person_id)
        return query.where(_P.c.id.in_(wrote.where(_W.c.key.in_(self.repository.identities.keys(by)))))
