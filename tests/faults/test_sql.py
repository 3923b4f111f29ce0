"""SQL that is locked, gone, damaged, or newer than the program: what people see, and what heals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.world import Page, World, close, copy_of, open_world, settings_for
from wiki import assembly, database
from wiki.assembly import open_wiki
from wiki.versions import known_versions

TEXT = "# Visas\n\nAsk early, and ask twice.\n"


@pytest.fixture
def impatient(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A wiki that waits for a lock for a moment only."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        yield world


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Another process holds the right to write."""
    with closing(sqlite3.connect(data / "wiki.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


def test_while_sql_is_locked_everybody_reads_and_drafts_are_given_back(impatient: World) -> None:
    ana = impatient.visitor("ana")
    ana.open("/-/edit/travel/visa")
    with locked(impatient.data):
        page = ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
        assert page.status == 503
        assert "something else is writing" in page.main
        assert page.typed("text") == TEXT
        for name in ("/welcome", "/-/changes", "/-/proposals?tab=open"):
            assert ana.client.get(name).status_code == 200
    ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert "Kept. Only you can see this draft." in ana.page.messages


def test_what_git_has_is_done_though_sql_is_locked_and_is_indexed_later(impatient: World) -> None:
    """To say that it failed would have it done twice."""
    ana = impatient.visitor("ana")
    ana.open("/-/edit/travel/visa")
    with locked(impatient.data):
        page = ana.submit("/-/edit/travel/visa", button="propose", text=TEXT, title="Twice", why="It helps.")
        assert (page.status, page.address) == (200, "/-/proposals/1")
        assert "on the table" in page.messages
        impatient.visitor().open("/-/proposals/1")
    assert impatient.wiki.index.proposal(1) is None
    impatient.wiki.tick()
    assert impatient.wiki.index.proposal(1) is not None


def test_without_its_tables_every_answer_is_a_page_that_says_so(impatient: World) -> None:
    ana = impatient.visitor("ana")
    ana.open("/-/edit/travel/visa")
    impatient.wiki.engine.dispose()
    kept = {file: file.read_bytes() for file in impatient.data.glob("wiki.db*")}
    for file in kept:
        file.unlink()
    (impatient.data / "wiki.db").write_bytes(b"this is no database" * 300)
    try:
        for name in ("/welcome", "/-/changes", "/-/proposals?tab=open", "/-/edit/travel/visa"):
            page = ana.open(name)
            assert (page.status, page.heading) == (503, "Not just now")
            assert "damaged or gone" in page.main
        page = Page(ana.client.post("/-/edit/travel/visa", data={"text": TEXT}))
        assert page.status == 503
        assert page.typed("typed") == TEXT
    finally:
        impatient.wiki.engine.dispose()
        (impatient.data / "wiki.db").unlink()
        for file, held in kept.items():
            file.write_bytes(held)


def test_a_file_that_is_removed_while_it_serves_is_not_made_again(impatient: World) -> None:
    """An empty one in its place would tell nobody what was lost."""
    ana = impatient.visitor("ana")
    ana.open("/-/edit/travel/visa")
    held = {file: file.read_bytes() for file in impatient.data.glob("wiki.db*")}
    for file in held:
        file.unlink()
    page = ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert page.status == 503
    assert "damaged or gone" in page.main
    assert page.typed("typed") == TEXT
    assert impatient.visitor().open("/-/proposals?tab=open").status == 503
    assert not list(impatient.data.glob("wiki.db"))
    impatient.wiki.engine.dispose()
    for file, content in held.items():
        file.write_bytes(content)
    ana.open("/-/edit/travel/visa")
    ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert "Kept. Only you can see this draft." in ana.page.messages


def test_without_its_file_the_index_is_made_again_and_the_loss_of_accounts_is_said_loudly(
    founded: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = copy_of(founded, tmp_path / "data")
    with open_world(data) as world:
        world.endorse(world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"}), "bob", "cyd")
    for file in data.glob("wiki.db*"):
        file.unlink()
    wiki = open_wiki(settings_for(data))
    try:
        assembly.start(wiki)
        assert wiki.index.in_step()
        assert wiki.index.page("welcome") is not None
        assert "There is no account" in caplog.text
        assert "backup" in caplog.text
    finally:
        close(wiki)


def test_a_program_writes_nothing_into_tables_that_a_newer_one_has_changed(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/travel/visa")
    _version(world, "9999")
    page = ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert page.status == 503
    assert "newer version" in page.main
    assert page.typed("text") == TEXT
    assert ana.client.get("/welcome").status_code == 200
    assert world.wiki.drafts.of(world.people["ana"].id) == []
    _version(world, known_versions()[-1])
    ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert "Kept. Only you can see this draft." in ana.page.messages


def _version(world: World, version: str) -> None:
    with closing(sqlite3.connect(world.data / "wiki.db")) as sql:
        sql.execute("UPDATE alembic_version SET version_num = ?", (version,))
        sql.commit()
