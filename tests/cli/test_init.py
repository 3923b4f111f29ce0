"""Beginning a wiki: from a folder, a repository, a bundle, or the starter guidelines; and what is refused."""

from __future__ import annotations

import os
import socket
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Ran
from tests.world import POLICY

Refusal = Callable[[Ran], str]


def git(where: Path, *arguments: str | Path) -> str:
    """git with an author, and no settings of this machine."""
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Ana"), ("EMAIL", "ana@example.com"))}  # fmt: skip
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", "-C", where, *arguments], capture_output=True, text=True, env=environment, check=True)
    return done.stdout


@pytest.fixture
def history(pages: Path) -> Path:
    """A repository with three commits."""
    git(pages, "init", "-q", "-b", "main")
    git(pages, "add", ".")
    git(pages, "commit", "-q", "-m", "Begin")
    (pages / "welcome.md").write_text("# Welcome\n\nTwice.\n", encoding="utf-8")
    git(pages, "commit", "-q", "-a", "-m", "Say it twice")
    git(pages, "mv", "welcome.md", "hello.md")
    git(pages, "commit", "-q", "-m", "Move it")
    return pages


def test_from_a_folder(wiki: Command, pages: Path) -> None:
    ran = wiki("init", "--from", pages)
    assert ran.status == 0, ran.err
    assert "1 commit read, 9 pages in force." in ran.out
    assert "/-/welcome/" in ran.out
    assert ran.err == ""


def test_from_the_starter_guidelines(wiki: Command) -> None:
    ran = wiki("init")
    assert ran.status == 0, ran.err
    assert int(ran.out.split("1 commit read, ")[1].split()[0]) > 5


def test_from_a_repository_with_its_history(wiki: Command, history: Path) -> None:
    ran = wiki("init", "--from", history)
    assert ran.status == 0, ran.err
    assert "4 commits read" in ran.out
    told = git(wiki.data / "content.git", "log", "--format=%s", "--follow", "main", "--", "hello.md")
    assert told.split("\n")[:3] == ["Move it", "Say it twice", "Begin"]


def test_from_a_bundle(wiki: Command, history: Path, tmp_path: Path) -> None:
    git(history, "bundle", "create", tmp_path / "all.bundle", "--all")
    ran = wiki("init", "--from", tmp_path / "all.bundle")
    assert ran.status == 0, ran.err
    assert "4 commits read" in ran.out


def test_from_a_folder_with_a_policy_of_its_own(wiki: Command, pages: Path) -> None:
    (pages / "policy.toml").write_text(POLICY, encoding="utf-8")
    assert wiki("init", "--from", pages).status == 0
    assert git(wiki.data / "content.git", "show", "main:policy.toml") == POLICY


def test_a_second_beginning_is_refused_and_changes_nothing(founded: Command, refused: Refusal) -> None:
    before = git(founded.data / "content.git", "rev-parse", "main")
    assert "already" in refused(founded("init"))
    assert git(founded.data / "content.git", "rev-parse", "main") == before


def _nothing_left(wiki: Command) -> bool:
    return not any(wiki.data.glob("*")) if wiki.data.exists() else True


def test_a_missing_source_is_refused(wiki: Command, refused: Refusal, tmp_path: Path) -> None:
    assert "nothing at" in refused(wiki("init", "--from", tmp_path / "none"))
    assert _nothing_left(wiki)


@pytest.mark.parametrize("content", [b"", b"not a bundle", b"# v2 git bundle\nrubbish\n", os.urandom(500)])
def test_a_bundle_that_cannot_be_read_is_refused(
    wiki: Command, refused: Refusal, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.bundle").write_bytes(content)
    assert str(tmp_path / "bad.bundle") in refused(wiki("init", "--from", tmp_path / "bad.bundle"))
    assert _nothing_left(wiki)


def test_a_bundle_that_was_cut_off_is_refused(wiki: Command, history: Path, refused: Refusal, tmp_path: Path) -> None:
    git(history, "bundle", "create", tmp_path / "all.bundle", "--all")
    whole = (tmp_path / "all.bundle").read_bytes()
    (tmp_path / "cut.bundle").write_bytes(whole[: len(whole) - 60])
    refused(wiki("init", "--from", tmp_path / "cut.bundle"))
    assert _nothing_left(wiki)


def _with_a_folder(history: Path, entry: bytes) -> None:
    """Commit a folder with this entry, as no git would write it."""
    blob = bytes.fromhex(git(history, "rev-parse", "HEAD:hello.md").strip())
    tree = _written(history, "tree", entry + b"\0" + blob)
    git(history, "update-ref", "HEAD", git(history, "commit-tree", "-p", "HEAD", "-m", "Odd", tree).strip())


def _with_an_author_of_no_address(history: Path) -> None:
    tree = git(history, "rev-parse", "HEAD^{tree}").strip()
    said = f"tree {tree}\nauthor nobody 1 +0000\ncommitter x <x@x> 1 +0000\n\nOdd"
    git(history, "update-ref", "HEAD", _written(history, "commit", said.encode()))


def _written(history: Path, kind: str, content: bytes) -> str:
    file = history / "object"
    file.write_bytes(content)
    return git(history, "hash-object", "-t", kind, "-w", "--literally", file).strip()


def _object(history: Path, name: str) -> Path:
    number = git(history, "rev-parse", name).strip()
    file = history / ".git" / "objects" / number[:2] / number[2:]
    file.chmod(0o644)
    return file


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a file called .git": lambda history: _with_a_folder(history, b"100644 .git"),
    "a mode with a zero before it": lambda history: _with_a_folder(history, b"0100644 a.md"),
    "an author without an address": _with_an_author_of_no_address,
    "a text that is gone": lambda history: _object(history, "HEAD:hello.md").unlink(),
    "a text that is another": lambda history: _object(history, "HEAD:hello.md").write_bytes(
        zlib.compress(b"blob 3\0No\n")
    ),
    "a commit that is gone": lambda history: _object(history, "HEAD~1").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_history_that_is_damaged_is_refused(wiki: Command, history: Path, refused: Refusal, damage: str) -> None:
    DAMAGE[damage](history)
    refused(wiki("init", "--from", history))
    assert _nothing_left(wiki)


def test_a_repository_without_commits_is_refused(wiki: Command, refused: Refusal, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")
    refused(wiki("init", "--from", tmp_path / "empty"))
    assert _nothing_left(wiki)


def test_a_folder_with_a_policy_that_cannot_be_read_is_refused(wiki: Command, pages: Path, refused: Refusal) -> None:
    (pages / "policy.toml").write_text("[[rule]]\npages = 'x'\n", encoding="utf-8")
    assert "policy" in refused(wiki("init", "--from", pages)).lower()
    assert _nothing_left(wiki)


def test_a_folder_with_pages_that_cannot_be_named_so_is_refused(wiki: Command, pages: Path, refused: Refusal) -> None:
    (pages / "what?.md").write_text("# What?\n", encoding="utf-8")
    assert "what?.md" in refused(wiki("init", "--from", pages))
    assert _nothing_left(wiki)


def test_a_place_that_cannot_be_written_is_refused(
    wiki: Command, pages: Path, refused: Refusal, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused(wiki("init", "--from", pages, env={"WIKI_DATA": str(tmp_path / "file" / "data")}))


@pytest.mark.parametrize("said", ["git version 2.25.1", "git version 1.9"])
def test_a_git_that_is_too_old_is_refused(wiki: Command, refused: Refusal, tmp_path: Path, said: str) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho '{said}'\n", encoding="utf-8")
    fake.chmod(0o755)
    for command in ("init", "serve", "verify", "demo", "reindex"):
        sentence = refused(wiki(command, env={"PATH": f"{fake.parent}:{os.environ['PATH']}"}))
        assert "git" in sentence.lower()


def test_without_git_it_says_so(wiki: Command, refused: Refusal, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert "git" in refused(wiki("init", env={"PATH": str(tmp_path / "bin")})).lower()


@pytest.mark.parametrize(
    "command", [["serve"], ["tick"], ["reindex"], ["verify"], ["user", "add", "a@example.com", "--name", "A"]]
)
def test_without_a_wiki_it_says_so(wiki: Command, refused: Refusal, command: list[str]) -> None:
    assert str(wiki.data) in refused(wiki(*command))


def test_a_port_that_is_taken_is_refused(founded: Command, refused: Refusal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(founded("serve", "--port", str(port)))
        assert "Choose another with --port, or by WIKI_PORT=8080 before the command." in said


def test_a_data_directory_of_a_newer_version_is_refused(founded: Command, refused: Refusal) -> None:
    import sqlite3

    connection = sqlite3.connect(founded.data / "wiki.db")
    connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    connection.commit()
    connection.close()
    for command in (["serve", "--port", "1"], ["reindex"], ["tick"], ["user", "add", "a@example.com", "--name", "A"]):
        if command[0] != "serve":
            assert "newer version" in refused(founded(*command))
    assert founded("verify").status == 0, "the audit needs no SQL"


@pytest.mark.parametrize(("key", "value"), [
    ("WIKI_PORT", "x"), ("WIKI_PORT", "0"), ("WIKI_PORT", "70000"), ("WIKI_WORKERS", "-1"), ("WIKI_WORKERS", "0"),
    ("WIKI_SECURE_COOKIES", "perhaps"), ("WIKI_DATABASE_URL", "nonsense"), ("WIKI_DATABASE_URL", "mysql://x/y"),
    ("WIKI_SESSION_DAYS", "0"), ("WIKI_SYSTEM_EMAIL", "<>"), ("WIKI_LANGUAGES", "nonsense"),
    ("WIKI_SIGN_IN_LIMIT_PER_ACCOUNT", "often"), ("WIKI_HOST", "not a host"),
])  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused(
    founded: Command, refused: Refusal, tmp_path: Path, key: str, value: str
) -> None:
    command = {"WIKI_SYSTEM_EMAIL": "init", "WIKI_HOST": "serve"}.get(key, "tick")
    data = tmp_path / "other" if command == "init" else founded.data
    refused(founded(command, env={key: value, "WIKI_DATA": str(data)}))


def test_a_settings_file_that_cannot_be_read_is_refused(founded: Command, refused: Refusal) -> None:
    for text, word in (("x = [", "wiki.toml"), ("colour = 'red'", "colour"), ("port = 'many'", "port")):
        (founded.data / "wiki.toml").write_text(text, encoding="utf-8")
        assert word in refused(founded("tick"))


def test_database_that_is_none_is_refused(founded: Command, refused: Refusal) -> None:
    for file in founded.data.glob("wiki.db*"):
        file.unlink()
    (founded.data / "wiki.db").write_bytes(b"this is no database" * 100)
    assert "database" in refused(founded("tick")).lower()


def test_the_link_for_the_first_account_names_the_port_of_the_environment(wiki: Command, pages: Path) -> None:
    ran = wiki("init", "--from", pages, env={"WIKI_PORT": "8123"})
    assert "http://127.0.0.1:8123/-/welcome/" in ran.out
