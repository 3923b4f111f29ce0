"""Acts: what colleagues do to a proposal, and how each is written as a commit message.

The grammar: the colleague's text, a blank line, and a last paragraph of trailers that the server always
writes. Only the last paragraph is read, so nothing a person types can pass for a trailer.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from wiki.model.errors import Refused
from wiki.model.words import N_

OBJECT_ID = re.compile(r"[0-9a-f]{40}")
MAX_TITLE = 200
_NAME_CRUD = " .,:;<>\"\\'"
_TRAILER = re.compile(r"([A-Z][A-Za-z]*(?:-[A-Za-z]+)*): (.*)")
_DIVIDER = re.compile(r"---(?!\S)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What Unicode calls Cc and Cs, but for tab and line end."""
_SCISSORS = re.compile(r"# -+ >8 -")
_ACT_TRAILERS = ("act", "of", "with", "for", "to", "at", "member-since")
_MERGE_TRAILERS = ("proposal", "change", "active-members", "written-by", "endorsed-by", "objected-by")


class Kind(StrEnum):
    """The acts of model.md section 2."""

    PROPOSE = "propose"
    REVISE = "revise"
    REFRESH = "refresh"
    ENDORSE = "endorse"
    OBJECT = "object"
    ANSWER = "answer"
    RETRACT = "retract"
    CLOSE = "close"
    REOPEN = "reopen"
    COMMENT = "comment"


CHANGES_TEXT = frozenset({Kind.PROPOSE, Kind.REVISE, Kind.REFRESH})


@dataclass(frozen=True)
class Person:
    """An author as git knows them. Two people are the same when their addresses are, whatever the case; without an
    address, which the imported past may lack, when their names are."""

    name: str
    email: str

    @cached_property
    def key(self) -> str:
        """What identifies the person."""
        return self.email.casefold() or f"{self.name.casefold()} <>"

    @cached_property
    def handle(self) -> str:
        """What stands for the person in addresses, 16 hexadecimal digits; the e-mail address cannot be read from it."""
        return hashlib.blake2b(self.key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @classmethod
    def parse(cls, text: str) -> Person | None:
        """Read ``Name <address>``; None where the text is anything else."""
        match = re.fullmatch(r"([^<>\n]*) <([^<>\n ]+)>", text)
        return cls(match[1], match[2]) if match else None


@dataclass(frozen=True)
class Act:
    """One commit on the chain of a proposal, or on its talk.

    ``author`` is the colleague, ``committer`` the address of the wiki that wrote it down, ``by_system`` whether the
    wiki itself is the author. ``kept`` is known for a refresh only: whether the change has the same fingerprint
    before and after.
    """

    id: str
    kind: Kind
    author: Person
    when: int
    text: str
    parents: tuple[str, ...]
    tree: str
    by_system: bool
    committer: str = ""
    trailers: tuple[tuple[str, str], ...] = field(default=())
    kept: bool = False

    def trailer(self, key: str) -> str | None:
        """The value of the one trailer of this key, or None."""
        return next((value for name, value in self.trailers if name == key), None)

    @cached_property
    def of(self) -> str | None:
        """The change that an endorsement or objection is about."""
        return self.trailer("Of")

    @property
    def to(self) -> str | None:
        """The objection or act that is answered."""
        return self.trailer("To")

    @property
    def at(self) -> str | None:
        """``path:line`` of an inline comment."""
        return self.trailer("At")

    @property
    def co_authors(self) -> tuple[Person, ...]:
        """Everyone named by ``With``."""
        people = (Person.parse(value) for key, value in self.trailers if key == "With")
        return tuple(person for person in people if person is not None)

    @cached_property
    def member_since(self) -> int | None:
        """When the endorser's account was made, in unix seconds."""
        value = self.trailer("Member-Since")
        return int(value) if value is not None and re.fullmatch(r"[0-9]{1,12}", value) else None

    @property
    def speaks_for(self) -> str:
        """Whose voice a retraction takes back. ``For`` counts only on acts of the system."""
        lent = self.trailer("For") if self.by_system else None
        return lent.casefold() if lent is not None else self.author.key

    @property
    def title(self) -> str:
        """The first line of the text."""
        return self.text.partition("\n")[0]

    @property
    def why(self) -> str:
        """The text without its first line."""
        return self.text.partition("\n")[2].strip("\n")


def one_line(text: str) -> str:
    """A title, name or trailer value: control characters and line ends become spaces, invisible format
    characters disappear, runs of space become one."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category in {"Cc", "Zl", "Zp", "Zs"}:
            kept.append(" ")
        elif category not in {"Cf", "Cs"}:
            kept.append(char)
    return " ".join("".join(kept).split())


def clean_title(text: str) -> str:
    """A title on one line; one that reads as a trailer of ours gets a dash before it."""
    title = one_line(text)
    if not title:
        raise Refused(N_("Please give the change a title: a few words that say what it does."))
    if len(title) > MAX_TITLE:
        raise Refused(N_("The title is too long: at most %(most)s characters."), most=MAX_TITLE)
    key, colon, _ = title.partition(":")
    return f"– {title}" if colon and key.strip().casefold() in _ACT_TRAILERS + _MERGE_TRAILERS else title


def clean_text(text: str) -> str:
    """What a person wrote in several lines: line ends made one kind, control characters other than tab and
    line end taken out, no blank lines at the ends."""
    lines = without_control(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(_no_end_of_message(line.rstrip()) for line in lines).strip("\n")


def without_control(text: str) -> str:
    """A text without control characters other than tab and line end, and without halves of characters."""
    return _CONTROL.sub("", text)


def _no_end_of_message(line: str) -> str:
    """Git's own reader of trailers takes two lines for the end of a message: a divider, and its scissors. Written
    a little otherwise they mean the same to people."""
    if _DIVIDER.match(line):
        return f"-{line}"
    return line.replace(">8", "> 8") if _SCISSORS.match(line) else line


def clean_person(person: Person) -> Person:
    """The person as git takes an author; :class:`Refused` where nothing of the name or address is left."""
    name = one_line(person.name.replace("<", " ").replace(">", " ")).strip(_NAME_CRUD)
    email = one_line(person.email.replace("<", "").replace(">", "")).replace(" ", "")
    if not name or not email.strip(_NAME_CRUD):
        raise Refused(N_("An author needs a name and an e-mail address."))
    return Person(name, email)


def write_message(text: str, trailers: Iterable[tuple[str, str]]) -> str:
    """A commit message: the text, a blank line, the trailers. There is always at least one trailer."""
    paragraph = "".join(f"{key}: {one_line(value)}\n" for key, value in trailers)
    if not paragraph:
        raise ValueError("an act has at least one trailer")
    cleaned = clean_text(text)
    return f"{cleaned}\n\n{paragraph}" if cleaned else paragraph


def read_message(message: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split a commit message into the text and the trailers of its last paragraph.

    Where the last paragraph holds a line that is no trailer, there are no trailers.
    """
    body = message.rstrip("\n")
    text, found, last = body.rpartition("\n\n")
    if not found:
        text, last = "", body
    trailers = []
    for line in last.split("\n"):
        match = _TRAILER.fullmatch(line)
        if match is None:
            return body, ()
        trailers.append((match[1], match[2]))
    return text.rstrip("\n"), tuple(trailers)


def message_of(kind: Kind, text: str, trailers: Mapping[str, str | Iterable[str]] | None = None) -> str:
    """The message of an act. A trailer with several values is written once per value."""
    written: list[tuple[str, str]] = [("Act", kind.value)]
    for key, value in (trailers or {}).items():
        values = [value] if isinstance(value, str) else list(value)
        written.extend((key, each) for each in values)
    return write_message(text, written)
