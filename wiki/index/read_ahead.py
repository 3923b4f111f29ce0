"""What is read before anybody asks for it, in other processes, while this one does something else.

It is kept in a file without a name: of a large handbook it is more than a process should hold. What could not be read
or kept is not here; whoever asks for it reads it then, and learns what is wrong. Where this process comes to a part
before the others do, it reads it itself, so that nobody waits for who stands back.
"""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from multiprocessing.reduction import DupFd
from typing import Any, Generic, TypeVar, cast

from wiki.model.errors import WikiError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Place = tuple[int, int]
"""Where something begins in the file, and how many bytes it has."""


class Pile:
    """The file, which several processes add to. One that is started gets it among its arguments."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Callable[[Any], Pile], tuple[Any]]:
        return _inherited, (DupFd(self.number),)

    def add(self, values: Iterable[object]) -> list[Place]:
        """Add some values; where each is to be found."""
        packed = [pickle.dumps(value, pickle.HIGHEST_PROTOCOL) for value in values]
        fcntl.lockf(self.number, fcntl.LOCK_EX)
        try:
            start = os.fstat(self.number).st_size
            self._write(start, b"".join(packed))
        finally:
            fcntl.lockf(self.number, fcntl.LOCK_UN)
        places = []
        for each in packed:
            places.append((start, len(each)))
            start += len(each)
        return places

    def _write(self, at: int, content: bytes) -> None:
        left = memoryview(content)
        while left:
            count = os.pwrite(self.number, left, at)
            left, at = left[count:], at + count

    def at(self, place: Place) -> object:
        """The value there."""
        start, length = place
        value: object = pickle.loads(os.pread(self.number, length, start))  # noqa: S301 - a process of ours wrote it
        return value


def _inherited(file: Any) -> Pile:
    return Pile(file.detach())


class ReadAhead(Generic[K, V]):
    """What is known of some things, from when it has been read. ``read`` reads a part of them and adds to ``file``
    what it finds, and is called in the processes of ``pool``, part after part."""

    def __init__(
        self, pool: Executor, read: Callable[[Sequence[K]], list[Place]], parts: Iterable[Sequence[K]], file: Pile
    ) -> None:
        self._file = file
        self._part: dict[K, tuple[_Part[K, V], int]] = {}
        for keys in parts:
            part = _Part[K, V](keys, pool.submit(read, keys))
            self._part.update((key, (part, nth)) for nth, key in enumerate(keys))

    def __contains__(self, key: K) -> bool:
        return key in self._part

    def get(self, key: K, here: Callable[[Sequence[K]], Iterable[V]]) -> V | None:
        """What is known of one of them, once, as soon as it is read; None where it could not be. A part that nobody has
        begun to read is read ``here``: others may come to it late."""
        part, nth = self._part[key]
        if part.reading.cancel() and part.read is None:
            part.read = _at_once(part.keys, here)
        if part.read is not None:
            return part.read.pop(key, None)
        if part.reading.cancelled() or part.reading.exception() is not None:
            return None
        return cast("V", self._file.at(part.reading.result()[nth]))


@dataclass
class _Part(Generic[K, V]):
    """Some things that are read together: by others, or here."""

    keys: Sequence[K]
    reading: Future[list[Place]]
    read: dict[K, V] | None = None


def _at_once(keys: Sequence[K], here: Callable[[Sequence[K]], Iterable[V]]) -> dict[K, V]:
    """What is read of them; nothing where one cannot be."""
    try:
        return dict(zip(keys, here(keys), strict=True))
    except WikiError:
        return {}
