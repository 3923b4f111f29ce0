"""Rule 14 of model.md section 7: writers and a clock with upkeep, killed at random moments and started again.

Twenty rounds here; ``make torture`` does three hundred. ``TORTURE_SEED`` repeats one.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.faults import colleague
from tests.faults.test_upkeep import left_behind, wait_for_the_last_git
from tests.index.test_rebuilding import assert_same, what_is_kept
from tests.service.actors import ended, start
from tests.service.test_many_at_once import chains
from tests.world import check_from_outside, close, settings_for, until_nothing_is_due, write_pages
from wiki import assembly
from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused
from wiki.repository.founding import found

ACTOR = Path(colleague.__file__)
ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "20"))
SEED = os.environ.get("TORTURE_SEED", "7")
COLLEAGUES = 3
LOOKED_AT_EVERY = 10
POLICY = '[objection]\nhold = "0h"\nweigh = 1\n\n[[rule]]\npages = "**"\nendorse = 2\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    place = tmp_path / "data"
    pages = write_pages(tmp_path / "pages", {f"page{n}.md": f"# Page {n}\n\nFor all.\n" for n in range(3)})
    settings = settings_for(place)
    system = Person("Concord", "concord@localhost")
    found(settings.content_git, pages, POLICY, system, int(time.time()) - 60).store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.accounts.add("ana@example.com", "Ana", None, wiki.now())
    close(wiki)
    return place


@pytest.mark.slow
def test_killed_at_random_moments_nothing_acknowledged_is_lost_and_nothing_is_done_twice(data: Path) -> None:
    chance = random.Random(SEED)
    counted: Counter[str] = Counter()
    for nth in range(ROUNDS):
        _let_them_act(data, nth, chance)
        counted["cut off"] += _start_again(data)
        assert left_behind(data / "content.git") == [], f"round {nth} of seed {SEED}"
        if nth % LOOKED_AT_EVERY == LOOKED_AT_EVERY - 1 or nth == ROUNDS - 1:
            counted["acts"] = _check(data)
    sys.stdout.write(f"\n{ROUNDS} rounds of kills, seed {SEED}: {dict(counted)}\n")
    assert counted["acts"] > ROUNDS


def _let_them_act(data: Path, nth: int, chance: random.Random) -> None:
    """Colleagues and a clock, killed with every process of git that they have, all at once or one after the other."""
    before = _told(data)
    actors = [start(ACTOR, data, who, f"{SEED} {nth} {who}", data / f"told{who}") for who in range(COLLEAGUES + 1)]
    until = time.monotonic() + 60
    while _told(data) < before + 2 and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(chance.random() * 0.3)
    chance.shuffle(actors)
    whole = chance.random() < 0.7
    for each in actors:
        if whole:  # else its git goes on for a moment
            with suppress(ProcessLookupError):
                os.killpg(each.pid or 0, signal.SIGKILL)
        each.kill()
    assert [ended(each, 60) for each in actors] == [-signal.SIGKILL] * len(actors)


def _start_again(data: Path) -> int:
    """As a server does; and whoever was not told what became of their act sends it again. How many there were."""
    wiki = open_wiki(settings_for(data))
    try:
        wait_for_the_last_git(wiki.repository)
        assembly.start(wiki)
        cut_off = list(_not_told(data))
        for who, word, kind, n in cut_off:
            with (data / f"told{who}").open("a", encoding="ascii") as file:
                try:
                    done = colleague.act(wiki, colleague.me(who), kind, word, n)
                except (Refused, NotFound):
                    done = None
                colleague.say(file, f"done {word} {kind} {done or '-'}")
        return len(cut_off)
    finally:
        close(wiki)


def _told(data: Path) -> int:
    """How many acts were acknowledged."""
    return sum(line[0] == "done" and line[-1] != "-" for line in _lines(data))


def _lines(data: Path) -> list[list[str]]:
    """What all colleagues wrote down. The last line may have been cut by the kill."""
    lines = [line for file in sorted(data.glob("told?")) for line in file.read_text().splitlines(keepends=True)]
    return [line.split() for line in lines if line.endswith("\n")]


def _not_told(data: Path) -> Iterator[tuple[int, str, str, int]]:
    for file in sorted(data.glob("told?")):
        whole, _, _cut = file.read_text().rpartition("\n")
        file.write_text(f"{whole}\n" if whole else "")
        last = whole.splitlines()[-1].split() if whole else ["done"]
        if last[0] == "begin":
            yield int(file.name[-1]), last[1], last[2], int(last[3])


def _check(data: Path) -> int:
    """Everything acknowledged is there exactly once, in git or in SQL, and the index is what one made anew would be.
    How many acts there are."""
    lines = _lines(data)
    done = {line[3]: line[2] for line in lines if line[0] == "done" and line[3] != "-"}
    held = chains(data / "content.git")
    acts = [each for each, kind in done.items() if kind not in colleague.ROWS]
    assert [act for act in acts if held[act] != 1] == []
    messages = subprocess.run(
        ["git", "--git-dir", data / "content.git", "log", "--all", "--format=%s %b"], capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    written = Counter(
        word for word in messages.split() if word.startswith("word") and word in {line[1] for line in lines}
    )
    assert {word for word, count in written.items() if count > 2} == set(), "a merge repeats the title, nobody else"
    check_from_outside(data / "content.git")
    _check_rows(data, [name for name, kind in done.items() if kind in colleague.ROWS])
    return len(acts)


def _check_rows(data: Path, told: list[str]) -> None:
    with closing(sqlite3.connect(data / "wiki.db")) as sql:
        assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = {f"account-{n}" for (n,) in sql.execute("SELECT id FROM account")}
        there |= {f"letter-{key}" for (key,) in sql.execute("SELECT key FROM outbox")}
        there |= {f"draft-{n}" for (n,) in sql.execute("SELECT id FROM draft")}
        assert sql.execute("SELECT count(*) FROM outbox WHERE lease IS NOT NULL").fetchall() == [(0,)]
    assert [name for name in told if name not in there] == []
    wiki = open_wiki(settings_for(data))
    try:
        until_nothing_is_due(wiki)  # so many are open that a writer leaves some of them to the clock
        kept = what_is_kept(_Seen(wiki))  # type: ignore[arg-type]
        wiki.index.rebuild()
        assert_same(kept, what_is_kept(_Seen(wiki)))  # type: ignore[arg-type]
    finally:
        close(wiki)


class _Seen:
    """As much of a world as the index needs."""

    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
