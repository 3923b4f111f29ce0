"""Whether the index has changed, in microseconds."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from wiki.database import KeptQuery
from wiki.index import schema
from wiki.index.state import get, put

_KEY = "generation"


class Generation:
    """A number in the index that every write to it raises, in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self._asked = KeptQuery(engine, f"SELECT value FROM {schema.state.name} WHERE key = '{_KEY}'")  # noqa: S608

    def now(self) -> str:
        """The number, as text; "" before the first write."""
        return str(self._asked.value() or "")


def raise_generation(connection: Connection) -> None:
    """Say that the index has changed."""
    put(connection, _KEY, str(int(get(connection, _KEY) or 0) + 1))
