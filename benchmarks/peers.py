"""Page views and saves beside DokuWiki: ``python -m benchmarks.peers`` or ``python -m benchmarks --only peers``.

Views are those of readers without a session, over the same pages, in turns with Flask's hello-world. Saves are eight
editors, each on a page of their own, for some seconds, there and here in turns: a save there is a form, here a proposal
by a program's token. What was acknowledged is then looked for, there among the old revisions and the pages, here among
the acts in git.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from benchmarks import dokuwiki, peak, reads
from benchmarks.line import Line
from wiki.assembly import Wiki, open_wiki
from wiki.settings import Settings

EDITORS = 8
TIMES_THE_VIEWS = 4
_CHANGES = 32
"""Each editor writes under so many accounts, one after another: a program may propose 120 times an hour for one."""
_FREELY = {f"WIKI_{limit}_LIMIT": "1000000 per hour" for limit in ("PROPOSAL", "ACT", "COSTLY")}


@dataclass(frozen=True)
class Saves:
    """What was acknowledged in all turns, what of it was kept, what was not acknowledged, and how many saves a second
    each turn had."""

    acknowledged: int
    kept: int
    errors: int
    rates: Sequence[float]

    def __str__(self) -> str:
        rate = f"{statistics.median(self.rates):.0f}/s ({min(self.rates):.0f} to {max(self.rates):.0f})"
        return f"{rate}, {self.kept:,} of {self.acknowledged:,} kept, {self.errors} errors"


def measure(source: Path, rounds: int, seconds: int, saving: float = 6) -> str:
    """The table."""
    versions = dokuwiki.versions()
    with tempfile.TemporaryDirectory(prefix="concord-peers-") as made:
        folder = Path(made)
        data = folder / "data"
        peak.run_wiki("init", "--no-link", "--from", str(source), environ={"WIKI_DATA": str(data)})
        wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
        wiki.index.catch_up()
        main = wiki.repository.main()
        files = [(path[:-3], blob) for path, blob in wiki.repository.files(main) if path.endswith(".md")]
        texts = {name: wiki.repository.content(blob).decode("utf-8", "replace") for name, blob in files}
        theirs = folder / "dokuwiki"
        theirs.mkdir()
        with _ours(data) as address, reads.hello() as plain, dokuwiki.serving(theirs, texts) as other:
            names = list(texts)
            views = _views(address, plain, other.address, names, rounds, seconds)
            saves = _saves(wiki, address, other, texts, rounds, saving)
        wiki.engine.dispose()
    return _table(versions, views, saves)


@contextmanager
def _ours(data: Path) -> Iterator[str]:
    """The wiki as people serve it, but that nobody is told to slow down."""
    port = reads.free_port()
    environ = {"WIKI_DATA": str(data), "WIKI_WORKERS": str(reads.WORKERS), **_FREELY}
    with reads.serving([sys.executable, "-m", "wiki.cli", "serve", "--port", str(port)], port, environ) as address:
        yield address


@dataclass(frozen=True)
class Views:
    """Requests a second of hello-world, of ours and of theirs, and the medians of the ratios of each turn."""

    hello: float
    ours: float
    theirs: float
    times: float


def _views(ours: str, plain: str, theirs: str, names: Sequence[str], rounds: int, seconds: int) -> Views:
    here, there = [f"/{quote(name)}" for name in names], [dokuwiki.view(name) for name in names]
    reads.warm(ours, here, seconds, {})  # both keep what they have rendered
    _open_all(theirs, there)
    turns = [
        tuple(reads.measure(*one, seconds).per_second for one in ((plain, ["/"]), (ours, here), (theirs, there)))
        for _ in range(rounds)
    ]
    hello, mine, other = (statistics.median(turn[place] for turn in turns) for place in range(3))
    return Views(hello, mine, other, statistics.median(turn[1] / turn[2] for turn in turns))


def _open_all(address: str, paths: Sequence[str]) -> None:
    asked = _connection(address)
    for path in paths:
        asked.request("GET", path)
        answer = asked.getresponse()
        text = answer.read()
        if answer.status != http.HTTPStatus.OK or b"This topic does not exist yet" in text:
            raise SystemExit(f"DokuWiki answers {answer.status} for {path}, or does not have that page")
    asked.close()


def _connection(address: str) -> http.client.HTTPConnection:
    where = urlsplit(address)
    return http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)


Save = Callable[[Line, int, str, str], bool]
"""Puts a text in the place of that of a page, as the editor of this number; whether it was acknowledged."""


@dataclass(frozen=True)
class _Turn:
    """What eight editors had acknowledged in one turn, how often they had not, and how long it took."""

    acknowledged: list[str]
    errors: int
    seconds: float


def _saves(
    wiki: Wiki, address: str, other: dokuwiki.DokuWiki, texts: Mapping[str, str], rounds: int, seconds: float
) -> tuple[Saves, Saves]:
    """There and here in turns."""
    names, there, here = list(texts), _saving_there(), _saving_here(wiki)
    turns = [(_turn(other.address, names, seconds, there), _turn(address, names, seconds, here)) for _ in range(rounds)]
    kept_there = Counter(text.strip() for text in other.texts())
    tips = wiki.repository.refs.below("refs/proposals/").values()
    kept_here = Counter(wiki.repository.proposal(tip).acts[0].why for tip in tips)
    return _all([turn[0] for turn in turns], kept_there), _all([turn[1] for turn in turns], kept_here, once=True)


def _all(turns: Sequence[_Turn], kept: Mapping[str, int], *, once: bool = False) -> Saves:
    marks = [mark for turn in turns for mark in turn.acknowledged]
    found = sum(kept.get(mark, 0) == 1 if once else mark in kept for mark in marks)
    rates = [len(turn.acknowledged) / turn.seconds for turn in turns]
    return Saves(len(marks), found, sum(turn.errors for turn in turns), rates)


def _turn(address: str, names: Sequence[str], seconds: float, save: Save) -> _Turn:
    """Begun when the disk has what the turn before has left to it."""
    os.sync()
    told: list[tuple[list[str], int]] = []
    until = time.monotonic() + seconds

    def edit(nth: int) -> None:
        acknowledged: list[str] = []
        errors, line = 0, Line(address)
        while time.monotonic() < until:
            mark = f"saved {nth} {time.time_ns()}"
            try:
                done = save(line, nth, names[nth], mark)
            except OSError:
                done, line = False, Line(address)
            acknowledged += [mark] if done else []
            errors += not done
        line.close()
        told.append((acknowledged, errors))

    began = time.monotonic()
    editors = [threading.Thread(target=edit, args=(nth,), daemon=True) for nth in range(EDITORS)]
    for each in editors:
        each.start()
    for each in editors:
        each.join(seconds + 120)
    took = time.monotonic() - began
    return _Turn([one for each, _ in told for one in each], sum(each for _, each in told), took)


def _saving_there() -> Save:
    cookies = [""] * EDITORS

    def save(line: Line, nth: int, name: str, mark: str) -> bool:
        form = {"id": dokuwiki.page_id(name), "do[save]": "1", "wikitext": mark, "summary": mark,
                "date": str(int(time.time()) + 1), "prefix": ".", "suffix": "", "minor": ""}  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies[nth]}
        answer = line.post("/doku.php", urlencode(form), headers)
        given = answer.header("Set-Cookie")
        cookies[nth] = given.partition(";")[0] if given and not cookies[nth] else cookies[nth]
        return answer.status == http.HTTPStatus.FOUND

    return save


def _saving_here(wiki: Wiki) -> Save:
    keys: list[list[str]] = []
    for nth in range(EDITORS):
        keys.append([])
        for change in range(_CHANGES):
            who = f"editor{nth}-{change}"
            account = wiki.accounts.add(f"{who}@example.com", who, None, wiki.now())
            keys[nth].append(wiki.tokens.make(account, "to measure", True, 1, wiki.now())[1])
    turns = Counter[int]()

    def save(line: Line, nth: int, name: str, mark: str) -> bool:
        turns[nth] += 1
        asked = {"title": "Change a page", "why": mark, "pages": {name: f"# Page\n\n{mark}\n"}}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {keys[nth][turns[nth] % _CHANGES]}"}
        answer = line.post("/-/api/1/proposals", json.dumps(asked), headers)
        return answer.status == http.HTTPStatus.CREATED

    return save


def _table(versions: str, views: Views, saves: tuple[Saves, Saves]) -> str:
    there, here = saves
    fast = "" if views.times >= TIMES_THE_VIEWS else " **missed**"
    times = statistics.median(ours / theirs for ours, theirs in zip(here.rates, there.rates, strict=True))
    safe = here.kept == here.acknowledged and not here.errors
    return (
        f"{versions}; Python {platform.python_version()}, Flask {version('flask')}, granian {version('granian')}; "
        f"load {os.getloadavg()[0]:.1f}, {reads.WORKERS} processes of ours.\n\n"
        "| | Concord | DokuWiki | Flask hello-world |\n|---|---|---|---|\n"
        f"| page view | {views.ours:,.0f}/s, {views.ours / views.hello:.2f} of hello | "
        f"{views.theirs:,.0f}/s, {views.theirs / views.hello:.2f} of hello | {views.hello:,.0f}/s |\n"
        f"| {EDITORS} editors, a page each | {here} | {there} | |\n\n"
        "| | aimed for | found |\n|---|---|---|\n"
        f"| page views, times theirs | ≥ {TIMES_THE_VIEWS} | {views.times:.1f}{fast} |\n"
        f"| saves a second, times theirs | ≥ 1 | {times:.2f}{'' if times >= 1 else ' **missed**'} |\n"
        f"| nothing acknowledged is lost, no error | yes | {'yes' if safe else 'no **missed**'} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("source", type=Path, help="a handbook: a folder, a repository or a bundle")
    parser.add_argument("--seconds", type=int, default=2, help="of each round of views")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(measure(asked.source, asked.rounds, asked.seconds))


if __name__ == "__main__":
    main()
