"""One archive of the whole wiki, made while it serves."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from tests.operating.conftest import refused, unpacked
from tests.world import check_from_outside, settings_for
from wiki.archive import back_up, making
from wiki.database import open_database
from wiki.model.errors import Unavailable
from wiki.settings import Settings


def test_an_archive_holds_everything_with_its_sums(settings: Settings, tmp_path: Path) -> None:
    (settings.data / "wiki.toml").write_text('site_name = "Ours"\n', encoding="utf-8")
    (settings.data / "demonstration").touch()
    manifest = back_up(settings, tmp_path / "a.backup", "1.2.3")

    parts = unpacked(tmp_path / "a.backup")
    assert list(parts) == ["manifest.json", "content.bundle", "wiki.db", "wiki.toml", "secret-key", "demonstration"]
    told = json.loads(parts["manifest.json"])
    assert (told["format"], told["concord"], told["schema"]) == (1, "1.2.3", manifest.schema)
    assert told["git"].startswith("2.")
    assert told["sql_at"] <= told["git_at"]
    for part in told["parts"]:
        held = parts[part["name"]]
        assert (part["size"], part["sha256"]) == (len(held), hashlib.sha256(held).hexdigest())
    assert parts["wiki.toml"] == b'site_name = "Ours"\n'
    assert parts["secret-key"] == b"k" * 64


def test_the_guidelines_in_it_can_be_cloned_by_anybody(archive: Path, founded: Path, tmp_path: Path) -> None:
    (tmp_path / "content.bundle").write_bytes(unpacked(archive)["content.bundle"])
    subprocess.run(["git", "clone", "--quiet", "--mirror", "content.bundle", "copy.git"], cwd=tmp_path, check=True)
    check_from_outside(tmp_path / "copy.git")

    def refs(place: Path) -> str:
        return subprocess.run(
            ["git", "--git-dir", place, "for-each-ref"], capture_output=True, text=True, check=True
        ).stdout

    assert refs(tmp_path / "copy.git") == refs(founded / "content.git")
    assert "refs/proposals/2" in refs(tmp_path / "copy.git")
    assert "refs/talk/2" in refs(tmp_path / "copy.git")


def test_only_its_owner_may_read_it(settings: Settings, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        back_up(settings, tmp_path / "a.backup", "0")
    finally:
        os.umask(before)
    assert (tmp_path / "a.backup").stat().st_mode & 0o777 == 0o600


def test_files_may_come_and_go_while_room_is_looked_for(settings: Settings, tmp_path: Path) -> None:
    over, folder = threading.Event(), settings.content_git / "objects" / "ff"
    engine = open_database(settings.database_url)

    def write() -> None:
        while not over.is_set():
            folder.mkdir(exist_ok=True)
            for name in ("tmp_obj_1", "tmp_obj_2"):
                (folder / name).touch()
            shutil.rmtree(folder)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(200):
            making._check_room(settings, engine, tmp_path)
    finally:
        over.set()
        writer.join()
        engine.dispose()


def test_nothing_is_left_beside_it(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    back_up(settings, tmp_path / "kept" / "a.backup", "0")
    assert [file.name for file in (tmp_path / "kept").iterdir()] == ["a.backup"]


def test_what_is_there_stays_unless_it_is_forced(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    file.write_bytes(b"precious")
    with refused(tmp_path, "--force"):
        back_up(settings, file, "0")
    assert file.read_bytes() == b"precious"
    back_up(settings, file, "0", force=True)
    assert "content.bundle" in unpacked(file)


def test_a_name_that_was_taken_meanwhile_is_not_replaced(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"

    def somebody_is_quicker() -> float:
        file.write_bytes(b"precious")
        return 0

    with pytest.raises(Exception, match="already"):
        back_up(settings, file, "0", clock=somebody_is_quicker)
    assert file.read_bytes() == b"precious"


def test_a_link_that_leads_nowhere_is_something_that_is_there(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.backup").symlink_to(tmp_path / "nowhere")
    with refused(tmp_path, "already"):
        back_up(settings, tmp_path / "a.backup", "0")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_never_replaced(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with refused(tmp_path, "is a folder"):
        back_up(settings, tmp_path / "folder", "0", force=True)


def test_where_there_is_no_wiki_there_is_no_archive(tmp_path: Path) -> None:
    with refused(tmp_path, "no wiki"):
        back_up(settings_for(tmp_path / "none"), tmp_path / "a.backup", "0")


def test_without_a_database_it_is_refused_and_none_is_made(settings: Settings, tmp_path: Path) -> None:
    for file in settings.data.glob("wiki.db*"):
        file.unlink()
    with refused(tmp_path, "no database"):
        back_up(settings, tmp_path / "a.backup", "0")
    assert not (settings.data / "wiki.db").exists()


def test_a_database_that_is_none_is_refused(settings: Settings, tmp_path: Path) -> None:
    for file in settings.data.glob("wiki.db*"):
        file.unlink()
    (settings.data / "wiki.db").write_bytes(b"this is no database" * 100)
    with refused(tmp_path, "database"):
        back_up(settings, tmp_path / "a.backup", "0")


@pytest.mark.parametrize("version", ["0020", "9999"])
def test_no_archive_is_made_of_tables_of_another_version(settings: Settings, tmp_path: Path, version: str) -> None:
    with closing(sqlite3.connect(settings.data / "wiki.db")) as sql:
        sql.execute("UPDATE alembic_version SET version_num = ?", (version,))
        sql.commit()
    with refused(tmp_path, f"of version {version}"):
        back_up(settings, tmp_path / "a.backup", "0")


def test_a_damaged_repository_gives_no_archive(settings: Settings, tmp_path: Path) -> None:
    for file in (settings.content_git / "objects").glob("??/*"):
        file.chmod(0o600)
        file.write_bytes(b"rubbish")
    with refused(tmp_path, "cannot be made"):
        back_up(settings, tmp_path / "a.backup", "0")


def test_why_there_is_no_archive_is_said_without_hints_of_git(settings: Settings, tmp_path: Path) -> None:
    (settings.content_git / "info").mkdir(exist_ok=True)
    (settings.content_git / "info" / "grafts").touch()
    for file in (settings.content_git / "objects").glob("??/*"):
        file.chmod(0o600)
        file.write_bytes(b"rubbish")
    with pytest.raises(Unavailable) as caught:
        back_up(settings, tmp_path / "a.backup", "0")
    assert "hint" not in str(caught.value)


def test_where_nothing_can_be_written_it_says_so(settings: Settings, tmp_path: Path) -> None:
    with refused(tmp_path, "cannot be made"):
        back_up(settings, tmp_path / "none" / "a.backup", "0")


def test_too_little_room_is_refused_before_anything_is_written(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(10**9, 10**9, 10**5))
    with refused(tmp_path, "not room enough"):
        back_up(settings, tmp_path / "a.backup", "0")


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real small disk, where this machine lets one be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(10**12, 0, 10**12))
        with refused(disk):
            back_up(settings, disk / "a.backup", "0")
    finally:
        subprocess.run(["umount", disk], check=True)
