"""The history of main as a stream of what landed, for the index.

One ``git log`` tells everything; its exit status is checked, because a damaged repository stops it in the
middle with rows that look fine.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from wiki.model.acts import Person, one_line
from wiki.model.errors import Damaged
from wiki.model.words import N_
from wiki.repository.ahead import ahead
from wiki.repository.objects import SUBMODULE, decode
from wiki.repository.process import Git

_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%ct%x00%B%x00"
_TEXTS = 6
"""How many fields of a commit come before its changes."""
_PLAIN = frozenset("AMD")
_OLD_SUBMODULE = f":{SUBMODULE}"
_LINE = 41
"""How many bytes a commit id takes in a list of them."""
LAST_MOMENT = 253_402_300_799
"""The end of the year 9999."""


class Change(NamedTuple):
    """One file in a commit, against its first parent. ``status`` is A, M, D or R; ``blob`` the new content
    (None: deleted), ``old_path`` the former name of a renamed file. Paths are as `decode` writes them."""

    status: str
    path: str
    mode: str
    blob: str | None
    old_path: str | None = None


class Landed(NamedTuple):
    """One commit reachable from main. ``first_parent`` tells whether it is in the book of changes, or on a
    branch that was merged. ``when`` is the committer's time in unix seconds, as `moment` reads it."""

    id: str
    parents: tuple[str, ...]
    author: Person
    when: int
    message: str
    first_parent: bool
    changes: tuple[Change, ...] = ()


def landed(git: Git, new: str, old: str | None) -> Iterator[Landed]:
    """Every commit reachable from ``new`` and not from ``old``, parents before children."""
    since = [f"^{old}"] if old else []
    mark = secrets.token_hex(16)  # begins every commit, and stands in none: nobody could know it
    arguments = (
        "log", "--reverse", "--topo-order", "--raw", "-z", "--no-abbrev", "-M", "-l1000", "--no-ext-diff",
        "--diff-merges=first-parent", "--no-show-signature", "--no-mailmap", f"--format={mark}{_FORMAT}", new, *since,
        "--",
    )  # fmt: skip
    records = _records(git, arguments, mark.encode())
    next(records)  # git has begun, and reads long before it tells anything
    line = git.run("rev-list", "--reverse", "--first-parent", new, *since).decode("ascii")
    try:
        yield from _commits(records, line)
    except (IndexError, ValueError):
        raise Damaged(N_("The history of main cannot be read.")) from None


def _records(git: Git, arguments: Sequence[str], mark: bytes) -> Iterator[bytes]:
    """What a log says, in pieces that begin after the mark; the last when git has ended well, for then it is whole. The
    first is empty, and there as soon as git has begun."""
    rest = b""
    with git.stream(*arguments) as out:
        yield rest
        with ahead(out) as pieces:
            for piece in pieces:
                *whole, rest = (rest + piece).split(mark)
                yield from whole
    yield rest


def _commits(records: Iterable[bytes], line: str) -> Iterator[Landed]:
    """The commits of a log. ``line`` are the ids of the book of changes in order, one on each line of 41 characters: a
    million of them in a set would take three times the memory."""
    people: dict[tuple[str, str], Person] = {}
    at = 0
    for record in filter(None, records):
        commit, parents, name, email, when, message, *rows = _fields(record)
        first_parent = line.startswith(commit, at)
        at += _LINE if first_parent else 0
        who = people.get((name, email))
        if who is None:
            who = people[name, email] = author(name, email)
        changes = _changes(rows)
        yield Landed(commit, tuple(parents.split()), who, moment(when), message, first_parent, changes)


def _fields(record: bytes) -> list[str]:
    """The fields of a commit, those of its changes as `decode` writes paths."""
    if record.isascii() and b"\\x" not in record:
        return record.decode("ascii").split("\0")
    fields = record.split(b"\0")
    return [*map(text_of, fields[:_TEXTS]), *map(decode, fields[_TEXTS:])]


def _changes(rows: Sequence[str]) -> tuple[Change, ...]:
    """The raw rows of one commit, with the names that follow each."""
    changes: list[Change] = []
    at = 0
    while at < len(rows):
        row = rows[at].lstrip("\n")
        at += 1
        if not row:
            continue
        old_mode, mode, _, blob, status = row.split(" ")
        path, old_path, letter = rows[at], None, status[0]
        at += 1
        if letter not in _PLAIN or mode == SUBMODULE or old_mode == _OLD_SUBMODULE:
            if letter in "RC":
                old_path, path = path, rows[at]
                at += 1
            kind = _kind(letter, old_mode == _OLD_SUBMODULE, mode == SUBMODULE)
            if kind is None:
                continue
            old_path = old_path if kind == "R" else None
            letter = kind
        changes.append(Change(letter, path, mode, None if letter == "D" else blob, old_path))
    return tuple(changes)


def _kind(status: str, was_submodule: bool, is_submodule: bool) -> str | None:
    """What happened to a file, None for nothing. A submodule is no file: nothing of it is here."""
    if was_submodule or is_submodule:
        return None if was_submodule == is_submodule or status in "AD" else "D" if is_submodule else "A"
    return {"C": "A", "T": "M"}.get(status, status)


def moment(said: str | bytes) -> int:
    """Unix seconds as git tells them, for which a calendar has a day: git takes any number, and tells nothing of a
    date that it cannot read."""
    return min(int(said or "0"), LAST_MOMENT)


def author(name: str, email: str) -> Person:
    """Somebody who wrote in git, under a name that can be shown: on one line, and never empty."""
    if not name.isprintable():
        name = one_line(name)
    return Person(name.strip() or email.partition("@")[0] or "?", email)


def text_of(data: bytes) -> str:
    """What somebody wrote in git."""
    return data.decode("utf-8", "replace")
