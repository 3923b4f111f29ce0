"""``python -m benchmarks``: one table, at two sizes."""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks import governance, reads, writes
from benchmarks.generate import generate, page_names

CHECKOUT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "concord-benchmarks"
CORPUS = Path(os.environ.get("CONCORD_CORPUS", CHECKOUT / "../shared/corpora/18f-guidelines.bundle"))
README = Path(__file__).with_name("README.md")
PAGES, COMMITS = 10_000, 100_000
OPEN, ACTS = (100, 10_000), (20_000, 80_000)


@dataclass
class Size:
    """One handbook and what was measured on it."""

    label: str
    source: Path
    names: list[str] = field(default_factory=list)
    rates: dict[str, reads.Rate] = field(default_factory=dict)
    hello: dict[str, reads.Rate] = field(default_factory=dict)
    writes: writes.Writes | None = None
    reindex: float = 0
    memory: float = 0
    start: float = 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="shorter rounds, the small size only")
    parser.add_argument("--save", action="store_true", help="keep the table in README.md")
    asked = parser.parse_args()
    rounds, seconds = (2, 1) if asked.quick else (5, 2)
    sizes = _sizes(asked.quick)
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="concord-") as folder:
            _measure(size, Path(folder) / "data", rounds, seconds)
    table = f"{_table(sizes)}\n\n{_governance(asked.quick, rounds, seconds)}"
    print(table)
    if asked.save:
        _save(table)


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


def _measure(size: Size, data: Path, rounds: int, seconds: int) -> None:
    print(f"Measuring {size.label} …", file=sys.stderr)
    environ = {**os.environ, "WIKI_DATA": str(data)}
    wiki = [sys.executable, "-m", "wiki.cli"]
    subprocess.run(
        [*wiki, "init", "--no-link", "--from", size.source], check=True, env=environ, stdout=subprocess.DEVNULL
    )
    _measure_reindex(size, wiki, environ)
    add = [*wiki, "user", "add", "ana@example.com", "--name", "Ana", "--password-stdin"]
    subprocess.run(add, input=reads.PASSWORD, text=True, check=True, env=environ, stdout=subprocess.DEVNULL)
    size.names = _names(data)
    _measure_start(size, data)
    _measure_reads(size, data, rounds, seconds)
    size.writes = writes.measure(data, size.names, rounds * 8)


def _names(data: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "--git-dir", data / "content.git", "ls-tree", "-r", "--name-only", "main"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    names = [path[:-3] for path in listed if path.endswith(".md")]
    return names if len(names) < PAGES else page_names(len(names))


def _measure_reindex(size: Size, wiki: list[str], environ: dict[str, str]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    said = subprocess.run([*wiki, "reindex"], capture_output=True, text=True, check=True, env=environ).stdout
    found = re.search(r"\(([\d,]+) a second\)", said)
    size.reindex = float(found[1].replace(",", "")) if found else 0
    size.memory = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _measure_start(size: Size, data: Path) -> None:
    began = time.perf_counter()
    with reads.wiki(data):
        size.start = time.perf_counter() - began


def _measure_reads(size: Size, data: Path, rounds: int, seconds: int) -> None:
    paths = [f"/{name}" for name in size.names[:: max(1, len(size.names) // 500)]][:500]
    page, histories = paths[:1], [f"/-/history{path}" for path in paths]
    with reads.wiki(data) as address, reads.hello() as plain:
        cookie = {"Cookie": reads.sign_in(address, "ana@example.com")}
        asked: dict[str, tuple[list[str], dict[str, str]]] = {
            "page view": (paths, {}),
            "page view, signed in": (paths, cookie),
            "page view, 304": (page, {"If-None-Match": reads.etag(address, page[0])}),
            "page history": (histories, {}),
            "page history, signed in": (histories, cookie),
            "recent changes": (["/-/changes"], {}),
            "recent changes, signed in": (["/-/changes"], cookie),
            "list of proposals": (["/-/proposals?tab=open"], {}),
        }
        for label, (some, headers) in asked.items():
            reads.measure(address, some, seconds, headers)
            pairs = [
                (reads.measure(plain, ["/"], seconds), reads.measure(address, some, seconds, headers))
                for _ in range(rounds)
            ]
            size.hello[label] = reads.median([pair[0] for pair in pairs])
            size.rates[label] = reads.median([pair[1] for pair in pairs])


def _table(sizes: list[Size]) -> str:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    rows = [
        f"Python {platform.python_version()}, git {git}, Flask {version('flask')}, granian {version('granian')}, "
        f"{os.cpu_count()} cores, {time.strftime('%d %B %Y')}. Medians; ratios are within this run.",
        "",
        "| | " + " | ".join(size.label for size in sizes) + " |",
        "|---|" + "---|" * len(sizes),
    ]
    for label in sizes[0].rates:
        rows.append(f"| {label} | " + " | ".join(_read(size, label) for size in sizes) + " |")
    rows.append("| one durable commit by plain git | " + " | ".join(f"{_w(s).git:.1f} ms" for s in sizes) + " |")
    for label in ("propose", "endorse", "merge"):
        cells = (f"{getattr(_w(s), label):.1f} ms, {getattr(_w(s), label) / _w(s).git:.2f} of it" for s in sizes)
        rows.append(f"| {label} | " + " | ".join(cells) + " |")
    rows.append("| indexing that merge | " + " | ".join(f"{_w(s).catch_up:.1f} ms" for s in sizes) + " |")
    rows.append(
        "| reindex | " + " | ".join(f"{s.reindex:,.0f} commits/s, {s.memory:,.0f} MB at most" for s in sizes) + " |"
    )
    rows.append("| `wiki serve` until it answers | " + " | ".join(f"{s.start:.1f} s" for s in sizes) + " |")
    return "\n".join(rows)


def _w(size: Size) -> writes.Writes:
    assert size.writes is not None
    return size.writes


def _read(size: Size, label: str) -> str:
    rate, plain = size.rates[label], size.hello[label]
    return f"{rate.per_second:,.0f}/s, {rate.per_second / plain.per_second:.2f} of hello, p99 {rate.p99:.1f} ms"


def _save(table: str) -> None:
    text = README.read_text(encoding="utf-8")
    begin, end = "<!-- results -->", "<!-- end of results -->"
    head, _, rest = text.partition(begin)
    README.write_text(f"{head}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        raise SystemExit("The benchmarks need wrk (on Debian: apt-get install wrk), or run `make bench`.")
    main()
