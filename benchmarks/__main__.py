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

from benchmarks import fronted, governance, looked_back, looking_back, million, otter, peak, peers, reads, writes
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
    parser.add_argument("--only", choices=["looking-back", "peers"], help="this part alone")
    parser.add_argument(
        "--million", nargs="?", type=int, const=million.COMMITS, metavar="COMMITS",
        help="make a handbook with so many commits (a million), index it and look back, and nothing else",
    )  # fmt: skip
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and the servers with it
    if asked.save and (asked.quick or asked.only or asked.million):
        parser.error("only a full run is kept")
    if asked.only == "peers":
        print(_beside_peers(asked.quick))
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


def _measured(quick: bool, only_looking_back: bool) -> str:
    """The tables, one below the other."""
    rounds, seconds = (2, 1) if quick else (5, 2)
    sizes = _sizes(quick)
    CACHE.mkdir(parents=True, exist_ok=True)
    other = otter.install(CACHE)
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="concord-") as folder:
            _measure(size, Path(folder) / "data", rounds, seconds, other, only_looking_back)
    looked = looked_back.table([looked_back.Looked(size.label, _l(size), _w(size).catch_up) for size in sizes])
    behind = fronted.table([(size.label, size.fronted) for size in sizes])
    if only_looking_back:
        return f"{_machine()}\n\n{looked}\n\n{_head(sizes)}\n{_indexing(sizes)}"
    return f"{_machine()}\n\n{_table(sizes)}\n\n{behind}\n\n{looked}\n\n{_governance(quick, rounds, seconds)}"


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


def _measure(size: Size, data: Path, rounds: int, seconds: int, other: Path | None, only_looking_back: bool) -> None:
    print(f"Measuring {size.label} …", file=sys.stderr)
    environ = {"WIKI_DATA": str(data)}
    peak.run_wiki("init", "--no-link", "--from", str(size.source), environ=environ)
    _measure_reindex(size, environ)
    size.names = names_in(data)
    size.looked = looking_back.measure(data, size.names, other, seconds)
    if not only_looking_back:
        add = [sys.executable, "-m", "wiki.cli", "user", "add", EMAIL, "--name", "Ana", "--password-stdin"]
        subprocess.run(
            add, input=reads.PASSWORD, text=True, check=True, env={**os.environ, **environ}, stdout=subprocess.DEVNULL
        )
        _measure_start(size, data)
        _measure_reads(size, data, rounds, seconds)
        size.fronted = fronted.measure(data, size.names, rounds, seconds)
    size.writes = writes.measure(data, size.names, rounds * 8)


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
            "list of proposals": (["/-/proposals?tab=open"], {}),
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
