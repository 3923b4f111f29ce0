"""Data of an older version, made by it and kept in ``previous/`` as the text of its SQL and a bundle of its git, in the
hands of this one.

It was founded before the outbox came (tables 0007): three colleagues, one change in force, one proposal with talk.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.world import PASSWORD, check_from_outside, close, settings_for
from wiki.archive import back_up, restore
from wiki.assembly import Wiki, open_wiki
from wiki.database import open_database
from wiki.model.errors import Refused
from wiki.versions import known_versions, migrate, schema_version

PREVIOUS = Path(__file__).with_name("previous")
_OPEN = "import os, sys; from wiki.settings import Settings; from wiki.assembly import open_wiki; "
_MIGRATE = f"{_OPEN}sys.stdin.read(1); open_wiki(Settings.load(os.environ)).index.catch_up()"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The data directory as the older version left it."""
    data = tmp_path / "old"
    data.mkdir(mode=0o700)
    clone = ["git", "clone", "-q", "--mirror", PREVIOUS / "content.bundle", data / "content.git"]
    subprocess.run(clone, check=True, capture_output=True)
    with closing(sqlite3.connect(data / "wiki.db")) as made:
        made.executescript((PREVIOUS / "wiki.sql").read_text("utf-8"))
    return data


def everything_is_there(wiki: Wiki) -> None:
    """What was done in the older version, read and gone on with in this one."""
    assert schema_version(wiki.engine) == known_versions()[-1]
    names = {account.name: account for account in wiki.accounts.everyone()}
    assert set(names) == {"Ana", "Bob", "Cyd"}
    assert wiki.accounts.authenticate("ana@example.com", PASSWORD, wiki.now()) is not None
    wiki.index.catch_up()
    repository = wiki.repository
    blob = repository.file(repository.main(), "welcome.md")
    assert blob is not None
    assert "Hello" in repository.content(blob).decode()
    proposal = wiki.guidelines.weigh(2)
    assert proposal.in_force is None
    for who in ("Ana", "Cyd"):
        said = wiki.guidelines.endorse(2, names[who].person, proposal.proposal.change, member_since=0)
    assert said.in_force is not None
    assert wiki.guidelines.propose(names["Ana"].person, "On", "", {"welcome.md": "# Welcome\n\nOn.\n"}).n == 3


def test_two_processes_that_start_at_once_bring_the_tables_forward_once_and_nothing_is_lost(old: Path) -> None:
    env = {"WIKI_DATA": str(old), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-c", _MIGRATE]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env) for _ in range(2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.write(b"go")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    wiki = open_wiki(settings_for(old))
    try:
        everything_is_there(wiki)
    finally:
        close(wiki)
    check_from_outside(old / "content.git")


def test_an_archive_of_the_older_version_is_restored_in_this_one(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made as the older version did it, for which its tables were those of the day."""
    (old / "secret-key").write_text("k" * 64, encoding="ascii")
    with closing(sqlite3.connect(old / "wiki.db")) as sql:
        there = [version for (version,) in sql.execute("SELECT version_num FROM alembic_version")]
    with monkeypatch.context() as older:
        older.setattr("wiki.carrying.known_versions", lambda: there)
        back_up(settings_for(old, secret_key=""), tmp_path / "old.backup", "0.1.0")
    assert restore(tmp_path / "old.backup", {}, tmp_path / "new").accounts == 3
    wiki = open_wiki(settings_for(tmp_path / "new"))
    try:
        everything_is_there(wiki)
    finally:
        close(wiki)


def test_a_version_that_does_not_know_the_tables_refuses_to_open_them(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the older one does, whose newest tables are 0007."""
    engine = open_database(f"sqlite:///{old / 'wiki.db'}")
    migrate(engine)
    monkeypatch.setattr("wiki.versions.known_versions", lambda: [f"{number:04}" for number in range(1, 8)])
    with pytest.raises(Refused, match="newer version"):
        migrate(engine)
    engine.dispose()
