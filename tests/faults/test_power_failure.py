"""A machine whose power fails: the disk has the journal, and of all else that was written of late what it likes."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import ANA, BOB, CYD, DEE, House, plain_git
from wiki.model.errors import Unavailable
from wiki.repository import MAIN, Swap, proposal_ref
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
    data, expected = bytes(8), []
    for objects, left in written:
        record = journals.Record(f"{len(expected)}", dict(objects), [Swap(MAIN, None, "0" * 40)])
        frame = journals._framed(record)
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
