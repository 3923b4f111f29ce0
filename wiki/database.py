"""The one place that opens SQL: engines and transactions.

SQLite runs in WAL with ``synchronous=FULL``; a write begins with ``BEGIN IMMEDIATE``, because a transaction that
asks for the lock late finds it taken. In PostgreSQL a write begins with an advisory lock for the same reason, one for
the index and one for everything else, and sees what is committed; who reads sees one snapshot. Errors of the database
become `Unavailable` here and nowhere else.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from wiki import postgresql
from wiki.model.errors import Refused, Unavailable
from wiki.model.trouble import in_words
from wiki.model.words import N_
from wiki.postgresql import BUSY_SECONDS
from wiki.sqlite_file import SQLiteFile, connect

_NAP = 60, 400
"""For how many microseconds who waits for the right to write lets others go on: at least and at most."""
_LOG = 4_000
"""So many pages stand in the log of SQLite before somebody who writes has them put into their places and waits for the
disk twice: an act writes some forty, most of them the same as the last."""
_ADDING, _REPLACING = 32_768, 65_536
"""How many KiB of a file are kept in memory at most where much is added to it, or put in the place of what was there:
what leaves it early is written again."""

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
    over a fork. What is not ``durable`` is whole after a kill, and may be spoilt when the power fails before its file
    was synced. `Refused` for an address that leads to no database."""
    try:
        engine = _postgresql(url) if postgresql.is_postgresql(url) else _sqlite(url, durable)
    except (ArgumentError, ImportError, TypeError, ValueError) as error:
        raise Refused(N_("The setting “database_url” leads to no database: %(why)s"), why=error) from error
    _opened.add(engine)
    return engine


def _sqlite(url: str, durable: bool) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        raise ValueError(make_url(url).drivername)
    told: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    kept = SQLiteFile.at(url, told) if durable else None
    options: dict[str, Any] = {"creator": kept.open} if kept is not None else {"connect_args": told}
    engine = create_engine(url, pool_use_lifo=True, **options)  # whoever was last knows what it has read
    event.listen(engine, "connect", prepare_sqlite if durable else _prepare_sqlite_for_much)
    event.listen(engine, "begin", _begin_sqlite)
    if kept is not None:
        event.listen(engine, "connect", kept.remember)
        event.listen(engine, "checkout", kept.look)
    return engine


def connect_to_what_is_there(engine: Engine) -> Any:
    """A connection of the driver's own to an SQLite database, which is not made where it is gone."""
    place = file_of(engine)
    if place is not None and not engine.url.query:
        return connect(place, "rw")
    arguments, told = engine.dialect.create_connect_args(engine.url)
    return engine.dialect.connect(*arguments, **told)


def _postgresql(url: str) -> Engine:
    address = postgresql.prepared_address(make_url(re.sub("^postgres:", "postgresql:", url)))
    engine = create_engine(address, pool_pre_ping=True, pool_timeout=BUSY_SECONDS, isolation_level="REPEATABLE READ")
    postgresql.watch(engine)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


_opened: WeakSet[Engine] = WeakSet()


def _leave_connections_behind() -> None:
    for engine in _opened:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_connections_behind)


def prepare_sqlite(connection: Any, _record: object) -> None:
    """What each connection to SQLite is told first."""
    _tell_sqlite(connection, "journal_mode=WAL", "synchronous=FULL", f"wal_autocheckpoint={_LOG}")


def _prepare_sqlite_for_much(connection: Any, _record: object) -> None:
    """New rows are written once, where they stay: a log has them written twice."""
    _tell_sqlite(connection, "journal_mode=TRUNCATE", "synchronous=OFF", f"cache_size={-_ADDING}")


def _tell_sqlite(connection: Any, *pragmas: str) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    for pragma in (*pragmas, "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", False):
        _begin_writing(connection, connection.connection.driver_connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection, driver: Any) -> None:
    """Ask again and again for the right to write, within the connection's own patience. SQLite itself sleeps longer
    and longer, up to a tenth of a second: among many writers whoever has waited longest then waits longest again, and
    nobody writes meanwhile."""
    patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    until = time.monotonic() + patience / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                least, most = _NAP
                time.sleep((least + secrets.randbelow(most - least)) / 1e6)  # so that nobody keeps step with another
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes", False):
        lock = postgresql.INDEX if options.get("heals", False) else postgresql.ROWS
        postgresql.take_turn(connection, lock, synced=options.get("synced", True), waits=options.get("waits", True))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database."""
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise unavailable(error) from error


@contextmanager
def writing(engine: Engine, *, heals: bool = False, synced: bool = True, waits: bool = True) -> Iterator[Connection]:
    """A transaction that holds the right to write from its beginning, and commits at its end. What is not ``synced``
    may be lost when the power fails, because it is made again from elsewhere; nobody waits for the disk then. So it is
    with what ``heals``, the index. What does not wait is `Unavailable` where somebody else is writing just now: nobody
    who only reads is to stand in that line."""
    synced = synced and not heals
    try:
        with (
            engine.connect().execution_options(**_to_write(engine, heals, synced, waits)) as connection,
            _unsynced(connection, not synced),
            _impatient(connection, not waits),
            connection.begin(),
        ):
            expected = _expected.get(engine)
            if expected is not None:
                _check_version(connection, expected)
            yield connection
    except IntegrityError:
        raise
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        raise unavailable(error) from error


@contextmanager
def apart(connection: Connection) -> Iterator[None]:
    """Within a transaction, what is undone alone where it fails."""
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT apart")
    try:
        yield
    except BaseException:
        driver.execute("ROLLBACK TO SAVEPOINT apart")
        raise
    finally:
        driver.execute("RELEASE SAVEPOINT apart")


def writes_all_at_once(engine: Engine) -> bool:
    """Whether who has the right to write the index has it for everything else."""
    return engine.dialect.name == "sqlite"


def _to_write(engine: Engine, heals: bool = False, synced: bool = True, waits: bool = True) -> dict[str, Any]:
    """What a connection is told that writes. In PostgreSQL each statement sees what was committed before it, for a
    snapshot would be taken before the lock is waited for."""
    if engine.dialect.name == "sqlite":
        return {"writes": True}
    return {"writes": True, "heals": heals, "synced": synced, "waits": waits, "isolation_level": "READ COMMITTED"}


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
    """As `writing`, with another SQLite database at hand under a name, which is to take the place of much that is here
    and no secret: what goes is not overwritten on the disk."""
    try:
        with engine.connect().execution_options(writes=True) as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("ATTACH DATABASE ? AS ?", (str(file), name))
            usual = driver.execute("PRAGMA main.cache_size").fetchone()[0]
            driver.execute(f"PRAGMA main.cache_size={-_REPLACING}")
            wiping = driver.execute("PRAGMA main.secure_delete").fetchone()[0]
            driver.execute("PRAGMA main.secure_delete=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute(f"PRAGMA main.cache_size={usual}")
                driver.execute(f"PRAGMA main.secure_delete={wiping}")
                driver.execute("DETACH DATABASE ?", (name,))
    except IntegrityError:
        raise
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        raise unavailable(error) from error


def found_anew(engine: Engine) -> bool:
    """Whether who connects now finds the tables. The file of SQLite may be gone, or another, while connections that
    were opened before go on with what was there."""
    file = file_of(engine)
    if file is None:
        return True
    try:
        with closing(connect(file, "rw")) as connection:
            return bool(connection.execute("SELECT count(*) FROM alembic_version").fetchone()[0])
    except sqlite3.Error:
        return False


def copy_into(engine: Engine, file: Path) -> None:
    """Copy an SQLite database as it is at one moment into a new file, whose owner alone may read it, and sync it.
    Others go on writing meanwhile. Not by ``VACUUM INTO``, which may number rows anew under the indexes of texts."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with engine.connect() as connection, closing(sqlite3.connect(file)) as target:
            driver: Any = connection.connection.driver_connection
            driver.backup(target)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise unavailable(error) from error
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


def server_of(engine: Engine) -> postgresql.Server | None:
    """What the server says of itself; None for SQLite."""
    if engine.dialect.name == "sqlite":
        return None
    with reading(engine) as connection:
        return postgresql.server_of(connection)


def unavailable(error: Exception) -> Unavailable:
    """An error of a database, in words."""
    why = getattr(error, "orig", None) or error
    return Unavailable(N_("The database cannot be used just now: %(why)s"), why=in_words(why))


def beside_in_schema(engine: Engine, schema: str) -> Engine:
    """An engine for the same PostgreSQL database that makes and finds tables in a schema first. It takes no turns with
    those who write to the others, and what it writes may be lost when the power fails."""
    beside = create_engine(engine.url, pool_pre_ping=True, isolation_level="READ COMMITTED")
    postgresql.watch(beside, schema)
    _opened.add(beside)
    return beside


@contextmanager
def taking_turns(engine: Engine, lock: int = postgresql.GUIDELINES, patience: int = 60) -> Iterator[None]:
    """Where several machines share a PostgreSQL server: what is done here is done by one of all their processes at a
    time. Held by a connection that does nothing else, so a process that dies gives it back. `Unavailable` after
    ``patience`` seconds; 0 waits for ever."""
    connection = None
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        postgresql.hold(connection, lock, patience)
    except SQLAlchemyError as error:
        if connection is not None:
            connection.close()
        raise unavailable(error) from error
    try:
        yield
    finally:
        with suppress(SQLAlchemyError), connection:
            try:
                postgresql.let_go(connection, lock)
            except BaseException:
                connection.invalidate()  # it may have it still, and keep it for as long as it is kept
                raise


def turns(engine: Engine) -> Callable[[], AbstractContextManager[None]] | None:
    """What has one process at a time write guidelines, over all machines; None where SQLite says that there is one
    machine."""
    return None if engine.dialect.name == "sqlite" else lambda: taking_turns(engine)


def expect_version(engine: Engine, version: str) -> None:
    """From now on nothing is written through this engine while its tables are of another version than this."""
    _expected[engine] = version


_expected: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()


def _check_version(connection: Connection, expected: str) -> None:
    driver: Any = connection.connection.driver_connection
    there = driver.execute("SELECT version_num FROM alembic_version").fetchone()
    if there != (expected,):
        raise Unavailable(
            N_("a newer version of Concord (%(version)s) has been started here, and this one writes no more. "
               "Whoever runs this wiki must restart it."), version=there[0] if there else "",
        )  # fmt: skip


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """As `writing`, while nobody else writes anything at all."""
    try:
        with engine.connect().execution_options(**_to_write(engine)) as connection, connection.begin():
            if engine.dialect.name != "sqlite":
                postgresql.take_turn(connection, postgresql.INDEX)
            yield connection
    except SQLAlchemyError as error:
        raise unavailable(error) from error
