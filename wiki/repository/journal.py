"""What was written of late, once more and in one file: an act waits for the disk to have that, and for nothing else.

Objects and refs are files that come by themselves to the disk, some time. The journal holds what they are to hold, in
the order in which refs were moved, so a machine whose power failed finds there what it was told and had not written
(`wiki.repository.recovery`). It is no part of the git format: without it the repository is whole, as long as the
machine goes on.

The file is longer than what is in it: to put something in the place of zeros, a disk needs not be told that a file has
grown, which takes most of the time. Its first bytes say where the next frame goes.

A record is written before its refs are moved, and says so of itself, for somebody may be killed in between; another,
short one says that they were. Each stands in a frame that tells whether it is whole. The first says what refs there
were when the file was begun: one that moves while somebody waits may come to the disk before anything that tells what
it was.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import secrets
import struct
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wiki.repository.file_systems import synced_whole
from wiki.repository.files import IN_THE_MAKING, Stored, Swap, sync, sync_folder, write_all
from wiki.repository.loose_refs import all_loose

JOURNAL_FILE = "concord.journal"
FORMER_FILE = "concord.journal.former"
_MARK = b"\xc0\x1dCJ"
_FRAME = struct.Struct(">4sI8s")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_START = struct.Struct(">Q16s")
"""Where the next frame goes, and a key that nobody else knows, so that nothing that somebody stores is a frame."""
_FIRST = 512
"""Where the first frame goes after that of the beginning: the refs that there were."""
_AFTER = struct.Struct(">Q")
"""Where what is written goes, after these: just before them. Nothing where no refs are noted, as by versions before."""
_LEAST, _MOST = 1 << 16, 1 << 20
"""By so many bytes a file grows at once: by as much as there is, within these."""
_MANY = 100
"""More files than this are not brought to the disk one after the other."""


@dataclass(frozen=True)
class Record:
    """Objects, as their files hold them by their ids, and the refs that were moved to lead to them. That it was done is
    noted under its name."""

    named: str
    objects: Mapping[str, bytes]
    swaps: Sequence[Swap]


@dataclass(frozen=True)
class Records:
    """What a file of the journal says: in which start of the machine it was begun and when (unix seconds), what was to
    be done, the names of what was, and what the refs were that had files of their own; None where that is not told."""

    boot: str
    begun: float
    records: Sequence[Record]
    done: frozenset[str]
    refs: Mapping[str, str] | None = None


@dataclass
class Block:
    """What one writer has written and the disk does not have yet."""

    journal: Journal
    objects: list[Stored] = field(default_factory=list)
    _opened: int | None = None
    _records: list[Record] = field(default_factory=list)

    def begin(self, swaps: Sequence[Swap]) -> None:
        """Note what is about to be done: the objects so far, and these refs. `OSError` where it cannot be noted."""
        record = Record(secrets.token_hex(8), {each.id: each.file for each in self.objects}, swaps)
        self._add(_held(record))
        self.objects = []
        self._records.append(record)

    def done(self) -> None:
        """Note that it was. Where there is no room to say so, the disk has it all at once."""
        if not self._records:
            return
        record = self._records[-1]
        try:
            self._add(_told({"done": record.named}))
        except OSError:
            to_disk(self.journal.place, [record])

    def wait(self) -> None:
        """Until the disk has all of it, and what others noted before: who found something done tells somebody of it.
        `OSError` where it cannot."""
        if self._opened is None:
            self.journal.wait()
        else:
            os.fdatasync(self._opened)

    def to_disk(self) -> None:
        """Have on the disk what it led to."""
        to_disk(self.journal.place, self._records)

    def close(self) -> None:
        """Whatever became of it."""
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def _add(self, held: bytes) -> None:
        if self._opened is None:
            self._opened = self.journal.open()
        _add(self._opened, held, self.journal.place)


class Journal:
    """The journal of the repository at ``place``, for all threads of all processes."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._file = f"{place}/{JOURNAL_FILE}"
        self._former = f"{place}/{FORMER_FILE}"

    def open(self) -> int:
        """The file, to add to it; made where there is none."""
        while True:
            try:
                return os.open(self._file, os.O_RDWR | os.O_CLOEXEC)
            except FileNotFoundError:
                self._begin()

    def wait(self) -> None:
        """Until the disk has all that stands here. Whoever may only read it can do that."""
        with suppress(FileNotFoundError):
            sync(self._file)

    def _begin(self) -> None:
        """Make the file, with its name on the disk. Somebody else may be quicker."""
        begun = f"{self.place}/{IN_THE_MAKING}{secrets.token_hex(6)}"
        opened = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            _give(opened, self.place)
            key = secrets.token_bytes(16)
            write_all(opened, _beginning(key, all_loose(self.place)).ljust(_LEAST, b"\0"))
            os.fsync(opened)
            with suppress(FileExistsError):
                os.link(begun, self._file)
        finally:
            os.close(opened)
            os.unlink(begun)  # noqa: PTH108
        sync_folder(self.place)

    def set_aside(self) -> None:
        """Go on in a new file, and keep what there is under another name, until it is `forgotten`; where something is
        kept so already, go on as before. To be called while nobody else writes."""
        if not os.path.exists(self._former):  # noqa: PTH110
            self.wait()  # what comes after may stand on it, and waits for the new file only
            with suppress(FileNotFoundError):
                os.rename(self._file, self._former)  # noqa: PTH104
            self._begin()

    def is_empty(self) -> bool:
        """Whether nothing stands here that the disk may not have."""
        try:
            with open(self._file, "rb") as opened:  # noqa: PTH123
                start = opened.read(_FIRST)
        except FileNotFoundError:
            start = b""
        said = len(start) == _FIRST and _START.unpack_from(start)[0] != _first_of(start)
        return not said and not os.path.exists(self._former)  # noqa: PTH110

    def forget(self) -> None:
        """What was set aside: the disk has all that it led to."""
        with suppress(FileNotFoundError):
            os.unlink(self._former)  # noqa: PTH108

    def begin_anew(self) -> None:
        """As if nothing had been written: the disk has it all. To be called while nobody writes."""
        self.forget()
        self.set_aside()
        self.forget()

    def set_aside_bytes(self) -> int:
        """How much was set aside, and is not forgotten."""
        with suppress(FileNotFoundError):
            return os.path.getsize(self._former)  # noqa: PTH202
        return 0

    def set_aside_before(self) -> Records | None:
        """What was set aside, and is not forgotten."""
        return _read(self._former)

    def records(self) -> list[Records]:
        """What was set aside, and what came after."""
        return [each for each in (_read(self._former), _read(self._file)) if each is not None]

    def is_of_another_start(self) -> bool:
        """Whether the machine was started again since something here was written, or it is another machine."""
        began = _boot_of(self._former), _boot_of(self._file)
        return any(not each or each != boot() for each in began if each is not None)


def folders_of(place: str) -> list[str]:
    """The folders of a repository that may be on different disks."""
    return [place, f"{place}/objects", f"{place}/refs"]


def to_disk(place: str, records: Iterable[Record]) -> None:
    """Have on the disk what these records led to: the files that there are of it, for git has put some into packs,
    and their names."""
    files, folders = set[str](), {*folders_of(place), f"{place}/objects/pack"}
    for record in records:
        files |= {f"{place}/objects/{each[:2]}/{each[2:]}" for each in record.objects}
        files |= {f"{place}/{each.ref}" for each in record.swaps if each.new != each.old}
    if len(files) > _MANY and synced_whole(folders_of(place)):
        return
    folders |= {os.path.dirname(file) for file in files}  # noqa: PTH120
    for file in files:
        with suppress(FileNotFoundError):
            sync(file)
    for folder in folders:
        with suppress(FileNotFoundError):
            sync_folder(folder)


def _give(opened: int, place: str) -> None:
    """To whom the repository belongs: an operator with more rights may be the one who makes a file."""
    owner = os.stat(place)  # noqa: PTH116
    if os.geteuid() != owner.st_uid:
        with suppress(OSError):
            os.fchown(opened, owner.st_uid, owner.st_gid)


def boot() -> str:
    """What tells one start of this machine from the next; "" where nothing does."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""


def _beginning(key: bytes, refs: Mapping[str, str]) -> bytes:
    """What stands in a file before anything is written."""
    begun = _frame(_told({"boot": boot(), "begun": time.time()}), key)
    were = _frame(_told({"refs": refs}), key)
    after = _FIRST + len(were)
    head = (_START.pack(after, key) + begun).ljust(_FIRST - _AFTER.size, b"\0")
    return head + _AFTER.pack(after) + were


def _first_of(start: bytes) -> int:
    """Where the first thing goes that is written into a file that begins like this."""
    after: int = _AFTER.unpack_from(start, _FIRST - _AFTER.size)[0]
    return after or _FIRST


def _held(record: Record) -> bytes:
    head = {
        "named": record.named,
        "objects": [[object_id, len(held)] for object_id, held in record.objects.items()],
        "swaps": [[each.ref, each.old, each.new] for each in record.swaps],
    }
    return _told(head, b"".join(record.objects.values()))


def _told(head: Mapping[str, object], rest: bytes = b"") -> bytes:
    return json.dumps(head, separators=(",", ":")).encode("ascii") + b"\n" + rest


def _frame(held: bytes, key: bytes) -> bytes:
    return _FRAME.pack(_MARK, len(held), _check(held, key)) + held


def _check(held: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(held, key=key, digest_size=8).digest()


def _add(opened: int, held: bytes, place: str) -> None:
    """Put a frame after the last one. Whoever is killed at it has not said where the next goes: it goes there. Among
    several machines, whose storage may have no locks, one writes at a time anyway."""
    with suppress(OSError):
        fcntl.flock(opened, fcntl.LOCK_EX)
    try:
        start = os.pread(opened, _FIRST, 0)
        if len(start) < _FIRST:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        at, key = _START.unpack_from(start)
        frame = _frame(held, key)
        if at == _first_of(start):  # who made the file may have been killed before the disk had its name
            sync_folder(place)
        size = os.fstat(opened).st_size
        if at + len(frame) > size:
            more = max(len(frame), min(max(size, _LEAST), _MOST))
            _put(opened, bytes(more), size)
        _put(opened, frame, at)
        _put(opened, _START.pack(at + len(frame), key), 0)
    finally:
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_UN)


def _put(opened: int, data: bytes, at: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(opened, rest, at)
        rest, at = rest[written:], at + written


def _frames(data: bytes) -> Iterator[tuple[Mapping[str, object], bytes]]:
    """Those that are whole. What a killed writer left of one may stand between them."""
    key = data[_START.size - 16 : _START.size]
    at = data.find(_MARK, _START.size)
    while 0 <= at <= len(data) - _FRAME.size:
        _mark, length, check = _FRAME.unpack_from(data, at)
        held = data[at + _FRAME.size : at + _FRAME.size + length]
        if len(held) == length and _check(held, key) == check:
            head, _, rest = held.partition(b"\n")
            yield json.loads(head), rest
            at = data.find(_MARK, at + _FRAME.size + length)
        else:
            at = data.find(_MARK, at + 1)


def _read(file: str) -> Records | None:
    try:
        data = Path(file).read_bytes()
    except FileNotFoundError:
        return None
    began, at, records, done = "", 0.0, list[Record](), set[str]()
    refs: Mapping[str, str] | None = None
    for head, rest in _frames(data):
        if "boot" in head:
            began, at = str(head["boot"]), float(str(head["begun"]))
        elif "refs" in head:
            refs = dict(head["refs"])  # type: ignore[call-overload]
        elif "done" in head:
            done.add(str(head["done"]))
        else:
            records.append(_as_record(head, rest))
    return Records(began, at, records, frozenset(done), refs)


def _as_record(head: Mapping[str, object], rest: bytes) -> Record:
    objects, at = {}, 0
    for named, length in head["objects"]:  # type: ignore[attr-defined]
        objects[named] = rest[at : at + length]
        at += length
    swaps = [Swap(*each) for each in head["swaps"]]  # type: ignore[attr-defined]
    return Record(str(head["named"]), objects, swaps)


def _boot_of(file: str) -> str | None:
    """Since which start a file is written; None where there is none."""
    try:
        with open(file, "rb") as opened:  # noqa: PTH123
            begun = opened.read(_START.size + _FRAME.size + 200)
    except FileNotFoundError:
        return None
    return next((str(head.get("boot", "")) for head, _ in _frames(begun)), "")
