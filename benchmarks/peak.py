"""``python -m benchmarks.peak COMMAND …``: the command of `wiki`, then its own peak of memory on standard error.

A process that is asked for by the peak of all children would be the largest that ever ran, and what the kernel tells of
a child counts the memory of its parent at the fork; what a process says of its own address space does neither. The
processes of git that the command starts are not in it.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Ran:
    """What a command said, how many seconds it took, and the most memory it had in MB, without its children."""

    said: str
    seconds: float
    memory: float


def run_wiki(*arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
    """A command of `wiki` in a process of its own."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peak", *arguments],
        capture_output=True, text=True, env={**os.environ, **(environ or {})},
    )  # fmt: skip
    took = time.perf_counter() - began
    peak = re.search(r"peak ([\d.]+) MB", done.stderr)
    if done.returncode or peak is None:
        raise SystemExit(f"wiki {' '.join(arguments)} failed: {done.stderr.strip()}")
    return Ran(done.stdout, took, float(peak[1]))


def _own_peak() -> float:
    """In MB."""
    if _STATUS.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text())
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    from wiki.cli import main

    try:
        main(sys.argv[1:])
    finally:
        print(f"peak {_own_peak():.1f} MB", file=sys.stderr)
