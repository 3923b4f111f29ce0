"""Writes: milliseconds for an act through the service, beside one durable commit by git's plumbing, in turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.settings import Settings

ANA, BOB, CYD = (Person(name, f"{name.lower()}@example.com") for name in ("Ana", "Bob", "Cyd"))


@dataclass(frozen=True)
class Writes:
    """Medians in ms."""

    git: float
    propose: float
    endorse: float
    merge: float
    catch_up: float


def measure(data: Path, names: list[str], rounds: int) -> Writes:
    """Change another page in every round: commit it by plumbing, then propose, endorse and bring it into force."""
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    times: dict[str, list[float]] = {"git": [], "propose": [], "endorse": [], "merge": [], "catch_up": []}
    caught: list[float] = []
    _time_catch_up(wiki, caught)
    for nth in range(rounds + 2):
        name = names[nth * 37 % len(names)]
        text = f"# Page\n\nChanged in round {nth} at {time.time()}.\n"
        times["git"].append(_timed(lambda name=name, text=text: _plain_commit(data / "content.git", name, text)))  # type: ignore[misc]
        _one_change(wiki, name, text, times, caught)
    wiki.engine.dispose()
    return Writes(**{key: statistics.median(values[2:]) for key, values in times.items()})


def _one_change(wiki: Wiki, name: str, text: str, times: dict[str, list[float]], caught: list[float]) -> None:
    guidelines = wiki.guidelines
    began = time.perf_counter()
    outcome = guidelines.propose(ANA, "Change a page", "To measure it.", {f"{name}.md": text})
    proposed = time.perf_counter()
    guidelines.endorse(outcome.n, BOB, outcome.act, member_since=0)
    endorsed = time.perf_counter()
    last = guidelines.endorse(outcome.n, CYD, outcome.act, member_since=0)
    merged = time.perf_counter()
    if last.in_force is None:
        raise SystemExit("two endorsements were not enough: " + "; ".join(map(str, last.reasons)))
    times["propose"].append((proposed - began) * 1000)
    times["endorse"].append((endorsed - proposed) * 1000)
    times["merge"].append((merged - endorsed) * 1000)
    times["catch_up"].append(caught[-1])


def _time_catch_up(wiki: Wiki, caught: list[float]) -> None:
    catch_up = wiki.index.catch_up

    def timed(*written: Mapping[int, str | None]) -> object:
        began = time.perf_counter()
        found = catch_up(*written)
        caught.append((time.perf_counter() - began) * 1000)
        return found

    wiki.index.catch_up = timed  # type: ignore[method-assign, assignment]


def _timed(function: Callable[[], None]) -> float:
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


def _plain_commit(repository: Path, name: str, text: str) -> None:
    """What one durable commit of one page costs with git alone: a blob, a tree for each folder, a commit, a ref."""
    ref = "refs/benchmarks/plain"
    parent = _git(repository, "rev-parse", "refs/heads/main").strip()
    *folders, file = f"{name}.md".split("/")
    entry = "100644 blob " + _git(repository, "hash-object", "-w", "--stdin", stdin=text).strip()
    for depth in range(len(folders), -1, -1):
        rows = _git(repository, "ls-tree", "-z", f"{parent}:{'/'.join(folders[:depth])}").split("\0")
        rows = [row for row in rows if row and row.partition("\t")[2] != file]
        tree = _git(repository, "mktree", "-z", stdin="\0".join([*rows, f"{entry}\t{file}"]) + "\0").strip()
        entry, file = f"040000 tree {tree}", folders[depth - 1] if depth else ""
    commit = _git(repository, "commit-tree", tree, "-p", parent, stdin="Change a page\n").strip()
    _git(repository, "update-ref", ref, commit)


def _git(repository: Path, *arguments: str, stdin: str = "") -> str:
    identity = {
        f"GIT_{role}_{field}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")
    }
    env = {**os.environ, **identity, "GIT_DIR": str(repository), "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", "-c", "core.fsync=all", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True, env=env).stdout
