"""Objects and refs as files, written by this process as git itself writes them: to start git takes longer than that.

What is written is synced before it gets its name, so a name never leads to half a file, and none is there before what
it leads to. Read by git like its own; whoever is killed in between leaves files that `Upkeep.sweep` and `Refs.sweep`
know.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

IN_THE_MAKING = "concord.new."
"""How files begin that will be refs."""
PATIENCE = 1.0
"""So many seconds another program may hold the lock of a ref."""
_AT_ONCE = 100
_BEGUN = "tmp_obj_"  # as git calls them
_TRIES = 5
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


@dataclass(frozen=True)
class NewObject:
    """An object that is to be stored: its id, its kind as git calls it, and its content."""

    id: str
    kind: bytes
    content: bytes


@dataclass(frozen=True)
class Swap:
    """Move ``ref`` from ``old`` (None: it must not exist) to ``new`` (equal to ``old``: only verify)."""

    ref: str
    old: str | None
    new: str


class Locked(Exception):
    """Another program holds the lock of a ref."""


class Moved(Exception):
    """A ref is not what it should be."""


def write_objects(objects: Path, new: Sequence[NewObject], beside: Sequence[int] = ()) -> None:
    """Store these below the folder ``objects``, but those that are there; synced when this returns, and so are the open
    files ``beside``. `OSError` where that cannot be done: then some may have been stored, which no ref leads to."""
    last = max(0, len(new) - 1) // _AT_ONCE * _AT_ONCE
    for at in range(0, last + 1, _AT_ONCE):
        _write_some(str(objects), new[at : at + _AT_ONCE], beside if at == last else ())


def _write_some(objects: str, some: Sequence[NewObject], beside: Sequence[int]) -> None:
    made: list[tuple[int, str, str]] = []
    try:
        for one in some:
            folder = f"{objects}/{one.id[:2]}"
            named = f"{folder}/{one.id[2:]}"
            if not os.path.exists(named):  # noqa: PTH110 - of a text, and asked often
                begun = f"{folder}/{_BEGUN}{secrets.token_hex(6)}"
                made.append((_opened(begun, folder), begun, named))
                whole = b"%s %d\0" % (one.kind, len(one.content)) + one.content
                _write_all(made[-1][0], zlib.compress(whole, 1))
        sync_together([*(file for file, _, _ in made), *beside])
        for _, begun, named in made:
            os.rename(begun, named)  # noqa: PTH104
    except BaseException:
        for _, begun, _ in made:
            with suppress(OSError):
                os.unlink(begun)  # noqa: PTH108
        raise
    finally:
        for file, _, _ in made:
            os.close(file)


def _opened(file: str, folder: str) -> int:
    """A new file in a folder, which is made where there is none. git takes folders away that it has emptied by packing,
    and may do so before there is anything in this one."""
    for _ in range(_TRIES):
        try:
            return os.open(file, _FRESH, 0o444)
        except FileNotFoundError:
            with suppress(FileExistsError):
                os.mkdir(folder)  # noqa: PTH102
    return os.open(file, _FRESH, 0o444)


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def read_object(objects: Path, object_id: str) -> tuple[str, bytes] | None:
    """Kind and content of an object that is a file of its own. None where there is none, and for one that is not what
    its name says: git has words for what is wrong with it."""
    try:
        opened = os.open(f"{objects}/{object_id[:2]}/{object_id[2:]}", os.O_RDONLY | os.O_CLOEXEC)
        with open(opened, "rb") as file:  # noqa: PTH123 - of a text, and asked often
            whole = zlib.decompress(file.read())
    except (OSError, ValueError, zlib.error):
        return None
    if hashlib.sha1(whole, usedforsecurity=False).hexdigest() != object_id:
        return None
    head, _, content = whole.partition(b"\0")
    return head.partition(b" ")[0].decode("ascii"), content


def sync_together(files: Sequence[int]) -> None:
    """Have these open files on the disk. The disk is told of all before one is waited for, so that they take little
    more than one."""
    if len(files) > 1:
        for file in files:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    for file in files:
        os.fsync(file)


def sync_folder(folder: str) -> None:
    """Have the names in a folder on the disk."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


class Ready:
    """What refs of the repository at ``place`` will say, in files that become theirs. What is known beforehand is
    written `before`, so that it can be synced together with the objects that it leads to; else when it is swapped."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._opened: dict[str, int] = {}
        self._ready: dict[str, str] = {}

    def before(self, new: Iterable[str]) -> None:
        """Write the files of refs that will say this, to be synced by whoever stores what they lead to."""
        for each in dict.fromkeys(new):
            self._ready[each], self._opened[each] = self._written(f"{each}\n")

    @property
    def unsynced(self) -> Sequence[int]:
        """The open files that were written before."""
        return list(self._opened.values())

    def take(self, swap: Swap) -> str:
        """The file for this swap, synced; it is the caller's from now on."""
        file, opened = self._ready.pop(swap.new, None), self._opened.pop(swap.new, None)
        if file is not None and opened is not None:
            os.close(opened)
            return file
        says = swap.new != swap.old
        file, opened = self._written(f"{swap.new}\n" if says else "")
        try:
            if says:
                os.fsync(opened)
        except BaseException:
            _forget(file)
            raise
        finally:
            os.close(opened)
        return file

    def _written(self, text: str) -> tuple[str, int]:
        file = f"{self._place}/{IN_THE_MAKING}{secrets.token_hex(6)}"
        opened = os.open(file, _FRESH, 0o666)
        try:
            _write_all(opened, text.encode("ascii"))
        except BaseException:
            os.close(opened)
            _forget(file)
            raise
        return file, opened

    def close(self) -> None:
        """Take away what was not swapped."""
        for opened in self._opened.values():
            os.close(opened)
        for file in self._ready.values():
            with suppress(OSError):  # it is swept later
                _forget(file)
        self._opened.clear()
        self._ready.clear()


def swap_refs(place: str, swaps: Sequence[Swap], read: Callable[[str], str | None], ready: Ready) -> None:
    """All swaps or none, in the repository at ``place``; ``read`` reads a ref. `Moved` where one is no longer what was
    read, `Locked` where another program is writing it, `OSError` where nothing can be written.

    The locks are git's own, so git and this keep out of each other's way. What a ref will say is written and synced
    before its lock is taken: the lock stands for a moment only, and who is killed hardly ever leaves one.
    """
    held: dict[str, str] = {}
    locked: list[str] = []
    try:
        for each in swaps:
            held[each.ref] = ready.take(each)
        for each in swaps:
            _lock(held[each.ref], f"{place}/{each.ref}.lock")
            del held[each.ref]
            locked.append(each.ref)
        if any(read(each.ref) != each.old for each in swaps):
            raise Moved
        for each in swaps:
            if each.new != each.old:
                os.rename(f"{place}/{each.ref}.lock", f"{place}/{each.ref}")  # noqa: PTH104
                locked.remove(each.ref)
    finally:
        for file in [*held.values(), *(f"{place}/{ref}.lock" for ref in locked)]:
            _forget(file)


def _forget(file: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(file)  # noqa: PTH108


def _lock(prepared: str, lock: str) -> None:
    """Give what is prepared the name of the lock, and that alone: two names would be one file."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            os.link(prepared, lock)
        except FileNotFoundError:
            if not os.path.exists(prepared):  # noqa: PTH110
                raise
            os.makedirs(os.path.dirname(lock), exist_ok=True)  # noqa: PTH103, PTH120
        except FileExistsError:
            if time.monotonic() > until:
                raise Locked from None
            time.sleep(0.01)
        else:
            os.unlink(prepared)  # noqa: PTH108
            return
