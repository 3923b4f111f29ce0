"""What is put into a folder, or taken from it, makes the tree that git makes of the same files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

import pytest

from tests.house import House, plain_git
from wiki.model.proposal import Blob
from wiki.repository import objects
from wiki.repository.objects import FOLDER, encode
from wiki.repository.process import EMPTY_TREE
from wiki.repository.store import Store

NAMES = ("a", "a-b", "a.md", "a0", "b", r"caf\xe9", "café", "z")
"""A folder has another place among them than a file of the same name."""
ROUNDS = 100
Edits = Mapping[str, Blob | None]


def test_files_put_in_and_taken_out_make_the_trees_of_git(house: House) -> None:
    random, blobs = Random(7), [_stored(house, f"{nth}\n") for nth in range(3)]
    files: dict[str, Blob] = {}
    tree, most = EMPTY_TREE, 0
    for _ in range(ROUNDS):
        edits = _edits(random, files, [*blobs, None])
        files = {path: blob for path, blob in {**files, **edits}.items() if blob is not None}
        tree, most = _spliced(house, tree, edits), max(most, len(files))
        assert tree == _by_git(house, files)
    assert most > len(NAMES)


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round_make_the_trees_of_git(house: House) -> None:
    blob, tree = _stored(house, "x\n"), EMPTY_TREE
    steps: list[tuple[Edits, set[str]]] = [
        ({"a": blob, "a.md": blob, "a0": blob}, {"a", "a.md", "a0"}),
        ({"a": None, "a/b": blob}, {"a/b", "a.md", "a0"}),
        ({"a/b": None, "a": blob}, {"a", "a.md", "a0"}),
        ({"a/b": blob}, {"a/b", "a.md", "a0"}),
        ({"a": blob}, {"a", "a.md", "a0"}),
    ]
    for edits, files in steps:
        tree = _spliced(house, tree, edits)
        assert tree == _by_git(house, dict.fromkeys(files, blob))


def test_what_stays_in_a_folder_is_not_written_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    blob, other = _stored(house, "x\n"), _stored(house, "y\n")
    tree = _spliced(house, EMPTY_TREE, {f"page-{nth}.md": blob for nth in range(50)})
    written: list[str] = []

    def noted(name: str) -> bytes:
        written.append(name)
        return encode(name)

    monkeypatch.setattr(objects, "encode", noted)
    tree = _spliced(house, tree, {"page-7.md": other})
    _spliced(house, tree, {"page-8.md": other})
    assert written == ["page-7.md", "page-8.md"]


def _edits(random: Random, files: Iterable[str], choices: list[Blob | None]) -> dict[str, Blob | None]:
    """Three at random, none of which stands in the way of another file."""
    edits: dict[str, Blob | None] = {}
    for _ in range(3):
        path = "/".join(random.choice(NAMES) for _ in range(random.randint(1, 3)))
        if not any(_in_the_way(path, other) for other in (*files, *edits)):
            edits[path] = random.choice(choices)
    return edits


def _in_the_way(path: str, other: str) -> bool:
    return path.startswith(f"{other}/") or other.startswith(f"{path}/")


def _stored(house: House, text: str) -> Blob:
    return Blob("100644", plain_git(house.path, "hash-object", "-w", "--stdin", stdin=text))


def _spliced(house: House, tree: str, edits: Edits) -> str:
    batch = house.repository.batch()
    spliced = batch.splice(tree, edits)
    house.repository.store.add(batch)
    assert _held(Store(house.repository.git), spliced) == _held(house.repository.store, spliced)
    return spliced


def _held(store: Store, tree: str) -> list[tuple[str, object]]:
    """What is in a tree, in its order; to compare what is kept of it with what git has stored."""
    return [
        (name, _held(store, entry.id) if entry.mode == FOLDER else entry) for name, entry in store.tree(tree).items()
    ]


def _by_git(house: House, files: Mapping[str, Blob]) -> str:
    """The tree that git writes of these files, by way of an index."""
    rows = [f"{blob.mode} {blob.id}\t".encode() + encode(path) for path, blob in files.items()]
    index = {"GIT_INDEX_FILE": str(house.path / "index.of.a.test")}
    plain_git(house.path, "read-tree", "--empty", env=index)
    plain_git(house.path, "update-index", "-z", "--index-info", stdin=b"".join(row + b"\0" for row in rows), env=index)
    return plain_git(house.path, "write-tree", env=index)
