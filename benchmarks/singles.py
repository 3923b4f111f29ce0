"""Single requests, one after another, each over a connection of its own: how long one reader waits."""

from __future__ import annotations

import http.client
import statistics
import time
import urllib.parse
from dataclasses import dataclass, field

ROUNDS = 5
AGAIN = 3
SLOW, COUNTS = 1.0, 10.0


@dataclass(frozen=True)
class Answer:
    """How long it took in ms, and the status; 0 where nobody waited any longer."""

    ms: float
    status: int


@dataclass
class Waits:
    """How long one reader waited for addresses of one kind, in ms: the first time, and again."""

    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    trouble: str = ""

    @property
    def first_ms(self) -> float | None:
        """The median of the first times."""
        return statistics.median(self.first) if self.first else None

    @property
    def again_ms(self) -> float | None:
        """The median of the later times."""
        return statistics.median(self.again) if self.again else None

    def __str__(self) -> str:
        """For whoever watches a run."""
        told = [f"{statistics.median(times):,.1f} ms of {len(times)}" for times in (self.first, self.again) if times]
        return ", again ".join(told) + (f" ({self.trouble})" if self.trouble else "")


def ask(address: str, path: str, longest: float) -> Answer:
    """One answer, read to its end."""
    at = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=longest)
    began = time.perf_counter()
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        status = response.status
    except TimeoutError:
        status = 0
    finally:
        connection.close()
    return Answer((time.perf_counter() - began) * 1000, status)


@dataclass
class Asker:
    """Asks one server, and keeps how long it took. No kind of address gets more than about ``budget`` seconds, and no
    answer more than ``longest``; ``strict`` ends the run at an answer that is an error."""

    address: str
    longest: float
    budget: float
    strict: bool = False

    def ask(self, waits: Waits, first: str, again: str) -> None:
        """One address for the first time, then one three times more; a slow one only once more."""
        if waits.trouble or self._spent(waits):
            return
        took = self._timed(waits, first)
        if took is None:
            return
        waits.first.append(took)
        for _ in range(AGAIN if took < SLOW * 1000 else 1):
            if self._spent(waits):
                return
            repeated = self._timed(waits, again)
            if repeated is not None:
                waits.again.append(repeated)

    def warm(self, waits: Waits, path: str, times: int) -> None:
        """Let both processes of a server have done this once, so that no first time is that of a process. Where it
        takes many seconds that is nothing, and the answer counts."""
        for _ in range(times):
            took = self._timed(waits, path)
            if took is None or took > SLOW * 1000:
                waits.first += [took] if took is not None and took > COUNTS * 1000 else []
                return

    def _spent(self, waits: Waits) -> bool:
        return sum(waits.first) + sum(waits.again) > self.budget * 1000

    def _timed(self, waits: Waits, path: str) -> float | None:
        answer = ask(self.address, path, self.longest)
        if answer.status == 200:
            return answer.ms
        if self.strict:
            raise SystemExit(f"{path} was answered with {answer.status or 'nothing'}")
        waits.trouble = f"answers {answer.status}" if answer.status else f"no answer in {self.longest:.0f} s"
        return None
