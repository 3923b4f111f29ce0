"""Whether the index has changed, in microseconds."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, select

from wiki.database import reading
from wiki.index import schema
from wiki.index.upsert import upsert

_KEY = "generation"


class Generation:
    """A number in the index that every write to it raises, in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def now(self) -> str:
        """The number, as text; "" before the first write."""
        with reading(self.engine) as connection:
            value = connection.execute(select(schema.state.c.value).where(schema.state.c.key == _KEY)).scalar()
        return str(value) if value is not None else ""


def raise_generation(connection: Connection) -> None:
    """Say that the index has changed."""
    query = select(schema.state.c.value).where(schema.state.c.key == _KEY)
    value = connection.execute(query).scalar()
    upsert(connection, schema.state, [{"key": _KEY, "value": str(int(value or 0) + 1)}], ("key",), ("value",))
