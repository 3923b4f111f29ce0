"""Pages that are kept by two processes with one PostgreSQL and one repository: neither gives out a stale one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.postgres.machines import Browser, Machine, Refused
from tests.web.test_kept import watched
from tests.world import Visitor, World

NAME = "notes/kitchen"
ADDRESS = f"/{NAME}"
FORM = f"/-/edit/{NAME}"


@pytest.fixture
def other(world: World) -> Iterator[Machine]:
    """Another process on the same wiki, by the same clock."""
    world.clock.at = time.time()
    machine = Machine(world.data, world.wiki.settings.database_url, "")
    try:
        machine.start()
        machine.wait()
        yield machine
    finally:
        machine.end()


def is_kept(world: World, visitor: Visitor) -> bool:
    """Whether this process comes to give the page out without making it: a clock that beats may have it made anew."""
    for _ in range(20):
        with watched(world.app) as asked:
            visitor.open(ADDRESS)
        if not asked:
            return True
        time.sleep(0.1)
    return False


def test_what_comes_into_force_through_one_is_seen_at_the_next_view_through_the_other(
    world: World, other: Machine
) -> None:
    here, there, stranger = world.visitor("ana"), Browser(other, "bob"), world.visitor()
    there.sign_in()
    for turn in range(3):
        assert is_kept(world, stranger)
        assert turn or is_kept(world, here), "later it says what changed since Ana read it, and that is hers alone"
        for _ in range(2):
            there.open(ADDRESS)
        there.submit(FORM, FORM, "propose", text=f"# Kitchen\n\nThere {turn}.\n", title=f"There {turn}")
        for reader in (here, stranger):
            assert f"There {turn}." in reader.open(ADDRESS).main
        assert is_kept(world, stranger)
        here.open(FORM)
        here.submit(FORM, "propose", text=f"# Kitchen\n\nHere {turn}.\n", title=f"Here {turn}")
        assert f"Here {turn}." in there.open(ADDRESS).text
        assert f"Here {turn}." in stranger.open(ADDRESS).main


def test_a_session_that_is_ended_in_one_is_over_in_the_other(world: World, other: Machine) -> None:
    there = Browser(other, "bob")
    there.sign_in()
    for _ in range(2):
        assert "Sign out" in there.open(ADDRESS).text
    bob = world.people["bob"]
    world.wiki.accounts.deactivate(bob)
    assert "Sign out" not in there.open(ADDRESS).text
    with pytest.raises(Refused):
        there.sign_in()
