"""Twenty who write beside others who read, in a process of their own: so readers wait for the wiki alone, and not for
writers who hold what measures."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from typing import TypeVar

from benchmarks.writes import ANA, BOB, CYD
from wiki.assembly import Wiki, open_wiki
from wiki.settings import Settings

_T = TypeVar("_T")
WRITERS = 20


def write_on(
    wiki: Wiki, names: list[str], until: float, pace: float, acts: list[int], errors: list[str], writer: int
) -> None:
    """Propose to add a sentence to some page about every ``pace`` seconds, and bring every other change into force.
    What each ``writer`` says is their own: the same words for the same page would be one proposal, which one of two
    brings into force under the other."""
    while time.perf_counter() < until:
        name, nth = random.choice(names), len(acts)
        try:
            words = f"{_text(wiki, name).rstrip()}\n\n{writer} said {nth}, {time.time_ns()}.\n"
            made = wiki.guidelines.propose(ANA, "Change a page", "", {f"{name}.md": words})
            acts.append(made.n)
            if nth % 2:
                for who in (BOB, CYD):
                    wiki.guidelines.endorse(made.n, who, made.act, member_since=0)
                    acts.append(made.n)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            errors.append(repr(error))
        time.sleep(pace * random.uniform(0.5, 1.5))


def _text(wiki: Wiki, name: str) -> str:
    repository = wiki.repository
    blob = repository.file(repository.main(), f"{name}.md")
    return repository.content(blob).decode("utf-8", "replace") if blob is not None else f"# {name}\n"


def beside_writers(
    data: Path, names: list[str], seconds: float, pace: float, read: Callable[[], _T]
) -> tuple[_T, int, list[str]]:
    """What those who read tell, how many acts there were meanwhile, and what went wrong with them."""
    context = get_context("spawn")
    told: Queue[tuple[int, list[str]]] = context.Queue()
    begin = context.Barrier(2)
    writers = context.Process(target=_all_write, args=(data, names, seconds, pace, begin, told), daemon=True)
    writers.start()
    begin.wait(120)
    waited = read()
    acts, errors = told.get(timeout=120)
    writers.join(30)
    return waited, acts, errors


def _all_write(
    data: Path, names: list[str], seconds: float, pace: float, begin: object, told: Queue[tuple[int, list[str]]]
) -> None:
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    acts: list[int] = []
    errors: list[str] = []
    begin.wait(120)  # type: ignore[attr-defined]  # a barrier of multiprocessing
    with_all = (wiki, names, time.perf_counter() + seconds, pace, acts, errors)
    writers = [threading.Thread(target=write_on, args=(*with_all, nth), daemon=True) for nth in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(seconds + 60)
    wiki.engine.dispose()
    told.put((len(acts), errors))
