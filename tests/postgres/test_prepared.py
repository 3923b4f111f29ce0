"""Statements that go to the driver by the shortest way, with SQLite and with PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from tests.sql import statements
from wiki.database import open_database, reading, writing
from wiki.index import schema
from wiki.index.state import everything, put_all
from wiki.index.upsert import insert_rows
from wiki.kept_query import KeptQuery
from wiki.model.errors import Refused, Unavailable
from wiki.prepared import Prepared
from wiki.versions import migrate

STATE = schema.state
VALUE = Prepared(select(STATE.c.key, STATE.c.value).where(STATE.c.key == bindparam("noted")))
CHANGE = Prepared(update(STATE).where(STATE.c.key == bindparam("noted")).values(value=bindparam("now")))
FORGET = Prepared(delete(STATE).where(STATE.c.key == bindparam("noted")))
_SOME = STATE.c.key.in_(bindparam("keys", expanding=True))
VALUES = Prepared(
    select(STATE.c.value).where(_SOME, STATE.c.value != bindparam("but"), STATE.c.key.not_in(["three", "four"]))
)
FORGET_SOME = Prepared(delete(STATE).where(_SOME).returning(STATE.c.key))


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


def test_a_database_in_memory_leads_nowhere() -> None:
    with pytest.raises(Refused, match="leads to no database"):
        open_database("sqlite://")


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


def test_a_list_may_be_of_any_length(database: Engine) -> None:
    with writing(database) as connection:
        put_all(connection, {"one": "1", "two": "2", "three": "3"})
        for keys, values in (["one"], {"1"}), (["two", "one"], {"2", "1"}), ([], set()), (["three", "none"], set()):
            assert {row.value for row in VALUES.rows(connection, keys=keys, but="")} == values
        assert [row.value for row in VALUES.rows(connection, keys=["two", "one"], but="2")] == ["1"]
        assert [row.key for row in FORGET_SOME.rows(connection, keys=["one", "four"])] == ["one"]
        assert FORGET_SOME.rows(connection, keys=["one", "four"]) == []
        many = [f"key {nth}" for nth in range(100)]
        for nth in range(1, 100):
            assert VALUES.rows(connection, keys=many[:nth], but="") == []
        assert VALUE.value(connection, noted="two") == "two"


def test_a_small_question_may_have_lists_too(database: Engine) -> None:
    with writing(database) as connection:
        put_all(connection, {"one": "1", "two": "2", "three": "3"})
    asked = KeptQuery(database, Prepared(select(STATE.c.value).where(_SOME, STATE.c.value != bindparam("but"))))
    for keys, values in (["one"], {"1"}), (["two", "one"], {"2", "1"}), ([], set()), (["none"], set()):
        assert {row.value for row in asked.rows(keys=keys, but="")} == values
    assert [row.value for row in asked.rows(keys=("two", "one"), but="2")] == ["1"]
    without = STATE.c.key.not_in(bindparam("keys", expanding=True))
    others = KeptQuery(database, Prepared(select(func.count()).where(without)))
    assert others.value(keys=[]) == others.value(keys=["one", "two"]) + 2


def test_a_row_that_may_not_be_twice_is_told_apart_from_a_database_that_fails(database: Engine) -> None:
    with pytest.raises(IntegrityError):
        put_twice(database)
    with reading(database) as connection:
        assert VALUE.value(connection, noted="one") is None


def put_twice(database: Engine) -> None:
    with writing(database) as connection:
        insert_rows(connection, STATE, [{"key": "one", "value": "1"}, {"key": "one", "value": "2"}])


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
