"""Insert, or insert and update, in the dialect of the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Insert, Table, insert

from wiki import prepared

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Values = tuple[Any, ...]
SOME = 500
"""How many values one statement names."""


def inserting(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can be told what to do about rows that are there. Each dialect is loaded where it is in use."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql

        return insert_into_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

    return insert_into_sqlite(table)


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
        values = [tuple(row.values()) for row in rows]
        _execute(connection, _inserting_missing(connection.dialect.name, table), tuple(rows[0]), values)


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
def _inserting_missing(dialect: str, table: Table) -> Insert:
    return inserting(dialect, table).on_conflict_do_nothing()


@lru_cache(256)
def _upserting(
    dialect: str, table: Table, keys: tuple[str, ...], setting: tuple[str, ...], adding: tuple[str, ...]
) -> Insert:
    """The statement, made once: to make one takes as long as to run it."""
    statement = inserting(dialect, table)
    new = statement.excluded
    values: dict[str, Any] = {column: new[column] for column in setting}
    values |= {column: table.c[column] + new[column] for column in adding}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=values)


def _execute(connection: Connection, statement: Insert, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Rows pass the driver in a third of the time where they are not bound one by one, by name, and the statement is
    not looked up by its parts. A driver that takes only names gets names."""
    text = _in_order(connection.dialect, statement, columns)
    if text is None:
        connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])
    elif len(rows) > 1:
        prepared.say_many(connection, text, rows)
    else:
        prepared.say(connection, text, rows[0])


_texts: dict[tuple[str, Insert, tuple[str, ...]], str | None] = {}


def _in_order(dialect: Dialect, statement: Insert, columns: tuple[str, ...]) -> str | None:
    """The statement for values in the order of the columns; None where the driver takes no such. Made once."""
    key = dialect.driver, statement, columns
    if key not in _texts:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        _texts[key] = str(compiled) if compiled.positiontup == list(columns) else None
    return _texts[key]
