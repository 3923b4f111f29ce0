"""What is different with PostgreSQL: turns, versions, what its texts can hold, and being away."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect, select, text

from tests import compiled
from tests.servers import PostgreSQL
from tests.warm import ended, python
from tests.world import World
from wiki.accounts import Accounts
from wiki.accounts.schema import account
from wiki.database import open_database, reading, taking_turns, writing
from wiki.index import schema
from wiki.kept_query import KeptQuery
from wiki.model.errors import Refused, Unavailable
from wiki.versions import known_versions, migrate, schema_version


def test_every_migration_makes_the_tables_that_the_rooms_expect(engine: Engine) -> None:
    there = inspect(engine)
    for table in (*schema.INDEX_TABLES, account):
        assert {column["name"] for column in there.get_columns(table.name)} == {column.name for column in table.columns}
        assert {index.name for index in table.indexes} <= {index["name"] for index in there.get_indexes(table.name)}


def test_many_processes_bring_the_tables_to_the_newest_version_once(server: PostgreSQL) -> None:
    url = server.url(server.new())
    program = "import sys; from wiki import database, versions; versions.migrate(database.open_database(sys.argv[1]))"
    running = [python(program, url) for _ in range(3)]
    assert [ended(process) for process in running] == [0, 0, 0]
    engine = open_database(url)
    assert schema_version(engine) == known_versions()[-1]
    engine.dispose()


def test_an_older_process_neither_starts_on_newer_tables_nor_goes_on_writing_to_them(
    engine: Engine, accounts: Accounts
) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer version"):
        migrate(engine)
    with pytest.raises(Unavailable, match="9999"), writing(engine):
        raise AssertionError("nothing is written")
    assert accounts.count() == 0


def test_who_writes_waits_for_who_writes_and_sees_what_they_wrote(engine: Engine) -> None:
    seen: list[list[str]] = []

    def write(name: str) -> None:
        with writing(engine, heals=True) as connection:
            rows = connection.execute(select(schema.state.c.key)).scalars()
            seen.append(list(rows))
            time.sleep(0.1)
            connection.execute(schema.state.insert().values(key=name, value="x"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(each) for each in seen] == [0, 1, 2]


def test_who_writes_the_index_does_not_wait_for_who_writes_accounts(engine: Engine) -> None:
    with writing(engine), writing(engine, heals=True) as connection:
        assert connection.execute(select(schema.state)).all() == []


def test_who_reads_sees_one_moment(engine: Engine) -> None:
    with reading(engine) as connection:
        before = connection.execute(select(schema.state)).all()
        with writing(engine, heals=True) as other:
            other.execute(schema.state.insert().values(key="new", value="x"))
        assert connection.execute(select(schema.state)).all() == before == []


def test_texts_are_as_long_and_as_strange_as_in_sqlite_and_sorted_byte_by_byte(engine: Engine) -> None:
    texts = ["b", "B", "ä", "a", "z" * 3000, "nul\x00"]
    with writing(engine, heals=True) as connection:
        for at, value in enumerate(texts):
            connection.execute(schema.state.insert().values(key=f"{at}" * 100, value=value))
    with reading(engine) as connection:
        found = list(connection.execute(select(schema.state.c.value).order_by(schema.state.c.value)).scalars())
    assert found == sorted(value.replace("\x00", "\ufffd") for value in texts)


def test_a_turn_is_had_by_one_and_given_back_by_who_dies(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    program = (
        "import sys, time; from wiki.database import *\n"
        "with taking_turns(open_database(sys.argv[1])): print('mine', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"mine\n"
    with pytest.raises(Unavailable), taking_turns(engine, patience=1):
        raise AssertionError("two at a time")
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with taking_turns(engine, patience=10):
        pass


def test_a_turn_that_could_not_be_given_back_ends_with_its_connection(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where an administrator cancels what a session is saying at that moment."""

    def cancelled(connection: Connection, _lock: int) -> None:
        connection.exec_driver_sql("SET statement_timeout = '1ms'; SELECT pg_sleep(1)")

    with monkeypatch.context() as cancelling, taking_turns(engine):
        cancelling.setattr("wiki.postgresql.let_go", cancelled)
    others = open_database(url)
    with taking_turns(others, patience=5):
        pass
    others.dispose()


def test_a_server_that_was_away_is_used_again_without_anybody_being_told(engine: Engine, server: PostgreSQL) -> None:
    kept = KeptQuery(engine, "SELECT count(*) FROM index_state")
    assert kept.value() == 0
    name = str(engine.url.database)
    server.part(name)
    assert kept.value() == 0
    server.part(name)
    with reading(engine) as connection:
        assert connection.execute(select(schema.state)).all() == []


def test_while_it_is_away_it_is_unavailable_at_once(tmp_path: Path) -> None:
    engine = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(Unavailable), reading(engine):
            raise AssertionError("there is none")
    assert time.monotonic() - began < 5


def test_what_reached_no_server_shares_nothing_with_what_does(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_first", {})
    nowhere = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable), reading(nowhere):
        raise AssertionError("there is none")
    engine = open_database(url)
    with writing(engine) as connection:
        assert connection.get_isolation_level() == "READ COMMITTED"
    assert open_database(url).dialect is engine.dialect is not nowhere.dialect
    engine.dispose()


def test_the_log_of_administrators_is_only_added_to(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO administration_log (at, who, deed, whom) VALUES (1, 'ana', 'invited', 'bob')")
        )
    for statement in ("UPDATE administration_log SET who = 'x'", "DELETE FROM administration_log",
                      "TRUNCATE administration_log"):  # fmt: skip
        with pytest.raises(Exception, match="only added to"), engine.begin() as connection:
            connection.execute(text(statement))


def test_without_its_driver_it_is_said_what_to_install() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from wiki.database import open_database\nfrom wiki.model.errors import Refused\n"
        "try: open_database('postgres://a@b/c')\nexcept Refused as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "pip install “.[postgres]”" in said


def test_an_index_is_made_anew_beside_the_one_that_serves_also_after_an_interruption(world: World) -> None:
    n = world.propose("ana", {"notes/tea": "# Tea\n\nTwo minutes.\n"})
    made = [table for table in schema.INDEX_TABLES if table not in (schema.state, schema.rendered)]
    before = {table.name: _rows(world, table) for table in made}
    found = [row.name for row in world.wiki.index.search.find("minutes").rows]
    assert world.in_force(n)
    assert found == ["notes/tea"]

    def interrupted(commits):
        for at, commit in enumerate(commits):
            assert world.wiki.index.page("notes/tea") is not None, "readers see the old one"
            if at:
                raise KeyboardInterrupt
            yield commit

    with pytest.raises(KeyboardInterrupt):
        world.wiki.index.rebuild(interrupted)
    world.wiki.index.rebuild()
    assert {table.name: _rows(world, table) for table in made} == before
    assert [row.name for row in world.wiki.index.search.find("minutes").rows] == ["notes/tea"]
    with reading(world.wiki.engine) as connection:
        assert "anew" not in inspect(connection).get_schema_names()


def _rows(world: World, table) -> list[str]:
    with reading(world.wiki.engine) as connection:
        return sorted(map(repr, connection.execute(select(table))))
