"""The history of main as a stream of what landed, for the index.

One ``git log`` tells everything; its exit status is checked, because a damaged repository stops it in the
middle with rows that look fine.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, NamedTuple

from wiki.model.acts import Person, one_line
from wiki.model.errors import Damaged
from wiki.model.words import N_
from wiki.repository.objects import SUBMODULE, decode
from wiki.repository.process import Git

_FORMAT = "--format=%x01%H%x00%P%x00%an%x00%ae%x00%ct%x00%B%x00"

_CHUNK = 1 << 18
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
    line = git.run("rev-list", "--reverse", "--first-parent", new, *since)
    arguments = (
        "log", "--reverse", "--topo-order", "--raw", "-z", "--no-abbrev", "-M", "-l1000", "--no-ext-diff",
        "--diff-merges=first-parent", "--no-show-signature", "--no-mailmap", _FORMAT, new, *since, "--",
    )  # fmt: skip
    with git.stream(*arguments) as out:
        try:
            yield from _commits(chain.from_iterable(_tokens(out)), line)
        except (IndexError, ValueError):
            raise Damaged(N_("The history of main cannot be read.")) from None


def _tokens(out: IO[bytes]) -> Iterator[list[bytes]]:
    rest = b""
    while chunk := out.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield whole
    if rest:
        yield [rest]


def _commits(tokens: Iterator[bytes], line: bytes) -> Iterator[Landed]:
    """The commits of a log. ``line`` are the ids of the book of changes in order, one on each line of 41 bytes: a
    million of them in a set would take three times the memory."""
    people: dict[tuple[bytes, bytes], Person] = {}
    at = 0
    token = next(tokens, b"")
    while token:
        if not token.startswith(b"\x01"):
            raise Damaged(N_("The history of main cannot be read."))
        commit = token[1:]
        parents, name, email, when, message = _five(tokens)
        changes, token = _changes(tokens)
        first_parent = line.startswith(commit, at)
        at += _LINE if first_parent else 0
        who = people.get((name, email))
        if who is None:
            who = people[name, email] = author(name, email)
        yield Landed(
            commit.decode("ascii"),
            tuple(parents.decode("ascii").split()),
            who,
            moment(when),
            _text(message),
            first_parent,
            changes,
        )


def _five(tokens: Iterator[bytes]) -> list[bytes]:
    found = list(islice(tokens, 5))
    if len(found) < 5:
        raise IndexError
    return found


def _changes(tokens: Iterator[bytes]) -> tuple[tuple[Change, ...], bytes]:
    """The raw rows of one commit, and the token that follows them."""
    changes: list[Change] = []
    for token in tokens:
        row = token.lstrip(b"\n")
        if not row.startswith(b":"):
            if row:
                return tuple(changes), row
            continue
        old_mode, mode, _, blob, status = row.decode("ascii").split(" ")
        path, old_path = decode(_next(tokens)), None
        letter = status[0]
        if letter not in _PLAIN or mode == SUBMODULE or old_mode == _OLD_SUBMODULE:
            if letter in "RC":
                old_path, path = path, decode(_next(tokens))
            kind = _kind(letter, old_mode == _OLD_SUBMODULE, mode == SUBMODULE)
            if kind is None:
                continue
            old_path = old_path if kind == "R" else None
            letter = kind
        changes.append(Change(letter, path, mode, None if letter == "D" else blob, old_path))
    return tuple(changes), b""


def _next(tokens: Iterator[bytes]) -> bytes:
    for token in tokens:
        return token
    raise IndexError


def _kind(status: str, was_submodule: bool, is_submodule: bool) -> str | None:
    """What happened to a file, None for nothing. A submodule is no file: nothing of it is here."""
    if was_submodule or is_submodule:
        return None if was_submodule == is_submodule or status in "AD" else "D" if is_submodule else "A"
    return {"C": "A", "T": "M"}.get(status, status)


def moment(said: bytes) -> int:
    """Unix seconds as git tells them, for which a calendar has a day: git takes any number, and tells nothing of a
    date that it cannot read."""
    return min(int(said or b"0"), LAST_MOMENT)


def author(name: bytes, email: bytes) -> Person:
    """Somebody who wrote in git, under a name that can be shown: on one line, and never empty."""
    address = _text(email)
    called = _text(name)
    if not called.isprintable():
        called = one_line(called)
    return Person(called.strip() or address.partition("@")[0] or "?", address)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
