"""What a worker process has answered, counted: how much of which kind with which status, and how long it took.

Two additions under a lock for each answer. Every worker counts for itself, since its start.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from threading import Lock

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""In seconds: how long answers take, up to and including."""


class Counters:
    """The answers of this process, since its start."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[tuple[str, int], int] = defaultdict(int)
        self._slots: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = defaultdict(float)

    def count(self, kind: str, status: int, seconds: float) -> None:
        """One answer."""
        slot = bisect_left(BOUNDS, seconds)
        with self._lock:
            self._answers[kind, status] += 1
            slots = self._slots.get(kind)
            if slots is None:
                slots = self._slots[kind] = [0] * (len(BOUNDS) + 1)
            slots[slot] += 1
            self._seconds[kind] += seconds

    def lines(self) -> Iterator[str]:
        """Everything in the text format of Prometheus."""
        with self._lock:
            answers, seconds = dict(self._answers), dict(self._seconds)
            slots = {kind: list(each) for kind, each in self._slots.items()}
        worker = f'worker="{os.getpid()}"'
        yield "# HELP concord_requests_total Answers of this worker process since its start; the others tell their own."
        yield "# TYPE concord_requests_total counter"
        for (kind, status), count in sorted(answers.items()):
            yield f'concord_requests_total{{{worker},kind="{kind}",status="{status}"}} {count}'
        yield "# HELP concord_request_seconds How long they took to make, without sending them."
        yield "# TYPE concord_request_seconds histogram"
        for kind, each in sorted(slots.items()):
            label, so_far = f'{worker},kind="{kind}"', 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), each, strict=True):
                so_far += count
                yield f'concord_request_seconds_bucket{{{label},le="{bound}"}} {so_far}'
            yield f"concord_request_seconds_sum{{{label}}} {seconds[kind]:.6f}"
            yield f"concord_request_seconds_count{{{label}}} {so_far}"
