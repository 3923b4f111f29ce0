"""A shelf with room for so many bytes: what was not taken for longest makes room for what comes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_BESIDE = 500
"""Bytes that one thing takes besides its own."""


class Shelf(Generic[K, V]):
    """Things by their keys, within ``room`` bytes. Safe to use from several threads."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = 0
        self._things: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """What lies under a key."""
        with self._lock:
            found = self._things.get(key)
            if found is None:
                return None
            self._things.move_to_end(key)
            return found[0]

    def all(self) -> list[V]:
        """Everything that lies there."""
        with self._lock:
            return [thing for thing, _size in self._things.values()]

    def put(self, key: K, thing: V, size: int) -> None:
        """Lay something down that takes ``size`` bytes. What would take more than an eighth of the room is left out."""
        size += _BESIDE
        if size > self.room // 8:
            return
        with self._lock:
            before = self._things.pop(key, None)
            self.taken += size - (before[1] if before is not None else 0)
            self._things[key] = thing, size
            while self.taken > self.room:
                _, (_, freed) = self._things.popitem(last=False)
                self.taken -= freed
