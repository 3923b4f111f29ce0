"""The history of main as a stream of what landed, for the index.

One ``git log`` tells everything; its exit status is checked, because a damaged repository stops it in the
middle with rows that look fine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from wiki.model.acts import Person
from wiki.model.errors import Damaged
from wiki.model.words import N_
from wiki.repository.objects import SUBMODULE, decode
from wiki.repository.process import Git

_FORMAT = "--format=%x01%H%x00%P%x00%an%x00%ae%x00%ct%x00%B%x00"

LAST_MOMENT = 253_402_300_799
"""The end of the year 9999."""


@dataclass(frozen=True)
class Change:
    """One file in a commit, against its first parent. ``status`` is A, M, D or R; ``blob`` the new content
    (None: deleted), ``old_path`` the former name of a renamed file. Paths are as `decode` writes them."""

    status: str
    path: str
    mode: str
    blob: str | None
    old_path: str | None = None


@dataclass(frozen=True)
class Landed:
    """One commit reachable from main. ``first_parent`` tells whether it is in the book of changes, or on a
    branch that was merged. ``when`` is the committer's time in unix seconds, as `moment` reads it."""

    id: str
    parents: tuple[str, ...]
    author: Person
    when: int
    message: str
    first_parent: bool
    changes: tuple[Change, ...] = field(default=())


def landed(git: Git, new: str, old: str | None) -> Iterator[Landed]:
    """Every commit reachable from ``new`` and not from ``old``, parents before children."""
    since = [f"^{old}"] if old else []
    line = git.run("rev-list", "--first-parent", new, *since).split()
    first_parents = frozenset(bytes.fromhex(commit.decode()) for commit in line)
    arguments = (
        "log", "--reverse", "--topo-order", "--raw", "-z", "--no-abbrev", "-M", "-l1000", "--no-ext-diff",
        "--diff-merges=first-parent", "--no-show-signature", "--no-mailmap", _FORMAT, new, *since, "--",
    )  # fmt: skip
    with git.stream(*arguments) as out:
        yield from _commits(_tokens(out), first_parents)


def _tokens(out: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := out.read(1 << 18):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _commits(tokens: Iterator[bytes], first_parents: frozenset[bytes]) -> Iterator[Landed]:
    token = next(tokens, b"")
    while token:
        if not token.startswith(b"\x01"):
            raise Damaged(N_("The history of main cannot be read."))
        commit = token[1:].decode("ascii")
        try:
            parents, name, email, when, message = (next(tokens) for _ in range(5))
        except (StopIteration, RuntimeError):
            raise Damaged(N_("The history of main cannot be read.")) from None
        try:
            changes, token = _changes(tokens)
        except (StopIteration, ValueError):
            raise Damaged(N_("The history of main cannot be read.")) from None
        yield Landed(
            id=commit,
            parents=tuple(parents.decode("ascii").split()),
            author=Person(_text(name), _text(email)),
            when=moment(when),
            message=_text(message),
            first_parent=bytes.fromhex(commit) in first_parents,
            changes=changes,
        )


def _changes(tokens: Iterator[bytes]) -> tuple[tuple[Change, ...], bytes]:
    """The raw rows of one commit, and the token that follows them."""
    changes: list[Change] = []
    for token in tokens:
        row = token.lstrip(b"\n")
        if not row.startswith(b":"):
            if row:
                return tuple(changes), row
            continue
        old_mode, mode, _, blob, status = row[1:].decode("ascii").split(" ")
        path = decode(next(tokens))
        old_path = None
        if status[0] in "RC":
            old_path, path = path, decode(next(tokens))
        kind = _kind(status[0], old_mode == SUBMODULE, mode == SUBMODULE)
        if kind is not None:
            content = None if kind == "D" else blob
            changes.append(Change(kind, path, mode, content, old_path if kind == "R" else None))
    return tuple(changes), b""


def _kind(status: str, was_submodule: bool, is_submodule: bool) -> str | None:
    """What happened to a file, None for nothing. A submodule is no file: nothing of it is here."""
    if was_submodule or is_submodule:
        return None if was_submodule == is_submodule or status in "AD" else "D" if is_submodule else "A"
    return {"C": "A", "T": "M"}.get(status, status)


def moment(said: bytes) -> int:
    """Unix seconds as git tells them, for which a calendar has a day: git takes any number, and tells nothing of a
    date that it cannot read."""
    return min(int(said or b"0"), LAST_MOMENT)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
