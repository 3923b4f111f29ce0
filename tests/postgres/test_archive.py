"""One archive of a wiki on PostgreSQL, and with it the way from one kind of database to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Boolean, Column, Engine, Integer, LargeBinary, String, func, insert, select, text

from tests.operating.conftest import packed, plain, refused, unpacked
from tests.servers import PostgreSQL, free_port
from tests.world import World, begin, open_world, settings_for, write_pages
from wiki.archive import back_up, making, restore, restoring
from wiki.carrying import kept_tables
from wiki.cli import main
from wiki.database import open_database, reading, writing
from wiki.settings import Settings

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where a wiki is to be, in a folder with nothing else."""
    (tmp_path / "there").mkdir()
    return tmp_path / "there" / "data"


@pytest.fixture
def empty(server: PostgreSQL) -> Iterator[str]:
    """The address of a database without tables."""
    name = server.new()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="module")
def archive(server: PostgreSQL, tables: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a wiki on PostgreSQL, to read."""
    place, name = tmp_path_factory.mktemp("archive"), server.new(tables)
    data = begin(place / "data", write_pages(place / "pages"), database_url=server.url(name))
    with open_world(data, database_url=server.url(name)) as world:
        done = world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"})
        world.endorse(done, "bob", "cyd")
        world.propose("bob", {"travel/visa": "# Visas\n\nAsk very early.\n"})
        fill(world.wiki.engine)
        back_up(serving(data, server.url(name)), place / "wiki.backup", "0")
    server.drop(name)
    return place / "wiki.backup"


def serving(data: Path, url: str) -> Settings:
    """As the environment of a server would give them."""
    (data / "secret-key").write_text("k" * 64, encoding="ascii")
    return settings_for(data, database_url=url, secret_key="")


def fill(engine: Engine) -> None:
    """Put rows of all kinds of values into every table that is not made again from git."""
    with writing(engine) as connection:
        for table in kept_tables():
            rows = [{column.name: _value(column, at) for column in table.columns if not _counted(column)}
                    for at in (91, 92)]  # fmt: skip
            connection.execute(insert(table), rows)


def _counted(column: Column[Any]) -> bool:
    return column is column.table.autoincrement_column


def _is_account(column: Column[Any]) -> bool:
    return any(key.column.table.name == "account" for key in column.foreign_keys)


def _value(column: Column[Any], at: int) -> Any:
    kind = column.type
    if column.nullable and at == 92:
        return None
    if column.foreign_keys:
        return at - (85 if column.primary_key and _is_account(column) else 90)  # five colleagues were there before
    if isinstance(kind, Boolean):
        return at == 91
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) * at
    if isinstance(kind, Integer):
        return at if type(kind) is Integer else 2**40 + at
    assert isinstance(kind, String), column
    said = f"{at} “naïve” 東京 'it''s' \\ % \n{column.name}"
    return said if kind.length is None else said[: kind.length]


def rows_of(url: str) -> Rows:
    """Everything that is not made again from git."""
    engine = open_database(url)
    with reading(engine) as connection:
        found = {table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in kept_tables()}
    engine.dispose()
    return found


def in_file(data: Path) -> str:
    return f"sqlite:///{data / 'wiki.db'}"


def nothing_in(url: str) -> bool:
    engine = open_database(url)
    with reading(engine) as connection:
        count = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one()
    engine.dispose()
    return count == 0


def test_a_wiki_moves_to_postgresql_and_back_and_every_row_is_what_it_was(tmp_path: Path, empty: str) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    begin(first, write_pages(tmp_path / "pages"))
    engine = open_database(in_file(first))
    fill(engine)
    engine.dispose()
    before = rows_of(in_file(first))
    assert all(len(rows) >= 2 for rows in before.values())

    back_up(serving(first, in_file(first)), tmp_path / "one", "0")
    found = restore(tmp_path / "one", {"WIKI_DATABASE_URL": empty}, second)
    assert (found.accounts, found.elsewhere, found.unlike) == (7, True, False)
    assert not list(second.glob("wiki.db*"))
    assert rows_of(empty) == before

    back_up(settings_for(second, database_url=empty, secret_key=""), tmp_path / "two", "0")
    found = restore(tmp_path / "two", {}, third)
    assert (found.accounts, found.elsewhere, found.unlike) == (7, False, False)
    assert rows_of(in_file(third)) == before
    assert (third / "secret-key").read_text("ascii") == "k" * 64


def test_what_was_moved_to_postgresql_goes_on_with_new_numbers_and_a_whole_index(
    archive: Path, new: Path, empty: str
) -> None:
    before = restore(archive, {"WIKI_DATABASE_URL": empty}, new)
    assert (before.changes, before.accounts) == (1, 7)
    with open_world(new, database_url=empty) as world:
        assert "Come in." in world.visitor("ana").open("/welcome").main
        assert world.wiki.index.in_step()
        assert [row.name for row in world.wiki.index.search.find("trains").rows] == ["travel/expenses"]
        assert world.propose("dee", {"welcome": "# W\n"}) == 3, "numbers go on"
        engine = world.wiki.engine
        for table in (table for table in kept_tables() if table.autoincrement_column is not None):
            assert table.autoincrement_column is not None
            row = {c.name: _value(c, 93) for c in table.columns if not _counted(c)}
            with writing(engine) as connection:
                highest = connection.execute(select(func.max(table.autoincrement_column))).scalar()
                made = connection.execute(insert(table).values(**row)).inserted_primary_key
            assert made is not None
            assert made[0] == highest + 1, table.name


def test_what_was_on_postgresql_is_found_in_a_file_and_the_index_is_made(archive: Path, new: Path) -> None:
    assert restore(archive, {}, new).accounts == 7
    with open_world(new) as world:
        assert "Come in." in world.visitor("ana").open("/welcome").main
        assert [row.name for row in world.wiki.index.search.find("trains").rows] == ["travel/expenses"]
        world.endorse(2, "ana", "cyd")
        assert world.in_force(2)


def test_the_index_is_not_in_it_and_everything_else_is_for_its_owner_alone(archive: Path, tmp_path: Path) -> None:
    parts = unpacked(archive)
    assert list(parts) == ["manifest.json", "content.bundle", "wiki.db", "secret-key"]
    assert archive.stat().st_mode & 0o777 == 0o600
    (tmp_path / "wiki.db").write_bytes(parts["wiki.db"])
    with closing(sqlite3.connect(tmp_path / "wiki.db")) as held:
        assert held.execute("SELECT count(*) FROM page").fetchone() == (0,)
        assert held.execute("PRAGMA foreign_key_check").fetchall() == []


def test_rows_are_of_one_moment_and_an_act_after_it_is_found_by_the_index(
    world: World, tmp_path: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes into SQL while it is copied, and proposes before git is."""
    asked = []
    carry_out = making.carrying._carry

    def somebody_comes(source: Any, target: Any) -> None:
        source.execute(select(func.count()).select_from(kept_tables()[0])).scalar()
        world.wiki.accounts.add("eve@example.com", "Eve", "a calm blue morning", world.wiki.now())
        carry_out(source, target)

    def somebody_acts_when_git_is_next() -> float:
        asked.append(1)
        if len(asked) == 2:
            world.propose("dee", {"working/hours": "# Hours\n\nWork.\n"}, "Late")
        return 0

    monkeypatch.setattr(making.carrying, "_carry", somebody_comes)
    settings = serving(world.data, world.wiki.settings.database_url)
    back_up(settings, tmp_path / "wiki.backup", "0", clock=somebody_acts_when_git_is_next)
    monkeypatch.undo()
    assert world.wiki.accounts.count() == 6
    assert restore(tmp_path / "wiki.backup", {}, new).accounts == 5
    with open_world(new) as restored:
        assert "Late" in restored.visitor().open("/-/proposals/1").main


def test_a_database_with_anything_in_it_is_refused_and_stays_as_it_is(
    archive: Path, new: Path, empty: str, url: str, server: PostgreSQL
) -> None:
    before = rows_of(url)
    with refused(new.parent, "has tables already"):
        restore(archive, {"WIKI_DATABASE_URL": url}, new)
    assert rows_of(url) == before
    server.say("CREATE TABLE theirs (it int)", name=empty.rpartition("/")[2])
    with refused(new.parent, "(theirs)"):
        restore(archive, {"WIKI_DATABASE_URL": empty}, new)


def test_a_server_that_cannot_be_reached_says_so_and_nothing_is_made(archive: Path, world: World, new: Path) -> None:
    nowhere = f"postgresql://postgres@127.0.0.1:{free_port()}/wiki"
    with refused(new.parent, "its server cannot be reached"):
        restore(archive, {"WIKI_DATABASE_URL": nowhere}, new)
    with refused(new.parent, "its server cannot be reached"):
        back_up(serving(world.data, nowhere), new.parent / "wiki.backup", "0")


@pytest.mark.parametrize("version", ["0001", "9999"])
def test_no_archive_is_made_of_tables_of_another_version_or_of_none(
    world: World, tmp_path: Path, empty: str, version: str
) -> None:
    with refused(tmp_path, "no wiki in the database"):
        back_up(serving(world.data, empty), tmp_path / "wiki.backup", "0")
    with writing(world.wiki.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": version})
    with refused(tmp_path, f"of version {version}"):
        back_up(serving(world.data, world.wiki.settings.database_url), tmp_path / "wiki.backup", "0")


def forged(archive: Path, place: Path, *statements: str, name: str = "wiki.db") -> Path:
    """The archive with other rows, and a manifest that says so."""
    import hashlib
    import json

    parts = unpacked(archive)
    (place / name).write_bytes(parts[name])
    with closing(sqlite3.connect(place / name)) as held:
        for statement in ("PRAGMA foreign_keys=OFF", *statements):
            held.execute(statement)
        held.commit()
        held.execute("PRAGMA journal_mode=DELETE")
    parts[name] = (place / name).read_bytes()
    (place / name).unlink()
    told = json.loads(parts.pop("manifest.json"))
    for part in told["parts"]:
        held_now = parts[part["name"]]
        part.update(size=len(held_now), sha256=hashlib.sha256(held_now).hexdigest())
    members = [plain("manifest.json", json.dumps(told).encode()), *(plain(*part) for part in parts.items())]
    return packed(place / "forged.backup", members)


@pytest.mark.parametrize("statement", [
    "UPDATE visit SET account_id = 99",
    "UPDATE account SET created_at = 'once'",
    "UPDATE told SET n = n + 9999999999",
])  # fmt: skip
def test_rows_that_the_server_does_not_take_leave_it_empty(
    archive: Path, new: Path, tmp_path: Path, empty: str, statement: str
) -> None:
    strange = forged(archive, tmp_path, statement)
    with refused(new.parent, "in this archive cannot be read"):
        restore(strange, {"WIKI_DATABASE_URL": empty}, new)
    assert nothing_in(empty)


def test_a_damaged_archive_leaves_the_server_empty(archive: Path, new: Path, tmp_path: Path, empty: str) -> None:
    parts = unpacked(archive)
    parts["wiki.db"] = parts["wiki.db"][:-1] + b"\x01"
    with refused(new.parent, "wiki.db"):
        restore(packed(tmp_path / "a", [plain(*each) for each in parts.items()]), {"WIKI_DATABASE_URL": empty}, new)
    assert nothing_in(empty)


def test_a_server_that_is_lost_at_the_last_moment_leaves_neither_rows_nor_a_data_directory(
    archive: Path, new: Path, empty: str, server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, lost = restoring.sync_folder, []

    def and_then_the_server_goes(folder: str) -> None:
        sync(folder)
        if folder == str(new.parent):
            assert (new / "content.git").is_dir()
            server.part(empty.rpartition("/")[2])
            lost.append(1)

    monkeypatch.setattr(restoring, "sync_folder", and_then_the_server_goes)
    with refused(new.parent, "cannot be reached"):
        restore(archive, {"WIKI_DATABASE_URL": empty}, new)
    assert lost
    assert nothing_in(empty)


def test_where_the_settings_in_an_archive_lead_to_a_server_one_says_where_sql_is_to_go(
    world: World, tmp_path: Path, new: Path
) -> None:
    settings = serving(world.data, world.wiki.settings.database_url)
    (world.data / "wiki.toml").write_text(f'database_url = "{settings.database_url}"\n', encoding="utf-8")
    back_up(settings, tmp_path / "wiki.backup", "0")
    before = rows_of(settings.database_url)
    with refused(new.parent, "WIKI_DATABASE_URL"):
        restore(tmp_path / "wiki.backup", {}, new)
    (tmp_path / "url").write_text(in_file(new), encoding="utf-8")
    found = restore(tmp_path / "wiki.backup", {"WIKI_DATABASE_URL_FILE": str(tmp_path / "url")}, new)
    assert (found.accounts, found.elsewhere, found.unlike) == (5, False, True)
    assert rows_of(in_file(new)) == rows_of(settings.database_url) == before


def test_the_commands_say_where_everything_is(world: World, tmp_path: Path, empty: str) -> None:
    def say(place: Path, url: str, *arguments: str | Path) -> tuple[int, str]:
        env = {"WIKI_DATA": str(place), "WIKI_DATABASE_URL": url}
        ran = CliRunner().invoke(main, [*map(str, arguments)], env=env)
        return ran.exit_code, ran.output

    status, told = say(world.data, world.wiki.settings.database_url, "backup", tmp_path / "wiki.backup")
    assert (status, "content.bundle, wiki.db" in told, "pg_dump" in told) == (0, True, False), told
    status, told = say(tmp_path / "new", empty, "restore", tmp_path / "wiki.backup")
    assert (status, "5 accounts" in told, "wiki.toml" in told) == (0, True, False), told
    status, told = say(tmp_path / "other", empty, "restore", tmp_path / "wiki.backup")
    assert (status, "has tables already" in told) == (1, True), told
    assert not (tmp_path / "other").exists()
    status, told = say(tmp_path / "third", in_file(tmp_path / "third"), "restore", tmp_path / "wiki.backup")
    assert (status, "leads elsewhere" in told, "wiki.toml" in told) == (0, False, False), told
