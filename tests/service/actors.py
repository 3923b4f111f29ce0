"""Processes that act on a wiki: each begins in an instant, from one that has read all the code, and can be killed."""

from __future__ import annotations

import runpy
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.warm import SERVER


def start(actor: Path, *arguments: object) -> BaseProcess:
    """A process that runs the ``main`` of this file; it ends with 0 where nothing went wrong there."""
    process = SERVER.Process(
        target=runpy.run_path, args=(str(actor), {"arguments": arguments}, "__main__"), daemon=True
    )
    process.start()
    return process


def ended(process: BaseProcess, seconds: float) -> int | None:
    """With what it ended; None where it did not within so many seconds."""
    process.join(seconds)
    return process.exitcode
