"""Which of what is kept shows the page in force at a path."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_FEW = 1_000


class Showing(Generic[T]):
    """Knows things by the paths that they show, as long as somebody else keeps them. Safe to use from several
    threads."""

    def __init__(self) -> None:
        self._at: dict[str, WeakSet[T]] = {}
        self._room = _FEW
        self._lock = Lock()

    def note(self, thing: T, paths: Iterable[str]) -> None:
        """This shows what is at these paths."""
        with self._lock:
            for path in paths:
                self._at.setdefault(path, WeakSet()).add(thing)
            if len(self._at) > self._room:
                self._at = {path: things for path, things in self._at.items() if things}
                self._room = max(_FEW, 2 * len(self._at))

    def at(self, paths: Iterable[str]) -> set[T]:
        """What shows any of these."""
        with self._lock:
            return {thing for path in paths for thing in self._at.get(path, ())}
