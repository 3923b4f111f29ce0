"""Telling begins at its first start, is not begun anew by a rebuilt index, and forgets after long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, copy_of, open_world
from wiki.database import writing
from wiki.notify.schema import told, told_state
from wiki.notify.telling import KEPT_SECONDS

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}


def everything(world: World, who: str = "ana") -> list[str]:
    inbox, account = world.wiki.notify.inbox, world.people[who].id
    return [one.matter.value for one in (*inbox.asks(account), *inbox.news(account))]


@pytest.fixture
def old(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki with a past of which nobody was told: a proposal with an objection, a comment and a suggestion."""
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        with writing(world.wiki.engine) as connection:
            connection.execute(told_state.delete())
            connection.execute(told.delete())
        n = world.propose("ana", HOURS)
        world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.")
        world.wiki.guidelines.comment(n, world.person("bob"), "Why?")
        world.wiki.suggestions.make(n, world.change(n), world.person("bob"), "working/hours.md", "x", "", 0)
        world.wiki.tick()
        yield world


def test_of_what_happened_before_it_began_nobody_is_told(old: World) -> None:
    assert everything(old) == []
    assert old.wiki.notify.telling.begin()
    old.wiki.tick()
    old.wiki.suggested(1)
    assert everything(old) == []
    old.wiki.guidelines.comment(1, old.person("bob"), "And why?")
    old.wiki.guidelines.object(1, old.person("dee"), old.change(1), "No.")
    assert everything(old) == ["objected", "commented"]


def test_it_begins_once(old: World) -> None:
    assert old.wiki.notify.telling.begin()
    assert not old.wiki.notify.telling.begin()


def test_a_rebuilt_index_tells_nothing_again(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.comment(n, world.person("bob"), "Why?")
    before = everything(world)
    world.wiki.index.rebuild()
    world.wiki.tick()
    assert everything(world) == before == ["commented"]


def test_notices_are_forgotten_after_more_than_a_year(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.comment(n, world.person("bob"), "Why?")
    world.clock.wait(KEPT_SECONDS / 86400 + 1)
    world.wiki.notify.telling.tell_all()
    assert "commented" not in everything(world)
