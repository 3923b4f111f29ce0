"""The output of a process, read while this one is at something else, so that neither waits for the other."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import IO

_PIECE = 1 << 18
_PIECES = 64
"""How many are held at most: 16 MiB."""
_PIPE = 1 << 20
"""How many bytes wait in the pipe where the system allows it."""
_NAP = 0.05
_Read = bytes | Exception


@contextmanager
def ahead(out: IO[bytes]) -> Iterator[Iterator[bytes]]:
    """The rest of a stream in pieces, which a thread of its own reads before they are asked for. An error of reading is
    raised in its place. Whoever leaves early waits until the process has written its next piece."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(out.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
    read: Queue[_Read] = Queue(_PIECES)
    enough = Event()
    thread = Thread(target=_read, args=(out, read, enough), name="reads ahead", daemon=True)
    thread.start()
    try:
        yield _pieces(read)
    finally:
        enough.set()
        while thread.is_alive():
            with suppress(Empty):
                read.get(timeout=_NAP)


def _read(out: IO[bytes], read: Queue[_Read], enough: Event) -> None:
    try:
        while (piece := out.read(_PIECE)) and not enough.is_set():
            read.put(piece)
        read.put(b"")
    except Exception as error:  # noqa: BLE001 - whoever asks is told
        read.put(error)


def _pieces(read: Queue[_Read]) -> Iterator[bytes]:
    while piece := read.get():
        if isinstance(piece, Exception):
            raise piece
        yield piece
