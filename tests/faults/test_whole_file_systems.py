"""What many acts have written comes to the disk at once, where the file system keeps its word."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.house import ANA, House
from wiki.repository import file_systems
from wiki.repository import journal as journals
from wiki.repository import upkeep as upkeeps
from wiki.repository.file_systems import synced_whole
from wiki.repository.journal import Record, to_disk

FEW, MANY = 20, 200
KINDS = {"ext4": True, "xfs": True, "nfs4": False, "fuse.sshfs": False, "overlay": False, "tmpfs": False}


def mounted(place: Path, kind: str) -> str:
    device = place.stat().st_dev
    about = f"36 35 {os.major(device)}:{os.minor(device)} / {place} rw,noatime shared:1 master:2"
    return f"22 1 0:21 / /proc rw - proc proc rw\n{about} - {kind} /dev/x rw\n"


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system says is mounted."""
    monkeypatch.setattr(file_systems, "_MOUNTED", tmp_path / "mountinfo")
    return tmp_path / "mountinfo"


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is brought to the disk one after the other."""
    synced: list[str] = []
    monkeypatch.setattr(journals, "sync", synced.append)
    return synced


def records(count: int) -> list[Record]:
    return [Record(f"{nth}", {f"{nth:040x}": b"x"}, ()) for nth in range(count)]


@pytest.mark.parametrize(("kind", "relied_on"), KINDS.items())
def test_only_disks_of_this_machine_are_relied_on(tmp_path: Path, said: Path, kind: str, relied_on: bool) -> None:
    said.write_text(mounted(tmp_path, kind), "utf-8")
    assert synced_whole([str(tmp_path), str(tmp_path)]) is relied_on


def test_nothing_is_relied_on_where_the_system_does_not_say_what_is_mounted(tmp_path: Path, said: Path) -> None:
    assert not said.exists()
    assert not synced_whole([str(tmp_path)])


def test_one_that_is_not_relied_on_is_enough(tmp_path: Path, said: Path) -> None:
    said.write_text(mounted(tmp_path, "ext4"), "utf-8")
    assert not synced_whole([str(tmp_path), "/proc"])


def test_a_disk_that_fails_is_told(tmp_path: Path, said: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said.write_text(mounted(tmp_path, "ext4"), "utf-8")
    closed = os.open(tmp_path, os.O_RDONLY)
    os.close(closed)
    with pytest.raises(OSError, match="Bad file descriptor"):
        file_systems._synced(closed)

    def fails(_opened: int) -> bool:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(file_systems, "_synced", fails)
    with pytest.raises(OSError, match="Input/output error"):
        to_disk(str(house_like(tmp_path)), records(MANY))


def house_like(place: Path) -> Path:
    for folder in ("objects/pack", "refs"):
        (place / folder).mkdir(parents=True)
    return place


@pytest.mark.parametrize(
    ("kind", "count", "at_once"), [("ext4", MANY, True), ("ext4", FEW, False), ("nfs", MANY, False)]
)
def test_many_files_come_to_the_disk_at_once_and_others_one_by_one(
    tmp_path: Path, said: Path, one_by_one: list[str], kind: str, count: int, at_once: bool
) -> None:
    said.write_text(mounted(tmp_path, kind), "utf-8")
    place = house_like(tmp_path)
    to_disk(str(place), records(count))
    expected = set() if at_once else {f"{place}/objects/00/{nth:038x}" for nth in range(count)}
    assert set(one_by_one) == expected


def test_a_beat_of_the_clock_after_many_acts_syncs_their_disk_once(
    house: House, said: Path, one_by_one: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []
    synced = journals.synced_whole
    monkeypatch.setattr(journals, "synced_whole", lambda asked: folders.extend(asked) or synced(asked))
    place = house.repository.path
    said.write_text(mounted(place, "ext4"), "utf-8")
    for nth in range(MANY // 5):
        house.propose(ANA, {"welcome.md": f"# Welcome\n\nWords {nth}.\n"})
    house.repository.upkeep.settle()
    assert folders == [str(place), f"{place}/objects", f"{place}/refs"]
    assert not [each for each in one_by_one if "/objects/" in each]
    assert house.repository.refs.journal.is_empty()


@pytest.mark.parametrize("relied_on", [True, False])
def test_of_a_large_journal_nothing_is_looked_for_where_its_disk_is_relied_on(
    house: House, said: Path, one_by_one: list[str], monkeypatch: pytest.MonkeyPatch, relied_on: bool
) -> None:
    monkeypatch.setattr(upkeeps, "MUCH", 1)
    house.propose(ANA, {"welcome.md": "# Welcome\n\nOther words.\n"})
    said.write_text(mounted(house.repository.path, "ext4" if relied_on else "nfs"), "utf-8")
    house.repository.upkeep.settle()
    assert bool([each for each in one_by_one if "/objects/" in each]) is not relied_on
    assert house.repository.refs.journal.is_empty()
