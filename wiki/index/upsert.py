"""Insert, or insert and update, in the dialect of the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

Values = tuple[Any, ...]
SOME = 500
"""How many values one statement names."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys in the same order."""
    if rows:
        insert_values(connection, table, tuple(rows[0]), [tuple(row.values()) for row in rows])


def insert_values(connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Insert rows that are the values of these columns in their order."""
    if rows:
        _execute(connection, _inserting(table), columns, rows)


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those rows whose keys are not there yet."""
    if rows:
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(make(table).on_conflict_do_nothing(), list(rows))


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    keys: Sequence[str],
    setting: Sequence[str],
    adding: Sequence[str] = (),
) -> None:
    """Insert rows, which have the same keys in the same order; where ``keys`` exist, set the columns ``setting`` and
    add to the columns ``adding``."""
    if rows:
        values = [tuple(row.values()) for row in rows]
        upsert_values(connection, table, tuple(rows[0]), values, keys, setting, adding)


def upsert_values(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[Values],
    keys: Sequence[str],
    setting: Sequence[str],
    adding: Sequence[str] = (),
) -> None:
    """As `upsert`, with rows that are the values of ``columns`` in their order."""
    if rows:
        statement = _upserting(connection.dialect.name, table, tuple(keys), tuple(setting), tuple(adding))
        _execute(connection, statement, columns, rows)


@lru_cache(256)
def _inserting(table: Table) -> Insert:
    return insert(table)


@lru_cache(256)
def _upserting(
    dialect: str, table: Table, keys: tuple[str, ...], setting: tuple[str, ...], adding: tuple[str, ...]
) -> Insert:
    """The statement, made once: to make one takes as long as to run it."""
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    new = statement.excluded
    values: dict[str, Any] = {column: new[column] for column in setting}
    values |= {column: table.c[column] + new[column] for column in adding}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=values)


def _execute(connection: Connection, statement: Insert, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Rows pass the driver in a third of the time where they are not bound one by one, by name. A driver that takes
    only names gets names."""
    compiled = _in_order(statement, connection.dialect, columns)
    if compiled is not None:
        connection.exec_driver_sql(compiled, list(rows))
    else:
        connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])


@lru_cache(256)
def _in_order(statement: Insert, dialect: Dialect, columns: tuple[str, ...]) -> str | None:
    """The statement for values in the order of the columns; None where the driver takes no such."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    return str(compiled) if compiled.positiontup == list(columns) else None
