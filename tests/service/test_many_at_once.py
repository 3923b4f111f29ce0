"""Rule 13 and 14 of model.md section 7: many writers at once, and writers that are killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.service.actors import ended, start
from tests.world import check_from_outside, close, settings_for, write_pages
from wiki.assembly import open_wiki
from wiki.model.acts import Person
from wiki.repository.founding import found

ACTOR = Path(__file__).with_name("actor.py")
PROCESSES = 8
SECONDS = 10
ROUNDS = 20
_FORMAT = "--format=%H%x00%(trailers:key=Act,valueonly,separator=%x2C)"
POLICY = '[objection]\nhold = "1h"\nweigh = 1\n\n[[rule]]\npages = "**"\nendorse = 2\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory, founded and indexed."""
    place = tmp_path / "data"
    pages = write_pages(tmp_path / "pages", {"shared.md": "# Shared\n\nFor all.\n"})
    settings = settings_for(place)
    found(
        settings.content_git, pages, POLICY, Person("Concord", "concord@localhost"), int(time.time()) - 60
    ).store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    close(wiki)
    return place


def act(data: Path, number: int, seconds: float) -> BaseProcess:
    """An actor at work."""
    return start(ACTOR, data, number, seconds, data / f"told{number}")


def wait_for_an_act(data: Path) -> None:
    """Until an actor has been told of an act more than there were."""
    before = len(acknowledged(data))
    for _ in range(600):
        if len(acknowledged(data)) > before:
            return
        time.sleep(0.02)
    raise AssertionError("nobody acted")


def acknowledged(data: Path) -> list[str]:
    """The ids of all acts that any actor was told of. The last line may have been cut by a kill."""
    lines = [line for file in data.glob("told?") for line in file.read_text().splitlines(keepends=True)]
    return [line.split()[1] for line in lines if line.endswith("\n")]


def chains(repository: Path) -> Counter[str]:
    """How many chains hold each act: those of proposals from their first act on, and talk."""
    git = ["git", "--git-dir", str(repository)]
    refs = subprocess.run([*git, "for-each-ref", "--format=%(refname)", "refs/proposals", "refs/talk"],
                          capture_output=True, text=True, check=True).stdout.split()  # fmt: skip
    held: Counter[str] = Counter()
    for ref in refs:
        listed = subprocess.run([*git, "log", "--first-parent", _FORMAT, ref],
                                capture_output=True, text=True, check=True).stdout.splitlines()  # fmt: skip
        for line in listed:
            commit, _, kind = line.partition("\0")
            held[commit] += 1
            if kind == "propose":
                break
    return held


def check_all(data: Path) -> int:
    """Every acknowledged act is in git exactly once, and all is well seen from outside. How many there were."""
    acts = acknowledged(data)
    held = chains(data / "content.git")
    assert len(set(acts)) == len(acts)
    assert [act for act in acts if held[act] != 1] == []
    check_from_outside(data / "content.git")
    return len(acts)


@pytest.mark.slow
def test_eight_processes_act_at_once_for_ten_seconds(
    data: Path, record_property: Callable[[str, object], None]
) -> None:
    actors = [act(data, number, SECONDS) for number in range(PROCESSES)]
    assert [ended(each, 120) for each in actors] == [0] * PROCESSES
    acts = check_all(data)
    wiki = open_wiki(settings_for(data))
    try:
        wiki.index.catch_up()
        merged = len(wiki.index.proposals("in force", limit=100_000))
        wiki.index.rebuild()
        assert len(wiki.index.proposals("in force", limit=100_000)) == merged
    finally:
        close(wiki)
    refused = [file.read_text() for file in sorted(data.glob("told*.counts"))]
    record_property("acts", acts)
    figures = f"{acts} acts by {PROCESSES} processes in {SECONDS} s ({acts / SECONDS:.0f}/s), {merged} in force"
    sys.stdout.write(f"\n{figures}; {refused}\n")
    assert acts > PROCESSES
    assert merged > 0


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(data: Path) -> None:
    chance = random.Random(7)
    for nth in range(ROUNDS):
        actors = [act(data, number, 60) for number in range(2)]
        try:
            wait_for_an_act(data)
            time.sleep(chance.random() * 0.4)
        finally:
            for each in actors:
                each.kill()
                ended(each, 30)
        wiki = open_wiki(settings_for(data))
        try:
            wiki.repository.refs.sweep()
            wiki.tick()
            who = Person("Ana", "ana@example.com")
            assert wiki.guidelines.propose(who, f"After kill {nth}", "", {f"after/{nth}.md": "# After\n"}).n > 0
        finally:
            close(wiki)
    assert check_all(data) > ROUNDS
    assert list((data / "content.git").rglob("*.lock")) == [data / "content.git" / "concord.lock"]


def test_a_stale_lock_of_git_is_swept_and_the_next_act_succeeds(data: Path) -> None:
    content = data / "content.git"
    for lock in ("refs/heads/main.lock", "packed-refs.lock", "HEAD.lock"):
        (content / lock).touch()
    wiki = open_wiki(settings_for(data))
    try:
        assert sorted(wiki.repository.refs.sweep()) == ["HEAD.lock", "packed-refs.lock", "refs/heads/main.lock"]
        people = [Person(name, f"{name}@example.com") for name in ("ana", "bob", "cyd")]
        outcome = wiki.guidelines.propose(people[0], "After all", "", {"shared.md": "# Shared\n\nAfter all.\n"})
        for who in people[1:]:
            last = wiki.guidelines.endorse(outcome.n, who, outcome.act, member_since=0)
        assert last.in_force is not None
    finally:
        close(wiki)
    check_from_outside(content)
