"""From where on something needs somebody: asked by the page of administrators, by `wiki doctor` and by the probes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

LATE = 300
"""Seconds after which what is done every minute, or at once, is late."""
_LITTLE = 1 << 30


@dataclass(frozen=True)
class Room:
    """How many bytes are free of how many, where the data is."""

    free: int
    total: int

    @property
    def enough(self) -> bool:
        """A gigabyte is, or a twentieth of a small disk."""
        return self.free >= min(_LITTLE, self.total // 20)


def room_at(place: Path) -> Room:
    """`OSError` where the place cannot be looked at."""
    usage = shutil.disk_usage(place)
    return Room(usage.free, usage.total)


def is_late(since: int | None, now: int) -> bool:
    """Whether what should have happened soon after ``since`` (unix seconds) is late; nothing is waited for where that
    is None."""
    return since is not None and now - since >= LATE
