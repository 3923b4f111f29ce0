"""Rows carried from one database into another, of whichever kind: all but the index, which is made again from git.

Called by `wiki.archive`, where SQL is a file of SQLite whatever it was before. So an archive of a wiki on PostgreSQL
can be restored without a server, and one of SQLite into PostgreSQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, LargeBinary, Table, insert, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from wiki.database import metadata, migrating, open_database, reading, writing
from wiki.index.schema import INDEX_TABLES
from wiki.model.errors import Damaged, Refused
from wiki.model.trouble import in_words
from wiki.model.words import N_
from wiki.versions import known_versions, migrate, upgrade, version_in

_ROWS_AT_ONCE = 500
_FILES_AT_ONCE = 4
"""Rows that hold a file may be large."""
_ROOM = text("SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0) FROM unnest(:names) AS name")


def kept_tables() -> list[Table]:
    """What is not made again from git, those first that others refer to."""
    return [table for table in metadata.sorted_tables if table not in INDEX_TABLES]


def room_for_rows(engine: Engine) -> int:
    """About how many bytes the rows take that `carry_out` copies."""
    with reading(engine) as connection:
        return int(connection.execute(_ROOM, {"names": [f'"{table.name}"' for table in kept_tables()]}).scalar_one())


def carry_out(engine: Engine, file: Path) -> str:
    """Copy the rows of a database on a server, as they are at one moment, into a new file of SQLite, whose owner alone
    may read it, and sync it; the version of its tables. Others go on writing meanwhile."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    target = open_database(f"sqlite:///{file}", durable=False)
    try:
        with reading(engine) as source:
            version = _version_of_today(source)
            migrate(target)
            with writing(target) as connection:
                _carry(source, connection)
    finally:
        target.dispose()
    with file.open("rb+") as written:
        os.fsync(written.fileno())
    return version


def _version_of_today(connection: Connection) -> str:
    there = version_in(connection)
    if there is None:
        raise Refused(N_("There is no wiki in the database that “database_url” leads to."))
    check_of_today(there)
    return there


def check_of_today(there: str) -> None:
    """`Refused` for tables of another version than this program writes: no archive is made of them."""
    known = known_versions()[-1]
    if there != known:
        raise Refused(
            N_("The tables in the database are of version %(there)s, and this Concord knows %(known)s: make the "
               "archive with the Concord that serves."), there=there, known=known,
        )  # fmt: skip


def check_empty(engine: Engine) -> None:
    """`Refused` where a wiki, or anything else, is in the database already."""
    with reading(engine) as connection:
        _check_empty(connection)


def _check_empty(connection: Connection) -> None:
    there = sorted(inspect(connection).get_table_names())
    if there:
        raise Refused(
            N_("The database that “database_url” leads to has tables already (%(tables)s). A wiki is restored into an "
               "empty one only: make one with createdb."), tables=", ".join(there[:3]) + (" …" if there[3:] else ""),
        )  # fmt: skip


@contextmanager
def carried_in(file: Path, engine: Engine) -> Iterator[None]:
    """Have the rows of a file of SQLite, whose tables are those of today, in an empty database on a server from the
    end of the block on. All is done in one transaction, the tables too: where the block fails, the database is as empty
    as it was."""
    source = open_database(f"sqlite:///{file}")
    try:
        with reading(source) as rows, migrating(engine) as connection:
            _check_empty(connection)
            upgrade(connection)
            try:
                _carry(rows, connection)
            except (IntegrityError, DataError) as error:
                why = in_words(getattr(error, "orig", None) or error)
                raise Damaged(N_("The database in this archive cannot be read: %(why)s"), why=why) from error
            _count_on(connection)
            yield
    finally:
        source.dispose()


def _carry(source: Connection, target: Connection) -> None:
    for table in kept_tables():
        large = any(isinstance(column.type, LargeBinary) for column in table.columns)
        query = select(table).order_by(*table.primary_key or table.columns)
        found = source.execute(query, execution_options={"yield_per": _FILES_AT_ONCE if large else _ROWS_AT_ONCE})
        for some in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])


def _count_on(connection: Connection) -> None:
    """Have new rows get numbers after those that are there."""
    for table in kept_tables():
        column = table.autoincrement_column
        if column is not None:
            place = f"pg_get_serial_sequence('\"{table.name}\"', '{column.name}')"
            highest = f'SELECT max("{column.name}") AS it FROM "{table.name}"'  # noqa: S608 - names of ours
            connection.exec_driver_sql(f"SELECT setval({place}, it) FROM ({highest}) AS highest WHERE it IS NOT NULL")  # noqa: S608


def on_a_server(engine: Engine) -> bool:
    """Whether a database is elsewhere than in a file."""
    return engine.dialect.name != "sqlite"
