"""Statements whose words are made once and which go to the driver by the shortest way.

SQLAlchemy takes ten times as long over a small statement as SQLite does, and an act asks dozens of them while others
wait to write. Beside `KeptQuery` these are said within a transaction, be it one that writes.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Select, Update
from sqlalchemy.engine import Compiled

from wiki.database import unavailable

Statement = Select[Any] | Update | Delete


class Prepared:
    """A statement with bound parameters, of which none is a list. Values come as the driver gives them."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._said: dict[str, Said] = {}
        self._row: Any = row_of(statement) if isinstance(statement, Select) else None

    def rows(self, connection: Connection, **parameters: object) -> list[Any]:
        """The answers, by the names of their columns."""
        return [self._row._make(found) for found in self._cursor(connection, parameters).fetchall()]

    def value(self, connection: Connection, **parameters: object) -> Any:
        """The first column of the first answer, or None."""
        found = self._cursor(connection, parameters).fetchone()
        return found[0] if found is not None else None

    def run(self, connection: Connection, **parameters: object) -> None:
        """Do it."""
        self._cursor(connection, parameters)

    def _cursor(self, connection: Connection, parameters: Mapping[str, object]) -> Any:
        said = self.said(connection.dialect)
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(said.text, said.bound(parameters))
        except connection.dialect.loaded_dbapi.Error as error:
            raise unavailable(error) from error

    def said(self, dialect: Dialect) -> Said:
        """The statement in the words of a kind of database."""
        if dialect.driver not in self._said:
            self._said[dialect.driver] = Said(self._statement, dialect)
        return self._said[dialect.driver]


class Said:
    """A statement in the words of a kind of database."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        made: Any = compiled(statement, dialect)
        self.text = str(made)
        self._order = made.positiontup if made.positional else None
        self._given = {name: bind.effective_value for bind, name in made.bind_names.items() if not bind.required}

    def bound(self, parameters: Mapping[str, object]) -> Any:
        """What the driver is given with the text."""
        values = {**self._given, **parameters}
        return [values[name] for name in self._order] if self._order is not None else values


def compiled(statement: Statement, dialect: Dialect) -> Compiled:
    """A statement as SQLAlchemy words it, which takes as long as to ask it a hundred times."""
    return statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})


def row_of(statement: Select[Any]) -> Any:
    """A tuple whose values have the names of the columns."""
    return namedtuple("row", statement.selected_columns.keys(), rename=True)
