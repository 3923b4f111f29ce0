"""A million commits, by hand: ``python -m benchmarks --million``. How fast and in how much memory it is indexed, and
how long one reader waits for histories and the book of changes."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import peak, reads
from benchmarks.generate import generate, page_names
from benchmarks.looking_back import FRONT, HISTORY, OLDER, LookedBack, choose, in_turns, kinds
from benchmarks.singles import Asker

COMMITS, A_PAGE = 1_000_000, 50
PARAGRAPHS = (3, 3)
_LONGEST, _LONGEST_MAKING = 30, 3_600
_BYTES = 6_000


def measure(cache: Path, commits: int) -> str:
    """A table, as Markdown. The handbook has a page for every fifty commits, of a kilobyte each; it is made once."""
    pages = max(A_PAGE, commits // A_PAGE)
    path = _made(cache, pages, commits)
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        data = Path(folder) / "data"
        environ = {"WIKI_DATA": str(data)}
        print("Founding a wiki with it, and indexing it again …", file=sys.stderr)
        began = peak.run_wiki("init", "--no-link", "--from", str(path), environ=environ)
        again = peak.run_wiki("reindex", environ=environ)
        database = sum(file.stat().st_size for file in data.glob("wiki.db*")) / 2**20
        found = LookedBack()
        asked = [kind for kind in kinds(choose(data, page_names(pages))) if kind.label in {HISTORY, FRONT, OLDER}]
        with reads.wiki(data) as address:
            in_turns(found, asked, Asker(address, _LONGEST, _LONGEST, strict=True), None)
    rate = re.search(r"\(([\d,]+) a second\)", again.said)
    rows = [
        f"| {commits:,} commits, {pages:,} pages | |",
        "|---|---|",
        f"| `wiki init --from` it | {began.seconds:,.1f} s, {began.memory:,.0f} MB at most |",
        f"| reindex | {rate[1] if rate else '?'} commits/s, {again.seconds:,.1f} s, {again.memory:,.0f} MB at most |",
        f"| the database | {database:,.0f} MB |",
    ]
    rows += [
        f"| {label} | {waits.first_ms:,.1f} ms; again {waits.again_ms:,.1f} ms |" for label, waits in found.ours.items()
    ]
    return "\n".join(rows)


def _made(cache: Path, pages: int, commits: int) -> Path:
    path = cache / f"handbook-{pages}-{commits}-short.git"
    if not (path / "made").exists():
        cache.mkdir(parents=True, exist_ok=True)
        free, wanted = shutil.disk_usage(cache).free, commits * _BYTES
        if free < wanted:
            raise SystemExit(f"{cache} has {free / 1e9:,.1f} GB left; this wants {wanted / 1e9:,.1f} GB")
        print(f"Making {commits:,} commits; that is kept in {cache} …", file=sys.stderr)
        began = time.monotonic()
        generate(path, pages, commits, PARAGRAPHS, _LONGEST_MAKING)
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        print(f"… it took {time.monotonic() - began:,.0f} s and {size / 1e6:,.0f} MB.", file=sys.stderr)
    return path
