"""Objects and refs as files, written by this process as git itself writes them: to start git takes longer than that.

What is written is synced before it gets its name, so a name never leads to half a file, and none is there before what
it leads to. Read by git like its own; whoever is killed in between leaves files that `Upkeep.sweep` and `Refs.sweep`
know.
"""

from __future__ import annotations

import os
import secrets
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

IN_THE_MAKING = "concord.new."
"""How files begin that will be refs."""
PATIENCE = 1.0
"""So many seconds another program may hold the lock of a ref."""
_AT_ONCE = 100
_BEGUN = "tmp_obj_"  # as git calls them
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


def write_objects(objects: Path, new: Sequence[NewObject]) -> None:
    """Store these below the folder ``objects``, but those that are there; synced when this returns. `OSError` where
    that cannot be done: then some may have been stored, which no ref leads to."""
    for at in range(0, len(new), _AT_ONCE):
        _write_some(objects, new[at : at + _AT_ONCE])


def _write_some(objects: Path, some: Sequence[NewObject]) -> None:
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
        sync_together([file for file, _, _ in made])
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
    """A new file in a folder, which is made where there is none."""
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


def sync_together(files: Sequence[int]) -> None:
    """Have these open files on the disk. The disk is told of all before one is waited for, so that they take little
    more than one."""
    if len(files) > 1:
        for file in files:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    for file in files:
        os.fsync(file)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def swap_refs(place: Path, swaps: Sequence[Swap], read: Callable[[str], str | None]) -> None:
    """All swaps or none, in the repository at ``place``; ``read`` reads a ref. `Moved` where one is no longer what was
    read, `Locked` where another program is writing it, `OSError` where nothing can be written.

    The locks are git's own, so git and this keep out of each other's way. What a ref will say is written and synced
    before its lock is taken: the lock stands for a moment only, and who is killed hardly ever leaves one.
    """
    prepared = {each.ref: place / f"{IN_THE_MAKING}{secrets.token_hex(6)}" for each in swaps}
    locked: list[str] = []
    try:
        for each in swaps:
            _prepare(prepared[each.ref], each)
        for each in swaps:
            _lock(prepared[each.ref], place / f"{each.ref}.lock")
            locked.append(each.ref)
        if any(read(each.ref) != each.old for each in swaps):
            raise Moved
        for each in swaps:
            if each.new != each.old:
                os.rename(place / f"{each.ref}.lock", place / each.ref)  # noqa: PTH104
                locked.remove(each.ref)
    finally:
        for file in [*prepared.values(), *(place / f"{ref}.lock" for ref in locked)]:
            file.unlink(missing_ok=True)


def _prepare(file: Path, swap: Swap) -> None:
    opened = os.open(file, _FRESH, 0o666)
    try:
        if swap.new != swap.old:
            _write_all(opened, f"{swap.new}\n".encode("ascii"))
            os.fsync(opened)
    finally:
        os.close(opened)


def _lock(prepared: Path, lock: Path) -> None:
    """Give what is prepared the name of the lock, and that alone: two names would be one file."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            os.link(prepared, lock)
        except FileNotFoundError:
            if not prepared.exists():
                raise
            lock.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            if time.monotonic() > until:
                raise Locked from None
            time.sleep(0.01)
        else:
            prepared.unlink()
            return
