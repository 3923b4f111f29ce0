"""What only PostgreSQL needs: its driver, how a connection is prepared, and locks that reach over machines.

Called by `wiki.database` alone. Where SQLite is used nothing here is loaded, and no driver is needed.

Texts have no longest length and are compared byte by byte, as in SQLite: `String` and `Text` columns are made as
``TEXT COLLATE "C"``. A character that PostgreSQL cannot hold (U+0000) is put down as U+FFFD.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, String, Text, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.compiler import compiles

from wiki.model.errors import Refused
from wiki.model.words import N_

ROWS, INDEX, GUIDELINES, MIGRATION, REBUILD = range(1, 6)
"""What a lock is for: rows that are kept, the index, the content repository, the tables, an index made anew."""
BUSY_SECONDS = 10
"""How long who wants to write waits for others."""
LONGEST_TURN = 120
"""Seconds after which a session that began to write and then says nothing is ended, and its lock given to others."""
_CONCORD = 0x436F6E63
_CONNECT_SECONDS = 5
_AWAY_SECONDS = 2.0
_SCHEMES = {"postgres", "postgresql"}
_SERVER = (
    "SELECT current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1), "
    "pg_encoding_to_char(encoding), pg_is_in_recovery() OR current_setting('transaction_read_only')::bool, "
    "has_database_privilege(oid, 'CREATE') FROM pg_database WHERE datname = current_database()"
)
_OF_LIBPQ = {
    "connect_timeout": str(_CONNECT_SECONDS),
    "application_name": "concord",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""A machine that cannot be reached any more is noticed in seconds."""


def prepared_address(url: URL) -> URL:
    """The address with the driver that we use, and with what libpq is told. `Refused` where the driver is missing."""
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise Refused(
            N_("PostgreSQL needs a driver that is not installed: pip install “.[postgres]” (%(why)s)."),
            why=error,
        ) from error
    name = "postgresql+psycopg" if url.drivername in _SCHEMES else url.drivername
    return url.set(drivername=name).update_query_dict({**_OF_LIBPQ, **url.query})


def is_postgresql(address: str) -> bool:
    """Whether an address leads to PostgreSQL; asked before SQLAlchemy is, which does not know ``postgres://``."""
    return re.match(r"postgres(ql)?(\+\w+)?://", address) is not None


def watch(engine: Engine, schema: str | None = None) -> None:
    """Prepare each connection; with a ``schema`` for tables in that. While the server is away, who asks is told so at
    once, and only now and then is it tried again: with one thread to a worker, to wait would be to stand still."""
    away: dict[str, tuple[float, Exception]] = {}

    def connect(dialect: Any, _record: object, arguments: Any, options: Any) -> Any:
        since, error = away.get("", (0.0, None))
        if error is not None and time.monotonic() - since < _AWAY_SECONDS:
            raise error
        try:
            connection = dialect.connect(*arguments, **options)
        except dialect.loaded_dbapi.OperationalError as failed:
            away[""] = (time.monotonic(), failed)
            raise
        away.clear()
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection, schema))


def _prepare(connection: Any, schema: str | None) -> None:
    """How long a session waits and may keep others waiting, and what its texts are."""
    connection.autocommit = True
    connection.execute(
        f"SET lock_timeout = '{BUSY_SECONDS}s'; SET idle_in_transaction_session_timeout = '{LONGEST_TURN}s'; "
        "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
        "SET client_encoding = 'UTF8'"
    )
    if schema is not None:
        connection.execute(
            f"SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = off; "
            f"SELECT set_config('search_path', '{schema}, ' || current_setting('search_path'), false)"
        )
    connection.autocommit = False
    connection.adapters.register_dumper(str, _dumper())


def _dumper() -> type[Any]:
    from psycopg.types.string import StrDumper

    class WithoutNul(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\x00", "\ufffd") if "\x00" in obj else obj)

    return WithoutNul


@dataclass(frozen=True)
class Server:
    """A server as it says of itself. ``version`` is a number as 150016, ``shown`` how people write it; a ``standby``
    cannot be written; who ``may_rebuild`` may make schemas, in which an index is made anew."""

    version: int
    shown: str
    encoding: str
    standby: bool
    may_rebuild: bool


def server_of(connection: Connection) -> Server:
    """What the server of a connection is."""
    return Server(*connection.exec_driver_sql(_SERVER).one())


def take_turn(connection: Connection, lock: int, *, synced: bool = True, waits: bool = True) -> None:
    """Wait until nobody else holds the lock (an error where it is held and one does not wait); it is held until the
    transaction ends. What is not ``synced`` may be lost when the power fails, and is whole all the same."""
    unsynced = "" if synced else "SET LOCAL synchronous_commit TO off; "
    at_once = "" if waits else "SET LOCAL lock_timeout TO '1ms'; "
    connection.exec_driver_sql(f"{unsynced}{at_once}SELECT pg_advisory_xact_lock({_CONCORD}, {lock})")


def hold(connection: Connection, lock: int, patience: int) -> None:
    """The same, until the session ends or `let_go` is called. Waits for ``patience`` seconds; 0 for ever."""
    connection.exec_driver_sql(f"SET lock_timeout = '{patience}s'; SELECT pg_advisory_lock({_CONCORD}, {lock})")


def let_go(connection: Connection, lock: int) -> None:
    """Give the lock to the next."""
    connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_CONCORD}, {lock}); SET lock_timeout = '{BUSY_SECONDS}s'")


@compiles(String, "postgresql")
@compiles(Text, "postgresql")
def _text(_type: String, _compiler: Any, **options: Any) -> str:
    return 'TEXT COLLATE "C"' if isinstance(options.get("type_expression"), Column) else "TEXT"
