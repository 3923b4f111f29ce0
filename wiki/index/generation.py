"""Whether the index has changed, in microseconds."""

from __future__ import annotations

from sqlalchemy import Engine, Select, bindparam, select

from wiki.index import schema
from wiki.index.state import EVERY_PAGE, GENERATION
from wiki.kept_query import KeptQuery
from wiki.prepared import Prepared


class Generation:
    """A number in the index that every write to it raises, in the same transaction; and what it was when pages were
    stirred last."""

    def __init__(self, engine: Engine) -> None:
        self._asked, self._every = KeptQuery(engine, _ASKED), KeptQuery(engine, _EVERY)
        self._of_page = KeptQuery(engine, _OF_PAGE)
        self._since = KeptQuery(engine, _SINCE)

    def now(self) -> str:
        """The number, as text; "" before the first write."""
        return str(self._asked.value() or "")

    def of_every_page(self) -> str:
        """The number when every page was stirred: as long as it is the same, so are all their names and titles."""
        return str(self._every.value() or "")

    def of_page(self, path: str) -> tuple[str, int]:
        """Another value whenever something else is shown of the page at this path."""
        found = self._of_page.row(path=path)
        return str(found.every or ""), int(found.own or 0)

    def since(self, generation: str) -> frozenset[str] | None:
        """The pages that were stirred after this number, by their paths; None for every page."""
        if int(self.of_every_page() or 0) > int(generation or 0):
            return None
        return frozenset(row.path for row in self._since.rows(generation=int(generation or 0)))


def _noted(key: str) -> Select[tuple[str]]:
    return select(schema.state.c.value).where(schema.state.c.key == key)


_OWN = select(schema.stirred.c.generation).where(schema.stirred.c.path == bindparam("path"))
_ASKED, _EVERY = Prepared(_noted(GENERATION)), Prepared(_noted(EVERY_PAGE))
_SINCE = Prepared(select(schema.stirred.c.path).where(schema.stirred.c.generation > bindparam("generation")))
_OF_PAGE = Prepared(
    select(_noted(EVERY_PAGE).scalar_subquery().label("every"), _OWN.scalar_subquery().label("own")),
)


def after(generation: str | None) -> str:
    """The number that says that the index has changed since this one."""
    return str(int(generation or 0) + 1)
