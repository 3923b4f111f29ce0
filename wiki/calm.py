"""Leaving the processor to whoever is waited for: who works long in the background calls this."""

from __future__ import annotations

import os
from contextlib import suppress


def stand_back(by: int, process: int = 0) -> None:
    """Give a process (0: this one) at most the priority of niceness ``by``. Where the system does not let it, or the
    process has ended, everything goes on as before."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, max(by, os.getpriority(os.PRIO_PROCESS, process)))
