"""A kill at any moment loses nothing that people are to be told, and tells nobody twice."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from tests.service.actors import start
from tests.warm import ended, python
from tests.world import World
from wiki.model.acts import Kind
from wiki.notify import FOLDER, PAGE

ACTOR = Path(__file__).parent.parent / "service" / "actor.py"
DYING = """
import os, signal, sys
from pathlib import Path
from wiki.assembly import open_wiki
from wiki.settings import Settings
data, where, at = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
wiki = open_wiki(Settings(data=data, database_url=f"sqlite:///{data / 'wiki.db'}", secret_key="k" * 40), lambda: at)
def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
match where:
    case "between git and index":
        wiki.guidelines.written = die
    case "between index and rows":
        wiki.notify.telling.tell_within = die
    case "between rows and their commit":
        wiki.notify.telling._finish = die
who = wiki.accounts.by_email("zed@example.com").person
if sys.argv[4] == "comment":
    wiki.guidelines.comment(1, who, "No.")
else:
    wiki.guidelines.object(1, who, wiki.guidelines.weigh(1).proposal.change, "No.")
"""


@pytest.mark.parametrize("what", ["object", "comment"])
@pytest.mark.parametrize("where", ["between git and index", "between index and rows", "between rows and their commit"])
def test_a_writer_that_is_killed_is_made_good_by_the_clock(world: World, where: str, what: str) -> None:
    world.propose("ana", {"travel/visa": "# Visas\n\nAsk.\n"})
    assert ended(python(DYING, world.data, where, world.clock.at, what)) == -signal.SIGKILL
    inbox, ana = world.wiki.notify.inbox, world.people["ana"].id
    assert inbox.asks(ana) == inbox.news(ana) == []
    for _ in range(2):
        world.wiki.tick()
        told = [*inbox.asks(ana), *inbox.news(ana)]
        assert [one.matter.value for one in told] == ["objected" if what == "object" else "commented"]


def test_writers_and_clocks_that_are_killed_at_any_moment_tell_everything_once(world: World, tmp_path: Path) -> None:
    watcher = world.people["dee"].id
    world.wiki.notify.watches.begin(watcher, PAGE, "shared", world.wiki.now())
    world.wiki.notify.watches.begin(watcher, FOLDER, "own", world.wiki.now())
    world.clock.at = time.time()
    chance = random.Random(7)
    for _ in range(4):
        for file in tmp_path.glob("told*"):
            file.unlink()
        actors = [start(ACTOR, world.data, number, 30, tmp_path / f"told{number}") for number in range(3)]
        _until_they_act(tmp_path)
        time.sleep(chance.uniform(0.2, 2))
        for actor in actors:
            actor.kill()
            actor.join(10)
        world.wiki.repository.refs.sweep()
    world.clock.at = time.time() + 60
    world.wiki.tick()
    _check_everything_told(world, watcher)
    count = len(_told(world, watcher))
    world.wiki.tick()
    assert len(_told(world, watcher)) == count


def _until_they_act(place: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not any(file.stat().st_size for file in place.glob("told*")):
        time.sleep(0.05)


def _told(world: World, who: int) -> list[tuple[str, str]]:
    """Every act that somebody was told of, with what it was to them."""
    notices = world.wiki.notify.inbox.news(who, limit=100_000)
    return [(one.act, one.matter.value) for one in notices]


def _check_everything_told(world: World, who: int) -> None:
    told = _told(world, who)
    assert len(told) == len(set(told))
    acts = {act for act, _matter in told}
    count = world.wiki.guidelines.count()
    assert count > 5
    for n in range(1, count + 1):
        weighed = world.wiki.guidelines.weigh(n)
        merged = weighed.in_force
        assert (merged in acts) == (merged is not None)
        for act in weighed.proposal.acts:
            if act.kind in (Kind.CLOSE, Kind.REOPEN):
                assert act.id in acts, (n, act.kind)
            if act.kind in (Kind.PROPOSE, Kind.REVISE) and merged is None:
                assert act.id in acts, (n, act.kind)
            if act.kind in (Kind.ENDORSE, Kind.RETRACT):
                assert act.id not in acts
