"""What the index says of itself: with what it is in step, and which version of this room wrote it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from wiki.index import schema
from wiki.index.upsert import upsert

INDEX_VERSION = "9"


def get(connection: Connection, key: str = "main") -> str | None:
    """What is noted under a key: ``main`` (the commit that was indexed last), ``version``, ``generation``."""
    value = connection.execute(select(schema.state.c.value).where(schema.state.c.key == key)).scalar()
    return str(value) if value is not None else None


def put(connection: Connection, key: str, value: str) -> None:
    """Note it."""
    upsert(connection, schema.state, [{"key": key, "value": value}], ("key",), ("value",))
