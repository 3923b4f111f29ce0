"""Upkeep of git: packed while it is read and written, by one at a time, and nothing is left behind by a kill."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.house import ANA, BOB, CYD, House, plain_git
from tests.world import World
from wiki.assembly import start
from wiki.clock import keep_quick
from wiki.model.errors import Unavailable
from wiki.repository import MAIN, Repository
from wiki.repository.packed_refs import packed
from wiki.repository.process import GitFailed
from wiki.repository.upkeep import BUSY, FAR_TOO_MANY, MOST_LOOSE, Clutter

LONG_AGO = 2 * 24 * 3600


def many_acts(house: House, count: int, first: int = 0) -> dict[str, str]:
    """So many proposals, every other one in force; where the refs lead then."""
    for nth in range(first, first + count):
        n = house.propose(ANA, {f"more/page{nth}.md": f"# Page {nth}\n\nText.\n"})
        if nth % 2:
            house.endorse(n, BOB, CYD)
    return refs_of(house)


def refs_of(house: House) -> dict[str, str]:
    lines = house.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)  # type: ignore[misc]


def test_what_was_written_is_packed_and_everything_reads_as_before(house: House) -> None:
    refs = many_acts(house, 12)
    loose = house.repository.upkeep.clutter()
    assert loose.objects > 40
    assert not loose.graph
    assert house.repository.upkeep.run(time.time())
    found = house.repository.upkeep.clutter()
    assert (found.objects, found.refs, found.packs > 0, found.graph) == (0, 0, True, True)
    for each in (house, house.again()):
        assert {ref: each.repository.refs.read(ref) for ref in refs} == refs
        assert each.text("more/page3.md") == "# Page 3\n\nText.\n"
        assert each.in_force(4)
        assert not each.in_force(5)
        each.close()
    house.git("commit-graph", "verify")
    house.endorse(5, BOB, CYD)
    assert house.propose(ANA, {"welcome.md": "# Welcome\n\nAfter it.\n"}) == 13


@pytest.mark.parametrize(
    ("minutes", "packs"),
    [
        ([BUSY + MOST_LOOSE], [True]),
        ([MOST_LOOSE - 1, MOST_LOOSE], [False, True]),
        ([10, BUSY + 11, 2 * BUSY + 12, 2 * BUSY + 13], [False, False, False, True]),
        ([10, FAR_TOO_MANY - 1, FAR_TOO_MANY + 2 * BUSY], [False, False, True]),
        ([FAR_TOO_MANY, 20, BUSY + 21], [True, False, False]),
    ],
)
def test_while_much_is_written_packing_waits_for_a_calmer_minute_but_not_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch, minutes: list[int], packs: list[bool]
) -> None:
    upkeep = house.repository.upkeep
    loose = iter(minutes)
    monkeypatch.setattr(upkeep, "clutter", lambda: Clutter(next(loose), 0, 1, True))
    assert [upkeep.due() for _ in minutes] == packs


def test_what_no_ref_leads_to_yet_is_kept(house: House) -> None:
    """A writer stores first and moves a ref then; what lies between may be packed, and never thrown away."""
    waiting = plain_git(house.path, "hash-object", "-w", "--stdin", stdin="about to be referred to\n")
    many_acts(house, 2)
    for _ in range(3):
        assert house.repository.upkeep.run(time.time() + LONG_AGO)
    assert house.git("cat-file", "blob", waiting) == "about to be referred to"


def test_a_packed_ref_is_found_by_halves_as_git_finds_it(tmp_path: Path) -> None:
    chance = random.Random(5)
    names = sorted({f"refs/proposals/{chance.randrange(3_000)}" for _ in range(900)} | {MAIN, "refs/tags/v1"})
    file = tmp_path / "packed-refs"
    lines = ["# pack-refs with: peeled fully-peeled sorted \n"]
    for nth, name in enumerate(names):
        lines.append(f"{nth:040x} {name}\n")
        if name == "refs/tags/v1":
            lines.append(f"^{'f' * 40}\n")
    file.write_text("".join(lines))
    for nth, name in enumerate(names):
        assert packed(file, name) == f"{nth:040x}"
    for name in ("refs/proposals/99999", "refs/heads/mai", "a", "z", "refs/proposals"):
        assert packed(file, name) is None
    assert packed(tmp_path / "none", MAIN) is None
    for broken in ("", "rubbish\n", lines[0] + "rubbish\n", lines[1]):
        file.write_text(broken)
        with pytest.raises(ValueError, match=r"packed-refs|empty"):
            packed(file, MAIN)


def test_a_file_of_packed_refs_in_another_form_is_left_to_git(house: House) -> None:
    many_acts(house, 2)
    main = house.repository.main()
    house.git("pack-refs", "--all")
    file = house.path / "packed-refs"
    file.write_text("".join(line for line in file.read_text().splitlines(keepends=True) if line[0] != "#"))
    assert house.repository.refs.read(MAIN) == main
    assert house.repository.refs.read("refs/proposals/9") is None


def test_two_never_work_at_once_and_a_git_that_outlives_its_wiki_counts(house: House) -> None:
    upkeep, other = house.repository.upkeep, house.again().repository.upkeep
    with upkeep._alone() as lock:
        assert lock is not None
        assert not other.run(time.time())
        orphan = subprocess.Popen(["sleep", "60"], pass_fds=(lock,))
    try:
        assert not other.run(time.time())
        assert other.sweep(time.time()) == []
    finally:
        orphan.kill()
        orphan.wait()
    assert other.run(time.time())


def test_of_two_machines_one_has_its_turn(world: World) -> None:
    health, now = world.wiki.health, world.wiki.now()
    assert health.take_turn("upkeep", now)
    assert not health.take_turn("upkeep", now + 60)
    assert not keep_quick(world.wiki), "the other one is at it"
    assert health.take_turn("upkeep", now + 3600), "that was killed an hour ago"
    assert health.take_turn("upkeep", now), "a clock that went back does not wait for the day that it gave"
    health.end_turn("upkeep")
    assert keep_quick(world.wiki)
    assert not keep_quick(world.wiki), "there is nothing left to do"


@pytest.mark.parametrize("kill_after", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_killed_upkeep_leaves_nothing_that_the_next_does_not_sweep(house: House, kill_after: float) -> None:
    refs = many_acts(house, 8)
    pid = os.fork()
    if pid == 0:
        try:
            house.again().repository.upkeep.run(time.time())
        finally:
            os._exit(0)
    os.setpgid(pid, pid)
    time.sleep(kill_after)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    (house.path / "objects" / "pack" / "tmp_pack_killed").write_bytes(b"half a pack")
    (house.path / "packed-refs.new").write_bytes(b"half of the refs")
    (house.path / "concord.upkeep").write_bytes(b"at work\n")
    again = house.again().repository
    wait_for_the_last_git(again)
    again.refs.sweep()
    assert "objects/pack/tmp_pack_killed" in again.upkeep.sweep(time.time())
    assert left_behind(house.path) == []
    assert again.upkeep.run(time.time())
    assert refs_of(house) == refs
    house.propose(BOB, {"welcome.md": "# Welcome\n\nAfter the kill.\n"})


def wait_for_the_last_git(repository: Repository) -> None:
    """A git that outlives its wiki works for a moment longer, and holds the lock of the upkeep as long."""
    for _ in range(500):
        with repository.upkeep._alone() as lock:
            if lock is not None:
                return
        time.sleep(0.02)
    raise AssertionError("a git does not end")


def left_behind(repository: Path) -> list[Path]:
    """What git was making, and locks."""
    made = [file for pattern in ("tmp_*", ".tmp-*", "*.lock", "*.new", "*.new.*") for file in repository.rglob(pattern)]
    return [file for file in made if file.name != "concord.lock"]


def test_what_somebody_else_is_making_is_left_alone_for_a_day(house: House) -> None:
    """Such as a `git fetch` by which an operator takes objects from a clone."""
    theirs = house.path / "objects" / "pack" / "tmp_pack_theirs"
    theirs.write_bytes(b"half a pack")
    assert house.repository.upkeep.sweep(time.time()) == []
    assert house.repository.upkeep.run(time.time())
    assert theirs.exists()
    os.utime(theirs, (time.time() - LONG_AGO,) * 2)
    assert house.repository.upkeep.sweep(time.time()) == ["objects/pack/tmp_pack_theirs"]


def test_a_lock_of_a_living_process_is_not_swept(house: House) -> None:
    """Whoever sweeps waits for those who write under the lock, the packing of refs among them."""
    swept: list[str] = []
    with house.repository.refs.writing():
        living = house.path / "packed-refs.lock"
        living.touch()
        sweeper = threading.Thread(target=lambda: swept.extend(house.again().repository.refs.sweep()))
        sweeper.start()
        sweeper.join(0.3)
        assert sweeper.is_alive()
        assert living.exists()
        living.unlink()
    sweeper.join(10)
    assert swept == []


def test_a_reader_that_holds_old_packs_open_lets_go_of_them(house: House) -> None:
    many_acts(house, 2)
    upkeep = house.repository.upkeep
    upkeep.run(time.time())
    house.repository.content(house.repository.file(house.repository.main(), "more/page1.md") or "")
    held = readers()
    many_acts(house, 3, first=2)
    upkeep.run(time.time())
    house.repository.store.read(house.repository.main(), "commit")
    assert held
    assert readers().isdisjoint(held)
    assert not any(deleted_packs(pid) for pid in readers())


def test_colleagues_go_on_while_git_is_packed_again_and_again(house: House) -> None:
    going = threading.Event()

    def pack() -> None:
        while not going.is_set():
            house.again().repository.upkeep.run(time.time())

    packing = threading.Thread(target=pack)
    packing.start()
    try:
        refs = many_acts(house, 8)
    finally:
        going.set()
        packing.join(60)
    assert refs_of(house) == refs
    assert house.in_force(8)


def readers() -> set[int]:
    """The git processes by which this one reads objects."""
    tasks = Path("/proc/self/task").iterdir()
    found = {int(pid) for task in tasks for pid in (task / "children").read_text().split()}
    return {pid for pid in found if b"cat-file" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def deleted_packs(pid: int) -> list[str]:
    return [line for line in Path(f"/proc/{pid}/maps").read_text().splitlines() if "pack" in line and "deleted" in line]


# git takes folders of objects away that it has emptied by packing. Who makes one just then finds it gone again.


def test_who_has_made_a_folder_that_is_taken_away_at_once_makes_it_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, make = Counter[str](), os.mkdir

    def taken_away(folder: str, *arguments: int, **named: int) -> None:
        make(folder, *arguments, **named)
        made[folder] += 1
        if made[folder] < 4:
            Path(folder).rmdir()

    monkeypatch.setattr(os, "mkdir", taken_away)
    n = house.propose(ANA, {"more/words.md": "# Words\n\nOf which there were none.\n"})
    assert any(count == 4 for count in made.values())
    house.endorse(n, BOB, CYD)
    assert house.in_force(n)
    house.git("fsck", "--strict")


_FAILS = """#!/bin/sh
case "$1" in merge-tree)
    echo asked >> {counted}
    if [ "$(wc -l < {counted})" -lt {times} ]; then
        echo "error: unable to create temporary file: {why}" >&2
        exit 128
    fi
esac
exec {git} "$@"
"""


@pytest.mark.parametrize(
    ("why", "times", "goes"),
    [
        ("No such file or directory", 4, True),
        ("No such file or directory", 100, False),
        ("No space left on device", 2, False),
    ],
)
def test_a_git_that_finds_such_a_folder_gone_is_asked_again(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str, times: int, goes: bool
) -> None:
    old, above, below = (f"{first}\n\nBetween.\n\n{last}\n" for first, last in ("AB", "aB", "Ab"))
    house.endorse(house.propose(ANA, {"more/two.md": old}), BOB, CYD)
    first, second = (house.propose(ANA, {"more/two.md": text}) for text in (above, below))
    house.endorse(first, BOB, CYD)
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(_FAILS.format(counted=tmp_path / "counted", times=times, why=why, git=shutil.which("git")))
    git.chmod(0o755)
    environment = house.repository.differences.git.environment
    with monkeypatch.context() as failing:
        failing.setitem(environment, "PATH", f"{git.parent}:{environment['PATH']}")  # type: ignore[arg-type]
        with nullcontext() if goes else pytest.raises((GitFailed, Unavailable)):
            house.endorse(second, BOB, CYD)
        assert house.in_force(second) == goes
    if not goes:
        house.endorse(second, BOB, CYD)
        assert house.in_force(second)
    assert house.text("more/two.md") == "a\n\nBetween.\n\nb\n"


@pytest.mark.parametrize("several", [True, False])
def test_where_the_storage_has_no_locks_several_machines_go_on_and_one_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, several: bool
) -> None:
    def without(*_told: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    repository = world.wiki.repository
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    with monkeypatch.context() as broken:
        broken.setattr(fcntl, "flock", without)
        if several:
            broken.setattr(repository.refs, "turn", nullcontext)
            start(world.wiki)
            assert world.wiki.repository.refs.journal.is_empty()
            assert repository.upkeep.run(time.time())
        else:
            with pytest.raises(Unavailable, match="cannot be written just now"):
                repository.upkeep.sweep(time.time())
            world.wiki.tick()
            assert not world.wiki.repository.refs.journal.is_empty()
