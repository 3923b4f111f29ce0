"""What a crowd of readers came to, as Markdown, and what was aimed for beside what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.aims import aim, head, row
from benchmarks.reads import Rate
from benchmarks.writers import WRITERS

TIMES, MEGABYTES, GROWN = 20, 150, 1.05
_TOLD = 3
"""So many of the errors are told in words."""


@dataclass(frozen=True)
class Memory:
    """Of each worker in MB: before anybody writes, in the middle of the time, and at its end."""

    beginning: Sequence[float]
    halfway: Sequence[float]
    end: Sequence[float]

    @property
    def most(self) -> float:
        """Of any worker at any of these moments."""
        return max(*self.beginning, *self.halfway, *self.end)

    @property
    def grown(self) -> float:
        """The largest at the end, beside the largest in the middle of the time."""
        return max(self.end) / max(self.halfway)


@dataclass(frozen=True)
class Crowded:
    """How long half wait in ms when nothing else goes on; the crowd while nobody writes, and beside writers; how many
    acts these came to; how much went wrong, and what."""

    idle: float
    alone: Rate
    beside: Rate
    acts: int
    failed: int
    errors: Sequence[str]
    memory: Memory

    @property
    def times(self) -> float:
        """How many times the idle one of a hundred waits beside writers."""
        return self.beside.p99 / self.idle


def table(label: str, readers: int, seconds: float, ways: Mapping[str, Crowded]) -> str:
    """A column for each way to read."""
    found = list(ways.values())
    rows = [
        *head(f"{readers} readers, {label}", list(ways)),
        row("idle: half wait no longer than", [_ms(one.idle) for one in found]),
        row("nobody writes", [_waits(one.alone) for one in found]),
        row(
            f"beside {WRITERS} writers, {seconds:g} s",
            [f"{_waits(one.beside)}; {one.acts / seconds:,.0f} acts/s" for one in found],
        ),
        row(
            f"workers in MB: before, after {seconds / 2:g} s, at the end",
            ["; ".join(map(_each, (one.memory.beginning, one.memory.halfway, one.memory.end))) for one in found],
        ),
        *[f"| **error** | {error} |" + " |" * (len(ways) - 1) for one in found for error in one.errors[:_TOLD]],
        "",
        *_aims(readers, found),
    ]
    return "\n".join(rows)


def _aims(readers: int, found: Sequence[Crowded]) -> list[str]:
    return [
        *head(f"{readers} readers beside {WRITERS} writers, either way", ["aimed for", "found"]),
        aim("errors", "0", [one.failed for one in found], most=0),
        aim("one of a hundred waits, times the idle", f"< {TIMES}", [one.times for one in found], most=TIMES),
        aim("memory of a worker at most, in MB", f"< {MEGABYTES}", [one.memory.most for one in found], most=MEGABYTES),
        aim(
            "at the end, beside half of the time before", f"≤ {GROWN}", [one.memory.grown for one in found], most=GROWN
        ),
    ]


def _waits(rate: Rate) -> str:
    return f"{rate.per_second:,.0f} pages/s; half wait {_ms(rate.p50)}, one of a hundred {_ms(rate.p99)}"


def _ms(ms: float) -> str:
    return f"{ms:,.1f} ms" if ms < 100 else f"{ms:,.0f} ms"


def _each(memory: Sequence[float]) -> str:
    return " and ".join(f"{one:.0f}" for one in memory)
