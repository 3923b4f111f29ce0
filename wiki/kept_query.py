"""Small questions to SQL that are asked at nearly every request, on connections that are kept for them."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

from wiki.database import connect_to_what_is_there, prepare_sqlite, unavailable
from wiki.prepared import Prepared, Said


class _Kept(threading.local):
    """The connection of one thread of one process that is kept for small questions."""

    connection: Any = None
    pooled: _Pooled | None = None
    process = 0
    number = 0


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_numbers = itertools.count(1)


class KeptQuery:
    """One statement that is asked again and again, on a connection that each thread keeps for such questions.

    Beside a query through SQLAlchemy, which takes about a hundred microseconds, this takes about five. Values come as
    the driver gives them. What has parameters is `Prepared`, with bound parameters of these names; those that expand
    are lists.
    """

    def __init__(self, engine: Engine, statement: str | Prepared) -> None:
        self.engine = engine
        if engine not in _kept:
            kept = _kept[engine] = _Kept()
            event.listen(engine, "engine_disposed", lambda _engine: _forget(kept))
        self._kept = _kept[engine]
        self._prepared: Prepared | None = None
        self._said: Said | None = None
        if isinstance(statement, str):
            self._text = statement
            return
        self._row = statement.row
        if statement.lists:
            self._prepared = statement
        else:
            self._said = statement.said(engine.dialect)
            self._text = self._said.text

    def value(self, **parameters: object) -> Any:
        """The first column of the answer, or None."""
        found = self._ask(parameters)
        return found[0][0] if found else None

    def row(self, **parameters: object) -> Any:
        """The first row by the names of its columns, or None."""
        found = self._ask(parameters)
        return self._row._make(found[0]) if found else None

    def rows(self, **parameters: object) -> list[Any]:
        """The rows by the names of their columns."""
        return [self._row._make(found) for found in self._ask(parameters)]

    def _ask(self, parameters: Mapping[str, Any]) -> Sequence[Any]:
        words, bound = self._worded(parameters)
        kept = self._kept.connection is not None and self._kept.process == os.getpid()
        try:
            found: Sequence[Any] = self._connection().execute(words, bound).fetchall()
        except (self.engine.dialect.loaded_dbapi.Error, SQLAlchemyError) as error:
            self._let_go()
            if kept and self.engine.dialect.name != "sqlite":
                return self._ask(parameters)  # it may have died while it was kept
            raise unavailable(error) from error
        except Exception:
            self._let_go()
            raise
        return found

    def _worded(self, parameters: Mapping[str, Any]) -> tuple[str, Any]:
        """What the driver is told."""
        if self._said is not None:
            return self._text, self._said.bound(parameters)
        if self._prepared is None:
            return self._text, ()
        said = self._prepared.said(self.engine.dialect, self._prepared.lengths(parameters))
        return said.text, said.bound(parameters)

    def _let_go(self) -> None:
        _forget(self._kept)

    def _connection(self) -> Any:
        kept = self._kept
        if kept.connection is None or kept.process != os.getpid():
            kept.connection, kept.pooled = _connection_to_keep(self.engine)
            kept.process, kept.number = os.getpid(), next(_numbers)
        return kept.connection


def _forget(kept: _Kept) -> None:
    """Let go of it. SQLite's is closed at once, whoever still knows it: the last to close tidies up the file."""
    connection, own = kept.connection, kept.pooled is None and kept.process == os.getpid()
    kept.connection = kept.pooled = None
    if connection is not None and own:
        connection.close()


def _connection_to_keep(engine: Engine) -> tuple[Any, _Pooled | None]:
    if engine.dialect.name == "sqlite":
        connection: Any = connect_to_what_is_there(engine)
        prepare_sqlite(connection, None)
        return connection, None
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    connection.autocommit = True
    return connection, _Pooled(pooled)


class _Pooled:
    """A connection that ends with the thread that keeps it. After a fork it is the parent's, and left alone."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.process = os.getpid()

    def __del__(self) -> None:
        if self.process == os.getpid():
            self.connection.close()


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
