"""Rows that may be there already, in the dialect of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table

from wiki.index.upsert import insert_missing, upsert


def keep_first(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those that are not there yet."""
    insert_missing(connection, table, rows)


def put(connection: Connection, table: Table, row: dict[str, Any], keys: Sequence[str]) -> None:
    """Insert a row, or bring the one that is there to its values."""
    upsert(connection, table, [row], keys, [key for key in row if key not in keys])
