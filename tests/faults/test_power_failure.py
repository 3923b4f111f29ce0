"""A machine whose power fails: the disk has the journal, and of all else that was written of late what it likes."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import ANA, BOB, CYD, DEE, PAGES, House, plain_git
from wiki.model.acts import Kind
from wiki.model.errors import Unavailable
from wiki.repository import MAIN, Swap, proposal_ref, recovery
from wiki.repository import journal as journals
from wiki.repository.files import LARGE, read_object
from wiki.repository.journal import FORMER_FILE, JOURNAL_FILE, Journal, to_disk

HELLO = {"welcome.md": "# Welcome\n\nHello.\n"}
BY_HAND = ("-c", "user.name=Operator", "-c", "user.email=operator@example.com")
NOTED = (JOURNAL_FILE, FORMER_FILE)


@pytest.fixture
def before(house: House, tmp_path: Path) -> Path:
    """What the disk has for certain."""
    house.bring_into_force(ANA, {"travel/visa.md": "# Visas\n\nAsk now.\n"}, BOB, CYD)
    place = tmp_path / "before"
    shutil.copytree(house.path, place)
    return place


@pytest.fixture
def fail(house: House, before: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[random.Random | None], House]:
    """Have the power fail, with the disk in any state that it may be left in, or without chance in the worst; the house
    as it is opened then."""

    def failed(chance: random.Random | None = None) -> House:
        house.close()
        written = [file for file in house.path.rglob("*") if file.is_file() and file.name not in NOTED]
        for file in written:
            kept = before / file.relative_to(house.path)
            whole, was = file.read_bytes(), kept.read_bytes() if kept.is_file() else None
            if whole != was:
                _become(file, (chance.choice if chance else min)([was or b"", whole[: len(whole) // 2], whole]), was)
                if chance is not None and was is None and chance.random() < 0.3:
                    file.unlink()
        monkeypatch.setattr(journals, "boot", lambda: "another")
        return house.again()

    return failed


def _become(file: Path, held: bytes, was: bytes | None) -> None:
    if file.parent.name == "proposals" or file.name == "main":  # a ref is as it was, as it is, or nothing
        held = held if len(held) in (0, 41) else was or b""
    file.chmod(0o644)
    file.write_bytes(held)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_that_was_acknowledged_is_lost(
    house: House, fail: Callable[[random.Random | None], House], seed: int
) -> None:
    chance = random.Random(seed)
    for nth in range(chance.randrange(1, 6)):
        n = house.propose(ANA, {f"page{chance.randrange(3)}.md": f"# Page\n\nSaid {nth}, {seed}.\n"})
        for who in [BOB, CYD][: chance.randrange(3)]:
            house.endorse(n, who)
        if chance.random() < 0.5:
            house.guidelines.comment(n, DEE, "Is that so?")
    refs = house.git("for-each-ref")
    again = fail(chance if seed else None)
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    again.git("fsck", "--strict", "--no-dangling")
    again.bring_into_force(DEE, HELLO, ANA, CYD)
    again.close()


def test_the_first_who_writes_sees_to_it_where_nobody_has(house: House, fail: Callable[[None], House]) -> None:
    n = house.propose(ANA, HELLO)
    again = fail(None)
    again.propose(BOB, {"other.md": "# Other\n"})
    again.endorse(n, BOB, CYD)
    assert again.in_force(n)
    again.close()


def test_while_the_machine_goes_on_nothing_is_touched(house: House, before: Path) -> None:
    house.bring_into_force(ANA, HELLO, BOB, CYD)
    main = house.repository.main()
    plain_git(house.path, "update-ref", MAIN, f"{MAIN}^")  # as an operator might
    again = house.again()
    again.repository.refs.recover()
    assert again.repository.main() != main
    again.close()


def test_what_somebody_else_wrote_since_stays(house: House, fail: Callable[[None], House]) -> None:
    before_all = house.repository.main()
    house.bring_into_force(ANA, HELLO, BOB, CYD)
    again = fail(None)
    theirs = house.git(*BY_HAND, "commit-tree", "-m", "By hand", f"{before_all}^{{tree}}")
    (house.path / MAIN).write_text(f"{theirs}\n")
    again.repository.refs.recover()
    assert again.repository.main() == theirs
    again.close()


def test_what_was_only_about_to_be_done_is_not_done(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    rename = os.rename

    def dies(before: str, after: str) -> None:
        if str(after).endswith(MAIN):
            raise SystemExit
        rename(before, after)

    with monkeypatch.context() as dying:
        dying.setattr(os, "rename", dies)
        with pytest.raises(SystemExit):
            house.endorse(n, CYD)
    main, tip = house.repository.main(), house.guidelines.tip(n)
    house.object(n, DEE)
    again = fail(None)
    again.repository.refs.recover()
    assert again.repository.main() == main
    assert again.kinds(n) == ["propose", "endorse", "endorse", "object"]
    assert again.repository.commit(again.guidelines.tip(n)).parents == (tip,)
    again.close()


def _act(house: House, n: int, kind: Kind) -> str:
    return next(act.id for act in house.weigh(n).proposal.acts if act.kind is kind)


REPEATED: Mapping[str, Callable[[House, int], object]] = {
    "propose": lambda house, _n: house.propose(ANA, HELLO, "Say hello"),
    "endorse": lambda house, n: house.endorse(n, BOB),
    "object": lambda house, n: house.object(n, CYD),
    "answer": lambda house, n: house.guidelines.answer(n, ANA, _act(house, n, Kind.OBJECT), "Because."),
    "revise": lambda house, n: house.guidelines.revise(n, ANA, HELLO, seen=_act(house, n, Kind.PROPOSE)),
    "reopen": lambda house, n: house.guidelines.reopen(n, ANA),
    "comment": lambda house, n: house.guidelines.comment(n, DEE, "Is that so?"),
}
"""What somebody does who was not told that they had done it."""


@pytest.mark.parametrize("kind", REPEATED)
def test_who_is_told_that_it_was_done_already_can_rely_on_that(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Somebody was killed after they had done it and before they had noted so, and it is asked for once more."""
    n = house.propose(ANA, {"other.md": "# Other\n"})
    if kind == "answer":
        house.object(n, CYD)
    if kind == "reopen":
        house.guidelines.close(n, ANA)

    def dies(_block: journals.Block) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(journals.Block, "done", dies)
        with pytest.raises(SystemExit):
            REPEATED[kind](house, n)
    done = house.git("for-each-ref")
    REPEATED[kind](house, n)
    assert house.git("for-each-ref") == done
    again = fail(None)
    again.repository.refs.recover()
    assert again.git("for-each-ref") == done
    again.git("fsck", "--strict", "--no-dangling")
    again.close()


@pytest.mark.parametrize("stands_on_it", [True, False])
def test_what_was_done_and_not_said_to_be_is_kept_where_something_stands_on_it(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch, stands_on_it: bool
) -> None:
    """Be it on another ref, as a proposal does that begins from what was put on main."""
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    before, done = house.repository.main(), journals.Block.done

    def dies(block: journals.Block) -> None:
        if house.repository.main() != before:
            raise SystemExit
        done(block)

    with monkeypatch.context() as dying:
        dying.setattr(journals.Block, "done", dies)
        with pytest.raises(SystemExit):
            house.endorse(n, CYD)
    main = house.repository.main()
    if stands_on_it:
        house.propose(DEE, {"travel/visa.md": "# Visas\n\nAsk early and twice.\n"})
    again = fail(None)
    again.repository.refs.recover()
    assert again.repository.main() == (main if stands_on_it else before)
    assert again.kinds(n) == ["propose", "endorse", "endorse"]
    again.git("fsck", "--strict", "--no-dangling")
    again.close()


def test_what_was_broken_before_is_left_to_be_looked_at(house: House, fail: Callable[[None], House]) -> None:
    blob = house.git("rev-parse", "main:welcome.md")
    file = house.path / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"")
    house.damaged = True
    house.propose(ANA, {"other.md": "# Other\n\nText.\n"})
    again = fail(None)
    os.utime(file, (0, time.time() - 10 * 24 * 3600))
    again.repository.refs.recover()
    assert file.exists()
    again.close()


def test_upkeep_has_everything_on_the_disk_before_the_journal_is_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)
    noted = Journal(str(house.path)).records()
    synced: set[str] = set()
    fsync, unlink = os.fsync, os.unlink
    monkeypatch.setattr(
        os, "fsync", lambda file: synced.add(str(Path(f"/proc/self/fd/{file}").readlink())) or fsync(file)
    )

    def forgotten(file: str) -> None:
        if str(file).endswith(FORMER_FILE):
            for each in (each for one in noted for record in one.records for each in record.objects):
                loose = house.path / "objects" / each[:2] / each[2:]
                assert not loose.exists() or str(loose) in synced
            assert str(house.path / "refs" / "proposals") in synced
            synced.add("forgotten")
        unlink(file)

    monkeypatch.setattr(os, "unlink", forgotten)
    assert house.repository.upkeep.run(time.time())
    assert "forgotten" in synced
    assert [record for each in Journal(str(house.path)).records() for record in each.records] == []
    house.endorse(n, BOB, CYD)
    assert house.in_force(n)


def test_what_a_killed_upkeep_set_aside_is_not_lost(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)

    def dies(*_told: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(house.repository.upkeep, "_pack", dies)
        for _ in range(2):  # the second finds what the first set aside
            with pytest.raises(SystemExit):
                house.repository.upkeep.run(time.time())
            house.endorse(n, BOB)
    refs = house.git("for-each-ref")
    again = fail(None)
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    assert not (house.path / FORMER_FILE).exists()
    again.close()


def test_refs_are_packed_once_the_disk_has_what_they_lead_to(
    house: House, before: Path, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """git has on the disk at once what it packs, and somebody may still wait for what they have written."""
    upkeep, disk = house.repository.upkeep, dict[str, bytes]()
    git = upkeep._git

    def comes_to_the_disk(journal: Journal) -> None:
        wait(journal)
        disk.update({name: (house.path / name).read_bytes() for name in NOTED if (house.path / name).exists()})

    def work(lock: int, command: str, *more: str) -> None:
        if command == "commit-graph":
            with monkeypatch.context() as waiting:
                waiting.setattr(journals.Block, "wait", lambda _block: None)
                house.propose(ANA, HELLO)
        git(lock, command, *more)
        if command == "pack-refs":
            raise SystemExit

    wait = Journal.wait
    monkeypatch.setattr(Journal, "wait", comes_to_the_disk)
    monkeypatch.setattr(upkeep, "_git", work)
    with pytest.raises(SystemExit):
        upkeep.run(time.time())
    for name, held in disk.items():
        (house.path / name).write_bytes(held)
    shutil.copy(house.path / "packed-refs", before)
    shutil.copytree(house.path / "objects" / "pack", before / "objects" / "pack", dirs_exist_ok=True)
    again = fail(None)
    again.repository.refs.recover()
    again.git("fsck", "--strict", "--no-dangling")
    assert again.git("for-each-ref", "--format=%(refname)").split()[-1] == proposal_ref(2)
    again.close()


def test_without_room_to_say_that_it_was_done_the_disk_has_it_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)
    put: list[bytes] = []
    pwrite, synced = os.pwrite, []

    def full(file: int, data: bytes, at: int) -> int:
        put.append(bytes(data))
        if b'"done"' in put[-1]:
            raise OSError(28, "No space left on device")
        return pwrite(file, data, at)

    monkeypatch.setattr(os, "pwrite", full)
    monkeypatch.setattr(journals, "to_disk", lambda place, records: synced.extend(records) or to_disk(place, records))
    house.endorse(n, BOB)
    assert [swap.ref for record in synced for swap in record.swaps] == [proposal_ref(n)]


def test_who_cannot_put_it_right_can_write_nothing(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)
    again = fail(None)

    def fails(*_told: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr("wiki.repository.recovery.store", fails)
        with pytest.raises(Unavailable, match="cannot be written just now"):
            again.propose(BOB, {"other.md": "# Other\n"})
    again.propose(BOB, {"other.md": "# Other\n"})
    again.endorse(n, BOB, CYD)
    assert again.in_force(n)
    again.close()


def test_what_git_merged_for_an_act_is_not_lost(house: House, fail: Callable[[None], House]) -> None:
    """It has the files on the disk, and perhaps not their names."""
    page = "travel/expenses.md"
    n = house.propose(ANA, {page: PAGES[page].replace("Line 1 of", "The first line of")})
    house.bring_into_force(BOB, {page: PAGES[page].replace("Line 30 of", "The last line of")}, ANA, CYD)
    house.endorse(n, BOB, CYD)
    refs, text = house.git("for-each-ref"), house.git("show", f"main:{page}")
    assert "first line" in text
    assert "last line" in text
    again = fail(None)
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    assert again.git("show", f"main:{page}") == text
    again.git("fsck", "--strict", "--no-dangling")
    again.close()


def test_what_somebody_stores_is_never_taken_for_what_was_done(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attachment that looks like frames, whose writer is killed before it is noted where the next goes."""
    main = house.repository.main()
    n = house.propose(ANA, HELLO)
    moves = {"named": "forged", "objects": [], "swaps": [[MAIN, main, house.guidelines.tip(n)]]}
    forged = b"".join(journals._frame(journals._told(each), bytes(16)) for each in (moves, {"done": "forged"}))
    noise = random.Random(1).randbytes
    put, dying = journals._put, [True]

    def dies(opened: int, data: bytes, at: int) -> None:
        if at == 0 and dying:
            dying.clear()
            raise SystemExit
        put(opened, data, at)

    monkeypatch.setattr(journals, "_put", dies)
    with pytest.raises(SystemExit):
        house.propose(ANA, {"picture.png": noise(30_000) + forged + noise(30_000)})  # type: ignore[dict-item]
    assert forged in (house.path / JOURNAL_FILE).read_bytes()
    house.repository.refs.sweep()
    house.guidelines.comment(n, BOB, "Short.")
    again = fail(None)
    again.repository.refs.recover()
    assert again.repository.main() == main
    assert again.kinds(n) == ["propose"]
    again.close()


def test_another_machine_may_be_packing_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for nth in range(4):
        house.propose(ANA, {f"page{nth}.md": f"# Page\n\nSaid {nth}.\n"})
    house.repository.upkeep.settle()
    refs, is_whole = house.git("for-each-ref"), recovery.is_whole
    monkeypatch.setattr(journals, "boot", lambda: "another")
    again = house.again()

    def packs(held: bytes, object_id: str) -> bool:
        again.git("repack", "-a", "-d", "-q")
        return is_whole(held, object_id)

    with monkeypatch.context() as packing:
        packing.setattr(recovery, "is_whole", packs)
        again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    again.close()


def test_an_object_is_put_right_whatever_the_clock_said(house: House, fail: Callable[[None], House]) -> None:
    n = house.propose(ANA, HELLO)
    tip = house.guidelines.tip(n)
    again = fail(None)
    for file in (house.path / "objects").rglob("*"):
        os.utime(file, (0, 0))
    again.repository.refs.recover()
    assert again.guidelines.tip(n) == tip
    again.git("fsck", "--strict", "--no-dangling")
    again.close()


def test_where_nothing_tells_one_start_from_the_next_each_process_looks(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "_BOOT", Path("/nowhere"))
    (house.path / JOURNAL_FILE).unlink()
    n = house.propose(ANA, HELLO)
    again = fail(None)
    monkeypatch.setattr(journals, "boot", lambda: "")
    again.repository.refs.recover()
    assert again.kinds(n) == ["propose"]
    again.close()


def test_what_cannot_be_read_is_not_thrown_away(
    house: House, fail: Callable[[None], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.propose(ANA, HELLO)
    blob = house.git("hash-object", "-w", "--stdin", stdin="Something.\n")
    file = house.path / "objects" / blob[:2] / blob[2:]
    again, read = fail(None), Path.read_bytes
    file.chmod(0o644)
    file.write_bytes(b"")

    def fails(self: Path) -> bytes:
        if self == file:
            raise OSError(5, "Input/output error")
        return read(self)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_bytes", fails)
        with pytest.raises(Unavailable, match="cannot be written just now"):
            again.repository.refs.recover()
    assert file.exists()
    again.repository.refs.recover()
    assert not file.exists()
    again.close()


@pytest.mark.parametrize(
    "said", [b"[]\n", b"no words\n", b'{"named":"1"}\n', b'{"named":"1","objects":[],"swaps":[[]]}\n']
)
def test_what_a_newer_version_noted_stops_writers_only(
    house: House, fail: Callable[[None], House], said: bytes
) -> None:
    n = house.propose(ANA, HELLO)
    opened = house.repository.refs.journal.open()
    journals._add(opened, said, str(house.path))
    os.close(opened)
    again = fail(None)
    with pytest.raises(Unavailable, match="cannot be written just now"):
        again.repository.refs.recover()
    with pytest.raises(Unavailable, match="cannot be written just now"):
        again.guidelines.comment(n, BOB, "Is that so?")
    house.damaged = True
    again.close()


def test_a_journal_that_is_emptied_meanwhile_is_told_of(house: House) -> None:
    n = house.propose(ANA, HELLO)
    (house.path / JOURNAL_FILE).write_bytes(b"")
    with pytest.raises(Unavailable, match="cannot be written just now"):
        house.endorse(n, BOB)
    house.again().repository.refs.recover()
    house.endorse(n, BOB)


def test_with_several_machines_the_files_are_there_before_the_next_has_its_turn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = house.propose(ANA, HELLO)
    synced: set[str] = set()
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda file: synced.add(str(Path(f"/proc/self/fd/{file}").readlink())) or fsync(file)
    )

    @contextmanager
    def turn() -> Iterator[None]:
        yield
        assert str(house.path / proposal_ref(n)) in synced

    monkeypatch.setattr(house.repository.refs, "turn", turn)
    house.endorse(n, BOB)
    tip = house.guidelines.tip(n)
    assert str(house.path / "objects" / tip[:2] / tip[2:]) in synced


def test_what_is_set_aside_is_on_the_disk(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have been killed before they waited for it, and what comes after stands on it."""
    house.propose(ANA, HELLO)
    noted, synced = (house.path / JOURNAL_FILE).stat().st_ino, set[int]()
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: synced.add(os.fstat(file).st_ino) or fsync(file))
    house.repository.refs.journal.set_aside()
    assert noted in synced


def test_a_beat_of_the_clock_forgets_what_has_come_to_the_disk(house: House, fail: Callable[[None], House]) -> None:
    """So what an operator takes away for good does not come back with the next start of the machine."""
    n = house.propose(ANA, HELLO)
    journal = house.repository.refs.journal
    assert not journal.is_empty()
    house.repository.upkeep.settle()
    assert journal.is_empty()
    assert not (house.path / FORMER_FILE).exists()
    house.git("update-ref", "-d", proposal_ref(n))
    house.git("prune", "--expire=now")
    again = fail(None)
    again.repository.refs.recover()
    assert again.git("for-each-ref", "refs/proposals/2") == ""
    again.close()


def test_a_journal_that_another_user_begins_belongs_to_whom_the_repository_does(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, given = house.path.stat(), []
    (house.path / JOURNAL_FILE).unlink()
    monkeypatch.setattr(os, "geteuid", lambda: owner.st_uid + 1)
    monkeypatch.setattr(os, "fchown", lambda _file, *whom: given.append(whom))
    with house.repository.writing():
        pass
    assert not (house.path / JOURNAL_FILE).exists(), "who writes nothing begins none"
    house.propose(ANA, HELLO)
    assert given == [(owner.st_uid, owner.st_gid)]


def test_the_journal_grows(tmp_path: Path) -> None:
    """By more than it has room for, and by more than it grows at once."""
    place = str(tmp_path)
    block = journals.Block(Journal(place))
    large = os.urandom(LARGE)
    for nth in range(5):
        block.objects = [journals.Stored(f"{nth:040}", large)]
        block.begin([Swap(f"refs/proposals/{nth}", None, f"{nth:040}")])
        block.done()
    block.wait()
    block.close()
    (said,) = Journal(place).records()
    assert [list(record.objects.items()) for record in said.records] == [[(f"{nth:040}", large)] for nth in range(5)]
    assert said.done == {record.named for record in said.records}
    assert said.boot == journals.boot()


_HELD = st.lists(st.tuples(st.binary(min_size=20, max_size=20).map(bytes.hex), st.binary(max_size=300)), max_size=3)


@given(st.lists(st.tuples(_HELD, st.binary(max_size=40)), max_size=5))
def test_of_what_is_noted_all_that_is_whole_is_read(written: list[tuple[list[tuple[str, bytes]], bytes]]) -> None:
    """Whatever killed writers left in between, be it the beginning of a frame."""
    data, expected = bytes(24), []
    for objects, left in written:
        record = journals.Record(f"{len(expected)}", dict(objects), [Swap(MAIN, None, "0" * 40)])
        frame = journals._frame(journals._held(record), bytes(16))
        data += left + frame[: len(left)] + frame
        expected.append(record)
    assert [journals._as_record(head, rest) for head, rest in journals._frames(data)] == expected


def test_a_missing_object_is_what_it_was(house: House, fail: Callable[[None], House]) -> None:
    n = house.propose(ANA, HELLO)
    blob = house.git("rev-parse", f"{proposal_ref(n)}:welcome.md")
    again = fail(None)
    assert read_object(house.path / "objects", blob) is None
    again.repository.refs.recover()
    assert read_object(house.path / "objects", blob) == ("blob", HELLO["welcome.md"].encode())
    again.close()
