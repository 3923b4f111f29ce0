"""Statements that go to the driver by the shortest way, with SQLite and with PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, delete, select, update

from tests.sql import statements
from wiki.database import open_database, reading, writing
from wiki.index import schema
from wiki.index.state import everything, put_all
from wiki.model.errors import Unavailable
from wiki.prepared import Prepared
from wiki.versions import migrate

STATE = schema.state
VALUE = Prepared(select(STATE.c.key, STATE.c.value).where(STATE.c.key == bindparam("noted")))
CHANGE = Prepared(update(STATE).where(STATE.c.key == bindparam("noted")).values(value=bindparam("now")))
FORGET = Prepared(delete(STATE).where(STATE.c.key == bindparam("noted")))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield request.getfixturevalue("engine")
        return
    engine = open_database(f"sqlite:///{tmp_path / 'wiki.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


def test_what_it_says_is_part_of_the_transaction_in_which_it_is_said(database: Engine) -> None:
    with writing(database) as connection:
        put_all(connection, {"one": "1", "two": "2"})
    with pytest.raises(ZeroDivisionError):
        forget_and_fail(database)
    with writing(database) as connection:
        CHANGE.run(connection, noted="two", now="%s ? :now \u00e9")
    with reading(database) as connection:
        assert everything(connection).items() >= {("one", "1"), ("two", "%s ? :now \u00e9")}
        (row,) = VALUE.rows(connection, noted="one")
        assert (row.key, row.value, VALUE.value(connection, noted="one")) == ("one", "1", "one")
        assert VALUE.value(connection, noted="three") is None


def forget_and_fail(database: Engine) -> None:
    with writing(database) as connection:
        FORGET.run(connection, noted="one")
        assert VALUE.rows(connection, noted="one") == []
        raise ZeroDivisionError


def test_what_the_database_refuses_is_said_in_words_and_undone(database: Engine) -> None:
    with pytest.raises(Unavailable, match="cannot be used just now"):
        ask_for_what_is_not_there(database)
    with writing(database) as connection:
        assert VALUE.value(connection, noted="one") is None


def ask_for_what_is_not_there(database: Engine) -> None:
    with writing(database) as connection:
        put_all(connection, {"one": "1"})
        connection.exec_driver_sql("ALTER TABLE index_state RENAME TO elsewhere")
        VALUE.value(connection, noted="one")


def test_it_is_counted_among_what_sql_is_asked(database: Engine) -> None:
    with statements(database) as said, reading(database) as connection:
        VALUE.value(connection, noted="one")
    assert len(said) == 1
    assert "index_state" in said[0]
