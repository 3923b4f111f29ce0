"""Rows that may be there already, in the dialect of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table

from wiki.index.upsert import inserting


def keep_first(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those that are not there yet."""
    if rows:
        connection.execute(inserting(connection.dialect.name, table).on_conflict_do_nothing(), list(rows))


def put(connection: Connection, table: Table, row: dict[str, Any], keys: Sequence[str]) -> None:
    """Insert a row, or bring the one that is there to its values."""
    statement = inserting(connection.dialect.name, table).values(**row)
    values = {key: value for key, value in row.items() if key not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))
