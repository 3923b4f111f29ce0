"""Objects and refs that the wiki writes itself are what git would have written, and keep out of git's way."""

from __future__ import annotations

import errno
import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.begun import listening
from tests.house import ANA, BOB, CYD, House, plain_git
from wiki.model.errors import Conflict, Damaged, NotFound, Unavailable
from wiki.repository import MAIN, Swap, files, proposal_ref
from wiki.repository.journal import JOURNAL_FILE

HELLO = {"welcome.md": "# Welcome\n\nHello.\n"}


def test_an_act_begins_no_process(house: House) -> None:
    house.bring_into_force(ANA, {"welcome.md": "# Welcome\n\nBefore.\n"}, BOB, CYD)
    with listening() as processes:
        house.bring_into_force(ANA, HELLO, BOB, CYD)
    assert processes == []


def test_what_was_written_of_late_is_read_without_git(house: House) -> None:
    house.bring_into_force(ANA, HELLO, BOB, CYD)
    again = house.again()
    assert again.repository.founding
    with listening() as processes:
        repository = again.repository
        main = repository.main()
        blob = repository.file(main, "welcome.md")
        assert blob is not None
        assert repository.content(blob).decode() == HELLO["welcome.md"]
        assert [act.author for act in repository.chain(repository.commit(main).parents[1])] == [ANA, BOB, CYD]
    assert processes == []
    again.close()


@pytest.mark.parametrize("found", ["another", "cut off", "nothing"])
def test_a_file_that_is_not_what_its_name_says_is_not_believed(house: House, found: str) -> None:
    house.bring_into_force(ANA, HELLO, BOB, CYD)
    blob, main = house.git("rev-parse", "main:welcome.md"), house.repository.main()
    file, other = (house.path / "objects" / each[:2] / each[2:] for each in (blob, main))
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes({"another": other.read_bytes(), "cut off": whole[:-4], "nothing": b""}[found])
    assert files.read_object(house.path / "objects", main) is not None
    assert files.read_object(house.path / "objects", blob) is None
    again = house.again()
    with pytest.raises((Damaged, NotFound)):
        again.repository.content(blob)
    file.write_bytes(whole)
    assert again.repository.content(blob).decode() == HELLO["welcome.md"]
    again.close()


def test_what_is_written_is_byte_for_byte_what_git_writes(house: House) -> None:
    house.bring_into_force(ANA, HELLO, BOB, CYD)
    git = plain_git(house.path, "hash-object", "-w", "--stdin", stdin="Something else.\n")
    theirs = house.path / "objects" / git[:2] / git[2:]
    blob = house.git("rev-parse", "main:welcome.md")
    ours = house.path / "objects" / blob[:2] / blob[2:]
    assert ours.stat().st_mode == theirs.stat().st_mode
    assert house.git("cat-file", "blob", blob) == HELLO["welcome.md"].strip()
    ref = house.path / MAIN
    assert ref.read_text() == house.git("rev-parse", "main") + "\n"


@pytest.mark.parametrize("size", [0, 1, 300, 4_075, 4_076, 9_000, 70_000, 2_000_000])
def test_what_fits_into_a_block_is_stored_as_it_is_and_git_reads_it_like_all_else(house: House, size: int) -> None:
    text = ("Some words.\n" * (size // 12 + 1))[:size]
    batch = house.repository.batch()
    blob = batch.blob(text.encode())
    house.repository.store.add(batch)
    file = house.path / "objects" / blob[:2] / blob[2:]
    assert (text.encode() in file.read_bytes()) == (size <= 4_075)
    assert file.stat().st_size <= max(4_096, size // 10)
    assert plain_git(house.path, "hash-object", "--stdin", stdin=text) == blob
    assert plain_git(house.path, "cat-file", "blob", blob) == text.rstrip("\n")
    house.git("fsck", "--strict", "--no-dangling")
    assert files.read_object(house.path / "objects", blob) == ("blob", text.encode())
    assert files.is_whole(file.read_bytes(), blob)


def test_what_becomes_of_refs_is_noted_before_they_are_moved_and_on_the_disk_before_the_writer_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)
    noted, rename, fdatasync = house.path / JOURNAL_FILE, os.rename, os.fdatasync
    done: list[str] = []

    def renamed(before: str, after: str) -> None:
        if after.endswith(proposal_ref(n)):
            assert Path(before).read_text().strip().encode() in noted.read_bytes()
            done.append("moved")
        rename(before, after)

    def synced(file: int) -> None:
        assert os.fstat(file).st_ino == noted.stat().st_ino
        done.append("on the disk")
        fdatasync(file)

    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "fdatasync", synced)
    house.endorse(n, BOB)
    assert done == ["moved", "on the disk"]


def test_a_disk_that_can_no_longer_be_written_is_told_in_a_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what was begun can be taken away then."""

    def fails(*_told: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    before = house.git("for-each-ref")
    with monkeypatch.context() as broken:
        broken.setattr(os, "rename", fails)
        broken.setattr(os, "unlink", fails)
        with pytest.raises(Unavailable, match="cannot be written just now"):
            house.propose(ANA, HELLO)
    assert house.git("for-each-ref") == before
    house.repository.refs.sweep()
    house.repository.upkeep.sweep(time.time())
    assert [file for file in house.path.rglob("*") if files.IN_THE_MAKING in file.name or "tmp_obj_" in file.name] == []
    house.bring_into_force(ANA, HELLO, BOB, CYD)


def test_who_waits_for_the_disk_lets_others_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    n = house.propose(ANA, HELLO)
    fdatasync, seen = os.fdatasync, []

    def sync(file: int) -> None:
        if not seen:
            seen.append(file)
            with house.again().repository.writing():
                pass
        fdatasync(file)

    monkeypatch.setattr(os, "fdatasync", sync)
    house.endorse(n, BOB)
    assert len(seen) == 1


def test_the_disk_is_waited_for_once_an_act(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    n = house.propose(ANA, HELLO)
    done: list[str] = []

    def noted(name: str) -> None:
        does = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *told: done.append(name) or does(*told))

    for name in ("fsync", "fdatasync", "rename"):
        noted(name)
    opened = _open_files()
    house.endorse(n, BOB)
    assert done == ["rename", "rename", "fdatasync"]
    assert _open_files() == opened


def test_a_large_file_is_waited_for_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[int] = set()
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: synced.add(os.fstat(file).st_ino) or fsync(file))
    picture = os.urandom(2 * files.LARGE)
    n = house.propose(ANA, {**HELLO, "map.png": picture})  # type: ignore[dict-item]
    blob = house.git("rev-parse", f"{proposal_ref(n)}:map.png")
    assert (house.path / "objects" / blob[:2] / blob[2:]).stat().st_ino in synced
    assert (house.path / JOURNAL_FILE).stat().st_size < files.LARGE


def _open_files() -> set[str]:
    return {file.name for file in Path("/proc/self/fd").iterdir()}


def test_of_two_who_swap_the_same_ref_the_second_is_told_and_no_lock_stays(house: House) -> None:
    n = house.propose(ANA, HELLO)
    tip, main = house.guidelines.tip(n), house.repository.main()
    refs = house.repository.refs
    with pytest.raises(Conflict):
        refs.swap([Swap(proposal_ref(n), main, main)])
    with pytest.raises(Conflict):
        refs.swap([Swap(MAIN, main, tip), Swap(proposal_ref(n), None, tip)])
    with pytest.raises(Conflict):
        refs.swap([Swap(MAIN, None, tip)])
    assert house.repository.main() == main
    assert refs.left_behind() == []


def test_a_ref_that_git_is_writing_is_waited_for(house: House) -> None:
    n = house.propose(ANA, HELLO)
    lock = house.path / f"{proposal_ref(n)}.lock"
    lock.touch()
    threading.Timer(0.2, lock.unlink).start()
    house.endorse(n, BOB)
    assert house.kinds(n) == ["propose", "endorse"]


def test_a_ref_that_stays_locked_is_refused_with_a_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    n = house.propose(ANA, HELLO)
    lock = house.path / f"{proposal_ref(n)}.lock"
    lock.touch()
    with pytest.raises(Unavailable, match="being written by somebody else"):
        house.endorse(n, BOB)
    assert lock.exists(), "it is not ours to take away"
    lock.unlink()
    house.endorse(n, BOB)


def test_git_does_not_write_a_ref_that_the_wiki_is_writing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git finds our lock as its own."""
    n = house.propose(ANA, HELLO)
    tip, tried = house.guidelines.tip(n), []
    rename = os.rename

    def beside(before: str | Path, after: str | Path) -> None:
        if str(after).endswith(proposal_ref(n)):
            command = ["git", "-C", house.path, "update-ref", proposal_ref(n), house.repository.main(), tip]
            tried.append(subprocess.run(command, capture_output=True, text=True, check=False).stderr)
        rename(before, after)

    monkeypatch.setattr(os, "rename", beside)
    house.endorse(n, BOB)
    assert ["File exists" in said for said in tried] == [True]
    assert house.kinds(n) == ["propose", "endorse"]


def test_what_leads_to_a_missing_text_does_not_come_into_force(house: House) -> None:
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    main, blob = house.repository.main(), house.git("rev-parse", f"{proposal_ref(n)}:welcome.md")
    file = house.path / "objects" / blob[:2] / blob[2:]
    kept = file.read_bytes()
    file.unlink()
    again = house.again()
    again.endorse(n, CYD)
    assert again.repository.main() == main
    file.write_bytes(kept)
    again.guidelines.settle(n)
    assert again.in_force(n)
    again.close()


def test_what_was_prepared_by_somebody_killed_is_swept(house: House) -> None:
    left = house.path / f"{files.IN_THE_MAKING}0123456789ab"
    left.touch()
    assert house.repository.refs.sweep() == [left.name]
    assert not left.exists()
