"""Objects of git as values: what a commit and a tree say, and how new ones are made.

New objects are gathered in a `Batch`, named by their hash, and stored together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wiki.model.acts import Person
from wiki.model.errors import Damaged
from wiki.model.proposal import Blob
from wiki.model.words import N_
from wiki.repository.files import NewObject
from wiki.repository.process import EMPTY_TREE

FOLDER = "40000"
SUBMODULE = "160000"
_LOOKED_AT = 8_000
_NO_WORDS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_WRITTEN_BYTE = re.compile(rb"\\(x[0-9a-f]{2})")
_AS_BYTE = re.compile(rb"\\x([0-9a-f]{2})")
_IDENTITY = re.compile(rb"(.*?) ?<([^>]*)> (-?[0-9]+) ([+-][0-9]{4})")

Sign = Callable[[bytes], str]
"""Makes the armoured signature of a commit's content."""

Tree = Mapping[str, Blob]
"""Names to entries; a folder's entry has the mode `FOLDER` and the id of its tree."""

Lines = Mapping[str, bytes]
"""Names to entries as git writes them, in its order."""


@dataclass(frozen=True)
class Commit:
    """A commit: times in unix seconds, the message as text."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    authored: int
    committer: Person
    when: int
    message: str


def is_text(content: bytes) -> bool:
    """Whether a file is for people to read: of its beginning at most three characters in ten are none that anybody
    writes, whatever else is wrong with it."""
    begins = content[:_LOOKED_AT].decode("utf-8", "replace")
    return 10 * len(_NO_WORDS.findall(begins)) <= 3 * len(begins)


def decode(data: bytes) -> str:
    """A path of git, which has no fixed encoding, as text fit for SQL and for people. A byte that is not UTF-8 is
    written ``\\xe9``, so that no two paths are the same text; `encode` takes it back."""
    if b"\\x" in data:
        data = _WRITTEN_BYTE.sub(rb"\\x5c\1", data)
    return data.decode("utf-8", "backslashreplace")


def encode(text: str) -> bytes:
    """The inverse of `decode`."""
    data = text.encode("utf-8")
    return _AS_BYTE.sub(lambda match: bytes([int(match[1], 16)]), data) if b"\\x" in data else data


def read_commit(commit_id: str, data: bytes) -> Commit:
    """Read the raw content of a commit object."""
    header, _, message = data.partition(b"\n\n")
    fields: dict[bytes, list[bytes]] = {}
    for line in header.split(b"\n"):
        key, _, value = line.partition(b" ")
        fields.setdefault(key, []).append(value)
    try:
        author, authored = _read_identity(fields[b"author"][0])
        committer, when = _read_identity(fields[b"committer"][0])
        tree = fields[b"tree"][0].decode("ascii")
    except (KeyError, ValueError):
        raise Damaged(N_("Commit %(id)s cannot be read."), id=commit_id) from None
    parents = tuple(parent.decode("ascii") for parent in fields.get(b"parent", []))
    encoding = fields.get(b"encoding", [b"utf-8"])[0].decode("ascii", "replace")
    return Commit(commit_id, tree, parents, author, authored, committer, when, _text(message, encoding))


def _text(message: bytes, encoding: str) -> str:
    try:
        return message.decode(encoding)
    except (LookupError, ValueError):
        return message.decode("utf-8", "replace")


def _read_identity(value: bytes) -> tuple[Person, int]:
    match = _IDENTITY.fullmatch(value)
    if match is None:
        raise ValueError(value)
    return Person(match[1].decode("utf-8", "replace"), match[2].decode("utf-8", "replace")), int(match[3])


def read_tree(data: bytes) -> dict[str, Blob]:
    """Read the raw content of a tree object."""
    entries = {}
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        entries[decode(name)] = Blob(mode.decode("ascii"), data[end + 1 : end + 21].hex())
        at = end + 21
    return entries


class Folder:
    """A folder that others are put into, and taken from. What stays is not written anew: ``lines`` are its entries as
    git writes and orders them."""

    def __init__(self, entries: Tree, lines: Lines | None = None) -> None:
        """With their ``lines``, the entries are in order."""
        self.entries = dict(entries)
        self.lines = {name: _line(name, entry) for name, entry in entries.items()} if lines is None else dict(lines)
        self._in_order = lines is not None

    def put(self, name: str, entry: Blob) -> None:
        """In the place of what has the name, if anything has."""
        before = self.entries.get(name)
        self._in_order &= before is not None and (before.mode == FOLDER) == (entry.mode == FOLDER)
        self.entries[name], self.lines[name] = entry, _line(name, entry)

    def take(self, name: str) -> None:
        """What has this name, if anything has."""
        if self.entries.pop(name, None) is not None:
            del self.lines[name]

    def copy(self) -> Folder:
        """Another like it, which is `in_order`."""
        return Folder(self.entries, self.lines)

    def in_order(self) -> Folder:
        """The same as git orders it: a folder as if its name ended with a slash."""
        if not self._in_order:
            self.entries = dict(sorted(self.entries.items(), key=_place))
            self.lines = {name: self.lines[name] for name in self.entries}
            self._in_order = True
        return self

    def content(self) -> bytes:
        """The raw content of the tree object, once it is `in_order`."""
        return b"".join(self.lines.values())


def _line(name: str, entry: Blob) -> bytes:
    return b"%s %s\0%s" % (entry.mode.encode(), encode(name), bytes.fromhex(entry.id))


def _place(named: tuple[str, Blob]) -> bytes:
    name, entry = named
    return encode(name) + b"/" if entry.mode == FOLDER else encode(name)


class Batch:
    """New objects, not yet stored. Ids are known at once."""

    def __init__(self, folder: Callable[[str], Folder]) -> None:
        """``folder`` reads a stored tree by its id. ``folders`` are the new ones, by theirs."""
        self._stored = folder
        self._objects: dict[str, NewObject] = {}
        self._named: dict[str, str] = {}
        self.folders: dict[str, Folder] = {}

    def blob(self, data: bytes) -> str:
        """Add a file's content; its id."""
        return self._add(b"blob", data)

    def tree(self, entries: Tree) -> str:
        """Add a folder; its id."""
        return self._tree(Folder(entries).in_order())

    def _tree(self, folder: Folder) -> str:
        tree_id = self._add(b"tree", folder.content())
        self.folders[tree_id] = folder
        return tree_id

    def commit(
        self,
        *,
        tree: str,
        parents: Iterable[str],
        author: Person,
        committer: Person,
        when: int,
        message: str,
        sign: Sign | None = None,
    ) -> str:
        """Add a commit, both dates ``when`` (unix seconds, UTC), signed where ``sign`` is given; its id."""
        parents = tuple(parents)
        self._named |= {tree: "tree"} | dict.fromkeys(parents, "commit")
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author} {when} +0000", f"committer {committer} {when} +0000"]
        data = "\n".join([*lines, "", message]).encode("utf-8", "replace")
        if sign is not None:
            signature = sign(data).rstrip("\n").replace("\n", "\n ")
            data = "\n".join([*lines, f"gpgsig {signature}", "", message]).encode("utf-8", "replace")
        return self._add(b"commit", data)

    def splice(self, tree: str, files: Mapping[str, Blob | None]) -> str:
        """The id of the tree with these files put in (or, where None, taken out); only folders on the way are
        read and written. A folder that becomes empty disappears."""
        self._named |= {blob.id: "blob" for blob in files.values() if blob is not None}
        spliced = self._splice(tree, {tuple(path.split("/")): blob for path, blob in files.items()})
        return spliced if spliced is not None else self.tree({})

    def _splice(self, tree: str | None, files: Mapping[tuple[str, ...], Blob | None]) -> str | None:
        folder = self._read(tree) if tree is not None else Folder({})
        below: dict[str, dict[tuple[str, ...], Blob | None]] = {}
        for parts, blob in files.items():
            if len(parts) > 1:
                below.setdefault(parts[0], {})[parts[1:]] = blob
            elif blob is None:
                folder.take(parts[0])
            else:
                folder.put(parts[0], blob)
        for name, inner in below.items():
            there = folder.entries.get(name)
            inside = self._splice(there.id if there is not None and there.mode == FOLDER else None, inner)
            if inside is not None:
                folder.put(name, Blob(FOLDER, inside))
            elif there is not None and there.mode == FOLDER:
                folder.take(name)
        return self._tree(folder.in_order()) if folder.entries else None

    def _read(self, tree: str) -> Folder:
        """To be changed; what it was stays as it is."""
        if tree == EMPTY_TREE:
            return Folder({})
        return (self.folders[tree] if tree in self.folders else self._stored(tree)).copy()

    def _add(self, kind: bytes, data: bytes) -> str:
        object_id = hashlib.sha1(b"%s %d\0" % (kind, len(data)) + data, usedforsecurity=False).hexdigest()
        self._objects[object_id] = NewObject(object_id, kind, data)
        return object_id

    def objects(self) -> list[NewObject]:
        """All objects, those first that others lead to."""
        return list(self._objects.values())

    def stands_on(self) -> list[tuple[str, str]]:
        """What must be stored already: the id and the kind of each object that new ones lead to, but that is none of
        them. Of a folder that was spliced, only what was put into it."""
        return [(each, kind) for each, kind in self._named.items() if each not in self._objects and each != EMPTY_TREE]
