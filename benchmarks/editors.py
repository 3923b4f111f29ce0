"""Eight editors at once, a process each: ``python -m benchmarks.editors``, and how long a writer waits for upkeep.

Each puts a change on the table through the service, two colleagues endorse it in the same process, and it comes into
force: three acts and a merge, with git and SQL on disk before the next begins. On pages of their own, then all on one
page, where each change is a proposal of its own that may not come into force because another was quicker.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.model.errors import Conflict, Refused
from wiki.repository.founding import found
from wiki.settings import Settings

EDITORS = 8
POLICY = '[[rule]]\npages = "**"\nendorse = 2\n'
Told = tuple[list[str], list[float], int, list[str]]


@dataclass(frozen=True)
class Editors:
    """Acts that were acknowledged and changes that came into force, in all; how long one act took in ms, in the middle
    and at worst; errors, and acts that are not in git exactly once."""

    seconds: float
    acts: int
    in_force: int
    median: float
    worst: float
    errors: list[str]
    lost: int

    def __str__(self) -> str:
        rates = f"{self.acts / self.seconds:.0f} acts/s, {self.in_force / self.seconds:.0f} in force/s"
        waits = f"{self.median:.1f} ms, at worst {self.worst:.0f} ms"
        return f"{rates}; {waits}; {len(self.errors)} errors, {self.lost} lost"


def measure(data: Path, pages: Sequence[str], seconds: float) -> Editors:
    """Let each editor write on the page of their own among ``pages``, or all on one."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["wiki.assembly"])
    told: Queue[Told] = context.Queue()
    begin = context.Barrier(EDITORS + 1)
    work = [(data, nth, pages[nth % len(pages)], seconds, begin, told) for nth in range(EDITORS)]
    editors = [context.Process(target=_edit, args=each, daemon=True) for each in work]
    for each in editors:
        each.start()
    begin.wait(120)
    answers = [told.get(timeout=seconds + 120) for _ in editors]
    for each in editors:
        each.join(30)
    acts = [act for answer in answers for act in answer[0]]
    times = [one for answer in answers for one in answer[1]]
    errors = [error for answer in answers for error in answer[3]]
    held = _held(data)
    lost = sum(held[act] != 1 for act in acts) + len(acts) - len(set(acts))
    merged = sum(answer[2] for answer in answers)
    return Editors(seconds, len(acts), merged, statistics.median(times), max(times), errors, lost)


def _edit(data: Path, nth: int, page: str, seconds: float, begin: object, told: Queue[Told]) -> None:
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    acts: list[str] = []
    times: list[float] = []
    errors: list[str] = []
    merged = 0
    wiki.index.catch_up()
    begin.wait(120)  # type: ignore[attr-defined]  # a barrier of multiprocessing
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            merged += _one_change(wiki, nth, page, acts, times)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            errors.append(repr(error))
    told.put((acts, times, merged, errors))


def _one_change(wiki: Wiki, nth: int, page: str, acts: list[str], times: list[float]) -> bool:
    """Propose and endorse twice; whether it came into force."""
    me, *others = (Person(f"{name} {nth}", f"{name}{nth}@example.com") for name in ("Ana", "Bob", "Cyd"))
    began = time.perf_counter()
    text = f"# Page\n\nBy {nth} at {time.time_ns()}.\n"
    outcome = wiki.guidelines.propose(me, f"Change {nth}", "To measure.", {f"{page}.md": text})
    acts.append(outcome.act)
    change = outcome.act
    for other in others:
        times.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        try:
            outcome = wiki.guidelines.endorse(outcome.n, other, change, member_since=0)
        except (Conflict, Refused):
            return False  # another changed the same passage meanwhile
        acts.append(outcome.act)
    times.append((time.perf_counter() - began) * 1000)
    return outcome.in_force is not None


def _held(data: Path) -> Counter[str]:
    """How many chains hold each act."""
    repository = open_wiki(Settings.load({"WIKI_DATA": str(data)})).repository
    tips = repository.refs.below("refs/proposals/").values()
    held = Counter(act.id for tip in tips for act in repository.chain(tip))
    repository.store.close()
    return held


def begin_wiki(data: Path, source: Path | None) -> Path:
    """A wiki on this handbook, or on a page for each editor."""
    pages = data.parent / "pages"
    if source is None:
        pages.mkdir()
        for nth in range(EDITORS):
            (pages / f"page{nth}.md").write_text(f"# Page {nth}\n\nText.\n", encoding="utf-8")
    settings = Settings.load({"WIKI_DATA": str(data)})
    system = Person("Concord", settings.system_email)
    found(settings.content_git, source or pages, POLICY, system, int(time.time())).store.close()
    wiki = open_wiki(settings)
    wiki.index.rebuild()
    wiki.engine.dispose()
    return data


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editors")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--source", type=Path, help="a handbook to begin with: a folder, a repository or a bundle")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="concord-editors-"))
    try:
        data = begin_wiki(folder / "data", asked.source)
        own = [f"page{nth}" for nth in range(EDITORS)]
        print(f"{EDITORS} editors, a page each: {measure(data, own, asked.seconds)}")
        print(f"{EDITORS} editors, one page: {measure(data, own[:1], asked.seconds)}")
        wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
        before, began = wiki.repository.upkeep.clutter(), time.perf_counter()
        wiki.keep_quick()
        took, after = time.perf_counter() - began, wiki.repository.upkeep.clutter()
        print(f"upkeep in {took:.1f} s: {before} -> {after}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
