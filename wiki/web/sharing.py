"""What of a page is the same for everybody who is signed in, and what is not.

While a page is made that may be kept, the places that a template has marked by ``mine`` are put between marks which
nobody outside can write, and so is the token of forms. What asks who is reading anywhere else makes the page one that
is not shared, whatever it wants to know: a leak takes more than forgetting a mark. Parts of a page that last while
something else on it changes (``lasting``) are not among its bytes at all: a mark says where they go.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from flask import g
from markupsafe import Markup

_MARK = f"\x02{secrets.token_hex(12)}"
_END = f"{_MARK}/\x03"
TOKEN = f"{_MARK}=\x03"
"""Stands for the token of forms."""
_TOKEN = TOKEN.encode()
_MARKED = re.compile(f"{_MARK}(?:~([0-9]+)\x03|([0-9]+)\x03(.*?){_END})".encode(), re.DOTALL)


class Place(NamedTuple):
    """A marked place: what stands there, and about what."""

    name: str
    about: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Piece:
    """Some bytes of a page, what tells them from others, and whether the token of forms belongs in them."""

    body: bytes
    digest: bytes
    has_forms: bool

    @classmethod
    def of(cls, body: bytes) -> Piece:
        """A piece of these bytes."""
        return cls(body, hashlib.blake2b(body, digest_size=16).digest(), _TOKEN in body)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + 150

    def without_token(self) -> Piece:
        """The same for somebody who has no forms."""
        return Piece.of(self.body.replace(_TOKEN, b"")) if self.has_forms else self


@dataclass(frozen=True)
class Shared:
    """A page without what is one reader's own: pieces, and the places between them, in order."""

    parts: tuple[Piece | Place, ...]

    @cached_property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(part.size if isinstance(part, Piece) else 300 for part in self.parts)


@dataclass
class Making:
    """A page that is being made, and may be kept. ``value`` says what a reader has in a place; None where it is not
    known for sure who that is. ``names`` is another value whenever pages or people are called otherwise, read before
    anything else was."""

    value: Callable[[Place], Hashable] | None
    names: Hashable = None
    places: list[tuple[Place, Hashable]] = field(default_factory=list)
    own: dict[Place, tuple[Hashable, Piece]] = field(default_factory=dict)
    """What turned out to stand in the places, with the values of which it was made."""
    lasting: list[Piece] = field(default_factory=list)
    """The parts that last, in the order in which they were put in."""
    asked: bool = False
    """Whether something outside of the marked places depends on who is reading."""
    fleeting: bool = False
    """Whether something there depends on the very moment."""
    of_one_page: bool = False
    """Whether it shows nothing but what `wiki.index.Index.stirred` tells of one page, and of others it relies on."""
    others: list[tuple[str, Hashable]] = field(default_factory=list)
    """These, by their paths, with what it told of them before they were read."""
    within: bool = False
    """Whether a marked place is being made."""
    within_lasting: bool = False
    """Whether a part that lasts is being made."""

    def taken_apart(self, body: bytes) -> tuple[Shared, list[Piece]]:
        """The page without what stands in its marked places; and all of it in pieces."""
        parts: list[Piece | Place] = []
        pieces: list[Piece] = []
        end = 0
        for found in _MARKED.finditer(body):
            between = Piece.of(body[end : found.start()])
            if found[1] is not None:
                lasting = self.lasting[int(found[1])]
                parts += between, lasting
                pieces += between, lasting
            else:
                place, value = self.places[int(found[2])]
                parts += between, place
                pieces += between, Piece.of(found[3])
                self._note(place, value, pieces[-1])
            end = found.end()
        last = Piece.of(body[end:])
        return Shared((*parts, last)), [*pieces, last]

    def _note(self, place: Place, value: Hashable, piece: Piece) -> None:
        """Two places of one name in which not the same stands are a mistake in a template; it costs time, no more."""
        if self.own.setdefault(place, (value, piece)) != (value, piece):
            self.asked = True


def put_together(pieces: list[Piece], token: str) -> bytes:
    """The bytes of a page, with the token of forms where it belongs."""
    told = token.encode()
    return b"".join([piece.body.replace(_TOKEN, told) if piece.has_forms else piece.body for piece in pieces])


def digest_of(pieces: list[Piece], secret: str) -> str:
    """What tells an answer from others; ``secret`` stands for the token of forms in whatever shape it is sent."""
    told = b"".join([piece.digest for piece in pieces]) + secret.encode()
    return hashlib.blake2b(told, digest_size=12).hexdigest()


@contextmanager
def making(value: Callable[[Place], Hashable] | None, names: Hashable) -> Iterator[Making]:
    """Until this ends, a page is made that may be kept."""
    g.making = Making(value, names)
    try:
        yield g.making
    finally:
        g.pop("making")


def being_made() -> Making | None:
    """The page that is being made and may be kept."""
    made: Making | None = g.get("making")
    return made


def asked_who() -> None:
    """Something depends on who is reading."""
    made = being_made()
    if made is not None and not made.within:
        made.asked = True


def asked_when() -> None:
    """Something depends on the very moment."""
    made = being_made()
    if made is not None and not made.within:
        made.fleeting = True


def shows_one_page() -> None:
    """Nothing is shown there but one page in force, and what stirs it or a page that it relies on."""
    made = being_made()
    if made is not None:
        made.of_one_page = True


def relies_on(path: str, stirred: Hashable) -> None:
    """What is shown follows from this page in force, too, which was ``stirred`` last then."""
    made = being_made()
    if made is not None:
        made.others.append((path, stirred))


def marked(made: Making, place: Place, value: Hashable, words: Markup) -> Markup:
    """These words as what stands in a place."""
    made.places.append((place, value))
    return Markup(f"{_MARK}{len(made.places) - 1}\x03{words}{_END}")  # noqa: S704 - marks around what is markup


def marked_lasting(made: Making, piece: Piece) -> Markup:
    """A part that lasts, where it goes."""
    made.lasting.append(piece)
    return Markup(f"{_MARK}~{len(made.lasting) - 1}\x03")  # noqa: S704 - a mark


def for_all(made: Making, caller: Callable[[], Markup]) -> tuple[Markup, bool]:
    """What a template makes, and whether that is the same for everybody at every moment."""
    before = made.asked, made.fleeting, made.within_lasting
    made.asked, made.fleeting, made.within_lasting = False, False, True
    try:
        words = caller()
        same = not (made.asked or made.fleeting)
    finally:
        made.asked, made.fleeting, made.within_lasting = made.asked or before[0], made.fleeting or before[1], before[2]
    return words, same


@contextmanager
def within_a_place(made: Making) -> Iterator[None]:
    """Until this ends, it may be asked who is reading, and when."""
    before, made.within = made.within, True
    try:
        yield
    finally:
        made.within = before
