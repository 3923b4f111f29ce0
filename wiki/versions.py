"""Which version the tables of a database have, and how they come to the newest."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from wiki import postgresql
from wiki.database import expect_version, file_of, migrating, reading, taking_turns
from wiki.model.errors import Refused
from wiki.model.words import N_

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version, once, whoever comes first. `Refused` for a database that a newer
    program has written."""
    known = known_versions()
    if schema_version(engine) != known[-1]:
        _upgrade_where_needed(engine, known)
    expect_version(engine, known[-1])


def _upgrade_where_needed(engine: Engine, known: list[str]) -> None:
    with _one_at_a_time(engine):
        there = schema_version(engine)
        if there is not None and there not in known:
            raise Refused(
                N_("This data directory was written by a newer version of Concord (%(version)s). Please upgrade."),
                version=there,
            )
        if there != known[-1]:
            with migrating(engine) as connection:
                upgrade(connection)


def known_versions() -> list[str]:
    """The versions of the tables, oldest first, as the files of the migrations are called. Alembic is not asked:
    to load it takes fifty milliseconds and ten megabytes, in every process that starts."""
    return sorted(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest version, in a transaction that `migrating` has begun."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def schema_version(engine: Engine) -> str | None:
    """The version of the tables that there are; None where there are none."""
    with reading(engine) as connection:
        return version_in(connection)


def version_in(connection: Connection) -> str | None:
    """The same, as this connection sees it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """A file lock beside an SQLite database, an advisory lock in PostgreSQL; one in memory nobody else has."""
    place = file_of(engine)
    if engine.dialect.name != "sqlite":
        with taking_turns(engine, postgresql.MIGRATION, patience=0):
            yield
        return
    if place is None:
        yield
        return
    with Path(f"{place}.migrating").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
