"""Where an index is made anew: beside the one that serves, under a name of its own.

In SQLite that is a file, which is attached when it is whole; until then nobody waits for the disk. In PostgreSQL it is
a schema of the same database. Both can be gone on with after a kill, and in both the rows take the place of the old
ones in one transaction, so that who reads sees one index or the other.
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from wiki import postgresql
from wiki.database import attached, beside_in_schema, file_of, open_database, reading, taking_turns, writing

NAME = "anew"
_STARTED = Path("/proc/sys/kernel/random/boot_id")


class Beside(Protocol):
    """A place for an index."""

    def alone(self) -> AbstractContextManager[None]:
        """One at a time: who comes second waits, and makes it again."""

    def exists(self) -> bool:
        """Whether something is there."""

    def keeper(self) -> str:
        """Who keeps what is written there: under another name than when it was begun, it may be spoilt."""

    def open(self) -> Engine:
        """An engine for what is there, the tables being called as they always are."""

    def attached(self) -> AbstractContextManager[Connection]:
        """A transaction over the index that serves, with the tables of this one at hand under `NAME`."""

    def remove(self) -> None:
        """Away with it."""


def beside(engine: Engine) -> Beside:
    """The place beside an index."""
    file = file_of(engine)
    return InFile(engine, file.with_name(f"{file.name}.{NAME}")) if file is not None else InSchema(engine)


class InFile:
    """An SQLite database of its own."""

    def __init__(self, engine: Engine, place: Path) -> None:
        self.engine = engine
        self.place = place

    @contextmanager
    def alone(self) -> Iterator[None]:
        with Path(f"{self.place}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def exists(self) -> bool:
        return self.place.exists()

    def keeper(self) -> str:
        """The machine since it was started; as if it were another each time where it does not say."""
        try:
            return _STARTED.read_text("ascii").strip()
        except OSError:
            return secrets.token_hex()

    def open(self) -> Engine:
        return open_database(f"sqlite:///{self.place}", durable=False)

    def attached(self) -> AbstractContextManager[Connection]:
        return attached(self.engine, self.place, NAME)

    def remove(self) -> None:
        for end in ("", "-journal", "-wal", "-shm"):
            Path(f"{self.place}{end}").unlink(missing_ok=True)


class InSchema:
    """A schema of the same database in PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def alone(self) -> AbstractContextManager[None]:
        return taking_turns(self.engine, postgresql.REBUILD, patience=0)

    def exists(self) -> bool:
        with reading(self.engine) as connection:
            return bool(connection.exec_driver_sql(f"SELECT to_regclass('{NAME}.index_state')").scalar())

    def keeper(self) -> str:
        """The server, which keeps it whole by itself."""
        return ""

    def open(self) -> Engine:
        with writing(self.engine, heals=True) as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {NAME}")
        return beside_in_schema(self.engine, NAME)

    def attached(self) -> AbstractContextManager[Connection]:
        return writing(self.engine, heals=True)

    def remove(self) -> None:
        with writing(self.engine, heals=True) as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {NAME} CASCADE")
