"""Merges, renames, removals and files of all kinds in an imported past: every page has the history that it had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.index.steps import again_and_step_by_step
from tests.pasts import DAY, FIRST, LINK, PROGRAM, SUBMODULE, Files, Past, git, lines
from tests.world import World
from wiki.index.rows import Filter
from wiki.model.acts import Person

Begun = Callable[[Path], World]
A, B, C = lines("apple"), lines("birch"), lines("cedar")
ANA, BOB, CYD = "Ana <ana@x.org>", "Bob <bob@x.org>", "Cyd <cyd@x.org>"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "past.git")


def told(world: World, name: str) -> list[str]:
    """The history of a page, oldest first: "added a", "renamed b from a"."""
    rows = world.wiki.index.history(name)
    assert rows is not None, f"{name} is not known"
    return [f"{row.status} {row.name}" + (f" from {row.old_name}" if row.old_name else "") for row in reversed(rows)]


def writers(world: World, name: str) -> list[str]:
    """The names in the margin of a page."""
    found = world.wiki.index.page(name)
    assert found is not None, f"there is no page {name}"
    return sorted(person.name for person in found[0].authors)


def chain(past: Past, *states: Files) -> Path:
    """A past of one line: each state a commit."""
    for files in states:
        past.commit(files)
    return past.done()


# Merges


def test_a_merge_is_one_change_by_those_who_wrote_it(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B}, who=ANA)
    side = past.commit({"a.md": A + "More.\n", "b.md": B}, parents=[1], who=BOB)
    main = past.commit({"a.md": A, "b.md": B + "Else.\n"}, parents=[1], who=ANA)
    past.commit({"a.md": A + "More.\n", "b.md": B + "Else.\n"}, parents=[main, side], who=CYD)
    world = begun(past.done())
    assert told(world, "a") == ["added a", "changed a"]
    assert told(world, "b") == ["added b", "changed b"]
    assert writers(world, "a") == ["Ana", "Bob"]
    assert [row.commit for row in world.wiki.index.history("a") or []] == [past.ids[4], past.ids[1]]


def test_branches_that_wait_long_are_credited_when_they_are_merged(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B}, who=ANA)
    long = past.commit({"a.md": A + "Long.\n", "b.md": B}, parents=[1], who=BOB)
    short = past.commit({"a.md": A, "b.md": B + "Short.\n"}, parents=[1], who=CYD)
    first = past.commit({"a.md": A, "b.md": B + "Short.\n"}, parents=[1, short], who=ANA)
    past.commit({"a.md": A + "Long.\n", "b.md": B + "Short.\n"}, parents=[first, long], who=ANA)
    world = begun(past.done())
    assert writers(world, "a") == ["Ana", "Bob"]
    assert writers(world, "b") == ["Ana", "Cyd"]


def test_an_octopus_brings_in_all_its_arms(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B, "c.md": C}, who=ANA)
    arms = [past.commit({"a.md": A, "b.md": B, "c.md": C} | {f"{n}.md": t + "Arm.\n"}, parents=[1], who=who)
            for n, t, who in (("b", B, BOB), ("c", C, CYD))]  # fmt: skip
    past.commit({"a.md": A, "b.md": B + "Arm.\n", "c.md": C + "Arm.\n"}, parents=[1, *arms], who=ANA)
    world = begun(past.done())
    assert (writers(world, "b"), writers(world, "c")) == (["Ana", "Bob"], ["Ana", "Cyd"])
    assert told(world, "b") == ["added b", "changed b"]


def test_criss_cross_merges(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B}, who=ANA)
    one = past.commit({"a.md": A + "One.\n", "b.md": B}, parents=[1], who=ANA)
    two = past.commit({"a.md": A, "b.md": B + "Two.\n"}, parents=[1], who=BOB)
    both = {"a.md": A + "One.\n", "b.md": B + "Two.\n"}
    left = past.commit(both, parents=[one, two], who=ANA)
    right = past.commit(both | {"a.md": A + "One.\nRight.\n"}, parents=[two, one], who=CYD)
    past.commit(both | {"a.md": A + "One.\nRight.\n"}, parents=[left, right], who=ANA)
    world = begun(past.done())
    assert told(world, "a") == ["added a", "changed a", "changed a"]
    assert told(world, "b") == ["added b", "changed b"]
    assert (writers(world, "a"), writers(world, "b")) == (["Ana", "Cyd"], ["Ana", "Bob"])


def test_what_a_merge_itself_changes_is_the_words_of_who_made_it(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B}, who=ANA)
    side = past.commit({"a.md": A + "Side.\n", "b.md": B}, parents=[1], who=BOB)
    past.commit({"a.md": A + "Side.\n", "b.md": B + "Evil.\n", "new.md": C}, parents=[1, side], who=CYD)
    world = begun(past.done())
    assert (writers(world, "a"), writers(world, "b"), writers(world, "new")) == (
        ["Ana", "Bob"],
        ["Ana", "Cyd"],
        ["Cyd"],
    )
    assert told(world, "b") == ["added b", "changed b"]


def test_a_merge_that_takes_nothing_is_no_change_of_a_page(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A}, who=ANA)
    side = past.commit({"a.md": B}, parents=[1], who=BOB)
    past.commit({"a.md": A}, parents=[1, side], who=ANA)
    past.commit({"a.md": A + "More.\n"}, who=CYD)
    world = begun(past.done())
    assert told(world, "a") == ["added a", "changed a"]
    assert writers(world, "a") == ["Ana", "Cyd"]


def test_several_roots(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A}, parents=[], who=ANA)
    other = past.commit({"b.md": B}, parents=[], who=BOB)
    past.commit({"a.md": A, "b.md": B}, parents=[1, other], who=CYD)
    world = begun(past.done())
    assert told(world, "b") == ["added b"]
    assert writers(world, "b") == ["Bob"]


def test_empty_commits_are_no_changes(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {}, {"a.md": A}, {"a.md": A}, {"a.md": A}))
    assert told(world, "a") == ["added a"]
    assert [row.name for row in world.wiki.index.book.changes()] == ["policy.toml", "a"]


# Renames


def test_a_rename_on_a_branch_beside_an_edit_on_main(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A}, who=ANA)
    wrote = past.commit({"a.md": A + "Side.\n"}, parents=[1], who=BOB)
    side = past.commit({"b.md": A + "Side.\n"}, parents=[wrote], who=CYD)
    main = past.commit({"a.md": "Main.\n" + A}, parents=[1], who=ANA)
    past.commit({"b.md": "Main.\n" + A + "Side.\n"}, parents=[main, side], who=ANA)
    world = begun(past.done())
    assert told(world, "b") == ["added a", "changed a", "renamed b from a"]
    assert writers(world, "b") == ["Ana", "Bob", "Cyd"]
    assert world.wiki.index.forwarded("a") == "b"


def test_a_rename_on_main_beside_an_edit_on_a_branch(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A}, who=ANA)
    side = past.commit({"a.md": A + "Side.\n"}, parents=[1], who=BOB)
    main = past.commit({"b.md": A}, parents=[1], who=ANA)
    past.commit({"b.md": A + "Side.\n"}, parents=[main, side], who=CYD)
    world = begun(past.done())
    assert told(world, "b") == ["added a", "renamed b from a", "changed b"]
    assert writers(world, "b") == ["Ana", "Bob"]


def test_there_and_back(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"b.md": A}, {"a.md": A}))
    assert told(world, "a") == ["added a", "renamed b from a", "renamed a from b"]
    assert world.wiki.index.forwarded("b") == "a"
    assert world.wiki.index.forwarded("a") is None or world.visitor().open("/a").status == 200


def test_names_exchanged_in_one_commit_are_two_edits(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A, "b.md": B}, {"a.md": B, "b.md": A}))
    assert told(world, "a") == ["added a", "changed a"]
    assert told(world, "b") == ["added b", "changed b"]


def test_names_passed_round_by_way_of_a_third(begun: Begun, past: Past) -> None:
    world = begun(
        chain(past, {"a.md": A, "b.md": B}, {"t.md": A, "b.md": B}, {"t.md": A, "a.md": B}, {"b.md": A, "a.md": B})
    )
    assert told(world, "a") == ["added b", "renamed a from b"]
    assert told(world, "b") == ["added a", "renamed t from a", "renamed b from t"]
    assert told(world, "t") == told(world, "b")


def test_a_chain_of_renames_with_edits(begun: Begun, past: Past) -> None:
    states: list[Files] = [{f"{name}.md": A + "Edit.\n" * n} for n, name in enumerate(["a", "b", "d/c", "d/e", "e"])]
    world = begun(chain(past, *states))
    assert told(world, "e")[-1] == "renamed e from d/e"
    for name in ("a", "b", "d/c", "d/e"):
        assert told(world, name) == told(world, "e")
        assert world.visitor().open(f"/{name}").address == "/e"


def test_a_page_that_moves_and_is_written_anew_is_another(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"b.md": "# Apple\n" + B}))
    assert told(world, "a") == ["added a", "removed a"]
    assert told(world, "b") == ["added b"]


def test_a_copy_is_a_page_of_its_own(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"a.md": A, "b.md": A}, {"a.md": A + "More.\n", "b.md": A}))
    assert told(world, "b") == ["added b"]
    assert told(world, "a") == ["added a", "changed a"]


def test_a_name_in_another_case(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"readme.md": A, "x.md": B}, {"ReadMe.md": A, "x.md": B}))
    assert told(world, "ReadMe") == ["added readme", "renamed ReadMe from readme"]
    assert world.wiki.index.forwarded("readme") == "ReadMe"


def test_folders_renamed_in_both_directions_at_once(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"one/a.md": A, "two/b.md": B}, {"two/a.md": A, "one/b.md": B}))
    assert told(world, "two/a") == ["added one/a", "renamed two/a from one/a"]
    assert told(world, "one/b") == ["added two/b", "renamed one/b from two/b"]


# Removed, and there again


def test_a_page_that_was_removed_and_brought_back_goes_on(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A, "b.md": B}, {"b.md": B}, {"a.md": A + "Again.\n", "b.md": B}))
    assert told(world, "a") == ["added a", "removed a", "added a"]
    assert world.visitor().open("/a").status == 200


def test_another_page_under_a_name_that_is_free_has_its_own_history_and_writers(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B}, who=ANA)
    past.commit({"b.md": B}, who=ANA)
    past.commit({"a.md": C, "b.md": B}, who=CYD)
    world = begun(past.done())
    assert told(world, "a") == ["added a"]
    assert writers(world, "a") == ["Cyd"]
    old = world.wiki.index.revision(past.ids[1], "a")
    assert old is not None
    assert "The apple has" in world.visitor().open(old.url).main


def test_who_had_a_name_last_is_found_under_it(begun: Begun, past: Past) -> None:
    """A removed page had the name first, then one that moved on."""
    world = begun(chain(past, {"a.md": A}, {}, {"a.md": B}, {"b.md": B}))
    assert told(world, "a") == told(world, "b") == ["added a", "renamed b from a"]


def test_a_name_used_again_does_not_lead_to_who_had_it_before(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"b.md": A}, {"b.md": A, "a.md": B}, {"b.md": A}))
    assert world.wiki.index.forwarded("a") is None
    assert told(world, "a") == ["added a", "removed a"]
    assert "no longer in force" in world.visitor().open("/a").main


# Files of all kinds


def test_modes(begun: Begun, past: Past) -> None:
    world = begun(
        chain(past, {"a.md": A}, {"a.md": (PROGRAM, A)}, {"a.md": (LINK, "b.md")}, {"a.md": (PROGRAM, A)}, {"a.md": A})
    )
    assert told(world, "a") == ["added a", *["changed a"] * 4]
    assert "The apple has" in world.visitor().open("/a").main


def test_a_file_that_becomes_a_folder_and_a_file_again(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"a.md/b.md": B}, {"a.md": A}))
    assert told(world, "a") == ["added a", "removed a", "added a"]
    assert told(world, "a.md/b") == ["added a.md/b", "removed a.md/b"]


def test_submodules_are_no_files(begun: Begun, past: Past) -> None:
    there = (SUBMODULE, "a" * 40)
    odd: Files = {"s.md": there, "docs": there, ".mailmap": there, ".git-blame-ignore-revs": there}
    world = begun(chain(past, {"a.md": A, **odd}, {"a.md": there}, {"a.md": A, **odd}, {"a.md": A + "More.\n", **odd}))
    assert told(world, "a") == ["added a", "removed a", "added a", "changed a"]
    assert world.wiki.index.history("s") is None
    assert world.visitor().open("/-/who/a").status == 200


def test_what_else_lies_in_the_repository_is_left_there(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A})
    elsewhere = past.commit({"elsewhere.md": B}, parents=[])
    past.commit({"a.md": A + "More.\n"}, parents=[1])
    past.tips = {"other": elsewhere, "feature/x": elsewhere}
    place = past.done()
    git(place, "tag", "v1", "other")
    git(place, "replace", past.ids[3], past.ids[2])
    world = begun(place)
    assert told(world, "a") == ["added a", "changed a"]
    assert world.wiki.index.history("elsewhere") is None
    assert set(world.everything()) == {"refs/heads/main"}


def test_replacements_and_grafts_that_come_later_are_ignored(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"a.md": B}))
    place = world.data / "content.git"
    git(place, "replace", past.ids[2], past.ids[1])
    (place / "info").mkdir(exist_ok=True)
    (place / "info" / "grafts").write_text(f"{past.ids[2]}\n")
    world.wiki.index.rebuild()
    assert told(world, "a") == ["added a", "changed a"]
    git(place, "replace", "-d", past.ids[2])
    (place / "info" / "grafts").unlink()


@pytest.mark.parametrize("branch", ["trunk", "master", "feature/größe"])
def test_a_main_of_another_name(begun: Begun, tmp_path: Path, branch: str) -> None:
    past = Past(tmp_path / "past.git", branch)
    assert told(begun(chain(past, {"a.md": A})), "a") == ["added a"]


# The whole of it


def test_on_a_day_and_in_the_book(begun: Begun, past: Past) -> None:
    world = begun(chain(past, {"a.md": A}, {"d/b.md": A}, {"d/b.md": A + "More.\n"}, {"c.md": C}))
    row = world.wiki.index.revision_on("a", FIRST + 2 * DAY)
    assert row is not None
    assert (row.name, row.commit, row.when) == ("d/b", past.ids[2], FIRST + 2 * DAY)
    assert world.wiki.index.revision_on("a", FIRST) is None
    book = world.wiki.index.book
    assert [(row.status, row.name) for row in book.changes(only=Filter(folder="d"))] == [
        ("removed", "d/b"), ("changed", "d/b"), ("renamed", "d/b")]  # fmt: skip
    handle = Person("", "ana@example.com").handle
    assert len(book.changes(only=Filter(person=handle))) == 5
    assert "was in force here until" in world.visitor().open("/d/b").main


def test_made_again_or_caught_up_commit_by_commit_it_is_the_same(begun: Begun, past: Past) -> None:
    past.commit({"a.md": A, "b.md": B}, who=ANA)
    past.commit({"b.md": A, "a.md": B}, who=BOB)
    side = past.commit({"t.md": A + "Side.\n", "a.md": B}, parents=[1], who=CYD)
    past.commit({"t.md": A, "a.md": B}, parents=[2], who=ANA)
    past.commit({"t.md": A + "Side.\n", "c.md": B}, parents=[4, side], who=BOB)
    past.commit({b"caf\xe9.md": A, "c.md": C}, b"Jos\xe9\n\nProposal: 7\n", who=b"Jos\xe9 <>", encoding="latin-1")
    past.commit({"a.md": B, "s.md": (SUBMODULE, "a" * 40)}, "", who=" <>", when=2**40)
    past.commit({"a.md": B, "c.md": C + "Again.\n"}, who=" <x@y.org>", when=5)
    world = begun(past.done())
    again, step_by_step = again_and_step_by_step(world.wiki.engine, world.data / "content.git")
    for table, rows in again.items():
        assert step_by_step[table] == rows, table
