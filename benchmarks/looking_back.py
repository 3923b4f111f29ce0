"""Looking back: histories, the book of changes, differences, who wrote what, feeds and search, for one reader at a
time, beside An Otter Wiki over the same commits; and who wrote what beside plain ``git blame``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from benchmarks import otter, reads
from benchmarks.singles import ROUNDS, Asker, Waits, ask
from wiki.assembly import Wiki, open_wiki
from wiki.index import RevisionRow
from wiki.settings import Settings

EACH_ROUND = 5
SAMPLE = ROUNDS * EACH_ROUND
DOZEN = 12
REVISIONS = 10
HISTORY, FRONT, OLDER = "page history", "book of changes, its first page", "an older page of it"
WHO, SEARCH = "who wrote this", "search for a common word"
_LOOKED_AT = 400
_BUDGET, _LONGEST = 75, 30
_WORDS = (
    "team", "question", "work", "customer", "change", "week", "name", "number", "answer", "reason", "meeting",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Addresses of one kind. ``first`` were never asked for before, ``again`` are asked for after them; ``theirs`` are
    Otter Wiki's, none where it has nothing like it. The last one of each is only for warming up."""

    label: str
    first: Sequence[str]
    theirs: Sequence[str] = ()
    again: Sequence[str] = ()


@dataclass
class Blamed:
    """Who wrote a page: medians in ms, over a dozen pages, and answers a second for pages that were asked for before.
    ``anew`` are answers that are made again from what the index keeps, with the address changed a little."""

    plain: float = 0
    first: float = 0
    again: float = 0
    anew: float = 0
    view: float = 0
    view_anew: float = 0
    rate: float = 0
    view_rate: float = 0


@dataclass
class LookedBack:
    """All of it, at one size. ``theirs`` has no entry for what Otter Wiki has not, and none at all without it."""

    ours: dict[str, Waits] = field(default_factory=dict)
    theirs: dict[str, Waits] = field(default_factory=dict)
    blamed: Blamed = field(default_factory=Blamed)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sample:
    """Pages with about ten revisions each, so that sizes can be compared, with their two newest; commits all over the
    past; and a word of the title of each page."""

    names: list[str]
    pairs: list[tuple[RevisionRow, RevisionRow]]
    landed: list[RevisionRow]
    titles: list[str]


def measure(data: Path, names: Sequence[str], python: Path | None, seconds: int) -> LookedBack:
    """Look back in the wiki at ``data``, which nobody has looked at since it was indexed."""
    sample = choose(data, names)
    found = LookedBack()
    with reads.wiki(data) as address:
        ours = Asker(address, _LONGEST, _BUDGET, strict=True)
        asked = kinds(sample)
        if ask(address, "/-/search?q=team", _LONGEST).status == 404:
            found.skipped = [kind.label for kind in asked if kind.label.startswith("search")]
            asked = [kind for kind in asked if kind.label not in found.skipped]
        if python is None:
            in_turns(found, asked, ours, None)
        else:
            folder = data.with_name(f"{data.name}-otter")
            folder.mkdir()
            with otter.serving(python, data / "content.git", folder) as their_address:
                in_turns(found, asked, ours, Asker(their_address, otter.LONGEST, _BUDGET))
        found.blamed = _blame(data, address, sample.names[:DOZEN], seconds)
    return found


def choose(data: Path, names: Sequence[str]) -> Sample:
    """What will be asked for; read from the index, so that no answer is made before it is measured."""
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    step = max(1, len(names) // _LOOKED_AT)
    histories = []
    for name in names[::step][:_LOOKED_AT]:
        rows = wiki.index.history(name) or []
        if len(rows) > 1 and rows[0].name == rows[1].name == name and rows[0].status == "changed":
            histories.append(rows)
    histories.sort(key=lambda rows: abs(len(rows) - REVISIONS))
    chosen = histories[: SAMPLE + 1]
    sample = Sample(
        [rows[0].name for rows in chosen],
        [(rows[1], rows[0]) for rows in chosen],
        _landed(wiki),
        [rows[0].page_title.split()[-1] for rows in chosen],
    )
    wiki.engine.dispose()
    wiki.repository.store.close()
    return sample


def _landed(wiki: Wiki) -> list[RevisionRow]:
    last = wiki.index.book.changes(limit=1)[0].seq
    found = (wiki.index.book.changes(last * nth // (SAMPLE + 2), limit=1) for nth in range(1, SAMPLE + 2))
    return [rows[0] for rows in found if rows]


def kinds(sample: Sample) -> list[Kind]:
    """Everything that is asked for. An address with a query is never kept as a finished answer
    (``wiki/web/kept/``): that is how the first page of the book is asked for anew."""
    paths = [quote(name) for name in sample.names]
    turns = [f"?turn={nth}" for nth in range(SAMPLE + 1)]
    return [
        Kind("page view", [f"/{path}" for path in paths], [otter.page(name) for name in sample.names]),
        Kind(HISTORY, [f"/-/history/{path}" for path in paths], [otter.history(name) for name in sample.names]),
        Kind(FRONT, [f"/-/changes{turn}" for turn in turns], [otter.changes()] * (SAMPLE + 1), ["/-/changes"]),
        Kind(
            OLDER,
            [f"/-/changes?before={row.seq + 1}" for row in sample.landed],
            [otter.changes(row.commit) for row in sample.landed],
        ),
        Kind(
            "difference of two revisions",
            [f"/-/compare/{quote(new.name)}?a={old.commit}&b={new.commit}" for old, new in sample.pairs],
            [otter.difference(new.name, old.commit, new.commit) for old, new in sample.pairs],
        ),
        Kind(WHO, [f"/-/who/{path}" for path in paths[DOZEN:]], [otter.blame(name) for name in sample.names[DOZEN:]]),
        Kind("feed of all changes", ["/-/feeds/changes"] * (SAMPLE + 1), [otter.feed()] * (SAMPLE + 1)),
        Kind("feed of one page", [f"/-/feeds/page/{path}" for path in paths]),
        Kind(SEARCH, [f"/-/search?q={word}" for word in _WORDS], [otter.search(word) for word in _WORDS]),
        Kind(
            "search for a word of a title",
            [f"/-/search?q={quote(word)}" for word in sample.titles],
            [otter.search(word) for word in sample.titles],
        ),
    ]


def in_turns(found: LookedBack, asked: Sequence[Kind], ours: Asker, theirs: Asker | None) -> None:
    """Five rounds for each kind: several addresses of ours, then one of theirs."""
    for kind in asked:
        mine = found.ours[kind.label] = Waits()
        other = Waits()
        ours.warm(mine, kind.first[-1], 6)
        each = max(1, (len(kind.first) - 1) // ROUNDS)
        for nth in range(ROUNDS):
            for path in kind.first[nth * each : min((nth + 1) * each, len(kind.first) - 1)]:
                ours.ask(mine, path, kind.again[0] if kind.again else path)
            if theirs is not None and nth < len(kind.theirs) - 1:
                if not nth:
                    theirs.warm(other, kind.theirs[-1], 3)
                theirs.ask(other, kind.theirs[nth], kind.theirs[nth])
        if theirs is not None and kind.theirs:
            found.theirs[kind.label] = other
        told = [f"{who} {waits}" for who, waits in (("ours", mine), ("theirs", other)) if waits.first or waits.trouble]
        print(f"  {kind.label}: {'; '.join(told)}", file=sys.stderr)


def _blame(data: Path, address: str, names: Sequence[str], seconds: int) -> Blamed:
    """In turns, and turning who is first."""
    times: dict[str, list[float]] = {key: [] for key in ("plain", "first", "again", "anew", "view", "view_anew")}
    for nth, name in enumerate(names):
        path = quote(name)
        once: list[tuple[str, Callable[[], float]]] = [
            ("plain", lambda name=name: _plain_blame(data / "content.git", name)),  # type: ignore[misc]
            ("first", lambda path=path: _one(address, f"/-/who/{path}")),  # type: ignore[misc]
        ]
        for key, take in once if nth % 2 else reversed(once):
            times[key].append(take())
        for turn in range(ROUNDS):
            times["again"].append(_one(address, f"/-/who/{path}"))
            times["view"].append(_one(address, f"/{path}"))
            times["anew"].append(_one(address, f"/-/who/{path}?turn={turn}"))
            times["view_anew"].append(_one(address, f"/{path}?turn={turn}"))
    blamed = Blamed(**{key: statistics.median(found) for key, found in times.items()})
    rates: dict[str, list[reads.Rate]] = {"": [], "/-/who": []}
    for _ in range(ROUNDS):
        for before, taken in rates.items():
            taken.append(reads.measure(address, [f"{before}/{quote(name)}" for name in names], seconds))
    blamed.rate, blamed.view_rate = reads.median(rates["/-/who"]).per_second, reads.median(rates[""]).per_second
    return blamed


def _one(address: str, path: str) -> float:
    answer = ask(address, path, _LONGEST)
    if answer.status != 200:
        raise SystemExit(f"{path} was answered with {answer.status or 'nothing'}")
    return answer.ms


def _plain_blame(repository: Path, name: str) -> float:
    command = ["git", "--git-dir", str(repository), "blame", "--porcelain", "main", "--", f"{name}.md"]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return (time.perf_counter() - began) * 1000
