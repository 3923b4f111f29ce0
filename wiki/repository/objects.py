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


def write_tree(entries: Tree) -> bytes:
    """The raw content of a tree object, of entries that are `in_order`."""
    return b"".join(
        [b"%s %s\0%s" % (entry.mode.encode(), encode(name), bytes.fromhex(entry.id)) for name, entry in entries.items()]
    )


def in_order(entries: Tree) -> Tree:
    """The entries of a tree as git orders them: a folder as if its name ended with a slash."""
    return dict(sorted(entries.items(), key=_place))


def _place(named: tuple[str, Blob]) -> bytes:
    name, entry = named
    return encode(name) + b"/" if entry.mode == FOLDER else encode(name)


class Batch:
    """New objects, not yet stored. Ids are known at once."""

    def __init__(self, tree: Callable[[str], Tree]) -> None:
        """``tree`` reads a stored tree by its id. ``trees`` are the new ones."""
        self._stored_tree = tree
        self._objects: dict[str, NewObject] = {}
        self._named: dict[str, str] = {}
        self.trees: dict[str, Tree] = {}

    def blob(self, data: bytes) -> str:
        """Add a file's content; its id."""
        return self._add(b"blob", data)

    def tree(self, entries: Tree) -> str:
        """Add a folder; its id."""
        ordered = in_order(entries)
        tree_id = self._add(b"tree", write_tree(ordered))
        self.trees[tree_id] = ordered
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
        entries = dict(self._read(tree)) if tree is not None else {}
        below: dict[str, dict[tuple[str, ...], Blob | None]] = {}
        for parts, blob in files.items():
            if len(parts) > 1:
                below.setdefault(parts[0], {})[parts[1:]] = blob
            elif blob is None:
                entries.pop(parts[0], None)
            else:
                entries[parts[0]] = blob
        for name, inner in below.items():
            there = entries.get(name)
            folder = self._splice(there.id if there is not None and there.mode == FOLDER else None, inner)
            if folder is not None:
                entries[name] = Blob(FOLDER, folder)
            elif there is not None and there.mode == FOLDER:
                del entries[name]
        return self.tree(entries) if entries else None

    def _read(self, tree: str) -> Tree:
        if tree == EMPTY_TREE:
            return {}
        return self.trees[tree] if tree in self.trees else self._stored_tree(tree)

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
