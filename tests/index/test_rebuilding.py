"""The index can be thrown away: made again, caught up or interrupted, it tells the same."""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import warm
from tests.world import POLICY, World, close, copy_of, open_world, settings_for
from wiki.assembly import open_wiki
from wiki.database import file_of, reading
from wiki.index import beside, rebuilding, schema, telling
from wiki.index.page_texts import Asked, Read
from wiki.index.rebuilding import Rebuilding
from wiki.index.shelf import Shelf
from wiki.index.telling import Asking
from wiki.model.errors import WikiError
from wiki.repository import Landed, Repository
from wiki.web.kept import install

TABLES = (
    schema.person, schema.landed, schema.page, schema.former, schema.alias, schema.revision, schema.authorship,
    schema.proposal, schema.proposal_page, schema.proposal_person, schema.lack, schema.act, schema.relation,
)  # fmt: skip


def what_readers_see(world: World) -> dict[str, str]:
    """Every page, history and list, as HTML."""
    install(world.app)  # nothing is kept from before
    visitor = world.visitor("zed")
    index = world.wiki.index
    with reading(index.engine) as connection:
        names = sorted({row.name for row in connection.execute(select(schema.page.c.name))})
        former = sorted({row.name for row in connection.execute(select(schema.former.c.name))})
    tabs = ("waiting", "open", "mine", "in+force", "closed")
    addresses = ["/", "/-/changes", "/-/policy", *(f"/-/proposals?tab={tab}" for tab in tabs)]
    addresses += [f"{prefix}{name}" for name in [*names, *former] for prefix in ("/", "/-/history/")]
    addresses += [f"/-/proposals/{n}" for n in range(1, world.wiki.guidelines.count() + 1)]
    return {address: visitor.open(address).main for address in addresses}


def what_is_kept(world: World) -> dict[str, list[dict[str, object]]]:
    """The rows of the index, without numbers that only tell in which order it was made."""
    with reading(world.wiki.engine) as connection:
        people = {row.id: row.key for row in connection.execute(select(schema.person))}
        found = {}
        for table in TABLES:
            rows = [dict(row._mapping) for row in connection.execute(select(table))]
            for row in rows:
                if "person_id" in row:
                    row["person_id"] = people[row["person_id"]]
                if table is schema.person:
                    row.pop("id")
            found[table.name] = sorted(rows, key=repr)
    return found


def edits(world: World, chance: random.Random) -> dict[str, str | None]:
    """An edit, a new page, a removal, a rename, or names exchanged."""
    repository = world.wiki.repository
    pages = {p.removesuffix(".md"): b for p, b in repository.files(repository.main()) if p.endswith(".md")}
    name = chance.choice(sorted(pages))
    text = repository.content(pages[name]).decode()
    kind = chance.choice(["edit", "edit", "add", "remove", "rename", "exchange", "alias"])
    if kind == "add":
        return {f"made/page{chance.randrange(8)}": f"# Made\n\nNumber {chance.random()}.\n"}
    if kind == "remove" and len(pages) > 5:
        return {name: None}
    if kind == "rename":
        return {name: None, f"moved/page{chance.randrange(8)}": text}
    if kind == "exchange":
        other = chance.choice(sorted(pages))
        return {name: repository.content(pages[other]).decode(), other: text}
    if kind == "alias":
        return {name: f"---\nredirect_from: /other{chance.randrange(4)}/\n---\n{text.split('---')[-1]}"}
    return {name: f"{text}\nMore {chance.random()}.\n"}


def act(world: World, chance: random.Random) -> None:
    """Something that colleagues do."""
    who = chance.choice(sorted(world.people))
    guidelines = world.wiki.guidelines
    n = chance.randint(1, max(1, guidelines.count()))
    world.clock.wait(chance.choice([0, 0.1, 1]))
    deeds: list[Callable[[], object]] = [
        lambda: world.propose(who, edits(world, chance), f"Change {chance.randrange(1000)}"),
        lambda: world.propose(who, edits(world, chance), f"Change {chance.randrange(1000)}"),
        lambda: world.endorse(n, *chance.sample(sorted(world.people), 3)),
        lambda: world.endorse(n, *chance.sample(sorted(world.people), 3)),
        lambda: world.endorse(n, who),
        lambda: guidelines.object(n, world.person(who), world.change(n), "No."),
        lambda: guidelines.retract(n, world.person(who)),
        lambda: guidelines.close(n, guidelines.weigh(n).proposal.acts[0].author),
        lambda: guidelines.reopen(n, guidelines.weigh(n).proposal.acts[0].author),
        lambda: guidelines.refresh(n),
        lambda: world.wiki.tick(),
    ]
    with suppress(WikiError):
        chance.choice(deeds)()


@pytest.mark.parametrize("seed", range(5))
def test_caught_up_step_by_step_or_made_again_it_is_the_same(world: World, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        act(world, chance)
    rows, seen = what_is_kept(world), what_readers_see(world)
    assert world.wiki.index.in_step()
    world.wiki.index.rebuild()
    again = what_is_kept(world)
    for table, kept in rows.items():
        assert again[table] == kept, table
    assert what_readers_see(world) == seen


def test_without_its_database_the_wiki_shows_the_same_pages(world: World) -> None:
    chance = random.Random(7)
    for _ in range(25):
        act(world, chance)
    seen = what_readers_see(world)
    with world.wiki.engine.begin() as connection:
        for table in schema.INDEX_TABLES:
            connection.execute(table.delete())
    world.wiki.index.catch_up()
    assert what_readers_see(world) == seen


def test_a_crash_between_git_and_sql_is_healed_by_the_next_who_comes(world: World) -> None:
    def nobody_is_told(n: int, settled_on: str | None) -> None:
        raise KeyboardInterrupt

    told = world.wiki.guidelines.written
    for deed in (
        lambda: world.propose("ana", {"welcome": "# Welcome\n\nLost?\n"}),
        lambda: world.endorse(1, "bob"),
        lambda: world.endorse(1, "cyd"),
        lambda: world.propose("ana", {"notes/lost": "# Lost\n\nFound.\n"}),
    ):
        world.wiki.guidelines.written = nobody_is_told
        with pytest.raises(KeyboardInterrupt):
            deed()
        world.wiki.guidelines.written = told
        world.wiki.tick()
        assert world.wiki.index.in_step()
    assert "Lost?" in world.visitor().open("/welcome").main
    assert "Found." in world.visitor().open("/notes/lost").main
    rows = what_is_kept(world)
    world.wiki.index.rebuild()
    assert what_is_kept(world) == rows


@pytest.mark.parametrize("commands", [("tick", "tick"), ("reindex", "tick"), ("reindex", "reindex")])
def test_two_processes_at_once_leave_one_truth(world: World, commands: tuple[str, ...]) -> None:
    world.wiki.guidelines.written = lambda *_: None
    chance = random.Random(3)
    for _ in range(15):
        act(world, chance)
    environment = {**os.environ, "WIKI_DATA": str(world.data)}
    started = [warm.begin([command], environment) for command in (*commands, *commands)]
    for process in started:
        process.join(60)
    assert [process.exitcode for process in started] == [0] * 4
    world.clock.at = time.time()
    assert world.wiki.index.in_step()
    rows = what_is_kept(world)
    world.wiki.index.rebuild()
    assert what_is_kept(world) == rows


def test_catching_up_with_nothing_new_changes_nothing(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    rows = what_is_kept(world)
    for _ in range(3):
        assert world.wiki.index.catch_up().affected == ()
    assert what_is_kept(world) == rows


def test_an_index_of_another_version_is_made_again(world: World) -> None:
    rows = what_is_kept(world)
    with world.wiki.engine.begin() as connection:
        connection.execute(schema.state.update().where(schema.state.c.key == "version").values(value="0"))
        connection.execute(schema.revision.delete())
    world.wiki.index.catch_up()
    assert what_is_kept(world) == rows


@pytest.fixture
def second(founded: Path, tmp_path: Path) -> Iterator[World]:
    """Another process's view of the same data directory."""
    with open_world(copy_of(founded, tmp_path / "second")) as opened:
        yield opened


def test_what_one_process_writes_another_shows_at_once(second: World) -> None:
    reader = second.visitor()
    assert "Hello, world" not in reader.open("/welcome").main
    writer = open_wiki(settings_for(second.data), second.clock)
    n = writer.guidelines.propose(second.person("ana"), "T", "", {"welcome.md": "# Welcome\n\nHello, world.\n"}).n
    for who in ("bob", "cyd"):
        change = writer.guidelines.weigh(n).proposal.change
        writer.guidelines.endorse(n, second.person(who), change, member_since=0)
    close(writer)
    assert "Hello, world" in reader.open("/welcome").main


def assert_same(kept: dict[str, list[dict[str, object]]], rows: dict[str, list[dict[str, object]]]) -> None:
    for table, expected in rows.items():
        new = [row for row in kept[table] if row not in expected]
        gone = [row for row in expected if row not in kept[table]]
        assert (new, gone) == ([], []), f"{table}: {new[:3]} where one made anew says {gone[:3]}"


@pytest.fixture
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebuilds keep what they made after every two commits."""
    monkeypatch.setattr(rebuilding, "COMMITS_AT_ONCE", 2)
    monkeypatch.setattr(rebuilding, "PAGES_AT_ONCE", 2)
    monkeypatch.setattr(rebuilding, "PROPOSALS_AT_ONCE", 2)


def some_history(world: World, seed: int, acts: int = 40) -> None:
    chance = random.Random(seed)
    for _ in range(acts):
        act(world, chance)
    for at in range(6):
        world.propose("ana", {f"notes/number{at}": f"# Number {at}\n\nNothing to agree on.\n"})
    world.wiki.tick()


@pytest.mark.usefixtures("in_small_steps")
def test_a_rebuild_that_was_cut_off_goes_on_where_it_was(world: World) -> None:
    some_history(world, 11)
    rows, seen = what_is_kept(world), what_readers_see(world)
    whole = sum(1 for _ in world.wiki.repository.landed(world.wiki.repository.main()))

    def cut_off(commits: Iterable[Landed]) -> Iterator[Landed]:
        for at, commit in enumerate(commits):
            if at == whole // 2:
                raise KeyboardInterrupt
            yield commit

    with pytest.raises(KeyboardInterrupt):
        world.wiki.index.rebuild(cut_off)
    assert what_is_kept(world) == rows
    read = world.wiki.index.rebuild()
    assert 0 < read <= whole // 2 + 3
    assert_same(what_is_kept(world), rows)
    assert what_readers_see(world) == seen
    assert world.wiki.index.rebuild() == whole


@pytest.mark.usefixtures("in_small_steps")
def test_what_was_cut_off_while_pages_or_proposals_were_told_goes_on_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_history(world, 12)
    rows = what_is_kept(world)
    for broken in ("tell", "_take_over"):
        with monkeypatch.context() as patched:
            calls = 0

            def fails(*arguments: object, real: object = getattr(rebuilding, broken)) -> object:
                nonlocal calls
                calls += 1
                if calls == 3 or real.__name__ == "_take_over":  # type: ignore[attr-defined]
                    raise KeyboardInterrupt
                return real(*arguments)  # type: ignore[operator]

            patched.setattr(rebuilding, broken, fails)
            with pytest.raises(KeyboardInterrupt):
                world.wiki.index.rebuild()
        assert what_is_kept(world) == rows
        assert world.wiki.index.rebuild() == 0
        assert what_is_kept(world) == rows


@pytest.mark.usefixtures("in_small_steps")
@pytest.mark.parametrize("nth", [1, 2, 7])
def test_what_was_cut_off_while_it_was_being_kept_is_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    some_history(world, 18, acts=25)
    world.wiki.index.rebuild()
    rows, found = what_is_kept(world), what_is_found(world)
    with monkeypatch.context() as patched:
        calls = itertools.count(1)

        def fails(shelf: Shelf, real: Callable[[Shelf], None] = Shelf.write) -> None:
            if next(calls) == nth:
                raise KeyboardInterrupt
            real(shelf)

        patched.setattr(Shelf, "write", fails)
        with pytest.raises(KeyboardInterrupt):
            world.wiki.index.rebuild()
    assert world.wiki.index.rebuild() > 0
    assert_same(what_is_kept(world), rows)
    assert what_is_found(world) == found


@pytest.mark.usefixtures("in_small_steps")
def test_what_was_told_before_it_was_cut_off_is_told_again_where_it_has_changed_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.propose("ana", {"aaa": "# Before\n\nSee [the kitchen](notes/kitchen.md).\n"})
    world.endorse(1, "bob", "cyd")
    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "_take_over", interrupted)
        with pytest.raises(KeyboardInterrupt):
            world.wiki.index.rebuild()
    world.propose("ana", {"aaa": "# After\n\nSee [[welcome]].\n"})
    world.endorse(2, "bob", "cyd")
    assert world.in_force(2)
    rows, found = what_is_kept(world), what_is_found(world)
    assert 0 < world.wiki.index.rebuild() < 5
    assert what_is_kept(world) == rows
    assert what_is_found(world) == found


@pytest.mark.usefixtures("in_small_steps")
@pytest.mark.parametrize("again", [False, True])
def test_proposals_that_main_moved_under_after_it_was_cut_off_are_weighed_again(
    world: World, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    """No act of theirs says so."""
    waits, overtaken = (world.propose("ana", {"legal/fees": f"# Fees\n\nOf {n}.\n"}) for n in range(2))
    needs_less = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    policy = world.propose("ana", {"policy.toml": POLICY.replace("endorse = 2", "endorse = 3")})
    for n in (waits, policy):
        world.endorse(n, "bob", "cyd", "dee")
    _rebuild_cut_off(world, monkeypatch, rebuilding, "_take_over")
    world.clock.wait(3)
    world.wiki.tick()
    assert world.in_force(waits)
    assert world.in_force(policy)
    assert world.wiki.guidelines.weigh(overtaken).overtaken
    if again:
        _rebuild_cut_off(world, monkeypatch, Rebuilding, "_proposals")
    rows = what_is_kept(world)
    assert [row["needed"] for row in rows["proposal"] if row["n"] == needs_less] == [3]
    world.wiki.index.rebuild()
    assert_same(what_is_kept(world), rows)


def _rebuild_cut_off(world: World, monkeypatch: pytest.MonkeyPatch, owner: object, before: str) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(owner, before, interrupted)
        with pytest.raises(KeyboardInterrupt):
            world.wiki.index.rebuild()


@pytest.mark.usefixtures("in_small_steps")
def test_no_more_is_held_than_the_texts_of_two_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    some_history(world, 16, acts=10)
    held: list[int] = []
    asked, told = telling.ask, telling.tell

    def ask(*arguments: Any) -> Asking:
        held.append(held[-1] + 1 if held else 1)
        return asked(*arguments)

    def tell(*arguments: Any) -> None:
        held.append(held[-1] - 1)
        told(*arguments)

    monkeypatch.setattr(rebuilding, "ask", ask)
    monkeypatch.setattr(rebuilding, "tell", tell)
    world.wiki.index.rebuild()
    assert (max(held), held[-1]) == (2, 0)
    assert len(held) > 6


@pytest.mark.usefixtures("in_small_steps")
def test_what_was_told_before_it_was_cut_off_is_not_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    some_history(world, 17, acts=10)
    repository = world.wiki.repository
    every = {path for path, _ in repository.files(repository.main()) if path.endswith(".md")}
    likely: list[set[str]] = []
    begun = rebuilding.readers

    def readers(repository: Repository, language: str, pages: Sequence[Asked]) -> AbstractContextManager[Read]:
        likely.append({page.path for page in pages})
        return begun(repository, language, pages)

    monkeypatch.setattr(rebuilding, "readers", readers)
    with monkeypatch.context() as patched:
        told = iter([telling.tell, telling.tell, interrupted])
        patched.setattr(rebuilding, "tell", lambda *arguments: next(told)(*arguments))
        with pytest.raises(KeyboardInterrupt):
            world.wiki.index.rebuild()
    world.propose("ana", {"welcome": "# Welcome\n\nChanged meanwhile.\n", "notes/late": "# Late\n\nNew.\n"})
    world.endorse(world.wiki.guidelines.count(), "bob", "cyd")
    world.wiki.index.rebuild()
    assert likely[0] == every
    assert {"welcome.md", "notes/late.md"} <= likely[1]
    assert 2 <= len(every - likely[1]) <= 4


def interrupted(*arguments: object) -> None:
    raise KeyboardInterrupt


def what_is_found(world: World) -> list[list[tuple[object, ...]]]:
    """What texts lead to, and what they are found by."""
    with reading(world.wiki.engine) as connection:
        tables = (schema.link, schema.sought, schema.word)
        return [sorted(tuple(row) for row in connection.execute(select(table))) for table in tables]


@pytest.mark.usefixtures("in_small_steps")
def test_while_it_is_made_again_people_read_and_write(world: World) -> None:
    some_history(world, 13, acts=25)
    said = iter(["ana", "bob"])

    def meanwhile(commits: Iterable[Landed]) -> Iterator[Landed]:
        for at, commit in enumerate(commits):
            if at in (1, 3):
                who = next(said)
                n = world.propose(who, {f"made/by-{who}": f"# By {who}\n\nMeanwhile.\n"}, f"By {who}")
                world.endorse(n, "cyd", "dee")
                assert world.in_force(n)
                assert "Meanwhile." in world.visitor().open(f"/made/by-{who}").main
            yield commit

    world.wiki.index.rebuild(meanwhile)
    assert next(said, None) is None
    assert world.wiki.index.in_step()
    rows = what_is_kept(world)
    for who in ("ana", "bob"):
        assert "Meanwhile." in world.visitor().open(f"/made/by-{who}").main
    world.wiki.index.rebuild()
    assert what_is_kept(world) == rows


def test_what_another_version_or_history_began_is_begun_anew(world: World) -> None:
    some_history(world, 14, acts=10)
    rows = what_is_kept(world)
    place = Path(f"{file_of(world.wiki.engine)}.anew")
    for beginning in (b"not a database", b""):
        place.write_bytes(beginning)
        assert world.wiki.index.rebuild() > 0
        assert what_is_kept(world) == rows
        assert not place.exists()


@pytest.mark.usefixtures("in_small_steps")
def test_what_was_begun_before_the_machine_was_started_is_begun_anew(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    some_history(world, 19, acts=10)
    rows = what_is_kept(world)
    whole = sum(1 for _ in world.wiki.repository.landed(world.wiki.repository.main()))
    started = tmp_path / "started"
    monkeypatch.setattr(beside, "_STARTED", started)
    for said, again in (("one", True), ("another", False), (None, False)):
        with monkeypatch.context() as patched:
            started.write_text("one\n")
            patched.setattr(rebuilding, "_take_over", interrupted)
            with pytest.raises(KeyboardInterrupt):
                world.wiki.index.rebuild()
        started.write_text(f"{said}\n") if said else started.unlink()
        assert world.wiki.index.rebuild() == (0 if again else whole)
        assert_same(what_is_kept(world), rows)


def test_killed_at_any_moment_it_is_made_by_the_next(world: World) -> None:
    some_history(world, 15)
    world.clock.at = time.time()
    world.wiki.tick()
    rows = what_is_kept(world)
    environment = {**os.environ, "WIKI_DATA": str(world.data)}
    steps = "from wiki.index import rebuilding as r; r.COMMITS_AT_ONCE = r.PAGES_AT_ONCE = 2"
    chance = random.Random(15)

    def run(seconds: float | None = None) -> tuple[float, int | None]:
        """How long it ran, and with what it ended, when it was killed after so many seconds."""
        began = time.monotonic()
        process = warm.begin(["reindex"], environment, first=steps)
        process.join(seconds)
        process.kill()
        process.join(20)
        return time.monotonic() - began, process.exitcode

    whole, status = run()
    assert status == 0
    killed = 0
    for _ in range(6):
        killed += run(whole * chance.random())[1] != 0
        assert what_is_kept(world) == rows
    assert killed > 0
    assert run()[1] == 0
    world.clock.at = time.time()
    assert what_is_kept(world) == rows
