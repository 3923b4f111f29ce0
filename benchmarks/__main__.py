"""``python -m benchmarks``: one table, at two sizes."""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks import (
    alike,
    fronted,
    governance,
    looked_back,
    looking_back,
    million,
    otter,
    peak,
    peers,
    readers,
    reads,
    writes,
)
from benchmarks.aims import head
from benchmarks.generate import generate, page_names

CHECKOUT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "concord-benchmarks"
CORPUS = Path(os.environ.get("CONCORD_CORPUS", CHECKOUT / "../shared/corpora/18f-guidelines.bundle"))
README = Path(__file__).with_name("README.md")
PAGES, COMMITS = 10_000, 100_000
EMAIL = "ana@example.com"
OPEN, ACTS = (100, 10_000), (20_000, 80_000)
_REINDEXED = 3


@dataclass
class Size:
    """One handbook and what was measured on it."""

    label: str
    source: Path
    data: Path = Path()
    names: list[str] = field(default_factory=list)
    views: dict[str, reads.Beside] = field(default_factory=dict)
    writes: writes.Writes | None = None
    looked: looking_back.LookedBack | None = None
    fronted: fronted.Fronted | None = None
    reindex: float = 0
    memory: float = 0
    start: float = 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="shorter rounds, the small size only")
    parser.add_argument("--save", action="store_true", help="keep the table in README.md")
    parser.add_argument("--only", choices=["looking-back", "like-pages", "readers", "peers"], help="this part alone")
    parser.add_argument(
        "--million", nargs="?", type=int, const=million.COMMITS, metavar="COMMITS",
        help="make a handbook with so many commits (a million), index it and look back, and nothing else",
    )  # fmt: skip
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and the servers with it
    if asked.save and (asked.quick or asked.only or asked.million):
        parser.error("only a full run is kept")
    alone = {"peers": _beside_peers, "readers": _only_readers, "like-pages": _only_like_pages}
    if asked.only in alone:
        print(alone[asked.only](asked.quick))
        return
    table = million.measure(CACHE, asked.million) if asked.million else _measured(asked.quick, bool(asked.only))
    print(table)
    if asked.save:
        _save(table)


def _beside_peers(quick: bool) -> str:
    if not CORPUS.exists():
        raise SystemExit("The real handbook is not here (CONCORD_CORPUS says where).")
    rounds, seconds = (2, 1) if quick else (5, 2)
    return peers.measure(CORPUS.resolve(), rounds, seconds)


def _only_readers(quick: bool) -> str:
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        return f"{_machine()}\n\n{_crowd(_begun(_sizes(quick=True), Path(folder)), quick)}"


def _only_like_pages(quick: bool) -> str:
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        found = _alike(_begun(_sizes(quick=False), Path(folder)), 2 if quick else 10)
    return "\n\n".join([_machine(), found[0], "\n".join([*head("", ["aimed for", "found"]), *found[1]])])


def _begun(sizes: list[Size], folder: Path) -> list[Size]:
    """With a data directory each, where somebody has an account."""
    for nth, size in enumerate(sizes):
        print(f"Beginning with {size.label} …", file=sys.stderr)
        size.data = folder / str(nth)
        environ = {"WIKI_DATA": str(size.data)}
        peak.run_wiki("init", "--no-link", "--from", str(size.source), environ=environ)
        reads.add_account(size.data, EMAIL, "Ana")
        size.names = names_in(size.data)
    return sizes


def _alike(sizes: list[Size], turns: int) -> tuple[str, list[str]]:
    """The table of pages that are alike at two sizes, and the aims; nothing where there is but one size."""
    if len(sizes) < 2:
        return "Pages that are alike were not compared: there is but one size.", []
    print("Comparing pages that are alike …", file=sys.stderr)
    found = alike.measure([(size.data, size.names) for size in sizes], EMAIL, turns)
    return alike.table([size.label for size in sizes], found), alike.aims(found)


def _crowd(sizes: list[Size], quick: bool) -> str:
    """On the smallest handbook."""
    if not sizes:
        raise SystemExit("The real handbook is not here (CONCORD_CORPUS says where).")
    print("Measuring a crowd of readers …", file=sys.stderr)
    return readers.measure(sizes[0].label, sizes[0].data, sizes[0].names, 10 if quick else 60, pace=1)


def _measured(quick: bool, only_looking_back: bool) -> str:
    """The tables, one below the other."""
    rounds, seconds = (2, 1) if quick else (5, 2)
    CACHE.mkdir(parents=True, exist_ok=True)
    other = otter.install(CACHE)
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        sizes = _begun(_sizes(quick), Path(folder))
        for size in sizes:
            _measure(size, rounds, seconds, other, only_looking_back)
        compared, aims = ("", []) if only_looking_back else _alike(sizes, rounds * 2)
        crowd = "" if only_looking_back else _crowd(sizes, quick)
        for size in sizes:  # last, for it changes pages
            size.writes = writes.measure(size.data, size.names, rounds * 8)
    every = [looked_back.Looked(size.label, _l(size), _w(size).catch_up) for size in sizes]
    looked = looked_back.table(every, aims)
    behind = fronted.table([(size.label, size.fronted) for size in sizes])
    if only_looking_back:
        return f"{_machine()}\n\n{looked}\n\n{_head(sizes)}\n{_indexing(sizes)}"
    parts = _machine(), _table(sizes), compared, behind, looked, crowd, _governance(quick, rounds, seconds)
    return "\n\n".join(parts)


def _governance(quick: bool, rounds: int, seconds: int) -> str:
    print("Measuring a crowd, and the check of its decisions …", file=sys.stderr)
    crowds = [governance.crowded(many, rounds, seconds) for many in (OPEN[:1] if quick else OPEN)]
    return governance.table(crowds, [governance.verified(many) for many in (ACTS[:1] if quick else ACTS)])


def _sizes(quick: bool) -> list[Size]:
    sizes = []
    if CORPUS.exists():
        sizes.append(Size("246 pages, 4,808 commits", CORPUS.resolve()))
    else:
        print("The real handbook is not here (CONCORD_CORPUS says where); that part is skipped.", file=sys.stderr)
    if not quick:
        CACHE.mkdir(parents=True, exist_ok=True)
        print("Making the large handbook, unless it is there …", file=sys.stderr)
        made = generate(CACHE / f"handbook-{PAGES}-{COMMITS}.git", PAGES, COMMITS)
        sizes.append(Size(f"{PAGES:,} pages, {COMMITS:,} commits", made))
    return sizes


def _measure(size: Size, rounds: int, seconds: int, other: Path | None, only_looking_back: bool) -> None:
    print(f"Measuring {size.label} …", file=sys.stderr)
    _measure_reindex(size, {"WIKI_DATA": str(size.data)})
    size.looked = looking_back.measure(size.data, size.names, other, seconds)
    if not only_looking_back:
        _measure_start(size, size.data)
        _measure_reads(size, size.data, rounds, seconds)
        size.fronted = fronted.measure(size.data, size.names, rounds, seconds)


def names_in(data: Path) -> list[str]:
    """The pages of a wiki."""
    listed = subprocess.run(
        ["git", "--git-dir", data / "content.git", "ls-tree", "-r", "--name-only", "main"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    names = [path[:-3] for path in listed if path.endswith(".md")]
    return names if len(names) < PAGES else page_names(len(names))


def _measure_reindex(size: Size, environ: dict[str, str]) -> None:
    every = [peak.run_wiki("reindex", environ=environ) for _ in range(_REINDEXED)]
    told = [re.search(r"\(([\d,]+) a second\)", ran.said) for ran in every]
    size.reindex = statistics.median(float(found[1].replace(",", "")) if found else 0 for found in told)
    size.memory = max(ran.memory for ran in every)


def _measure_start(size: Size, data: Path) -> None:
    began = time.perf_counter()
    with reads.wiki(data):
        size.start = time.perf_counter() - began


def _measure_reads(size: Size, data: Path, rounds: int, seconds: int) -> None:
    paths = [f"/{name}" for name in size.names[:: max(1, len(size.names) // 500)]][:500]
    page, histories = paths[:1], [f"/-/history{path}" for path in paths]
    with reads.wiki(data) as address, reads.hello() as plain:
        cookie = {"Cookie": reads.sign_in(address, EMAIL)}
        asked: dict[str, tuple[list[str], dict[str, str]]] = {
            "page view": (paths, {}),
            "page view, signed in": (paths, cookie),
            "page view, 304": (page, {"If-None-Match": reads.etag(address, page[0])}),
            "page view, signed in, 304": (page, {"If-None-Match": reads.etag(address, page[0], cookie), **cookie}),
            "page history": (histories, {}),
            "page history, signed in": (histories, cookie),
            "recent changes": (["/-/changes"], {}),
            "recent changes, signed in": (["/-/changes"], cookie),
            "list of proposals": (["/-/proposals"], {}),
            "list of proposals, made anew": (["/-/proposals?tab=open"], {}),
        }
        for label, (some, headers) in asked.items():
            size.views[label] = reads.beside(address, plain, some, headers, rounds, seconds)


def _machine() -> str:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    return (
        f"Python {platform.python_version()}, git {git}, Flask {version('flask')}, granian {version('granian')}, "
        f"{os.cpu_count()} cores, {time.strftime('%d %B %Y')}; {otter.NAME} under gunicorn {otter.GUNICORN}. "
        "Medians; ratios are within this run."
    )


def _head(sizes: list[Size]) -> str:
    return "| | " + " | ".join(size.label for size in sizes) + " |\n|---|" + "---|" * len(sizes)


def _table(sizes: list[Size]) -> str:
    rows = [_head(sizes)]
    for label in sizes[0].views:
        rows.append(f"| {label} | " + " | ".join(_read(size, label) for size in sizes) + " |")
    rows.append("| one durable commit by plain git | " + " | ".join(f"{_w(s).git:.1f} ms" for s in sizes) + " |")
    for label in ("propose", "endorse", "merge"):
        cells = (f"{getattr(_w(s), label):.1f} ms, {getattr(_w(s), label) / _w(s).git:.2f} of it" for s in sizes)
        rows.append(f"| {label} | " + " | ".join(cells) + " |")
    rows.append(_indexing(sizes))
    rows.append("| `wiki serve` until it answers | " + " | ".join(f"{s.start:.1f} s" for s in sizes) + " |")
    return "\n".join(rows)


def _indexing(sizes: list[Size]) -> str:
    reindexed = (f"{s.reindex:,.0f} commits/s, {s.memory:,.0f} MB at most" for s in sizes)
    merges = " | ".join(f"{_w(s).catch_up:.1f} ms" for s in sizes)
    return f"| indexing one merge | {merges} |\n| reindex | {' | '.join(reindexed)} |"


def _l(size: Size) -> looking_back.LookedBack:
    assert size.looked is not None
    return size.looked


def _w(size: Size) -> writes.Writes:
    assert size.writes is not None
    return size.writes


def _read(size: Size, label: str) -> str:
    told = size.views[label]
    return (
        f"{told.ours.per_second:,.0f}/s, {told.ratio:.2f} of hello, p99 {told.ours.p99:.1f} ms; "
        f"{told.ours.cpu:,.0f} µs of processor time, {told.cpu_ratio:.2f} of hello"
    )


def _save(table: str) -> None:
    text = README.read_text(encoding="utf-8")
    begin, end = "<!-- results -->", "<!-- end of results -->"
    head, _, rest = text.partition(begin)
    README.write_text(f"{head}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        raise SystemExit("The benchmarks need wrk (on Debian: apt-get install wrk), or run `make bench`.")
    main()
