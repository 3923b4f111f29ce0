"""``python -m benchmarks.readers DATA``: 500 readers at once beside 20 writers, on a data directory that may be spoilt.

Each reader opens a page about every so many seconds (``--pace``), a tenth of them signed in; each writer proposes a
change as often, and every other one brings it into force. The writers are in a process of their own, so that readers
wait for the wiki alone, and not for writers who hold what measures. Tells how long readers waited, beside how long a
single one waits when nothing else goes on, and how long the same crowd does when nobody writes; the same of readers who
ask for the next page as soon as they have one; every answer that was none; and the memory of the workers at the
beginning and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from typing import TypeVar

from benchmarks import reads
from benchmarks.writes import ANA, BOB, CYD
from wiki.assembly import Wiki, open_wiki
from wiki.settings import Settings

_T = TypeVar("_T")
READERS, WRITERS = 500, 20
EMAIL = "reader@example.com"
_AT_REST = 300
_ALONE = 15
"""For so many seconds the crowd reads while nobody writes."""
_ROUNDS = 8
_SIGNED_IN = 10


@dataclass
class Waited:
    """How long readers waited, in ms, and what went wrong."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        """So many of a hundred waited no longer."""
        return statistics.quantiles(self.times, n=100)[int(share) - 1]


class Reader:
    """Somebody who opens one page after another on a connection of their own."""

    def __init__(self, port: int, paths: list[str], cookie: str) -> None:
        self._port = port
        self._paths = paths
        self._cookie = f"Cookie: {cookie}\r\n" if cookie else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def begin_anew(self) -> None:
        """Have the next page asked for on another connection."""
        self._streams = None

    async def read(self, waited: Waited) -> None:
        """Open one page."""
        path = random.choice(self._paths)
        began = time.perf_counter()
        try:
            status = await self._answer(path)
        except (OSError, asyncio.IncompleteReadError) as error:
            waited.errors.append(f"{path}: {error}")
            self._streams = None
            return
        waited.times.append((time.perf_counter() - began) * 1000)
        if status not in (200, 301, 302):
            waited.errors.append(f"{path}: {status}")

    async def _answer(self, path: str) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        incoming, outgoing = self._streams
        outgoing.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._cookie}\r\n".encode())
        head = (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length:"))
        await incoming.readexactly(int(length.partition(":")[2]))
        return int(head.split(" ", 2)[1])

    async def read_on(self, waited: Waited, until: float, pace: float) -> None:
        """Open a page about every ``pace`` seconds."""
        await asyncio.sleep(pace * random.random())
        while time.perf_counter() < until:
            await self.read(waited)
            await asyncio.sleep(pace * random.uniform(0.5, 1.5))


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


def measure(data: Path, names: list[str], seconds: int, pace: float) -> str:
    """A line for each figure."""
    environ = {"WIKI_DATA": str(data)}
    add = [sys.executable, "-m", "wiki.cli", "user", "add", EMAIL, "--name", "Reader", "--password-stdin"]
    subprocess.run(
        add, input=reads.PASSWORD, text=True, check=False, env={**os.environ, **environ}, capture_output=True
    )
    paths = [f"/{urllib.parse.quote(name)}" for name in names]
    with reads.wiki(data) as address:
        port, cookie = int(address.rpartition(":")[2]), reads.sign_in(address, EMAIL)
        crowd = [Reader(port, paths, cookie if nth % _SIGNED_IN == 0 else "") for nth in range(READERS)]
        rest = asyncio.run(_at_rest(Reader(port, paths, "")))
        _crowded(crowd, _ALONE, 1)  # of some hundred pages each process has made each by then
        alone = _crowded(crowd, _ALONE, pace)
        before = [one.memory for one in reads.processes_of(address)]
        waited, acts, errors = _beside_writers(data, names, seconds, pace, lambda: _crowded(crowd, seconds, pace))
        rushed_alone = reads.measure(address, paths, _ALONE, many=READERS)
        rushed, more, wrong = _beside_writers(
            data, names, seconds, pace, lambda: reads.measure(address, paths, seconds, many=READERS)
        )
        after = [one.memory for one in reads.processes_of(address)]
    told = (
        f"one reader at rest: p50 {rest.at(50):.1f} ms, p99 {rest.at(99):.1f} ms",
        f"{READERS} readers, nobody writes, {_ALONE} s: {len(alone.times):,} pages, p50 {alone.at(50):.1f} ms, "
        f"p99 {alone.at(99):.1f} ms",
        f"{READERS} readers, {WRITERS} writers, every {pace:g} s, {seconds} s: {len(waited.times):,} pages, "
        f"{acts:,} acts",
        f"p50 {waited.at(50):.1f} ms, p99 {waited.at(99):.1f} ms: {waited.at(99) / rest.at(50):.1f} times p50 at rest",
        f"{READERS} readers one page after another, nobody writes, {_ALONE} s: {_rushed(rushed_alone)}",
        f"the same beside {WRITERS} writers, every {pace:g} s, {seconds} s: {_rushed(rushed)}, {more:,} acts: "
        f"{rushed.p99 / rushed_alone.p50:.1f} times p50 while nobody writes",
        f"errors: {len(waited.errors)} of readers, {len(errors) + len(wrong)} of writers "
        f"{(waited.errors + errors + wrong)[:3]}",
        f"memory of each process in MB: {_listed(before)} at the beginning, {_listed(after)} at the end",
    )
    return "\n".join(told)


async def _at_rest(reader: Reader) -> Waited:
    waited = Waited()
    for _ in range(_ROUNDS):
        waited.times.clear()
        for _ in range(_AT_REST):
            await reader.read(waited)
    return waited


def _crowded(crowd: list[Reader], seconds: float, pace: float) -> Waited:
    """How long everybody waits who reads for so many seconds."""
    waited, until = Waited(), time.perf_counter() + seconds

    async def read() -> None:
        for reader in crowd:
            reader.begin_anew()
        await asyncio.gather(*(reader.read_on(waited, until, pace) for reader in crowd))

    asyncio.run(read())
    return waited


def _rushed(rate: reads.Rate) -> str:
    return f"{rate.per_second:,.0f} pages a second, p50 {rate.p50:.1f} ms, p99 {rate.p99:.1f} ms"


def _beside_writers(
    data: Path, names: list[str], seconds: int, pace: float, read: Callable[[], _T]
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
    data: Path, names: list[str], seconds: int, pace: float, begin: object, told: Queue[tuple[int, list[str]]]
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


def _listed(memory: list[float]) -> str:
    return ", ".join(f"{one:.0f}" for one in memory)


if __name__ == "__main__":
    from benchmarks.__main__ import names_in

    asked = argparse.ArgumentParser(prog="python -m benchmarks.readers")
    asked.add_argument("data", type=Path)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--pace", type=float, default=1, help="seconds from one page to the next, or one change")
    told = asked.parse_args()
    print(measure(told.data, names_in(told.data)[:2_000], told.seconds, told.pace))
