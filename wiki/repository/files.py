"""Objects and refs as files, written by this process as git itself writes them: to start git takes longer than that.

What is written is whole before it gets its name, so a name never leads to half a file while the machine goes on; that
the disk has it is what the journal is for. Read by git like its own; whoever is killed in between leaves files that
`Upkeep.sweep` and `Refs.sweep` know.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

IN_THE_MAKING = "concord.new."
"""How files begin that will have another name."""
PATIENCE = 1.0
"""So many seconds another program may hold the lock of a ref."""
LARGE = 1 << 20
"""A file of so many bytes is waited for, so that no journal has to hold it."""
_BEGUN = "tmp_obj_"  # as git calls them
_TRIES = 5
_BLOCK = 4_096
"""So many bytes a file takes on most disks, however few it holds."""
_AS_IT_IS = struct.Struct("<3sHH")
"""How zlib begins that says nothing shorter, and in one piece: its length, and that once more with each bit turned."""
_CHECK = struct.Struct(">I")
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


@dataclass(frozen=True)
class Stored:
    """An object that was stored: its id, and what its file holds."""

    id: str
    file: bytes


class Locked(Exception):
    """Another program holds the lock of a ref."""


class Moved(Exception):
    """A ref is not what it should be."""


class Noting(Protocol):
    """What is told of refs that are about to be moved, and that they were."""

    def begin(self, swaps: Sequence[Swap]) -> None:
        """These are about to be."""

    def done(self) -> None:
        """They were."""


def write_objects(objects: Path, new: Sequence[NewObject]) -> list[Stored]:
    """Store these below the folder ``objects``, but those that are there. Which the disk may not have yet: all but
    large ones, which are waited for. `OSError` where that cannot be done: then some may have been stored, which no ref
    leads to."""
    stored = []
    for each in new:
        held = _held(b"%s %d\0" % (each.kind, len(each.content)) + each.content)
        large = len(held) > LARGE
        store(str(objects), each.id, held, synced=large)
        if not large:
            stored.append(Stored(each.id, held))
    return stored


def _held(whole: bytes) -> bytes:
    """What the file of an object holds. One that fits into a block is not made shorter, which would spare no room and
    takes longer than to write it; git does that when it packs."""
    if len(whole) > _BLOCK - _AS_IT_IS.size - _CHECK.size:
        return zlib.compress(whole, 1)
    size = len(whole)
    return _AS_IT_IS.pack(b"\x78\x01\x01", size, size ^ 0xFFFF) + whole + _CHECK.pack(zlib.adler32(whole))


def store(objects: str, object_id: str, held: bytes, *, synced: bool = False) -> None:
    """Store an object as the file that holds this, where there is none; with ``synced`` the disk has it then."""
    folder = f"{objects}/{object_id[:2]}"
    named = f"{folder}/{object_id[2:]}"
    if not os.path.exists(named):  # noqa: PTH110 - of a text, and asked often
        _store(folder, named, held, synced)
    elif synced:
        sync(named)
    if synced:
        sync_folder(folder)
        sync_folder(objects)


def _store(folder: str, named: str, held: bytes, synced: bool) -> None:
    begun = f"{folder}/{_BEGUN}{secrets.token_hex(6)}"
    opened = _opened(begun, folder)
    try:
        write_all(opened, held)
        if synced:
            os.fsync(opened)
        os.rename(begun, named)  # noqa: PTH104
    except BaseException:
        with suppress(OSError):
            os.unlink(begun)  # noqa: PTH108
        raise
    finally:
        os.close(opened)


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


def write_all(file: int, data: bytes) -> None:
    """All of it, into an open file."""
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
    return _taken_apart(whole)


def is_whole(held: bytes, object_id: str) -> bool:
    """Whether a file that holds this is the object with this id."""
    try:
        return hashlib.sha1(zlib.decompress(held), usedforsecurity=False).hexdigest() == object_id
    except (ValueError, zlib.error):
        return False


def read_held(held: bytes) -> tuple[str, bytes]:
    """Kind and content of an object by what its file holds."""
    return _taken_apart(zlib.decompress(held))


def _taken_apart(whole: bytes) -> tuple[str, bytes]:
    head, _, content = whole.partition(b"\0")
    return head.partition(b" ")[0].decode("ascii"), content


def replace_file(file: str, text: str) -> None:
    """Have a small file say this and nothing else, on the disk."""
    folder = os.path.dirname(file)  # noqa: PTH120
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    begun = f"{file}.lock"
    with suppress(FileNotFoundError):
        os.unlink(begun)  # noqa: PTH108
    opened = os.open(begun, _FRESH, 0o666)
    try:
        write_all(opened, text.encode("ascii"))
        os.fsync(opened)
    finally:
        os.close(opened)
    os.rename(begun, file)  # noqa: PTH104
    sync_folder(folder)


def sync(file: str) -> None:
    """Have what a file holds on the disk."""
    opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_folder(folder: str) -> None:
    """Have the names in a folder on the disk."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def swap_refs(place: str, swaps: Sequence[Swap], read: Callable[[str], str | None], block: Noting) -> None:
    """All swaps or none, in the repository at ``place``; ``read`` reads a ref, and ``block`` notes what is about to be
    done, and what was. `Moved` where a ref is no longer what was read, `Locked` where another program is writing it,
    `OSError` where nothing can be written.

    The locks are git's own, so git and this keep out of each other's way. They stand for a moment only, and who is
    killed hardly ever leaves one.
    """
    locked: list[str] = []
    try:
        for each in swaps:
            _lock(f"{place}/{each.ref}.lock", locked, each.new if each.new != each.old else "")
        if any(read(each.ref) != each.old for each in swaps):
            raise Moved
        block.begin(swaps)
        for each in swaps:
            if each.new != each.old:
                lock = f"{place}/{each.ref}.lock"
                os.rename(lock, f"{place}/{each.ref}")  # noqa: PTH104
                locked.remove(lock)
        block.done()
    finally:
        for lock in locked:
            with suppress(FileNotFoundError):
                os.unlink(lock)  # noqa: PTH108


def _lock(lock: str, locked: list[str], says: str) -> None:
    """Take the lock of a ref, which will say this once it is renamed."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            opened = os.open(lock, _FRESH, 0o666)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(lock), exist_ok=True)  # noqa: PTH103, PTH120
        except FileExistsError:
            if time.monotonic() > until:
                raise Locked from None
            time.sleep(0.01)
        else:
            break
    locked.append(lock)
    try:
        write_all(opened, f"{says}\n".encode("ascii") if says else b"")
    finally:
        os.close(opened)
