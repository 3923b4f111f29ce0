"""What is asked of SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from wiki.prepared import Prepared


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that go through an engine while the block lasts, as they are sent."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    def note_prepared(statement: Prepared, connection: Connection, parameters: Mapping[str, object]) -> Any:
        said.append(statement.said(connection.dialect).text)
        return prepared(statement, connection, parameters)

    prepared = Prepared._cursor
    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(Prepared, "_cursor", note_prepared):
            yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
