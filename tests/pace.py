"""How fast this machine is, for tests of what must not take long."""

from __future__ import annotations

import time
from collections.abc import Callable

_TRIES = 3


def seconds(action: Callable[[], object], enough: float) -> float:
    """How many seconds of a machine of the middle sort an action takes of the processor: the least of three tries, as
    soon as that is under ``enough``. Each try is measured beside the machine's own pace: it differs from one to the
    next where something else goes on."""
    least = float("inf")
    for _ in range(_TRIES):
        pace, began = _pace(), time.process_time()
        action()
        least = min(least, (time.process_time() - began) / pace)
        if least < enough:
            break
    return least


def _pace() -> float:
    """How long the processor takes for what one of the middle sort does in a second."""
    began, count = time.process_time(), 0
    for number in range(1_000_000):
        count += number
    return 20 * (time.process_time() - began)
