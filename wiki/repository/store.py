"""Reading and writing objects of one repository, with what cannot change kept in memory.

Objects in packs are read through GitPython's persistent ``cat-file --batch``. One `git.Git` belongs to one thread
of one process and is never inherited over a fork: a shared one has returned another object's content.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from wiki.model.errors import Damaged, NotFound, Unavailable
from wiki.model.proposal import Blob
from wiki.model.trouble import in_words
from wiki.model.words import N_
from wiki.repository.files import LARGE, Stored, read_object, store, write_objects
from wiki.repository.gitpython import gitpython
from wiki.repository.objects import FOLDER, Batch, Commit, Folder, Tree, read_commit, read_tree
from wiki.repository.process import Git, GitFailed

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST_NAMES = 200_000
"""So many names of files are kept in folders, which take a few hundred bytes each; of small folders two thousand."""
_ENDED = (OSError, EOFError, ValueError, gitpython.GitError)


class Kept(Generic[K, V]):
    """The last values that a pure function gave, for all threads: ``size`` of them, or of what one says that they weigh
    (a single one that weighs more is kept). What is asked for often goes in its turn too, and comes again as the last
    one: to note of every question what it asked for costs more than that."""

    def __init__(self, function: Callable[[K], V], size: int, weight: Callable[[V], int] = lambda value: 1) -> None:
        self._function = function
        self._size = size
        self._weight = weight
        self._taken = 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, key: K) -> V:
        try:
            return self._values[key]
        except KeyError:
            pass
        value = self._function(key)
        self.keep(key, value)
        return value

    def keep(self, key: K, value: V) -> None:
        """Keep a value that is known already."""
        with self._lock:
            if key in self._values:
                self._taken -= self._weight(self._values[key])
            self._values[key] = value
            self._taken += self._weight(value)
            while self._taken > self._size and len(self._values) > 1:
                self._taken -= self._weight(self._values.popitem(last=False)[1])

    def peek(self, key: K) -> V | None:
        """The value where it is kept."""
        return self._values.get(key)


class Store:
    """Objects by id."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._objects = git.path / "objects"
        self._local = threading.local()
        self.commit = Kept(self._read_commit, 20_000)
        self.tree = Kept(self._read_tree, _MOST_NAMES, lambda tree: max(len(tree), _MOST_NAMES // 2_000))
        self._folders = Kept(
            self._read_folder, _MOST_NAMES // 4, lambda folder: max(len(folder.lines), _MOST_NAMES // 256)
        )

    def read(self, object_id: str, kind: str) -> bytes:
        """The content of an object. `NotFound` where there is none of this kind under this id."""
        try:
            answer = self._ask(object_id)
        except _ENDED:  # the process may have been stopped from outside: once more, with a new one
            try:
                answer = self._ask(object_id)
            except _ENDED as error:
                raise Damaged(N_("Object %(id)s cannot be read: %(problem)s"), id=object_id, problem=error) from error
        if answer is None and (self._objects / object_id[:2] / object_id[2:]).exists():
            raise Damaged(N_("Object %(id)s cannot be read: %(problem)s"), id=object_id, problem="its file is damaged")
        if answer is None or answer[0] != kind:
            raise NotFound(N_("There is nothing with the id %(id)s here."), id=object_id)
        return answer[1]

    def read_some(self, object_ids: Sequence[str], kind: str) -> list[bytes]:
        """The contents of some objects, with one question to git; errors as by `read`. All are held at once."""
        try:
            out = self.git.run("cat-file", "--batch", "--buffer", stdin="\n".join(object_ids).encode("ascii"))
        except GitFailed:
            return [self.read(each, kind) for each in object_ids]
        found, at = [], 0
        for each in object_ids:
            end = out.find(b"\n", at)
            said, _, size = out[at:end].rpartition(b" ")
            if said != f"{each} {kind}".encode("ascii"):
                return [self.read(each, kind) for each in object_ids]  # which says what is wrong
            at = end + 1 + int(size)
            found.append(out[end + 1 : at])
            at += 1
        return found

    def ids(self, names: Sequence[bytes]) -> list[str | None]:
        """The ids of the files that are named like this, such as ``main:some/path``, with one question to git; None
        where there is none, and for a name that git could take for two."""
        plain = [name for name in names if b"\n" not in name]
        if not plain:
            return [None] * len(names)
        said = self.git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=b"\n".join(plain) + b"\n")
        found = dict(zip(plain, said.splitlines(), strict=True))
        return [_id_of(found.get(name, b"")) for name in names]

    def _ask(self, object_id: str) -> tuple[str, bytes] | None:
        """Kind and content of an object, None where there is none. What was written of late is read here, all else by
        git. Where git itself ended, the next question goes to a new process."""
        fresh = read_object(self._objects, object_id)
        if fresh is not None:
            return fresh
        try:
            answer: tuple[Any, Any, int, bytes] = self._reader().get_object_data(object_id)
        except ValueError as error:
            if "missing" in str(error):
                return None
            self.close()
            raise
        except (OSError, gitpython.GitError):
            self.close()
            raise
        _, kind, size, data = answer
        if len(data) != size:
            self.close()
            raise EOFError(f"{size} bytes expected, {len(data)} came")
        return str(kind, "ascii"), data

    def _reader(self) -> gitpython.Git:
        """The git process of this thread; another when packs came or went, for one that has opened a pack keeps its
        room on the disk taken."""
        pid, packs = os.getpid(), self._packs()
        if getattr(self._local, "packs", packs) != packs:
            self.close()
        if getattr(self._local, "reader", None) is None or self._local.pid != pid:
            reader = gitpython.Git(self.git.path)
            reader.update_environment(**self.git.environment)
            self._local.reader, self._local.pid, self._local.packs = reader, pid, packs
        reader = self._local.reader
        assert isinstance(reader, gitpython.Git)  # noqa: S101 - narrows the type of the thread's own attribute
        return reader

    def _packs(self) -> int:
        """Another number whenever a pack came or went."""
        try:
            return (self._objects / "pack").stat().st_mtime_ns
        except OSError:
            return 0

    def close(self) -> None:
        """Let go of the git process of this thread; the next reading starts another."""
        reader = getattr(self._local, "reader", None)
        self._local.reader = None
        if reader is not None and self._local.pid == os.getpid():
            reader.clear_cache()

    def _read_commit(self, commit_id: str) -> Commit:
        return read_commit(commit_id, self.read(commit_id, "commit"))

    def _read_tree(self, tree_id: str) -> Tree:
        return read_tree(self.named(tree_id, "tree"))

    def _read_folder(self, tree_id: str) -> Folder:
        return Folder(self.tree(tree_id)).in_order()

    def named(self, object_id: str, kind: str) -> bytes:
        """The content of an object that another one names: where it is missing, the repository is `Damaged`."""
        try:
            return self.read(object_id, kind)
        except NotFound as error:
            raise Damaged(N_("Object %(id)s is missing."), id=object_id) from error

    def entry(self, tree: str, path: str) -> Blob | None:
        """What stands at a path of a tree: a file or (with mode `FOLDER`) a folder."""
        *folders, name = path.split("/")
        for folder in folders:
            there = self.tree(tree).get(folder)
            if there is None or there.mode != FOLDER:
                return None
            tree = there.id
        return self.tree(tree).get(name)

    def batch(self) -> Batch:
        """A place to gather new objects."""
        return Batch(self._folders)

    def add(self, batch: Batch) -> list[Stored]:
        """Store new objects; what the disk may not have of them yet. Nothing is written that leads to what is not
        there."""
        self._check(batch)
        try:
            stored = write_objects(self._objects, batch.objects())
        except OSError as error:
            raise Unavailable(N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error)) from error
        for each in batch.objects():
            if each.kind == b"commit":
                self.commit.keep(each.id, read_commit(each.id, each.content))
        for tree_id, folder in batch.folders.items():
            self.tree.keep(tree_id, folder.entries)
            self._folders.keep(tree_id, folder)
        return stored

    def written(self, tree: str, besides: Sequence[str]) -> list[Stored]:
        """What is a file of its own of a tree and of all in it that none of the trees ``besides`` has at that place."""
        found = [] if tree in besides else self._loose(tree)
        known = [self.tree(each) for each in besides] if tree not in besides else []
        for name, entry in self.tree(tree).items() if tree not in besides else ():
            there = [each[name] for each in known if name in each]
            if entry.mode == FOLDER:
                found += self.written(entry.id, [each.id for each in there if each.mode == FOLDER])
            elif entry.id not in {each.id for each in there}:
                found += self._loose(entry.id)
        return found

    def _loose(self, object_id: str) -> list[Stored]:
        try:
            held = (self._objects / object_id[:2] / object_id[2:]).read_bytes()
            if len(held) <= LARGE:
                return [Stored(object_id, held)]
            store(str(self._objects), object_id, held, synced=True)
        except FileNotFoundError:  # git has packed it, and has that on the disk
            pass
        except OSError as error:
            raise Unavailable(N_("The guidelines cannot be written just now: %(why)s"), why=in_words(error)) from error
        return []

    def _check(self, batch: Batch) -> None:
        for object_id, kind in batch.stands_on():
            try:
                if kind == "commit":
                    self.commit(object_id)
                elif kind == "tree":
                    self.tree(object_id)
                else:
                    self.read(object_id, kind)
            except (NotFound, Damaged) as error:
                raise Unavailable(
                    N_("The guidelines cannot be written just now: %(why)s"), why=in_words(f"missing {kind}")
                ) from error


def _id_of(said: bytes) -> str | None:
    """The id in what git says of a file."""
    object_id, _, kind = said.partition(b" ")
    return object_id.decode("ascii") if kind == b"blob" else None


def repository_exists(path: Path) -> bool:
    """Whether a repository is at ``path``."""
    return (path / "HEAD").is_file() and (path / "objects").is_dir()
