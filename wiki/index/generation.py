"""Whether the index has changed, in microseconds."""

from __future__ import annotations

from sqlalchemy import Engine, select

from wiki.index import schema
from wiki.index.state import GENERATION
from wiki.kept_query import KeptQuery


class Generation:
    """A number in the index that every write to it raises, in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self._asked, self._main = (_noted(engine, key) for key in (GENERATION, "main"))

    def now(self) -> str:
        """The number, as text; "" before the first write."""
        return str(self._asked.value() or "")

    def main(self) -> str:
        """The commit of main that is indexed: as long as it is the same, so are all pages. "" before the first."""
        return str(self._main.value() or "")


def _noted(engine: Engine, key: str) -> KeptQuery:
    return KeptQuery(engine, select(schema.state.c.value).where(schema.state.c.key == key))


def after(generation: str | None) -> str:
    """The number that says that the index has changed since this one."""
    return str(int(generation or 0) + 1)
