"""Whether the index has changed, in microseconds."""

from __future__ import annotations

from sqlalchemy import Engine

from wiki.database import KeptQuery
from wiki.index import schema
from wiki.index.state import GENERATION


class Generation:
    """A number in the index that every write to it raises, in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self._asked = KeptQuery(engine, f"SELECT value FROM {schema.state.name} WHERE key = '{GENERATION}'")  # noqa: S608

    def now(self) -> str:
        """The number, as text; "" before the first write."""
        return str(self._asked.value() or "")


def after(generation: str | None) -> str:
    """The number that says that the index has changed since this one."""
    return str(int(generation or 0) + 1)
