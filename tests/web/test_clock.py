"""The clock: a beat that does what is due, found again after a kill, and harmless twice."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests import warm
from tests.world import World, close, copy_of, open_world, settings_for
from wiki import clock as clocks_own
from wiki.assembly import Wiki, open_wiki
from wiki.clock import beat, beating
from wiki.model.errors import Damaged
from wiki.model.names import POLICY_PATH


def _due(data: Path) -> int:
    """A proposal under legal/ that has enough endorsements and has been on the table for long enough, by now."""
    with open_world(data) as world:
        n = world.propose("ana", {"legal/contracts": "# Contracts\n\nTwo of the board sign.\n"})
        world.endorse(n, "bob", "cyd", "dee")
        assert not world.in_force(n)
    return n


def _clock(data: Path) -> BaseProcess:
    return warm.begin(["clock"], {**os.environ, "WIKI_DATA": str(data)})


def _until_in_force(data: Path, n: int) -> Wiki:
    wiki = open_wiki(settings_for(data))
    deadline = time.monotonic() + 30
    while wiki.guidelines.weigh(n).in_force is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return wiki


def test_two_clocks_bring_into_force_what_only_waited_and_once(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    n = _due(data)
    clocks = [_clock(data), _clock(data)]
    try:
        wiki = _until_in_force(data, n)
        merge = wiki.guidelines.weigh(n).in_force
        assert merge is not None
        assert wiki.repository.commit(wiki.repository.main()).id == merge
        close(wiki)
    finally:
        for clock in clocks:
            clock.terminate()
            clock.join(20)
        assert all(clock.exitcode is not None for clock in clocks)


def test_a_clock_that_was_killed_is_made_good_by_the_next(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    n = _due(data)
    for seconds in (0, 0.02, 0.1, 0.3):  # it has read its modules before
        clock = _clock(data)
        time.sleep(seconds)
        clock.kill()
        clock.join(10)
    clock = _clock(data)
    try:
        wiki = _until_in_force(data, n)
        assert wiki.guidelines.weigh(n).in_force is not None
        close(wiki)
    finally:
        clock.kill()
        clock.join(10)


def test_the_beat_comes_every_minute_and_ticks(world: World) -> None:
    huey = beating(world.wiki)
    for minute in (0, 1, 59):
        assert [task.name for task in huey.read_periodic(datetime(2026, 5, 12, 14, minute, tzinfo=UTC))] == ["beat"]
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nTwo of the board sign.\n"})
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    (task,) = huey.read_periodic(datetime(2026, 5, 12, 14, 0, tzinfo=UTC))
    huey.execute(task)
    assert world.in_force(n)
    huey.storage.close()


def test_a_beat_survives_what_it_cannot_bring_on(world: World, caplog: pytest.LogCaptureFixture) -> None:
    broken = world.propose("ana", {"legal/contracts": "# Contracts\n\nNobody signs.\n"})
    n = world.propose("dee", {"legal/gifts": "# Gifts\n\nSmall ones.\n"})
    world.endorse(broken, "bob", "cyd", "dee")
    world.endorse(n, "bob", "cyd", "ana")
    repository = world.wiki.repository
    ref = repository.path / f"refs/proposals/{broken}"
    ref.write_text(repository.main() + "\n")  # no chain of acts: as damage would leave it
    world.clock.wait(3)
    assert beat(world.wiki) >= 1
    assert world.in_force(n)
    assert "cannot be brought on" in caplog.text
    ref.unlink()


FOR_EVER = {"send": "_send_for_ever", "keep_quick": "_keep_quick_for_ever", "beat_after": "_beat_anyway"}


class _Over(BaseException):
    """The test has seen enough."""


@pytest.mark.parametrize("what", ["send", "keep_quick", "beat_after"])
def test_what_nobody_thought_of_ends_nothing_for_good(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    """Each has a thread of its own, which nobody looks after."""
    tries: list[object] = []

    def fails(*told: object) -> None:
        tries.append(told)
        raise LookupError("nobody thought of this")

    def sleep(_seconds: float) -> None:
        if len(tries) == 3:
            raise _Over

    monkeypatch.setattr(clocks_own, what, fails)
    monkeypatch.setattr(clocks_own.time, "sleep", sleep)
    with pytest.raises(_Over):
        getattr(clocks_own, FOR_EVER[what])(world.wiki)
    assert "nobody thought of this" in caplog.text


def test_what_cannot_be_indexed_keeps_nothing_else_from_being_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    told: list[str] = []

    def damaged() -> None:
        raise Damaged("Object %(id)s is missing.", id="1")

    monkeypatch.setattr(world.wiki.index, "catch_up", damaged)
    monkeypatch.setattr(world.wiki.notify, "tick", lambda: told.append("notify"))
    monkeypatch.setattr(world.wiki.asking, "tick", lambda: told.append("asking"))
    assert beat(world.wiki) == 0
    assert told == ["asking", "notify"]
    assert world.wiki.repository.refs.journal.is_empty()


def test_a_quiet_proposal_is_warned_of_closed_and_can_be_reopened(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    world.clock.wait(79)
    world.wiki.tick()
    assert "It will be closed on" not in world.visitor("cyd").open(f"/-/proposals/{n}").main
    world.clock.wait(2)
    page = world.visitor("cyd").open(f"/-/proposals/{n}")
    assert "It will be closed on" in page.main
    world.clock.wait(10)
    world.wiki.tick()
    page = world.visitor("ana").open(f"/-/proposals/{n}")
    assert "nothing happened for so long" in page.main
    ana = world.visitor("ana")
    ana.open(f"/-/proposals/{n}")
    ana.submit("/reopen")
    assert "1 of 2 colleagues" in ana.page.main
    world.wiki.tick()
    assert world.wiki.guidelines.weigh(n).proposal.closed is None


def test_what_only_waits_is_not_closed_for_being_quiet(world: World) -> None:
    policy = world.text(POLICY_PATH)
    assert policy is not None
    slow = policy.replace('open = "2d"', 'open = "120d"')
    change = world.propose("zed", {POLICY_PATH: slow}, "Slow down")
    world.endorse(change, "ana", "bob", "cyd")
    world.clock.wait(3)
    world.wiki.tick()
    assert world.in_force(change)
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nTwo sign.\n"})
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(100)
    world.wiki.tick()
    assert world.wiki.guidelines.weigh(n).proposal.closed is None
    world.clock.wait(21)
    world.wiki.tick()
    assert world.in_force(n)


def test_a_policy_that_shortens_the_quiet_period_leaves_the_time_of_the_warning(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.clock.wait(30)
    policy = world.text(POLICY_PATH)
    assert policy is not None
    change = world.propose("zed", {POLICY_PATH: policy + '\n[proposals]\nquiet = "14d"\n'}, "Tidy up")
    world.endorse(change, "ana", "bob", "cyd")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(change)
    world.clock.wait(9)
    world.wiki.tick()
    assert world.wiki.guidelines.weigh(n).proposal.closed is None
    assert "It will be closed on" in world.visitor("bob").open(f"/-/proposals/{n}").main
    world.clock.wait(2)
    world.wiki.tick()
    closed = world.wiki.guidelines.weigh(n).proposal.closed
    assert closed is not None
    assert closed.by_system
