"""Passwords: which are good enough, and how they are kept."""

from __future__ import annotations

import unicodedata
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

import argon2

from wiki.model.errors import Refused
from wiki.model.words import N_

SHORTEST = 12
LONGEST = 1024


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise `Refused` for a password that others would guess."""
    if len(password) < SHORTEST:
        raise Refused(N_("A password needs at least %(least)s characters."), least=SHORTEST)
    if len(password) > LONGEST:
        raise Refused(N_("A password has at most %(most)s characters."), most=LONGEST)
    folded = _normal(password).casefold().strip()
    if folded in {_normal(email).casefold(), _normal(name).casefold()}:
        raise Refused(N_("Your name or e-mail address would be guessed. Please choose another password."))
    if folded in _commonest() or len(set(folded)) < 4:
        raise Refused(N_("This is one of the commonest passwords. Please choose another."))


@cache
def _commonest() -> frozenset[str]:
    """Read from the file of the lists alone: with what zxcvbn builds from them it would be forty megabytes."""
    found = find_spec("zxcvbn")
    assert found is not None  # noqa: S101 - it is a dependency
    lists = run_path(str(Path(str(found.origin)).with_name("frequency_lists.py")))["FREQUENCY_LISTS"]
    return frozenset(word for word in lists["passwords"] if len(word) >= SHORTEST)


class Passwords:
    """Hashes with argon2id."""

    def __init__(self, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """What is looked at where no password is kept. Made at the first question, whoever asks: it takes its time."""
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(_bytes(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. Takes the same time where none is kept."""
        nobody = self._nobody
        try:
            self._hasher.verify(kept or nobody, _bytes(password[: LONGEST + 1]))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash should be made again with today's parameters."""
        return self._hasher.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
