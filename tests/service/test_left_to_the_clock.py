"""What a merge does to other proposals, where whoever was to see to them could not: the clock does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.index.test_rebuilding import assert_same, what_is_kept
from tests.world import World, until_nothing_is_due
from wiki import assembly
from wiki.assembly import Wiki
from wiki.guidelines import Guidelines
from wiki.index import catch_up, schema
from wiki.model.errors import Conflict, Unavailable

PARTS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


def page(**changed: str) -> str:
    """A page whose parts are far enough from one another to be merged."""
    return "# Long\n\n" + "\n\n".join(f"## {part}\n\n{changed.get(part, 'As ever.')}" for part in PARTS) + "\n"


@pytest.fixture
def long(world: World) -> list[int]:
    """Open proposals for one page, each for a part of it."""
    world.endorse(world.propose("ana", {"long": page()}), "bob", "cyd")
    return [world.propose("ana", {"long": page(**{part: f"{part} otherwise."})}, part) for part in PARTS]


def overtaken(world: World, numbers: list[int]) -> list[int]:
    return [n for n in numbers if world.wiki.guidelines.weigh(n).overtaken]


@contextmanager
def killed_before(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> Iterator[None]:
    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, dies)
        with pytest.raises(KeyboardInterrupt):
            yield


def comes_into_force(world: World, monkeypatch: pytest.MonkeyPatch, n: int, *, before: str) -> None:
    """A proposal comes into force, and the process is killed before it does something more."""
    world.endorse(n, "bob")
    with killed_before(monkeypatch, Wiki, before):
        world.endorse(n, "cyd")
    assert world.in_force(n)


def test_more_than_a_writer_sees_to_are_due(world: World, long: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "MOST_AT_ONCE", 2)
    world.endorse(long[0], "bob", "cyd")
    assert overtaken(world, long) == long[3:]
    assert sorted(world.wiki.index.due(world.wiki.now())) == long[3:]
    until_nothing_is_due(world.wiki)
    assert overtaken(world, long) == []
    rows = what_is_kept(world)
    world.wiki.index.rebuild()
    assert_same(what_is_kept(world), rows)


def test_where_more_come_into_force_than_one_turn_sees_to_the_rest_is_due(
    world: World, long: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "MOST_AT_ONCE", 3)
    world.endorse(long[0], "bob", "cyd")
    assert sorted(world.wiki.index.due(world.wiki.now())) == overtaken(world, long) == long[4:]
    until_nothing_is_due(world.wiki)
    assert overtaken(world, long) == []


@pytest.mark.parametrize("before", ["written", "_settle_one"])
@pytest.mark.parametrize("then", ["tick", "start", "catch_up", "rebuild"])
def test_what_a_killed_process_leaves_overtaken_is_brought_up_to_date(
    world: World, long: list[int], monkeypatch: pytest.MonkeyPatch, before: str, then: str
) -> None:
    wiki = world.wiki
    wiki.guidelines.written = lambda *arguments: Wiki.written(wiki, *arguments)
    comes_into_force(world, monkeypatch, long[0], before=before)
    ways: dict[str, Callable[[], object]] = {
        "tick": wiki.tick, "start": lambda: assembly.start(wiki), "catch_up": wiki.index.catch_up,
        "rebuild": wiki.index.rebuild,
    }  # fmt: skip
    ways[then]()
    until_nothing_is_due(wiki)
    assert overtaken(world, long) == []


@pytest.mark.parametrize("then", ["tick", "rebuild"])
def test_an_act_on_what_was_overtaken_is_settled_though_its_process_was_killed(
    world: World, long: list[int], monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Wiki, "_settle_one", lambda *_: None)
        world.endorse(long[1], "bob")
        world.endorse(long[0], "bob", "cyd")
    with killed_before(monkeypatch, Guidelines, "_settled"):
        world.endorse(long[1], "cyd")
    if then == "rebuild":
        world.wiki.index.rebuild()
    until_nothing_is_due(world.wiki)
    assert world.in_force(long[1])


def test_what_is_settled_on_a_main_that_has_moved_since_is_settled_again(
    world: World, long: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking at a proposal and saying so, another process brings one into force, and is killed."""
    first, second = long[:2]
    world.endorse(first, "bob")
    tried = Guidelines._try_to_merge

    def overtaken_meanwhile(guidelines: Guidelines, n: int, act: str) -> object:
        outcome = tried(guidelines, n, act)
        if n == second and not world.in_force(first):
            with killed_before(monkeypatch, Wiki, "_settle_one"):
                world.endorse(first, "cyd")
        return outcome

    with monkeypatch.context() as patched:
        patched.setattr(Guidelines, "_try_to_merge", overtaken_meanwhile)
        world.endorse(second, "bob")
    until_nothing_is_due(world.wiki)
    assert overtaken(world, long) == []


def test_what_no_clock_can_bring_up_to_date_is_tried_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [world.propose("ana", {"welcome": f"# Welcome\n\nHello, {n}.\n"}) for n in range(3)]
    comes_into_force(world, monkeypatch, numbers[0], before="_settle_one")
    assert sorted(world.wiki.index.due(world.wiki.now())) == numbers[1:]
    assert world.wiki.tick() == 2
    for _ in range(2):
        assert world.wiki.tick() == 0
        rows = what_is_kept(world)
        world.wiki.index.rebuild()
        assert_same(what_is_kept(world), rows)
    with pytest.raises(Conflict):
        world.wiki.guidelines.refresh(numbers[1])


def test_what_could_come_into_force_and_was_not_let_is_due_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")

    def unavailable(*_arguments: object) -> None:
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(Guidelines, "_merge", unavailable)
        world.endorse(n, "cyd")
    rows = what_is_kept(world)
    world.clock.wait(1)
    world.wiki.index.rebuild()
    assert_same(what_is_kept(world), rows)
    world.wiki.tick()
    assert world.in_force(n)


def test_a_wiki_that_lost_its_index_looks_at_everything_that_is_overtaken(
    world: World, long: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_into_force(world, monkeypatch, long[0], before="_settle_one")
    with world.wiki.engine.begin() as connection:
        for table in schema.INDEX_TABLES:
            connection.execute(table.delete())
    world.wiki.index.catch_up()
    until_nothing_is_due(world.wiki)
    assert overtaken(world, long) == []
