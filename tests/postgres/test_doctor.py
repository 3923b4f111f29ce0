"""What the doctor says of a wiki on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.operating.test_doctor import seen, wrong
from tests.servers import PostgreSQL, free_port
from tests.world import BEGAN, World
from wiki.database import writing

NOW = BEGAN + 60


@pytest.fixture
def sound(world: World) -> World:
    """A wiki whose clock ran a moment ago."""
    world.data.chmod(0o700)
    world.propose("ana", {"notes/kitchen": "# Kitchen\n\nRinse.\n"})
    world.wiki.tick()
    return world


@pytest.fixture
def reader(server: PostgreSQL) -> Iterator[str]:
    """A role that owns nothing."""
    server.say("CREATE ROLE reader LOGIN")
    yield "reader"
    server.say("DROP OWNED BY reader", "DROP ROLE reader")


def found(world: World, url: str = "") -> dict[str, str]:
    return wrong(world.data, now=NOW, database_url=url or world.wiki.settings.database_url)


def set_to(world: World, name: str, value: str) -> None:
    """Have the database say something of itself to whoever comes next."""
    with writing(world.wiki.engine) as connection:
        connection.execute(text(f"ALTER DATABASE {world.wiki.engine.url.database} SET {name} TO {value}"))


def test_every_line_of_a_sound_wiki_says_something_of_it(sound: World) -> None:
    lines = {
        each.about: each for each in seen(sound.data, NOW, False, {"database_url": sound.wiki.settings.database_url})
    }
    assert [str(each) for each in lines.values() if not each.fine] == []
    assert list(lines)[-7:] == ["database", "tables", "accounts", "index", "clock", "outbox", "mail"]
    assert lines["database"].said.startswith("PostgreSQL 1")
    assert (lines["accounts"].said, lines["index"].said) == ("5", "in step with git")


def test_a_server_that_is_away_is_one_finding(sound: World) -> None:
    nowhere = f"postgresql://postgres@127.0.0.1:{free_port()}/wiki"
    lines = seen(sound.data, NOW, False, {"database_url": nowhere})
    of_sql = [each for each in lines if each.about == "database"]
    assert [each.fine for each in of_sql] == [False]
    assert "its server cannot be reached" in of_sql[0].said
    assert nowhere not in of_sql[0].said
    assert lines[-1].about == "mail"


def test_a_database_that_only_lets_read_is_found(sound: World) -> None:
    set_to(sound, "default_transaction_read_only", "on")
    assert "only lets read" in found(sound)["database"]


def test_a_role_that_may_not_make_an_index_anew_is_found(sound: World, server: PostgreSQL, reader: str) -> None:
    url = server.url(str(sound.wiki.engine.url.database), reader)
    assert "own the database" in found(sound, url)["database"]


def test_another_encoding_is_found(sound: World, server: PostgreSQL) -> None:
    server.say("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
    try:
        assert "--encoding UTF8" in found(sound, server.url("latin"))["database"]
    finally:
        server.drop("latin")


def test_a_database_without_tables_and_one_of_another_version_are_found(sound: World, server: PostgreSQL) -> None:
    empty = server.new()
    try:
        assert "there are none: proposals have been made here" in found(sound, server.url(empty))["tables"]
    finally:
        server.drop(empty)
    with writing(sound.wiki.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "Upgrade" in found(sound)["tables"]


def test_what_was_written_elsewhere_and_is_not_indexed_is_found(sound: World) -> None:
    sound.wiki.guidelines.written = lambda *_: None
    sound.propose("bob", {"notes/kitchen": "# Kitchen\n\nDry.\n"})
    assert "behind git" in found(sound)["index"]
