"""What is asked of SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from wiki import prepared
from wiki.kept_query import KeptQuery


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that go through an engine while the block lasts, as they are sent."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    def noting(say: Any) -> Any:
        def note_and_say(connection: Connection, statement: str, values: Any) -> Any:
            said.append(statement)
            return say(connection, statement, values)

        return note_and_say

    event.listen(engine, "before_cursor_execute", note)
    try:
        with (
            patch.object(prepared, "say", noting(prepared.say)),
            patch.object(prepared, "say_many", noting(prepared.say_many)),
        ):
            yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def small_questions() -> Iterator[list[str]]:
    """The statements of `KeptQuery` while the block lasts."""
    said: list[str] = []
    ask = KeptQuery._ask

    def note_and_ask(query: KeptQuery, parameters: Any) -> Any:
        said.append(query._worded(parameters)[0])
        return ask(query, parameters)

    with patch.object(KeptQuery, "_ask", note_and_ask):
        yield said
