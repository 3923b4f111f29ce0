"""The file of an SQLite database while a wiki has it open: not made again where somebody removes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError


class SQLiteFile:
    """A file of SQLite that stays. SQLite makes one where there is none; one that was there is never made again: it
    would be empty, and nobody told. A connection to a file that somebody has removed or replaced is not used again."""

    def __init__(self, place: Path, told: Mapping[str, Any]) -> None:
        self.place = place
        self.told = told
        self.was_there = False

    @classmethod
    def at(cls, url: str, told: Mapping[str, Any]) -> SQLiteFile | None:
        """None where the address says more than which file it is."""
        address = make_url(url)
        plain = address.database and address.database != ":memory:" and not address.query
        return cls(Path(address.database or ""), told) if plain else None

    def open(self) -> sqlite3.Connection:
        """A new connection."""
        return connect(self.place, "rw" if self.was_there else "rwc", **self.told)

    def remember(self, _connection: object, record: Any) -> None:
        """Which file it is that was opened."""
        record.info["file"] = self._identity()
        self.was_there = True

    def look(self, _connection: object, record: Any, _used: object) -> None:
        """Have another connection be opened where the file is another one by now."""
        if record.info["file"] != self._identity():
            raise DisconnectionError(f"{self.place} is gone, or another one")

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self.place.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino


def connect(place: Path, mode: str, **told: Any) -> sqlite3.Connection:
    """A connection of the driver's own: ``rw`` where there is a file, ``rwc`` makes one where there is none."""
    opened: sqlite3.Connection = sqlite3.connect(f"{place.absolute().as_uri()}?mode={mode}", uri=True, **told)
    return opened
