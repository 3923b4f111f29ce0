"""Who wrote each line of a page, as ``git blame`` tells it: lines that moved within the page stay their author's."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass

from wiki.model.acts import OBJECT_ID, Person
from wiki.model.errors import Damaged
from wiki.model.words import N_
from wiki.repository.history import author, moment, text_of
from wiki.repository.objects import decode, encode
from wiki.repository.process import Git

IGNORED = ".git-blame-ignore-revs"
_FACTS = {
    b"author": "name",
    b"author-mail": "email",
    b"committer-time": "when",
    b"filename": "path",
    b"previous": "before",
}
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))


@dataclass(frozen=True)
class Hunk:
    """Lines in a row, from ``first`` (from 1), that one commit wrote, in whose text they began on the line ``was``.
    ``when`` in unix seconds; ``edge`` where git was asked to look no further back than that commit. ``path`` is what
    the file was called there, ``before`` the commit and the path of the text that it changed, None where it began the
    file. ``words`` is how many words of just one line, in their order, are meant; 0 where whole lines are."""

    first: int
    count: int
    commit: str
    author: Person
    when: int
    was: int = 0
    edge: bool = False
    path: str = ""
    before: tuple[str, str] | None = None
    words: int = 0


def blame(git: Git, commit: str, path: str, ignored: Iterable[str] = (), since: str | None = None) -> list[Hunk]:
    """The lines of a file at a commit, in order. ``ignored`` are commits that are looked through, such as those that
    only set a whole handbook in another form. Nothing further back than ``since`` is looked at. Names are those of
    ``.mailmap``."""
    arguments = ["blame", "--porcelain", "--root", "-M"]
    between = f"{since}..{commit}" if since else commit
    file_name = os.fsdecode(encode(path))
    with tempfile.NamedTemporaryFile("w", suffix=".revs", encoding="ascii") as file:
        file.write("\n".join(ignored))
        file.flush()
        out = git.run(*arguments, f"--ignore-revs-file={file.name}", between, "--", file_name)
    return list(_hunks(out))


def ignored_in(text: str) -> list[str]:
    """The commits that such a file lists, one to a line; what stands behind ``#`` is a remark."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if OBJECT_ID.fullmatch(line)]


def _hunks(out: bytes) -> list[Hunk]:
    facts: dict[str, dict[str, bytes]] = {}
    spans: list[tuple[str, int, int, int]] = []
    edges: set[str] = set()
    at = ""
    for line in out.split(b"\n"):
        if line.startswith(b"\t") or not line:
            continue
        key, _, value = line.partition(b" ")
        if key in _FACTS:
            facts.setdefault(at, {})[_FACTS[key]] = value
        elif key == b"boundary":
            edges.add(at)
        elif len(key) == 40 and OBJECT_ID.fullmatch(key.decode("ascii", "replace")):
            at = key.decode("ascii")
            numbers = value.split()
            if len(numbers) == 3:
                spans.append((at, int(numbers[1]), int(numbers[2]), int(numbers[0])))
    try:
        return [
            Hunk(
                first,
                count,
                commit,
                author(text_of(told["name"]), text_of(told["email"].strip(b"<>"))),
                moment(told["when"]),
                was,
                commit in edges,
                _path(told["path"]),
                _before(told.get("before")),
            )
            for commit, first, count, was in spans
            for told in (facts[commit],)
        ]
    except (KeyError, ValueError) as broken:
        raise Damaged(N_("The history of this page cannot be read.")) from broken


def _before(said: bytes | None) -> tuple[str, str] | None:
    if said is None:
        return None
    commit, _, path = said.partition(b" ")
    return commit.decode("ascii"), _path(path)


def _path(said: bytes) -> str:
    """A path as git tells it: in quotes, with escapes, where it has letters that could be mistaken."""
    if said.startswith(b'"'):
        said = _ESCAPED.sub(_unescaped, said[1:-1])
    return decode(said)


def _unescaped(found: re.Match[bytes]) -> bytes:
    escaped = found[1]
    return bytes([int(escaped, 8) if len(escaped) == 3 else _LETTERS.get(escaped[0], escaped[0])])
