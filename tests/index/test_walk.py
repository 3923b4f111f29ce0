"""Who wrote each word of a page, where one walk through its revisions must tell: branches with several writers, commits
that are looked through, long pasts, and what is kept of the revision before."""

from __future__ import annotations

import random
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from tests.pasts import Content, Past, git
from tests.world import World
from wiki.database import reading, writing
from wiki.index import schema, walk
from wiki.index.walk import Known, Walk
from wiki.model.counting import words_of

Begun = Callable[[Path], World]
ANA, BOB, CYD, DEE = (f"{name} <{name.lower()}@x.org>" for name in ("Ana", "Bob", "Cyd", "Dee"))
FIRST = "# Tea\n\nThe kettle stands in the kitchen on the left of the door.\n\nThe cups are in the cupboard above it.\n"
MILK = "Milk is in the fridge below the window."
SUGAR = "Sugar is kept where no ant has found it yet."
LIST = ".git-blame-ignore-revs"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "past.git")


def words(world: World, name: str = "tea") -> dict[str, int]:
    """How many words of a page are whose."""
    found = world.wiki.index.page(name)
    assert found is not None
    text = world.wiki.repository.content(found[0].blob).decode("utf-8", "replace")
    lines = text.split("\n")
    counts: Counter[str] = Counter()
    for hunk in world.wiki.index.who_wrote(found[0]):
        there = sum(len(words_of(line)) for line in lines[hunk.first - 1 : hunk.first - 1 + hunk.count])
        counts[hunk.author.name.partition(" ")[0]] += hunk.words or there
    assert counts.total() == len(words_of(text))
    return {name: count for name, count in counts.items() if count}


def forget(world: World) -> None:
    """Let nothing be kept of who wrote what."""
    with writing(world.wiki.engine) as connection:
        connection.execute(delete(schema.blamed))


def tamper(world: World) -> None:
    """Keep that somebody else wrote what Ana did."""
    with writing(world.wiki.engine) as connection:
        table = schema.blamed
        kept = connection.execute(select(table.c.hunks)).scalar_one()
        connection.execute(update(table).values(hunks=kept.replace('"Ana"', '"Someone"')))


# Branches


def test_each_of_several_writers_of_a_branch_has_their_words(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    past.commit({"tea.md": f"{FIRST}\n{MILK}\n"}, parents=[1], who=BOB)
    side = past.commit({"tea.md": f"{FIRST}\n{MILK} {SUGAR}\n"}, parents=[2], who=CYD)
    past.commit({"tea.md": f"{FIRST}\n{MILK} {SUGAR}\n"}, parents=[1, side], who=DEE)
    assert words(begun(past.done())) == {"Ana": 21, "Bob": 8, "Cyd": 10}


def test_so_they_have_where_main_went_on_meanwhile_and_was_taken_in(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    past.commit({"tea.md": f"{FIRST}\n{MILK}\n"}, parents=[1], who=BOB)
    main = past.commit({"tea.md": FIRST.replace("# Tea", "# Green tea")}, parents=[1], who=DEE)
    new = FIRST.replace("# Tea", "# Green tea")
    taken = past.commit({"tea.md": f"{new}\n{MILK}\n"}, parents=[2, main], who=BOB)
    side = past.commit({"tea.md": f"{new}\n{MILK} {SUGAR}\n"}, parents=[taken], who=CYD)
    past.commit({"tea.md": f"{new}\n{MILK} {SUGAR}\n"}, parents=[main, side], who=ANA)
    told = words(begun(past.done()))
    assert {"Bob": told["Bob"], "Cyd": told["Cyd"]} == {"Bob": 8, "Cyd": 10}
    assert told["Ana"] + told["Dee"] == 22


def test_what_a_merge_itself_adds_is_by_whoever_merged(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    side = past.commit({"tea.md": f"{FIRST}\n{MILK}\n"}, parents=[1], who=BOB)
    past.commit({"tea.md": f"{FIRST}\n{MILK}\n\n{SUGAR}\n"}, parents=[1, side], who=CYD)
    assert words(begun(past.done())) == {"Ana": 21, "Bob": 8, "Cyd": 10}


def test_of_branches_of_branches_git_is_asked(begun: Begun, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    bobs = past.commit({"tea.md": f"{FIRST}\n{MILK}\n"}, parents=[1], who=BOB)
    cyds = past.commit({"tea.md": f"{SUGAR}\n\n{FIRST}"}, parents=[1], who=CYD)
    side = past.commit({"tea.md": f"{SUGAR}\n\n{FIRST}\n{MILK}\n"}, parents=[bobs, cyds], who=DEE)
    past.commit({"tea.md": f"{SUGAR}\n\n{FIRST}\n{MILK}\n"}, parents=[1, side], who=ANA)
    world = begun(past.done())
    asked: list[object] = []
    real = world.wiki.repository.blame_since
    monkeypatch.setattr(world.wiki.repository, "blame_since", lambda *at: asked.append(at) or real(*at))
    assert words(world) == {"Ana": 21, "Bob": 8, "Cyd": 10}
    assert len(asked) == 1


def test_words_that_a_suggestion_changed_in_a_line_are_by_whoever_suggested_them(world: World) -> None:
    n = world.propose("ana", {"tea": FIRST}, "Tea")
    suggested = {"tea.md": FIRST.replace("above it", "behind you")}
    world.wiki.guidelines.revise(n, world.person("zed"), suggested, accepted_by=world.person("ana"))
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    assert words(world) == {"Ana": 19, "Zed": 2}


# Commits that are looked through


def test_what_a_listed_commit_put_in_the_place_of_words_stays_whose_it_was(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    past.commit({"tea.md": f"{FIRST}\n{MILK}\n"}, who=BOB)
    shouted = f"{FIRST}\n{MILK}\n".replace("The", "THE").replace("kitchen", "KITCHEN").replace("Milk", "MILK")
    past.commit({"tea.md": shouted}, who=CYD)
    past.commit({"tea.md": shouted, "a.md": "# A\n"}, who=DEE)
    past.done()
    _list(past, 3)
    world = begun(past.place)
    assert words(world) == {"Ana": 21, "Bob": 8}
    growth = world.visitor().open("/-/growth/tea").tree
    heads = [" ".join(each.text_content().split()) for each in growth.xpath("//figure[@class='growth']//thead//th")]
    assert "Cyd" not in heads


def test_words_that_a_listed_commit_put_between_others_are_of_whoever_wrote_those(begun: Begun, past: Past) -> None:
    asked = "Ask in slack.com about it before you pour anything at all."
    past.commit({"tea.md": f"{FIRST}\n{asked}\n"}, who=ANA)
    past.commit({"tea.md": f"{FIRST}\n{asked}\n\n{MILK} {asked}\n"}, who=BOB)
    listed = f"{FIRST}\n{asked}\n\n{MILK} {asked}\n".replace("slack.com", "gsa.slack.com").replace("tea", "hot tea")
    past.commit({"tea.md": f"{listed}\nA sentence that is nobody else's.\n"}, who=CYD)
    past.commit({"tea.md": f"{listed}\nA sentence that is nobody else's.\n", "a.md": "# A\n"}, who=DEE)
    past.done()
    _list(past, 3)
    world = begun(past.place)
    found = words(world)
    assert set(found) == {"Ana", "Bob", "Cyd"}
    assert found["Cyd"] == 6, "what stands by itself is still of whoever put it there"


def test_so_does_what_a_listed_commit_of_a_branch_did_but_not_what_others_did_there(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    past.commit({"tea.md": FIRST.replace("The", "THE")}, parents=[1], who=CYD)
    side = past.commit({"tea.md": f"{FIRST.replace('The', 'THE')}\n{MILK}\n"}, parents=[2], who=BOB)
    past.commit({"tea.md": f"{FIRST.replace('The', 'THE')}\n{MILK}\n"}, parents=[1, side], who=DEE)
    past.commit({"tea.md": f"{FIRST.replace('The', 'THE')}\n{MILK}\n\n{SUGAR}\n"}, who=DEE)
    past.done()
    _list(past, 2)
    assert words(begun(past.place)) == {"Ana": 21, "Bob": 8, "Dee": 10}


def test_what_is_kept_is_used_only_while_the_same_commits_are_listed(
    begun: Begun, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    world = begun(past.done())
    assert words(world) == {"Ana": 21}
    tamper(world)
    assert words(world) == {"Someone": 21}
    monkeypatch.setattr(world.wiki.repository, "ignored", lambda: "another list")
    assert words(world) == {"Ana": 21}


def _list(past: Past, number: int) -> None:
    """A last commit of main that lists one of the others."""
    listed = git(past.place, "hash-object", "-w", "--stdin", stdin=f"{past.ids[number]}  # in capitals\n".encode())
    entries = git(past.place, "ls-tree", "main") + b"100644 blob %s\t%s\n" % (listed.strip(), LIST.encode())
    tree = git(past.place, "mktree", stdin=entries).decode().strip()
    identity = ["-c", "user.name=Dee", "-c", "user.email=dee@x.org"]
    commit = git(past.place, *identity, "commit-tree", tree, "-p", "main", "-m", "List it").decode().strip()
    git(past.place, "update-ref", "refs/heads/main", commit)


# Long pasts


def test_beyond_so_many_revisions_git_is_asked_once(begun: Begun, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    text = f"{FIRST}\n{MILK}\n"
    past.commit({"tea.md": text}, who=BOB)
    for width in range(20, 30):
        past.commit({"tea.md": f"{text}\n{textwrap.fill(SUGAR, width)}\n\n{width}\n"}, who=CYD)
    world = begun(past.done())
    whole = words(world)
    assert whole == {"Ana": 21, "Bob": 8, "Cyd": 11}
    for most in ("MOST_TURNS", "MOST_COMPARED"):
        asked: list[tuple[str, ...]] = []
        real = world.wiki.repository.blame
        with monkeypatch.context() as patched:
            patched.setattr(walk, most, 5)
            patched.setattr(
                world.wiki.repository, "blame", lambda *at, real=real, asked=asked: asked.append(at) or real(*at)
            )
            forget(world)
            assert words(world) == whole
        assert len(asked) == 1


# What is kept


def test_the_next_revision_is_told_from_what_is_kept_of_the_one_before(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    world = begun(past.done())
    assert words(world) == {"Ana": 21}
    tamper(world)
    world.endorse(world.propose("zed", {"tea": f"{FIRST}\n{MILK}\n"}), "bob", "cyd")
    assert words(world) == {"Someone": 21, "Zed": 8}
    world.endorse(world.propose("zed", {"tea": None, "drinks/tea": f"{MILK}\n\n{FIRST}"}), "bob", "cyd")
    assert words(world, "drinks/tea") == {"Someone": 21, "Zed": 8}, "a page that is moved has it too"
    forget(world)
    assert words(world, "drinks/tea") == {"Ana": 21, "Zed": 8}


def test_older_texts_are_read_only_where_a_new_sentence_may_be_in_them(
    begun: Begun, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in range(20):
        past.commit({"tea.md": f"{FIRST}\n{MILK if nth < 3 else ''} There are {nth} spoons.\n"}, who=ANA)
    world = begun(past.done())
    words(world)
    read: set[str] = set()
    real = world.wiki.repository.contents
    monkeypatch.setattr(world.wiki.repository, "contents", lambda blobs: [read.update(blobs), real(blobs)][1])
    told = {}
    for text in (SUGAR, MILK):
        world.endorse(world.propose("zed", {"tea": f"{FIRST}\n{text}\n"}), "bob", "cyd")
        read.clear()
        told[text] = words(world), len(read)
    assert told[SUGAR] == ({"Ana": 21, "Zed": 10}, 8)
    assert told[MILK] == ({"Ana": 29}, 22)


def test_from_what_is_known_of_the_revision_before_comes_out_what_the_whole_walk_tells(
    begun: Begun, past: Past
) -> None:
    rng = random.Random(7)
    passages = FIRST.strip().split("\n\n")
    states: list[list[str]] = []
    for nth in range(30):
        passages = _edited(rng, passages, states)
        states.append(passages)
        name = "tea" if nth < 12 else "drinks/tea"
        files: dict[str | bytes, Content] = {"a.md": "# A\n"}
        if nth not in (8, 20):
            files[f"{name}.md"] = "\n\n".join(passages) + "\n"
        past.commit(files, who=rng.choice([ANA, BOB, CYD, DEE]))
    world = begun(past.done())
    index = world.wiki.index
    found = index.page("drinks/tea")
    assert found is not None
    turns = [turn for turn in index.course.after(found[0].id, -1) if turn.blob is not None]
    assert len(turns) > 20
    known = None
    for turn in turns:
        whole = Walk(world.wiki.repository, index.course, found[0].id, turn.seq)
        told = whole.credited([turn.seq])[turn.seq]
        for lost in (None, known.lost if known is not None else None):
            short = Walk(world.wiki.repository, index.course, found[0].id, turn.seq)
            before = replace(known, lost=lost) if known is not None else None
            assert short.credited([turn.seq], before)[turn.seq] == told
        assert sum(count for _, count in told) == len(words_of(index.repository.content(turn.blob or "").decode()))
        known = Known(turn.seq, told, short.lost)
    every = Walk(world.wiki.repository, index.course, found[0].id, turns[-1].seq).credited([turn.seq for turn in turns])
    assert known is not None
    assert every[turns[-1].seq] == known.credited


def _edited(rng: random.Random, passages: list[str], states: list[list[str]]) -> list[str]:
    passages = list(passages)
    at, what = rng.randrange(len(passages)), rng.randrange(6)
    if what == 0:
        passages.insert(
            at, f"Somebody says {rng.randrange(1000)} times that the tea number {rng.randrange(1000)} is best."
        )
    elif what == 1 and len(passages) > 2:
        del passages[at]
    elif what == 2:
        passages.insert(0, passages.pop(at))
    elif what == 3 and states:
        passages.append(rng.choice(rng.choice(states)))
    elif what == 4:
        passages[at] = textwrap.fill(passages[at], rng.randint(20, 50))
    elif states:
        return rng.choice(states)
    return passages


def test_what_was_kept_in_another_way_is_not_used(begun: Begun, past: Past) -> None:
    past.commit({"tea.md": FIRST}, who=ANA)
    world = begun(past.done())
    with writing(world.wiki.engine) as connection:
        row = {
            "path": "tea.md",
            "commit": past.ids[1],
            "hunks": '["word by word, in twelfths", [[1, 6, "x", "B", "b", 0, 0]]]',
        }
        connection.execute(schema.blamed.insert(), row)
    assert words(world) == {"Ana": 21}
    with reading(world.wiki.engine) as connection:
        assert "Ana" in connection.execute(select(schema.blamed.c.hunks)).scalar_one()
