"""The one place that opens SQL: engines, transactions, migrations.

SQLite runs in WAL with ``synchronous=FULL``; a write begins with ``BEGIN IMMEDIATE``, because a transaction that
asks for the lock late finds it taken. Errors of the database become `Unavailable` here and nowhere else.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import sqlite3
import threading
from collections import namedtuple
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Connection, Engine, MetaData, Select, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from wiki.model.errors import Refused, Unavailable
from wiki.model.trouble import in_words
from wiki.model.words import N_

BUSY_SECONDS = 10
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"

Database = Engine
"""An engine, for rooms that only pass it on."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def open_database(url: str, *, durable: bool = True) -> Engine:
    """An engine for this address. Connections are kept and used again, by one thread at a time, and left behind
    over a fork. What is not ``durable`` may lose what was written last when the power fails, and is whole all the same.
    `Refused` for an address that leads to no database."""
    try:
        sqlite = make_url(url).get_backend_name() == "sqlite"
        waiting = {"timeout": BUSY_SECONDS, "check_same_thread": False}
        options: dict[str, Any] = {"connect_args": waiting} if sqlite else {"pool_pre_ping": True}
        engine = create_engine(url, **options)
    except (ArgumentError, ImportError, ValueError) as error:
        raise Refused(N_("The setting “database_url” leads to no database: %(why)s"), why=error) from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite if durable else _prepare_sqlite_for_much)
        event.listen(engine, "begin", _begin_sqlite)
    _opened.add(engine)
    return engine


_opened: WeakSet[Engine] = WeakSet()


def _leave_connections_behind() -> None:
    for engine in _opened:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_connections_behind)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_sqlite_for_much(connection: Any, record: object) -> None:
    _prepare_sqlite(connection, record)
    for pragma in ("synchronous=NORMAL", "wal_autocheckpoint=20000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database."""
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise _unavailable(error) from error


@contextmanager
def writing(engine: Engine, *, heals: bool = False, waits: bool = True) -> Iterator[Connection]:
    """A transaction that holds the right to write from its beginning, and commits at its end. What ``heals`` may be
    lost when the power fails, because it is made again from elsewhere; nobody waits for the disk then. What does not
    wait is `Unavailable` where somebody else is writing just now: nobody who only reads is to stand in that line."""
    try:
        with (
            engine.connect().execution_options(writes=True) as connection,
            _unsynced(connection, heals),
            _impatient(connection, not waits),
            connection.begin(),
        ):
            if engine in _migrated:
                _check_version(connection)
            yield connection
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        raise _unavailable(error) from error


@contextmanager
def _unsynced(connection: Connection, unsynced: bool) -> Iterator[None]:
    """In SQLite, have a commit be whole but not yet on the disk. The next that is synced takes it along."""
    if not unsynced or connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous=FULL")


@contextmanager
def _impatient(connection: Connection, impatient: bool) -> Iterator[None]:
    """In SQLite, have a transaction not wait for another to end."""
    if not impatient or connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for any other."""
    place = engine.url.database
    return Path(place) if engine.dialect.name == "sqlite" and place and place != ":memory:" else None


@contextmanager
def attached(engine: Engine, file: Path, name: str) -> Iterator[Connection]:
    """As `writing`, with another SQLite database at hand under a name."""
    try:
        with engine.connect().execution_options(writes=True) as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("ATTACH DATABASE ? AS ?", (str(file), name))
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("DETACH DATABASE ?", (name,))
    except IntegrityError:
        raise
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        raise _unavailable(error) from error


def copy_into(engine: Engine, file: Path) -> None:
    """Copy an SQLite database as it is at one moment into a new file, whose owner alone may read it, and sync it.
    Others go on writing meanwhile. Not by ``VACUUM INTO``, which may number rows anew under the indexes of texts."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with engine.connect() as connection, closing(sqlite3.connect(file)) as target:
            driver: Any = connection.connection.driver_connection
            driver.backup(target)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _unavailable(error) from error
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def own_tables() -> list[str]:
    """The names of all tables that rooms of the wiki have described, those that others refer to first."""
    return [table.name for table in metadata.sorted_tables]


def damage(engine: Engine) -> list[str]:
    """What SQLite finds wrong with its own file, a line each; nothing for any other database."""
    if engine.dialect.name != "sqlite":
        return []
    try:
        with engine.connect() as connection:
            said = [str(line) for line in connection.exec_driver_sql("PRAGMA quick_check(20)").scalars()]
    except SQLAlchemyError as error:
        return [str(getattr(error, "orig", None) or error)]
    return [] if said == ["ok"] else said


class _Kept(threading.local):
    """The connection of one thread of one process that is kept for small questions."""

    connection: Any = None
    process = 0
    number = 0


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_numbers = itertools.count(1)


class KeptQuery:
    """One statement that is asked again and again, on a connection that each thread keeps for such questions.

    Beside a query through SQLAlchemy, which takes about a hundred microseconds, this takes about five. Values come as
    the driver gives them. What has parameters is a `Select` with bound parameters of these names; it has one answer.
    """

    def __init__(self, engine: Engine, statement: str | Select[Any]) -> None:
        self.engine = engine
        self._kept = _kept.setdefault(engine, _Kept())
        self._compiled: Any = None
        if isinstance(statement, str):
            self.statement = statement
        else:
            self._compiled = statement.compile(dialect=engine.dialect, compile_kwargs={"render_postcompile": True})
            self.statement = str(self._compiled)
            self._row = _named(statement.selected_columns.keys())

    def value(self, **parameters: object) -> Any:
        """The first column of the answer, or None."""
        found = self._ask(parameters)
        return found[0] if found is not None else None

    def row(self, **parameters: object) -> Any:
        """The answer by the names of its columns, or None."""
        found = self._ask(parameters)
        return self._row._make(found) if found is not None else None

    def _ask(self, parameters: Mapping[str, object]) -> Any:
        bound: Any = ()
        if self._compiled is not None:
            values = self._compiled.construct_params(parameters)
            bound = [values[name] for name in self._compiled.positiontup] if self._compiled.positional else values
        try:
            found = self._connection().execute(self.statement, bound).fetchmany(2)
        except Exception as error:
            self._kept.connection = None
            if isinstance(error, self.engine.dialect.loaded_dbapi.Error):
                raise Unavailable(N_("The database cannot be used just now: %(why)s"), why=in_words(error)) from error
            raise
        return found[0] if found else None

    def _connection(self) -> Any:
        kept = self._kept
        if kept.connection is None or kept.process != os.getpid():
            told, named = self.engine.dialect.create_connect_args(self.engine.url)
            connection: Any = self.engine.dialect.connect(*told, **named)
            if self.engine.dialect.name == "sqlite":
                _prepare_sqlite(connection, None)
            else:
                connection.autocommit = True
            kept.connection, kept.process, kept.number = connection, os.getpid(), next(_numbers)
        return kept.connection


def _named(columns: Iterable[str]) -> Any:
    return namedtuple("_row", columns, rename=True)


class Pulse(KeptQuery):
    """Whether anything in the database has changed at all, by whichever process, in two microseconds."""

    def __init__(self, engine: Engine) -> None:
        sqlite = engine.dialect.name == "sqlite"
        super().__init__(engine, "PRAGMA data_version" if sqlite else "SELECT pg_current_snapshot()::text")

    def now(self) -> Hashable:
        """As long as this is the same, each query gives the same. SQLite counts the commits of others, for each
        connection by itself; of PostgreSQL it is which transactions are over."""
        value: Hashable = self.value()
        return self._kept.number, value


def _unavailable(error: Exception) -> Unavailable:
    why = getattr(error, "orig", None) or error
    return Unavailable(N_("The database cannot be used just now: %(why)s"), why=in_words(why))


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version, once, whoever comes first. `Refused` for a database that a newer
    program has written."""
    known = known_versions()
    if schema_version(engine) != known[-1]:
        _upgrade_where_needed(engine, known)
    _migrated.add(engine)


_migrated: WeakSet[Engine] = WeakSet()
"""What is written into only while its tables are those that this program knows."""


def _check_version(connection: Connection) -> None:
    there = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if there != _known_version():
        raise Unavailable(
            N_("a newer version of Concord (%(version)s) has been started here, and this one writes no more. "
               "Whoever runs this wiki must restart it."), version=there or "",
        )  # fmt: skip


@cache
def _known_version() -> str:
    return known_versions()[-1]


def _upgrade_where_needed(engine: Engine, known: list[str]) -> None:
    with _one_at_a_time(engine):
        there = schema_version(engine)
        if there is not None and there not in known:
            raise Refused(
                N_("This data directory was written by a newer version of Concord (%(version)s). Please upgrade."),
                version=there,
            )
        if there != known[-1]:
            _upgrade(engine)


def known_versions() -> list[str]:
    """The versions of the tables, oldest first, as the files of the migrations are called. Alembic is not asked:
    to load it takes fifty milliseconds and ten megabytes, in every process that starts."""
    return sorted(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def schema_version(engine: Engine) -> str | None:
    """The version of the tables that there are; None where there are none."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found is not None else None


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """A file lock beside an SQLite database; elsewhere the migration's own transaction has to do."""
    place = file_of(engine)
    if place is None:
        yield
        return
    with Path(f"{place}.migrating").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
