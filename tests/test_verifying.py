"""Checking everything in force in the background, as the clock does it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import BEGAN, World, begin, open_world, write_pages
from wiki import verifying
from wiki.clock import beat
from wiki.health.health import LONGEST_CHECK
from wiki.verifying import verify_in_background


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(begin(tmp_path / "data", write_pages(tmp_path / "pages"))) as opened:
        yield opened


def ask(world: World) -> None:
    world.wiki.health.ask(world.wiki.now(), lambda _: None)


def finish(world: World) -> None:
    thread = verify_in_background(world.wiki)
    assert thread is not None
    thread.join(60)
    assert not thread.is_alive()


def test_nothing_is_checked_unless_somebody_asks(world: World) -> None:
    assert verify_in_background(world.wiki) is None
    assert world.wiki.health.verifications() == (None, None)


def test_what_it_came_to_is_kept(world: World) -> None:
    n = world.propose("ana", {"notes/kitchen": "# Kitchen\n\nDry it.\n"})
    assert world.in_force(n)
    ask(world)
    finish(world)
    last, waiting = world.wiki.health.verifications()
    assert waiting is None
    assert last is not None
    assert (last.changes, last.acts, last.violations, last.told) == (1, 1, 0, ())
    assert last.ended_at == world.wiki.now()


def test_what_is_wrong_is_told(world: World) -> None:
    git = ["git", "--git-dir", str(world.wiki.settings.content_git), "-c", "user.name=Eve", "-c", "user.email=e@x.org"]
    before = world.wiki.repository.main()
    command = [*git, "commit-tree", f"{before}^{{tree}}", "-p", before, "-m", "Mine"]
    forged = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([*git, "update-ref", "refs/heads/main", forged], check=True)
    ask(world)
    finish(world)
    last, _ = world.wiki.health.verifications()
    assert last is not None
    assert last.violations == 1
    assert last.told[0].startswith(f"{forged}: it is no merged proposal")
    subprocess.run([*git, "update-ref", "refs/heads/main", before], check=True)


def test_a_check_that_cannot_be_made_says_why(world: World) -> None:
    away = world.data / "away.git"
    world.wiki.settings.content_git.rename(away)
    ask(world)
    finish(world)
    away.rename(world.wiki.settings.content_git)
    last, _ = world.wiki.health.verifications()
    assert last is not None
    assert (last.violations, len(last.told)) == (None, 1)
    assert "Error" in last.told[0]


def test_a_check_that_takes_too_long_is_given_up(world: World) -> None:
    assert verifying._check(world.wiki, longest=0) == (None, None, None, ["It was given up after 0 seconds."])


def test_two_clocks_make_one_check(world: World) -> None:
    ask(world)
    health, now = world.wiki.health, world.wiki.now()
    assert [health.begin(now) is not None for _ in range(3)] == [True, False, False]
    ask(world)
    assert health.begin(now) is None, "one that goes on is not asked for again"


def test_a_check_that_was_killed_is_made_by_the_next_clock(world: World) -> None:
    ask(world)
    number = world.wiki.health.begin(world.wiki.now())
    world.clock.at = BEGAN + LONGEST_CHECK
    finish(world)
    last, waiting = world.wiki.health.verifications()
    assert last is not None
    assert (last.id, waiting) == (number, None)


def test_checks_of_long_ago_are_forgotten(world: World) -> None:
    for _ in range(25):
        ask(world)
        number = world.wiki.health.begin(world.wiki.now())
        assert number is not None
        world.wiki.health.end(number, world.wiki.now(), 1, 1, 0, [])
    last, _ = world.wiki.health.verifications()
    assert last is not None
    with world.wiki.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM verification").scalar() == 20


def test_the_clock_begins_what_was_asked_for_and_notes_that_it_ran(world: World) -> None:
    assert world.wiki.health.last_tick() is None
    ask(world)
    beat(world.wiki)
    assert world.wiki.health.last_tick() == world.wiki.now()
    ends = time.monotonic() + 60
    while world.wiki.health.verifications()[1] is not None and time.monotonic() < ends:
        time.sleep(0.05)
    last, _ = world.wiki.health.verifications()
    assert last is not None
    assert last.violations == 0
