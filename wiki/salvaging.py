"""Saving what can still be read of a damaged SQLite database into a new one. The index is left out: git has it.

Called by `wiki salvage`, while nothing serves: it is refused while anybody has the database open. The damaged file is
kept beside the new one, under a name that nothing has yet.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from wiki.assembly import open_wiki
from wiki.database import file_of, open_database, own_tables
from wiki.index.schema import INDEX_TABLES
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.settings import Settings
from wiki.versions import migrate

_PATIENCE = 2
"""For how many seconds somebody who has the database open is waited for."""


@dataclass(frozen=True)
class Saved:
    """How many rows of a table were saved, and whether all of it could be read."""

    table: str
    rows: int
    whole: bool


@dataclass(frozen=True)
class Salvaged:
    """What was saved, and where the damaged file lies by now."""

    tables: tuple[Saved, ...]
    damaged: Path


def salvage(settings: Settings) -> Salvaged:
    """Put a new database in the place of a damaged one, with every row that can be read; then the index is made.
    `Refused` where nothing is damaged."""
    place = file_of(open_database(settings.database_url))
    if place is None or not place.exists():
        raise Refused(N_("There is no SQLite database to save anything of."))
    anew = Path(f"{place}.salvaged")
    with _alone(place) as old:
        if _is_whole(old):
            raise Refused(N_("Nothing is damaged in %(path)s, and it stays as it is."), path=place)
        saved = _save_all(old, anew, place)
    damaged = _put_aside(place)
    anew.replace(place)
    _remove(anew)
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.engine.dispose()
    wiki.repository.store.close()
    return Salvaged(saved, damaged)


@contextmanager
def _alone(place: Path) -> Iterator[sqlite3.Connection]:
    """A connection while nobody else has one. Each that has read anything holds a lock on the file until it is closed,
    and one that wants the file for itself cannot be had meanwhile."""
    with closing(sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise Refused(N_("%(path)s is in use. Stop the wiki, then try again."), path=place) from error
        yield connection


def _is_whole(old: sqlite3.Connection) -> bool:
    """Whether SQLite finds nothing wrong, and there is anything at all."""
    try:
        said = old.execute("PRAGMA integrity_check(1)").fetchall()
        return said == [("ok",)] and old.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def _save_all(old: sqlite3.Connection, anew: Path, place: Path) -> tuple[Saved, ...]:
    _remove(anew)
    engine = open_database(f"sqlite:///{anew}")
    migrate(engine)
    engine.dispose()
    tables = [name for name in own_tables() if name not in {table.name for table in INDEX_TABLES}]
    with closing(sqlite3.connect(anew)) as new:
        saved = tuple(_save(old, new, table) for table in tables)
        if not any(each.rows for each in saved):
            _remove(anew)
            raise Refused(N_("Nothing of %(path)s can be read. Please restore a backup."), path=place)
        new.commit()
        new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return saved


def _put_aside(place: Path) -> Path:
    """Give a database a name that nothing has, with its log where SQLite has left one; ``place`` is to be replaced."""
    for nth in count(1):
        damaged = Path(f"{place}.damaged{nth if nth > 1 else ''}")
        if not any(os.path.lexists(f"{damaged}{suffix}") for suffix in ("", "-wal")):
            break
    try:
        damaged.hardlink_to(place)
    except OSError:  # a file system without links
        place.rename(damaged)
    if Path(f"{place}-wal").exists():
        Path(f"{place}-wal").rename(f"{damaged}-wal")
    Path(f"{place}-shm").unlink(missing_ok=True)
    return damaged


def _save(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> Saved:
    columns = [row[1] for row in new.execute(f'PRAGMA table_info("{table}")')]
    listed = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("?" * len(columns))
    rows, whole = 0, True
    try:
        for row in _rows(old, f'SELECT {listed} FROM "{table}"'):  # noqa: S608 - names of ours
            new.execute(f'INSERT OR REPLACE INTO "{table}" ({listed}) VALUES ({places})', row)  # noqa: S608
            rows += 1
    except sqlite3.DatabaseError:
        whole = False
    return Saved(table, rows, whole)


def _rows(old: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    yield from old.execute(query)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".migrating"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
