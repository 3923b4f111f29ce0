"""How fast this machine is, for tests of what must not take long."""

from __future__ import annotations

import functools
import time


@functools.cache
def a_second() -> float:
    """How long the processor of this machine takes for what one of the middle sort does in a second."""
    started, count = time.process_time(), 0
    for number in range(20_000_000):
        count += number
    return time.process_time() - started
