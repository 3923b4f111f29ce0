"""An act that another process indexed while somebody still waited for the disk to have it, and that was lost when the
power failed then: the index is of a later moment than git."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.index.test_rebuilding import assert_same, what_is_kept
from tests.world import World, close, until_nothing_is_due
from wiki.assembly import open_wiki, start
from wiki.notify import PAGE
from wiki.notify.inbox import Notice
from wiki.repository import MAIN, proposal_ref, talk_ref
from wiki.repository import journal as journals
from wiki.repository.locks import LOCK_FILE

HELLO = {"welcome": "# Welcome\n\nHello.\n"}
HOURS = {"working/hours": "# Hours\n\nWork when others work.\n"}
ACTS: dict[str, tuple[str, Callable[[World, int], object]]] = {
    "a proposal": (proposal_ref(2), lambda world, _n: world.propose("dee", HOURS)),
    "an endorsement": (proposal_ref(1), lambda world, n: world.endorse(n, "bob")),
    "a merge": (MAIN, lambda world, n: world.endorse(n, "bob", "cyd")),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_index_goes_back_with_git(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    ref, does = ACTS[act]
    n = world.propose("ana", HELLO)
    content, disk = world.data / "content.git", tmp_path / "disk"
    other, wait = open_wiki(world.wiki.settings, world.clock), journals.Block.wait
    before = world.wiki.repository.refs.read(ref)

    def dies(block: journals.Block) -> None:
        if world.wiki.repository.refs.read(ref) != before:
            other.index.catch_up()
            raise SystemExit
        wait(block)
        shutil.copytree(content, disk, dirs_exist_ok=True)

    shutil.copytree(content, disk)
    with monkeypatch.context() as dying:
        dying.setattr(journals.Block, "wait", dies)
        with pytest.raises(SystemExit):
            does(world, n)
    close(other)
    close(world.wiki)
    shutil.rmtree(content)
    shutil.copytree(disk, content)
    monkeypatch.setattr(journals, "boot", lambda: "another")
    world.wiki = open_wiki(world.wiki.settings, world.clock)
    try:
        start(world.wiki)
        until_nothing_is_due(world.wiki)
        _is_in_step(world)
        world.propose("zed", {"legal/contracts": "# Contracts\n\nThe board signs.\n"})
        for who in ("dee", "zed"):
            if not world.in_force(n):
                world.endorse(n, who)
        _is_in_step(world)
    finally:
        close(world.wiki)


def test_who_writes_there_before_the_clock_has_seen_it_leaves_it_to_the_clock(world: World) -> None:
    n = world.propose("ana", HELLO)
    before = world.wiki.repository.refs.read(proposal_ref(n))
    world.endorse(n, "bob")
    world.wiki.repository.git.run("update-ref", proposal_ref(n), str(before))
    world.endorse(n, "cyd")
    until_nothing_is_due(world.wiki)
    _is_in_step(world)


def test_people_are_told_of_what_gets_a_number_that_was_lost(world: World) -> None:
    for path in ("welcome", "working/hours"):
        world.wiki.notify.watches.begin(world.people["bob"].id, PAGE, path, world.wiki.now())
    world.propose("ana", HELLO)
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.comment(n, world.person("cyd"), "Is that so?")
    world.wiki.tick()
    before = len(_news(world))
    for ref in (proposal_ref(n), talk_ref(n)):
        world.wiki.repository.git.run("update-ref", "-d", ref)
    (world.data / "content.git" / LOCK_FILE).unlink()
    world.wiki.tick()
    assert world.propose("dee", HOURS) == n
    assert len(_news(world)) == before + 1


def _news(world: World) -> list[Notice]:
    return world.wiki.notify.inbox.news(world.people["bob"].id)


def _is_in_step(world: World) -> None:
    kept = what_is_kept(world)
    world.wiki.index.rebuild()
    assert_same(kept, what_is_kept(world))
