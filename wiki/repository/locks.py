"""Who writes waits for whoever is writing the same, and for nobody else.

Names, such as those of refs, share a few files, and one at a time holds the lock of a file, over all processes of this
machine; a process that ends gives it back. Who must be alone takes them all. Everybody takes them in the same order, so
nobody waits in a circle, and one after the other, so nobody waits for a moment in which all are free.
"""

from __future__ import annotations

import fcntl
import os
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "concord.lock"
_SHARED = tuple(f"{LOCK_FILE}.{nth}" for nth in range(16))


class Locks:
    """The locks of the repository at ``place``, for all threads. The names in ``own`` have a file for themselves; these
    are taken after the others, in this order, so who holds the lock of another name may go on to them."""

    def __init__(self, place: Path, own: Mapping[str, str]) -> None:
        self._place = str(place)
        self._own = own
        self._mine = threading.local()

    @contextmanager
    def held(self, *names: str) -> Iterator[None]:
        """The locks of these names, as long as the block lasts; all that there are where none is named. `OSError` where
        they cannot be had."""
        before, handles = self.handles(), self._taken(self._files(names))
        self._mine.handles = (*before, *handles)
        try:
            yield
        finally:
            self._mine.handles = before
            _close(handles)

    def handles(self) -> tuple[int, ...]:
        """The open files whose locks this thread holds."""
        held: tuple[int, ...] = getattr(self._mine, "handles", ())
        return held

    def _files(self, names: Sequence[str]) -> list[str]:
        every = (*_SHARED, *self._own.values())
        wanted = {self._own.get(name) or _SHARED[zlib.crc32(name.encode()) % len(_SHARED)] for name in names}
        return [file for file in every if file in wanted or not names]

    def _taken(self, files: Iterable[str]) -> list[int]:
        handles: list[int] = []
        try:
            for file in files:
                handles.append(_opened(f"{self._place}/{file}"))
                fcntl.flock(handles[-1], fcntl.LOCK_EX)
        except BaseException:
            _close(handles)
            raise
        return handles


def _opened(file: str) -> int:
    """The file of a lock, made where there is none. What another user has made, such as an operator with more rights,
    may only be read, and can be locked as well."""
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:
        if not os.path.exists(file):  # noqa: PTH110
            raise
        return os.open(file, os.O_RDONLY | os.O_CLOEXEC)


def _close(handles: Iterable[int]) -> None:
    for handle in handles:
        os.close(handle)
