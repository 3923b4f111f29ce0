"""Statements whose words are made once and which go to the driver by the shortest way.

SQLAlchemy takes ten times as long over a small statement as SQLite does, and an act asks dozens of them while others
wait to write. Beside `KeptQuery` these are said within a transaction, be it one that writes. In SQLite a connection
that only reads begins one with the first statement that goes through SQLAlchemy: what is said before sees what is
committed then.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Connection, Delete, Dialect, Select, Update
from sqlalchemy.engine import Compiled
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import iterate

from wiki.database import unavailable

Statement = Select[Any] | CompoundSelect[Any] | Update | Delete
_MOST_LENGTHS = 64
"""For lists of so many lengths the words of a statement are kept."""


class Prepared:
    """A statement with bound parameters; those that expand are lists. Values come as the driver gives them."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self.lists = _lists_of(statement)
        """The parameters that are lists."""
        self._said: dict[tuple[str, tuple[int, ...]], Said] = {}
        self.row: Any = row_of(statement)
        """A tuple whose values have the names of the columns."""

    def rows(self, connection: Connection, **parameters: object) -> list[Any]:
        """The answers, by the names of their columns."""
        return [self.row._make(found) for found in self._cursor(connection, parameters).fetchall()]

    def value(self, connection: Connection, **parameters: object) -> Any:
        """The first column of the first answer, or None."""
        found = self._cursor(connection, parameters).fetchone()
        return found[0] if found is not None else None

    def run(self, connection: Connection, **parameters: object) -> None:
        """Do it."""
        self._cursor(connection, parameters)

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Do it with one row of values after another, of which none is a list."""
        said = self.said(connection.dialect)
        say_many(connection, said.text, [said.bound(row) for row in rows])

    def _cursor(self, connection: Connection, parameters: Mapping[str, Any]) -> Any:
        said = self.said(connection.dialect, self.lengths(parameters))
        return say(connection, said.text, said.bound(parameters))

    def lengths(self, parameters: Mapping[str, Any]) -> tuple[int, ...]:
        """How long each of the lists is."""
        return tuple([len(parameters[name]) for name in self.lists])

    def said(self, dialect: Dialect, lengths: tuple[int, ...] = ()) -> Said:
        """The statement in the words of a kind of database, for lists of these lengths."""
        key = dialect.driver, lengths
        found = self._said.get(key)
        if found is None:
            found = Said(self._statement, dialect, dict(zip(self.lists, lengths, strict=True)))
            if len(self._said) >= _MOST_LENGTHS:
                self._said.clear()
            self._said[key] = found
        return found


class Said:
    """A statement in the words of a kind of database. ``lists`` are the parameters that are lists, and how long."""

    def __init__(self, statement: Statement, dialect: Dialect, lists: Mapping[str, int] | None = None) -> None:
        made: Any = compiled(statement, dialect) if not lists else statement.compile(dialect=dialect)
        self.text = str(made)
        self._order = made.positiontup if made.positional else None
        self._given = {name: bind.effective_value for bind, name in made.bind_names.items() if not bind.required}
        self._parts: Mapping[str, Sequence[str]] = {}
        if lists:
            self._lengthen(made, lists)

    def _lengthen(self, made: SQLCompiler, lists: Mapping[str, int]) -> None:
        blank = {bind.key: None for bind in made.bind_names if bind.required}
        whole = made.construct_expanded_state({**blank, **{name: [None] * length for name, length in lists.items()}})
        self.text = whole.statement
        self._order = whole.positiontup if made.positional else None
        self._given = {name: value for name, value in whole.parameters.items() if name not in blank}
        self._parts = {name: whole.parameter_expansion[name] for name in lists}

    def bound(self, parameters: Mapping[str, Any]) -> Any:
        """What the driver is given with the text."""
        values = {**self._given, **parameters}
        for name, parts in self._parts.items():
            values.update(zip(parts, values.pop(name), strict=True))
        return [values[name] for name in self._order] if self._order is not None else values


def say(connection: Connection, text: str, values: Any) -> Any:
    """A statement in the words of the driver, with its values; the cursor."""
    driver = _driver_of(connection)
    try:
        return driver.execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told_apart(connection, text, error) from error


def say_many(connection: Connection, text: str, rows: Sequence[Any]) -> None:
    """The same with one row of values after another."""
    driver = _driver_of(connection)
    try:
        driver.cursor().executemany(text, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told_apart(connection, text, error) from error


def _driver_of(connection: Connection) -> Any:
    """The connection below, within a transaction where this one writes: the driver would end one with each row."""
    if not connection.in_transaction() and connection.get_execution_options().get("writes", False):
        connection.begin()
    return connection.connection.dbapi_connection


def _told_apart(connection: Connection, text: str, error: Exception) -> Exception:
    """Rows that may not be beside others are no fault of the database."""
    if isinstance(error, connection.dialect.loaded_dbapi.IntegrityError):
        return IntegrityError(text, None, error)
    return unavailable(error)


def compiled(statement: Statement, dialect: Dialect) -> Compiled:
    """A statement as SQLAlchemy words it, which takes as long as to ask it a hundred times."""
    return statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})


def _lists_of(statement: Statement) -> list[str]:
    """The parameters that are given as lists, in the order of their names."""
    bound = [each for each in iterate(statement) if isinstance(each, BindParameter)]
    return sorted({each.key for each in bound if each.expanding and each.required})


def row_of(statement: Statement) -> Any:
    """A tuple whose values have the names of the columns that are asked for, or returned."""
    return namedtuple("row", map(str, statement.exported_columns.keys()), rename=True)
