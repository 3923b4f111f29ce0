"""What the index says of itself: with what it is in step, and which version of this room wrote it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select

from wiki.index import schema
from wiki.index.upsert import upsert
from wiki.prepared import Prepared

INDEX_VERSION = "13"
GENERATION = "generation"
EVERY_PAGE = "stirred"
"""The generation at which something else was last shown of every page, see `wiki.index.stirred`."""
_EVERYTHING = Prepared(select(schema.state))
_ONE = Prepared(select(schema.state.c.value).where(schema.state.c.key == bindparam("noted")))


def get(connection: Connection, key: str = "main") -> str | None:
    """What is noted under a key: ``main`` (the commit that was indexed last), ``version``, ``generation``."""
    value = _ONE.value(connection, noted=key)
    return str(value) if value is not None else None


def everything(connection: Connection) -> dict[str, str]:
    """All that is noted."""
    return {row.key: row.value for row in _EVERYTHING.rows(connection)}


def put(connection: Connection, key: str, value: str) -> None:
    """Note it."""
    put_all(connection, {key: value})


def put_all(connection: Connection, values: Mapping[str, str]) -> None:
    """Note all of these."""
    rows = [{"key": key, "value": value} for key, value in values.items()]
    upsert(connection, schema.state, rows, ("key",), ("value",))
