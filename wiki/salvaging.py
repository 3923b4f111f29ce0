"""Saving what can still be read of a damaged SQLite database into a new one. The index is left out: git has it.

Called by `wiki salvage`, while nothing serves. The damaged file is kept beside the new one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from wiki.assembly import open_wiki
from wiki.database import file_of, open_database, own_tables
from wiki.index.schema import INDEX_TABLES
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.settings import Settings
from wiki.versions import migrate


@dataclass(frozen=True)
class Saved:
    """How many rows of a table were saved, and whether all of it could be read."""

    table: str
    rows: int
    whole: bool


def salvage(settings: Settings) -> list[Saved]:
    """Put a new database in the place of a damaged one, with every row that can be read; then the index is made."""
    place = file_of(open_database(settings.database_url))
    if place is None or not place.exists():
        raise Refused(N_("There is no SQLite database to save anything of."))
    anew = Path(f"{place}.salvaged")
    _remove(anew)
    engine = open_database(f"sqlite:///{anew}")
    migrate(engine)
    engine.dispose()
    tables = [name for name in own_tables() if name not in {table.name for table in INDEX_TABLES}]
    with closing(sqlite3.connect(place)) as old, closing(sqlite3.connect(anew)) as new:
        saved = [_save(old, new, table) for table in tables]
        if not any(each.rows for each in saved):
            _remove(anew)
            raise Refused(N_("Nothing of %(path)s can be read. Please restore a backup."), path=place)
        new.commit()
        new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place.replace(f"{place}.damaged")
    for suffix in ("-wal", "-shm"):
        Path(f"{place}{suffix}").unlink(missing_ok=True)
    anew.replace(place)
    _remove(anew)
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.engine.dispose()
    wiki.repository.store.close()
    return saved


def _save(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> Saved:
    columns = [row[1] for row in new.execute(f'PRAGMA table_info("{table}")')]
    listed = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("?" * len(columns))
    count, whole = 0, True
    try:
        for row in _rows(old, f'SELECT {listed} FROM "{table}"'):  # noqa: S608 - names of ours
            new.execute(f'INSERT OR REPLACE INTO "{table}" ({listed}) VALUES ({places})', row)  # noqa: S608
            count += 1
    except sqlite3.DatabaseError:
        whole = False
    return Saved(table, count, whole)


def _rows(old: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    yield from old.execute(query)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".migrating"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
