"""Deciding in a crowd: lists and proposals while thousands are open, and `wiki verify` over many decisions."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peak, reads
from benchmarks.crowd import Crowd, gather
from benchmarks.decided import ACTS, decide_many
from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.repository import Repository
from wiki.repository.founding import found
from wiki.settings import Settings

EMAIL = "ana@example.com"
ENDORSERS, COMMENTS = 1_000, 200
PAGES = 200
ROUNDS = 15
DAY = 86400


@dataclass(frozen=True)
class Crowded:
    """What it is like with so many open proposals: pages in requests a second, signed in; acts in ms."""

    proposals: int
    rates: dict[str, reads.Rate]
    acts: dict[str, float]


@dataclass(frozen=True)
class Verified:
    """`wiki verify` of so many acts: acts a second, and the most memory it took in MB."""

    acts: int
    per_second: float
    memory: float


def crowded(proposals: int, rounds: int, seconds: int) -> Crowded:
    """Gather a crowd, look at it through the server, then act in it."""
    with _fresh("endorse = 2000", 1) as data:
        wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
        wiki.index.catch_up()
        wiki.accounts.add(EMAIL, "Ana", reads.PASSWORD, wiki.now())
        crowd = gather(wiki, proposals, ENDORSERS, COMMENTS)
        rates = _look(data, crowd, proposals, rounds, seconds)
        acts = _act(wiki, crowd)
        wiki.engine.dispose()
        wiki.repository.store.close()
    return Crowded(proposals, rates, acts)


def _look(data: Path, crowd: Crowd, proposals: int, rounds: int, seconds: int) -> dict[str, reads.Rate]:
    last = max(1, min(50, proposals // 50))
    asked = {
        "home, signed in": "/",
        "proposals that wait for me": "/-/waiting",
        "open proposals": "/-/proposals?tab=open",
        "a later page of them": f"/-/proposals?tab=open&page={last}",
        "a proposal": f"/-/proposals/{crowd.ordinary}",
        f"one with {ENDORSERS:,} endorsers": f"/-/proposals/{crowd.endorsed}",
        f"one with {COMMENTS} comments": f"/-/proposals/{crowd.discussed}",
    }
    with reads.wiki(data) as address:
        cookie = {"Cookie": reads.sign_in(address, EMAIL)}
        found: dict[str, list[reads.Rate]] = {label: [] for label in asked}
        for nth in range(rounds + 1):
            for label, path in asked.items():
                rate = reads.measure(address, [path], seconds, cookie)
                if nth:
                    found[label].append(rate)
    return {label: reads.median(rates) for label, rates in found.items()}


def _act(wiki: Wiki, crowd: Crowd) -> dict[str, float]:
    def endorse(n: int, nth: int) -> None:
        change = wiki.guidelines.weigh(n).proposal.change
        wiki.guidelines.endorse(n, Person(f"Voice {nth}", f"voice{nth}@example.com"), change, member_since=0)

    def propose(nth: int) -> None:
        text = f"# Page {nth}\n\nWritten at {time.time()}.\n"
        wiki.guidelines.propose(
            Person("Ana", EMAIL), f"Add page {nth}", "It was missing.", {f"added/page-{nth}.md": text}
        )

    return {
        "propose": _median(propose),
        "endorse": _median(lambda nth: endorse(crowd.ordinary, nth)),
        f"endorse after {ENDORSERS:,} others": _median(lambda nth: endorse(crowd.endorsed, nth)),
    }


def _median(act: Callable[[int], None]) -> float:
    times = []
    for nth in range(ROUNDS):
        began = time.perf_counter()
        act(nth)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[2:])


def verified(acts: int) -> Verified:
    """Have `wiki verify` check a history of so many acts."""
    with _fresh("endorse = 2", 100) as data:
        repository = Repository(data / "content.git")
        decide_many(repository, acts // ACTS)
        repository.store.close()
        ran = peak.run_wiki("verify", str(data / "content.git"))
    return Verified(acts, acts / ran.seconds, ran.memory)


@contextmanager
def _fresh(rule: str, days: int) -> Iterator[Path]:
    """A data directory with a few hundred pages and one rule for all of them, founded so many days ago."""
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        pages = Path(folder) / "pages"
        for nth in range(PAGES):
            page = pages / f"folder-{nth % 10}" / f"page-{nth}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(f"# Page {nth}\n\nThis is how we do it.\n", encoding="utf-8")
        data = Path(folder) / "data"
        data.mkdir()
        system = Person("Concord", "concord@localhost")
        policy = f'[[rule]]\npages = "**"\n{rule}\n'
        repository = found(data / "content.git", pages, policy, system, int(time.time()) - days * DAY)
        repository.store.close()
        yield data


def table(crowds: list[Crowded], verifications: list[Verified]) -> str:
    """Both as Markdown."""
    rows = [
        "| | " + " | ".join(f"{one.proposals:,} open proposals" for one in crowds) + " |",
        "|---|" + "---|" * len(crowds),
    ]
    first = crowds[0]
    for label, rate in first.rates.items():
        cells = [f"{rate.per_second:,.0f}/s"]
        cells += [
            f"{c.rates[label].per_second:,.0f}/s, {c.rates[label].per_second / rate.per_second:.2f} of it"
            for c in crowds[1:]
        ]
        rows.append(f"| {label} | " + " | ".join(cells) + " |")
    for label in first.acts:
        rows.append(f"| {label} | " + " | ".join(f"{c.acts[label]:.1f} ms" for c in crowds) + " |")
    rows += [
        "",
        "| `wiki verify` of | " + " | ".join(f"{one.acts:,} acts" for one in verifications) + " |",
        "|---|" + "---|" * len(verifications),
        "| acts a second | " + " | ".join(f"{one.per_second:,.0f}" for one in verifications) + " |",
        "| memory at most | " + " | ".join(f"{one.memory:,.0f} MB" for one in verifications) + " |",
    ]
    return "\n".join(rows)
