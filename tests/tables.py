"""Empty tables in SQLite, made once and copied: all migrations together take longer than most tests."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from wiki.database import open_database
from wiki.versions import migrate


def put_tables(file: Path) -> str:
    """Put a database with empty tables, which are the newest, where there is none yet; its address."""
    file.write_bytes(_tables())
    return f"sqlite:///{file}"


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "wiki.db"
        engine = open_database(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        return file.read_bytes()
