"""Texts of pages that are read before anybody asks for them, in other processes, while this one does something else.

What they say is kept in a file: of a large handbook it is more than a process should hold. What could not be read or
kept is not here; whoever asks for it reads it then, and learns what is wrong.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import IO, Generic, TypeVar

T = TypeVar("T", bound=Hashable)
Packed = Callable[[Sequence[T]], list[bytes]]
_Place = tuple[int, int]
"""Where something begins in the file, and how many bytes it has."""


class Ahead(Generic[T]):
    """What some texts say, from when they have been read. ``packed`` reads them, a part at a time, and is called in the
    processes of ``pool``; ``file`` is for nothing else."""

    def __init__(self, pool: Executor, packed: Packed[T], parts: Iterable[Sequence[T]], file: IO[bytes]) -> None:
        self._file = file.fileno()
        self._end = 0
        self._writing = Lock()
        self._kept: dict[T, tuple[Future[list[_Place]], int]] = {}
        for part in parts:
            kept = Future[list[_Place]]()
            self._kept.update((text, (kept, nth)) for nth, text in enumerate(part))
            pool.submit(packed, part).add_done_callback(partial(self._keep, kept))

    def __contains__(self, text: T) -> bool:
        return text in self._kept

    def said(self, text: T) -> object | None:
        """What one of the texts says, as soon as it is read; None where it could not be."""
        kept, nth = self._kept[text]
        places = kept.result()
        if not places:
            return None
        start, length = places[nth]
        said: object = pickle.loads(os.pread(self._file, length, start))  # noqa: S301 - a process of ours wrote it
        return said

    def _keep(self, kept: Future[list[_Place]], read: Future[list[bytes]]) -> None:
        """Keep what was read, be it nothing: somebody may wait for it."""
        places: list[_Place] = []
        if not read.cancelled() and read.exception() is None:
            with suppress(OSError):
                places = self._write(read.result())
        kept.set_result(places)

    def _write(self, said: list[bytes]) -> list[_Place]:
        places = []
        with self._writing:
            start, left = self._end, memoryview(b"".join(said))
            at = start
            while left:
                count = os.pwrite(self._file, left, at)
                left, at = left[count:], at + count
            self._end = at
        for each in said:
            places.append((start, len(each)))
            start += len(each)
        return places
