"""A machine whose power fails while somebody still waits for the disk: a ref may have come there, and neither what it
leads to nor what the journal says of it. Nobody was told of that act; what was there before it is not to be lost by
it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.house import ANA, BOB, CYD, DEE, House
from wiki.model.errors import Unavailable
from wiki.repository import MAIN, proposal_ref, talk_ref
from wiki.repository import journal as journals
from wiki.repository.process import Git, GitFailed

HELLO = {"welcome.md": "# Welcome\n\nHello.\n"}
BY_HAND = ("-c", "user.name=Operator", "-c", "user.email=operator@example.com")
OTHER = {"other.md": "# Other\n\nText.\n"}
Fail = Callable[..., House]


@pytest.fixture
def fail(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Have the power fail while somebody waits for the disk to have what they ``act``, which
    ``moves`` a ref. It has the refs then, and of the objects and of the journal what it had before, but for the kind of
    objects in ``besides``; the house as it is opened then."""

    def failed(act: Callable[[], object], moves: str, besides: str = "") -> House:
        disk, was_it = tmp_path / "disk", house.repository.refs.read(moves)
        shutil.copytree(house.path, disk)
        wait = journals.Block.wait

        def dies(block: journals.Block) -> None:
            if house.repository.refs.read(moves) != was_it:
                raise SystemExit
            wait(block)
            shutil.copytree(house.path, disk, dirs_exist_ok=True)

        with monkeypatch.context() as dying:
            dying.setattr(journals.Block, "wait", dies)
            with pytest.raises(SystemExit):
                act()
        for file in [file for file in house.path.rglob("*") if file.is_file()]:
            was = disk / file.relative_to(house.path)
            if file.name.startswith("concord.journal"):
                shutil.copyfile(was, file) if was.exists() else file.unlink()
            elif "objects" in file.parts and not was.exists() and not _is_a(besides, file):
                file.chmod(0o644)
                file.write_bytes(b"")
        monkeypatch.setattr(journals, "boot", lambda: "another")
        house.close()
        return house.again()

    def _is_a(kind: str, file: Path) -> bool:
        return bool(kind) and house.git("cat-file", "-t", file.parent.name + file.name).strip() == kind

    return failed


def _whole(house: House, refs: str) -> None:
    house.repository.refs.recover()
    assert house.git("for-each-ref") == refs
    house.git("fsck", "--strict", "--no-dangling")


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("besides", ["", "blob", "tree"])
def test_main_is_what_it_was(house: House, fail: Fail, settled: bool, besides: str) -> None:
    house.bring_into_force(DEE, OTHER, ANA, CYD)
    n = house.propose(ANA, HELLO)
    house.endorse(n, BOB)
    if settled:
        house.repository.upkeep.settle()
    main = house.repository.main()
    again = fail(lambda: house.endorse(n, CYD), MAIN, besides)
    again.repository.refs.recover()
    assert again.repository.main() == main
    assert again.kinds(n) == ["propose", "endorse", "endorse"]
    again.guidelines.settle(n)
    assert again.in_force(n)
    again.git("fsck", "--strict", "--no-dangling")
    again.close()


ACTS: Mapping[str, tuple[Callable[[House, int], object], Callable[[int], str]]] = {
    "propose": (lambda house, _n: house.propose(ANA, OTHER, "Another"), lambda n: proposal_ref(n + 1)),
    "endorse": (lambda house, n: house.endorse(n, BOB), proposal_ref),
    "revise": (lambda house, n: house.guidelines.revise(n, ANA, OTHER), proposal_ref),
    "first comment": (lambda house, n: house.guidelines.comment(n, DEE, "Is that so?"), talk_ref),
    "next comment": (lambda house, n: house.guidelines.comment(n, CYD, "It is."), talk_ref),
}


def _begun(house: House, act: str) -> int:
    """A proposal on which this can be done next."""
    n = house.propose(ANA, HELLO)
    if act == "next comment":
        house.guidelines.comment(n, DEE, "Is that so?")
    return n


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("besides", ["", "blob", "tree"])
@pytest.mark.parametrize("act", ACTS)
def test_a_proposal_is_what_it_was(
    house: House, fail: Fail, act: str, besides: str, settled: bool, packed: bool
) -> None:
    n = _begun(house, act)
    if settled:
        house.repository.upkeep.settle()
    if packed:
        house.repository.upkeep.run(0)
    refs = house.git("for-each-ref")
    does, ref = ACTS[act]
    again = fail(lambda: does(house, n), ref(n), besides)
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    again.git("fsck", "--strict", "--no-dangling")
    does(again, n)
    again.close()


@pytest.mark.parametrize("act", ACTS)
def test_of_a_ref_there_may_be_no_more_than_the_name(house: House, fail: Fail, act: str) -> None:
    n = _begun(house, act)
    house.repository.upkeep.settle()
    refs = house.git("for-each-ref")
    does, ref = ACTS[act]
    again = fail(lambda: does(house, n), ref(n))
    (house.path / ref(n)).write_text("")
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    again.git("fsck", "--strict", "--no-dangling")
    does(again, n)
    again.close()


@pytest.mark.parametrize("act", ACTS)
def test_what_came_to_the_disk_whole_may_stay_and_what_did_not_goes(house: House, fail: Fail, act: str) -> None:
    """Of an endorsement and of a comment there is nothing but the commit, and a tree that git knows without."""
    n = _begun(house, act)
    refs = house.git("for-each-ref")
    does, ref = ACTS[act]
    again = fail(lambda: does(house, n), ref(n), "commit")
    again.repository.refs.recover()
    again.git("fsck", "--strict", "--no-dangling")
    assert (again.git("for-each-ref") != refs) == (act in ("endorse", "first comment", "next comment"))
    does(again, n)
    again.close()


def test_what_an_operator_wrote_stays_where_all_of_it_is_there(house: House, fail: Fail) -> None:
    n = house.propose(ANA, HELLO)
    by_hand = house.git(*BY_HAND, "commit-tree", "-m", "By hand", "main^{tree}").strip()
    house.git("update-ref", "refs/heads/theirs", by_hand)
    again = fail(lambda: house.endorse(n, BOB), proposal_ref(n))
    again.repository.refs.recover()
    assert again.git("rev-parse", "refs/heads/theirs").strip() == by_hand
    again.close()


def test_what_another_lost_before_is_left_to_be_looked_at(house: House, fail: Fail) -> None:
    """No ref of others is taken away, wherever it leads."""
    n = house.propose(ANA, HELLO)
    (house.path / "refs/heads/lost").write_text("1" * 40 + "\n")
    house.damaged = True
    again = fail(lambda: house.endorse(n, BOB), proposal_ref(n))
    again.repository.refs.recover()
    assert (house.path / "refs/heads/lost").read_text() == "1" * 40 + "\n"
    assert again.kinds(n) == ["propose"]
    again.close()


def test_where_git_cannot_tell_nothing_is_put_back(house: House, fail: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    n = house.propose(ANA, HELLO)
    again = fail(lambda: house.endorse(n, BOB), proposal_ref(n), "commit")
    ref, run = (house.path / proposal_ref(n)).read_text(), Git.run

    def killed(git: Git, *arguments: str, **more: Any) -> bytes:
        if arguments[0] == "rev-list":
            raise GitFailed(["rev-list"], -9, "")
        return run(git, *arguments, **more)

    with monkeypatch.context() as broken:
        broken.setattr(Git, "run", killed)
        with pytest.raises(Unavailable, match="cannot be written just now"):
            again.repository.refs.recover()
    assert (house.path / proposal_ref(n)).read_text() == ref
    again.repository.refs.recover()
    again.git("fsck", "--strict", "--no-dangling")
    again.close()


@pytest.mark.parametrize("packed", [True, False])
def test_damage_of_long_ago_takes_nothing_away(house: House, fail: Fail, packed: bool) -> None:
    """What was acknowledged stays, whatever of the history before it cannot be read."""
    old = house.git("rev-parse", f"{MAIN}:welcome.md").strip()
    house.bring_into_force(ANA, HELLO, BOB, CYD)
    n = house.propose(DEE, OTHER)
    house.repository.upkeep.settle()
    if packed:
        house.git("pack-refs", "--all", "--prune")
    file = house.path / "objects" / old[:2] / old[2:]
    file.chmod(0o644)
    file.write_bytes(b"broken")
    os.utime(file, (0, 0))
    house.damaged = True
    house.endorse(n, BOB)
    m = house.propose(ANA, {"another.md": "# Another\n"})
    refs = house.git("for-each-ref")
    again = fail(lambda: house.endorse(n, CYD), proposal_ref(n))
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    assert again.kinds(m) == ["propose"]
    again.close()


def test_damage_of_long_ago_takes_nothing_away_where_no_refs_were_noted(
    house: House, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a version before."""
    (house.path / journals.JOURNAL_FILE).unlink()
    monkeypatch.setattr(journals, "all_loose", lambda _place: {})
    n = house.propose(DEE, OTHER)
    house.endorse(n, BOB)
    old = house.git("rev-parse", f"{MAIN}:welcome.md").strip()
    (house.path / "objects" / old[:2] / old[2:]).unlink()
    house.damaged = True
    refs = house.git("for-each-ref")
    again = fail(lambda: house.propose(ANA, HELLO), proposal_ref(n + 1))
    again.repository.refs.recover()
    assert again.git("for-each-ref") == refs
    again.close()
