"""Which files two trees differ in, the fingerprint of a change, and clean merges."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from wiki.model.proposal import Blob, Touched
from wiki.repository.objects import FOLDER, Tree, decode
from wiki.repository.process import Git, GitFailed
from wiki.repository.store import Kept, Store

_DIFF_TREE = (
    "diff-tree", "-r", "-p", "-a", "-U3", "--no-renames", "--no-ext-diff", "--no-textconv",
    "--diff-algorithm=myers", "--no-indent-heuristic", "--full-index", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_TRIES = 5
_FOLDER_GONE = "unable to create temporary file: No such file or directory"
_HUNK = re.compile(rb"@@ -[0-9]+(?:,([0-9]+))? \+[0-9]+(?:,([0-9]+))? @@")


class Differences:
    """Compares trees of one repository."""

    def __init__(self, git: Git, store: Store) -> None:
        self.git = git
        self.store = store
        self.fingerprint = Kept(self._fingerprint, 4_096)
        self._counted = Kept(self._count_lines, 4_096)

    def touched(self, before: str, after: str) -> tuple[Touched, ...]:
        """The files that differ between two trees, by path. Reads only the folders that differ."""
        found = self._compare("", self.store.tree(before), self.store.tree(after))
        return tuple(sorted(found, key=lambda touched: touched.path))

    def with_lines(self, before: str, after: str, touched: tuple[Touched, ...]) -> tuple[Touched, ...]:
        """The same with the number of lines added plus removed, as ``git diff --numstat`` counts them."""
        lines = self._counted((before, after))
        return tuple(replace(each, lines=lines.get(each.path, 0)) for each in touched)

    def _compare(self, prefix: str, before: Tree, after: Tree) -> Iterator[Touched]:
        for name in before.keys() | after.keys():
            old, new = before.get(name), after.get(name)
            if old is new or old == new:
                continue
            path = prefix + name
            old_folder, new_folder = _folder(old), _folder(new)
            if old_folder or new_folder:
                inner = (self.store.tree(f.id) if f else {} for f in (old_folder, new_folder))
                yield from self._compare(path + "/", *inner)
            old_file, new_file = _file(old), _file(new)
            if old_file != new_file:
                yield Touched(path, old_file, new_file)

    def _fingerprint(self, pair: tuple[str, str]) -> str:
        """The fingerprint (model.md section 3) of the change from the first tree to the second."""
        return fingerprint_of(self.git.run(*_DIFF_TREE, *pair))

    def _count_lines(self, pair: tuple[str, str]) -> Mapping[str, int]:
        out = self.git.run("diff-tree", "-r", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv",
                           "--diff-algorithm=myers", "--no-indent-heuristic", "-a", "-z", *pair)  # fmt: skip
        lines = {}
        for row in out.split(b"\0"):
            added, _, rest = row.partition(b"\t")
            removed, _, path = rest.partition(b"\t")
            if path:
                lines[decode(path)] = sum(int(count) for count in (added, removed) if count.isdigit())
        return lines

    def lines_between(self, before: str, after: str) -> int:
        """How many lines were added plus removed between two texts that need not be stored, counted in the same
        way."""
        with TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("before", "after")]
            for file, text in zip(files, (before, after), strict=True):
                file.write_bytes(text.encode())
            out = self.git.run("diff", "--no-index", "--numstat", "--no-ext-diff", "--no-textconv",
                               "--diff-algorithm=myers", "--no-indent-heuristic", "-a", "-z", "--",
                               *(str(file) for file in files), accept=(0, 1))  # fmt: skip
        added, _, rest = out.partition(b"\t")
        removed = rest.partition(b"\t")[0]
        return sum(int(count) for count in (added, removed) if count.isdigit())

    def merge_texts(self, base: str, ours: str, theirs: str) -> str | None:
        """Three texts of one page merged, or None where the same passage differs in both."""
        with TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("ours", "base", "theirs")]
            for file, text in zip(files, (ours, base, theirs), strict=True):
                file.write_text(text, encoding="utf-8", newline="")
            try:
                return self.git.run("merge-file", "-p", "-q", "--", *map(str, files)).decode("utf-8", "replace")
            except GitFailed:
                return None

    def merge(self, ours: str, theirs: str) -> tuple[str, tuple[str, ...]]:
        """Merge two commits without a work tree: the merged tree, and the files that conflict (none: clean)."""
        status, out = self._merged(ours, theirs)
        tree, *conflicts = out.rstrip(b"\0").split(b"\0")
        names = tuple(dict.fromkeys(decode(name) for name in conflicts if name))
        return tree.decode("ascii"), names if status == 1 else ()

    def _merged(self, ours: str, theirs: str, tries: int = _TRIES) -> tuple[int, bytes]:
        """By git, once more where it failed because another git, which packs, took away the folder that it was about to
        write an object into."""
        try:
            return self.git.run_with_status(
                "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs, accept=(0, 1)
            )
        except GitFailed as failed:
            if tries == 1 or _FOLDER_GONE not in failed.said:
                raise
            return self._merged(ours, theirs, tries - 1)


def fingerprint_of(patch: bytes) -> str:
    """SHA-256 of a patch without its ``index`` lines and without the line numbers of its hunks."""
    digest = hashlib.sha256()
    for line in patch.split(b"\n"):
        if line.startswith(b"index "):
            continue
        hunk = _HUNK.match(line)
        if hunk is not None:
            line = b"@@ -,%s +,%s @@" % (hunk[1] or b"1", hunk[2] or b"1")
        digest.update(line + b"\n")
    return digest.hexdigest()


def _folder(entry: Blob | None) -> Blob | None:
    return entry if entry is not None and entry.mode == FOLDER else None


def _file(entry: Blob | None) -> Blob | None:
    return entry if entry is not None and entry.mode != FOLDER else None
