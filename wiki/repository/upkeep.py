"""Keeping a repository quick while it is read and written: loose objects into packs, refs into one file, and a graph
of commits that knows which paths each changed.

Nothing is ever pruned: what no ref leads to stays, because a writer may be about to refer to it. What is done costs as
much as what is new. One does it at a time; one that is killed leaves files behind that the next sweeps.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wiki.model.errors import Unavailable
from wiki.model.trouble import in_words
from wiki.model.words import N_
from wiki.repository.file_systems import synced_whole
from wiki.repository.files import sync_folder
from wiki.repository.journal import folders_of, to_disk
from wiki.repository.process import Git, GitFailed
from wiki.repository.refs import Refs

UPKEEP_FILE = "concord.upkeep"
MOST_LOOSE = 1_000
MOST_LOOSE_REFS = 500
BUSY, FAR_TOO_MANY = 5_000, 100_000
"""While so many objects more have come since it was looked at last, they are left as they are, up to so many."""
MUCH = 1 << 20
"""What a journal of so many bytes led to comes to the disk without its being read, which takes twice that in memory."""
REFS_AT_ONCE = 100
"""While so many files of refs are removed, a writer waits."""
LONG_AGO = 24 * 3600
"""Files that git was making so many seconds ago are nobody's."""
_CALM = {
    "pack.threads": "1",
    "pack.windowMemory": "64m",
    "core.bigFileThreshold": "16m",
    "repack.writeBitmaps": "false",
}
_OBJECT_IN_THE_MAKING = "objects/[0-9a-f][0-9a-f]/tmp_obj_*"
_IN_THE_MAKING = ("objects/pack/tmp_*", "objects/pack/.tmp-*", "objects/info/commit-graphs/tmp_*", "objects/tmp_*",
                  "objects/info/tmp_*", _OBJECT_IN_THE_MAKING)  # fmt: skip
_LOCKS = ("objects/info/commit-graph.lock", "objects/info/commit-graphs/*.lock")
_FOLDER = re.compile(r"[0-9a-f]{2}")
_OBJECT = re.compile(r"[0-9a-f]{38}")


@dataclass(frozen=True)
class Clutter:
    """What makes git slow: how many objects and refs are files of their own, how many packs there are; ``graph`` says
    whether there is a graph of commits."""

    objects: int
    refs: int
    packs: int
    graph: bool


class Upkeep:
    """Of one repository. Any number of processes may try at once."""

    def __init__(self, git: Git, refs: Refs) -> None:
        self.git = git
        self.refs = refs
        self._objects: int | None = None
        """So many were files of their own when it was looked at last whether to pack them."""

    def clutter(self) -> Clutter:
        """Counted without starting git. `Unavailable` where the repository cannot be read."""
        place = self.git.path
        try:
            folders = [folder for folder in (place / "objects").iterdir() if _FOLDER.fullmatch(folder.name)]
            loose = sum(1 for folder in folders for name in _names(folder) if _OBJECT.fullmatch(name))
            packs = sum(1 for name in _names(place / "objects" / "pack") if name.endswith(".pack"))
        except OSError as error:
            raise Unavailable(N_("The guidelines cannot be read just now: %(why)s"), why=error) from error
        refs = sum(1 for _ in self.refs.loose())
        info = place / "objects" / "info"
        graph = (info / "commit-graph").exists() or (info / "commit-graphs" / "commit-graph-chain").exists()
        return Clutter(loose, refs, packs, graph)

    def due(self) -> bool:
        """Whether there is so much that it is worth the work. Where much is being written, the processor and the disk
        are wanted for that, and it waits for a calmer time, but not for ever."""
        found = self.clutter()
        before, self._objects = self._objects, found.objects
        if before is not None and found.objects - before > BUSY and found.objects < FAR_TOO_MANY:
            return False
        return found.objects >= MOST_LOOSE or found.refs >= MOST_LOOSE_REFS or not found.graph

    def run(self, now: float) -> bool:
        """Pack everything; False where another process is at it. Readers and writers go on meanwhile, but that a
        writer waits for the moments in which refs are packed."""
        with self._alone() as lock:
            if lock is None:
                return False
            try:
                with self.refs.writing():
                    self.refs.journal.set_aside()
                self._sweep(lock, now)
                os.pwrite(lock, b"at work\n", 0)
                self._pack(lock)
                self._forget_journal()
                os.ftruncate(lock, 0)
            except (GitFailed, OSError) as error:
                said = error.said if isinstance(error, GitFailed) else error
                raise Unavailable(
                    N_("The guidelines cannot be packed just now: %(why)s"), why=in_words(said)
                ) from error
        return True

    def _pack(self, lock: int) -> None:
        self._git(lock, "repack", "-d", "-l", "-q", "--geometric=2")
        self._git(lock, "commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress")
        with self.refs.writing():
            self.refs.journal.wait()  # git has on the disk at once what it packs
            self._git(lock, "pack-refs", "--all", "--no-prune")
        sync_folder(str(self.git.path))  # the name of what was packed, before the files go
        loose = list(self.refs.loose())
        for at in range(0, len(loose), REFS_AT_ONCE):
            self.refs.prune_packed(loose[at : at + REFS_AT_ONCE])

    def settle(self) -> None:
        """Have on the disk what was written of late, and forget what the journal says of it: it does not grow, nothing
        of it has to be done again for long, and what an operator changes by hand stays changed."""
        if self.refs.journal.is_empty():
            return
        with self._alone() as lock:
            try:
                if lock is not None:
                    with self.refs.writing():
                        self.refs.journal.set_aside()
                    self._forget_journal()
            except OSError as error:
                raise Unavailable(
                    N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error)
                ) from error

    def _forget_journal(self) -> None:
        """What was written before this began comes to the disk, if it has not done so by itself or by being packed."""
        journal = self.refs.journal
        if journal.set_aside_bytes() < MUCH or not synced_whole(folders_of(journal.place)):
            before = journal.set_aside_before()
            to_disk(journal.place, before.records if before is not None else ())
        journal.forget()

    def sweep(self, now: float) -> list[str]:
        """Remove what killed writers and a killed upkeep left behind, and what git was making long before ``now`` (unix
        seconds); the paths. Of an upkeep that is at work nothing is touched, and writers wait meanwhile."""
        with self.refs.writing(), self._alone() as lock:
            try:
                objects = _removed(self.git.path, self.git.path.glob(_OBJECT_IN_THE_MAKING))
                return objects + (self._sweep(lock, now) if lock is not None else [])
            except OSError as error:
                raise Unavailable(
                    N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error)
                ) from error

    def _sweep(self, lock: int, now: float) -> list[str]:
        killed = os.fstat(lock).st_size > 0
        swept = [file for pattern in _LOCKS for file in self.git.path.glob(pattern)]
        for file in (file for pattern in _IN_THE_MAKING for file in self.git.path.glob(pattern)):
            ours = killed and file.parent.name in {"pack", "commit-graphs", "info"}
            if ours or _age(file, now) > LONG_AGO:
                swept.append(file)
        os.ftruncate(lock, 0)
        return _removed(self.git.path, swept)

    def _git(self, lock: int, *arguments: str) -> None:
        self.git.run_calmly(*arguments, settings=_CALM, lent=(lock, *self.refs.lent()))

    @contextmanager
    def _alone(self) -> Iterator[int | None]:
        """The lock of the upkeep, which is held as long as a git works for it; None where another holds it. Something
        stands in the file while somebody is at work, and after a kill. The storage of several machines may have no
        locks; then the lease of whoever packs has to do."""
        try:
            lock = os.open(self.git.path / UPKEEP_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Unavailable(N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            yield None
            return
        except OSError as error:
            if self.refs.turn is None:
                os.close(lock)
                raise Unavailable(
                    N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error)
                ) from error
        try:
            yield lock
        finally:
            os.close(lock)


def _removed(place: Path, files: Iterable[Path]) -> list[str]:
    removed = []
    for file in files:
        file.unlink(missing_ok=True)
        removed.append(str(file.relative_to(place)))
    return removed


def _names(folder: Path) -> list[str]:
    """What is in a folder; nothing where git has just removed it."""
    try:
        return [file.name for file in folder.iterdir()]
    except FileNotFoundError:
        return []


def _age(file: Path, now: float) -> float:
    try:
        return min(now, time.time()) - file.stat().st_mtime
    except FileNotFoundError:
        return 0
