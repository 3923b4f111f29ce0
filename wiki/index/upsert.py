"""Insert or update, in the dialect of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    keys: Sequence[str],
    setting: Sequence[str],
    adding: Sequence[str] = (),
) -> None:
    """Insert rows; where ``keys`` exist, set the columns ``setting`` and add to the columns ``adding``."""
    if not rows:
        return
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    new = statement.excluded
    values: dict[str, Any] = {column: new[column] for column in setting}
    values |= {column: table.c[column] + new[column] for column in adding}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values), list(rows))
