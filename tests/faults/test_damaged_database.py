"""Bytes of ``wiki.db`` have changed: it is noticed, and accounts are saved as docs/operating/faults.md says."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.world import copy_of, open_world
from wiki.cli import main
from wiki.doctor import examine

PAGE = 4096


@pytest.fixture
def damaged(founded: Path, tmp_path: Path) -> Path:
    """A wiki of which the rows of pages cannot be read any more."""
    data = copy_of(founded, tmp_path / "data")
    with open_world(data) as world:
        world.endorse(world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"}), "bob", "cyd")
    with closing(sqlite3.connect(data / "wiki.db")) as sql:
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        roots = [root for (root,) in sql.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'page'") if root]
    held = bytearray((data / "wiki.db").read_bytes())
    for root in roots:
        held[(root - 1) * PAGE : root * PAGE] = b"\xa5" * PAGE
    (data / "wiki.db").write_bytes(held)
    return data


def test_it_is_noticed_and_readers_are_told(damaged: Path) -> None:
    with open_world(damaged) as world:
        page = world.visitor().open("/welcome")
        assert (page.status, page.heading) == (503, "Not just now")
        assert "damaged or gone" in page.main
    found = [each for each in examine({"WIKI_DATA": str(damaged)}, clock=time.time) if not each.fine]
    assert "it is damaged" in next(each.said for each in found if each.about == "database")


def test_what_can_be_read_is_saved_and_the_index_is_made_again(damaged: Path) -> None:
    ran = CliRunner().invoke(main, ["salvage"], env={"WIKI_DATA": str(damaged)})
    assert ran.exit_code == 0, ran.output
    assert "rows are saved" in ran.output
    assert "is lost" not in ran.output, "only the index was damaged"
    assert (damaged / "wiki.db.damaged").exists()
    assert list(damaged.glob("wiki.db.salvaged*")) == []
    with open_world(damaged) as world:
        assert world.visitor("ana").open("/-/account").status == 200
        assert world.in_force(1)
        assert "Come in." in world.visitor().open("/welcome").main
        assert "welcome" in world.visitor().open("/-/search?q=come").main.casefold()


def test_nothing_is_saved_while_somebody_has_the_database_open(damaged: Path) -> None:
    with open_world(damaged) as world:
        assert world.visitor("ana").open("/-/account").status == 200
        for ran in (_salvage(damaged), _salvage_elsewhere(damaged)):
            assert (ran[0], "Stop the wiki" in ran[1]) == (1, True), ran
        assert world.visitor("bob").open("/-/account").status == 200, "it serves on"
    assert [*damaged.glob("wiki.db.damaged*"), *damaged.glob("wiki.db.salvaged*")] == []
    assert _salvage(damaged)[0] == 0, "now that it is stopped"


def test_what_was_put_aside_before_is_never_replaced(damaged: Path) -> None:
    held = (damaged / "wiki.db").read_bytes()
    assert _salvage(damaged)[0] == 0
    first = (damaged / "wiki.db.damaged").read_bytes()
    (damaged / "wiki.db").write_bytes(held)
    status, told = _salvage(damaged)
    assert (status, "lies in wiki.db.damaged2." in told) == (0, True), told
    assert (damaged / "wiki.db.damaged").read_bytes() == first
    assert (damaged / "wiki.db.damaged2").read_bytes()[:100] == first[:100]
    with open_world(damaged) as world:
        assert world.visitor("ana").open("/-/account").status == 200


def test_a_database_that_is_whole_stays_as_it_is(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    before = sorted(file.name for file in data.iterdir()), (data / "wiki.db").read_bytes()
    status, told = _salvage(data)
    assert (status, "Nothing is damaged" in told) == (1, True), told
    assert (sorted(file.name for file in data.iterdir()), (data / "wiki.db").read_bytes()) == before


def _salvage(data: Path) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["salvage"], env={"WIKI_DATA": str(data)})
    return ran.exit_code, ran.output


def _salvage_elsewhere(data: Path) -> tuple[int, str]:
    """The same by a process of its own."""
    command = [sys.executable, "-m", "wiki.cli", "salvage"]
    ran = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "WIKI_DATA": str(data)}, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_of_what_is_no_database_at_all_nothing_is_saved_and_nothing_is_touched(damaged: Path) -> None:
    for file in damaged.glob("wiki.db*"):
        file.unlink()
    (damaged / "wiki.db").write_bytes(b"this is no database" * 300)
    ran = CliRunner().invoke(main, ["salvage"], env={"WIKI_DATA": str(damaged)})
    assert (ran.exit_code, "restore a backup" in ran.output) == (1, True)
    assert (damaged / "wiki.db").read_bytes().startswith(b"this is no database")
