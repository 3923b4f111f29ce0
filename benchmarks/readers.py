"""500 readers at once for a minute beside 20 writers: ``python -m benchmarks --only readers``, or of a data directory
``python -m benchmarks.readers DATA``.

There are two ways to read. Readers *at a pace* open a page about every so many seconds (``--pace``), each on a
connection of their own, a tenth of them signed in. Readers *without a pause* ask for the next page as soon as they have
one; none of them is signed in. Each writer (`writers`) proposes a change about every so many seconds, and every other
one brings it into force.

Either way begins on a copy of its own of the data directory, which is not changed itself, and with a server of its own:
after a minute of writing hundreds of proposals are open on all pages, and what came second would be measured with
these. Each is told beside its own idle: how long half wait for a single reader when nothing else goes on, or for the
same crowd without a pause when nobody writes.

The memory of the workers is told when both have made all pages for strangers and members, before anybody writes; in the
middle of the minute; and at its end. So one sees what the writing costs, and whether that goes on growing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import statistics
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks import reads
from benchmarks.crowded import Crowded, Memory, table
from benchmarks.writers import beside_writers

_T = TypeVar("_T")
READERS = 500
EMAIL = "reader@example.com"
PAGES = 2_000
"""No more than so many are read."""
_AT_REST = 300
_ROUNDS = 8
_SIGNED_IN = 10


@dataclass
class Waited:
    """How long readers waited, in ms, and what went wrong."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def rate(self, seconds: float) -> reads.Rate:
        """Of so many seconds."""
        shares = statistics.quantiles(self.times, n=100)
        return reads.Rate(len(self.times) / seconds, shares[98], p50=shares[49])


class Reader:
    """Somebody who opens one page after another on a connection of their own."""

    def __init__(self, port: int, paths: list[str], cookie: str) -> None:
        self._port = port
        self._paths = paths
        self._cookie = f"Cookie: {cookie}\r\n" if cookie else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def leave(self) -> None:
        """Have the next page asked for on another connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def read(self, waited: Waited) -> None:
        """Open one page."""
        path = random.choice(self._paths)
        began = time.perf_counter()
        try:
            status = await self._answer(path)
        except (OSError, asyncio.IncompleteReadError) as error:
            waited.errors.append(f"{path}: {error}")
            self.leave()
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


@dataclass(frozen=True)
class Served:
    """A copy of the data directory and its server, whose workers have made all pages."""

    data: Path
    names: list[str]
    address: str
    crowd: list[Reader]


def measure(label: str, data: Path, names: list[str], seconds: float, pace: float) -> str:
    """Both ways, as a table. While the data directory is copied, nobody may write to it."""
    some, alone = names[:PAGES], seconds / 4
    with served(data, some, alone) as one:
        at_pace = at_a_pace(one, seconds, alone, pace)
    with served(data, some, alone) as one:
        without_pause = _without_a_pause(one, int(seconds), int(alone), pace)
    ways = {f"a page every {pace:g} s each": at_pace, "the next page as soon as there is one": without_pause}
    return table(label, READERS, seconds, ways)


@contextmanager
def served(data: Path, names: list[str], alone: float) -> Iterator[Served]:
    """A copy of its own for one way to read, once the crowd has read for so many seconds."""
    with tempfile.TemporaryDirectory(prefix="concord-readers-") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy)
        reads.add_account(copy, EMAIL, "Reader")
        with reads.wiki(copy) as address:
            port, cookie = int(address.rpartition(":")[2]), reads.sign_in(address, EMAIL)
            paths = _paths(names)
            crowd = [Reader(port, paths, cookie if nth % _SIGNED_IN == 0 else "") for nth in range(READERS)]
            _read(crowd, alone, 1)  # of some hundred pages each worker has made each by then
            yield Served(copy, names, address, crowd)


def _paths(names: list[str]) -> list[str]:
    return [f"/{urllib.parse.quote(name)}" for name in names]


def at_a_pace(served: Served, seconds: float, alone: float, pace: float) -> Crowded:
    """Readers who open a page about every so many seconds, alone and beside writers."""
    single = Reader(int(served.address.rpartition(":")[2]), _paths(served.names), "")
    rest = apart(_at_rest(single))
    before = _read(served.crowd, alone, pace)
    (beside, acts, errors), memory = _with_memory(served, seconds, pace, lambda: _read(served.crowd, seconds, pace))
    wrong = [*rest.errors, *before.errors, *beside.errors, *errors]
    return Crowded(rest.rate(1).p50, before.rate(alone), beside.rate(seconds), acts, len(wrong), wrong, memory)


def _without_a_pause(served: Served, seconds: int, alone: int, pace: float) -> Crowded:
    paths = _paths(served.names)
    before, failed = reads.attempt(served.address, paths, alone, many=READERS)
    (beside, acts, errors), memory = _with_memory(
        served, seconds, pace, lambda: reads.attempt(served.address, paths, seconds, many=READERS)
    )
    wrong = [f"{many} answers were errors or did not come" for many in (failed, beside[1]) if many]
    every = failed + beside[1] + len(errors)
    return Crowded(before.p50, before, beside[0], acts, every, [*wrong, *errors], memory)


def _with_memory(
    served: Served, seconds: float, pace: float, read: Callable[[], _T]
) -> tuple[tuple[_T, int, list[str]], Memory]:
    """What comes of reading beside writers, and the memory of the workers meanwhile."""
    beginning, halfway = _memory(served), list[list[float]]()
    timer = threading.Timer(seconds / 2, lambda: halfway.append(_memory(served)))

    def read_on() -> tuple[_T, list[float]]:
        timer.start()
        return read(), _memory(served)

    (told, end), acts, errors = beside_writers(served.data, served.names, seconds, pace, read_on)
    timer.join()
    return (told, acts, errors), Memory(beginning, halfway[0], end)


def _memory(served: Served) -> list[float]:
    """Of each worker, in MB: they are those of the processes that have worked most."""
    most = sorted(reads.processes_of(served.address), key=lambda one: one.seconds)[-reads.WORKERS :]
    return [one.memory for one in sorted(most, key=lambda one: one.number)]


def apart(work: Coroutine[object, None, _T]) -> _T:
    """What comes of it in a thread of its own, since where a browser is steered, a loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _at_rest(reader: Reader) -> Waited:
    waited = Waited()
    for _ in range(_ROUNDS):
        waited.times.clear()
        for _ in range(_AT_REST):
            await reader.read(waited)
    reader.leave()
    return waited


def _read(crowd: list[Reader], seconds: float, pace: float) -> Waited:
    """How long everybody waits who reads for so many seconds."""
    waited, until = Waited(), time.perf_counter() + seconds

    async def read() -> None:
        await asyncio.gather(*(reader.read_on(waited, until, pace) for reader in crowd))
        for reader in crowd:
            reader.leave()

    apart(read())
    return waited


def main() -> None:
    """Measure and print."""
    from benchmarks.__main__ import names_in

    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers")
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pace", type=float, default=1, help="seconds from one page to the next, or one change")
    asked = parser.parse_args()
    names = names_in(asked.data)
    print(measure(f"{len(names):,} pages", asked.data, names, asked.seconds, asked.pace))


if __name__ == "__main__":
    main()
