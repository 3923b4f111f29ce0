"""A passage as it is written beside the words that are read of it: which letter stands where in the source.

The source says which marks there may be, the words which of them are marks: what is read as it is written is a letter,
everything else is none. Where both do not fit together, that is said, and nothing is guessed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BEGINNING = re.compile(
    r"[ \t]*(?:(?:>|#{1,6}|[-*+]|\d{1,9}[.)]|:|\[\^[^\]\s]{1,200}\]:|\|)(?:[ \t]+|$|(?<=[>|])))*(?:\[[ xX]\][ \t]+)?"
)
_ITEM = re.compile(
    r"""
    (?P<escape>\\(?P<escaped>[!-/:-@\[-`{-~]))
  | (?P<code>(?<!`)(?P<ticks>`{1,8})(?!`)(?P<inside>[^`](?:.*?[^`])??)(?P=ticks)(?!`))
  | (?P<entity>&(?:\#\d{1,7}|\#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});)
  | (?P<beside>!\[[^\]\n]{0,500}\]\([^()\n]{0,500}\)(?:\{[^{}\n]{0,60}\})?|\[\^[^\]\s]{1,200}\])
  | (?P<call>\[!\w{1,10}\][ \t]*)
  | (?P<wiki>\[\[(?P<target>[^\[\]\n|]{1,200})(?:\|(?P<label>[^\[\]\n|]{1,200}))?\]\])
  | (?P<to>\]\([ ]*
      (?:<[^<>\n]{0,500}>|\{%[^{}\n]{0,300}%\}[^\s()<>]{0,200}|[^\s()<>]{0,500}(?:\([^\s()]{0,200}\)[^\s()<>]{0,200})?)
      (?:[ ]+(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?[ ]*\)|\]\[[^\[\]\n]{0,200}\])
  | (?P<auto><(?P<address>(?:https?://|mailto:)[^<>\s]{1,500})>)
  | (?P<tag></?[a-zA-Z][^<>]{0,500}>)
  | (?P<end>[ \t]*(?:\{\#[\w-]{1,100}\}|(?<=[ \t])\#+)[ \t]*\Z|\n[ \t]*(?:=+|-{2,})[ \t]*\Z)
  | (?P<edge>\\?[ \t]*\n(?:[|:\- \t]+\n)?[ \t]*(?:>[ \t]?)*(?:[:|][ \t]+)?|[ \t]*\|[ \t]*)
  | (?P<space>[ \t]+)
  | (?P<mark>[*_~\[\]]+?)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Letter:
    """A letter or space that is read, and where it stands in the source: an escape or a name for it is longer."""

    shown: str
    start: int
    end: int


@dataclass
class Written:
    """A passage, letter by letter. ``marks`` are the stretches of the source that only say how words look or where they
    lead; pictures, footnotes and line ends are not among them."""

    source: str
    letters: list[Letter] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What is read."""
        return "".join(letter.shown for letter in self.letters)

    def before(self, place: int) -> int:
        """Where the marks begin that end at a place."""
        for start, end in reversed(self.marks):
            place = start if end == place else place
        return place

    def after(self, place: int) -> int:
        """Where the marks end that begin at a place."""
        for start, end in self.marks:
            place = end if start == place else place
        return place

    def without_marks(self, start: int, end: int) -> str:
        """A stretch between letters, without the marks in it."""
        kept, at = [], start
        for first, last in self.marks:
            if start <= first and last <= end:
                kept.append(self.source[at:first])
                at = last
        return "".join([*kept, self.source[at:end]])


def written_beside(source: str, read: str) -> Written | None:
    """The letters of a passage; ``read`` is what is read from its beginning on. None where they do not fit together."""
    beginning = _BEGINNING.match(source)
    reader = _Reader(Written(source), read, beginning.end() if beginning is not None else 0)
    return reader.written if reader.goes_through() else None


class _Reader:
    """Goes through the source and the words side by side."""

    def __init__(self, written: Written, read: str, at: int) -> None:
        self.written = written
        self.read = read
        self.at = at

    def goes_through(self) -> bool:
        source = self.written.source
        while self.at < len(source):
            item = _ITEM.match(source, self.at)
            one = source[self.at]
            if item is None or (item.lastgroup not in {"edge", "space"} and self._reads(item[0])):
                if not self._reads(one):
                    return False
                self._letter(one, self.at, self.at + 1)
                self.at += 1
            elif not self._item(item):
                return False
            else:
                self.at = item.end()
        return bool(self.written.letters)

    def _reads(self, shown: str) -> bool:
        """Whether these letters are read next, perhaps in the next cell or line."""
        here = len(self.written.letters)
        if self.read.startswith(shown, here):
            return True
        if here and self.read.startswith("\n" + shown, here):
            self._letter("\n", self.at, self.at)
            return True
        return False

    def _letter(self, shown: str, start: int, end: int) -> None:
        self.written.letters.append(Letter(shown, start, end))

    def _item(self, item: re.Match[str]) -> bool:
        start, end = item.span()
        match item.lastgroup:
            case "escape":
                return self._one(item["escaped"], start, end)
            case "entity":
                return self._one(html.unescape(item[0]), start, end)
            case "code":
                return self._within(item, *_trimmed(item["inside"], item.start("inside")))
            case "wiki":
                group = "label" if item["label"] else "target"
                return self._within(item, item[group].strip(), item.start(group) + _led(item[group]))
            case "auto":
                return self._within(item, item["address"], item.start("address"))
            case "edge" | "space":
                here = len(self.written.letters)
                if here and self.read[here : here + 1].isspace():
                    self._letter(self.read[here], start, end)
            case "mark" | "to" | "tag":
                self.written.marks.append((start, end))
        return True

    def _one(self, shown: str, start: int, end: int) -> bool:
        """One letter, or a few, that are written otherwise."""
        if not self._reads(shown):
            return False
        for letter in shown[:-1]:
            self._letter(letter, start, start)
        self._letter(shown[-1], start, end)
        return True

    def _within(self, item: re.Match[str], shown: str, start: int) -> bool:
        """Letters between two marks."""
        self.at = start
        self.written.marks.append((item.start(), start))
        for letter in _runs(shown):
            here = len(self.written.letters)
            read = self.read[here : here + 1] if letter.isspace() else letter
            if not (read.isspace() if letter.isspace() else self._reads(letter)):
                return False
            self._letter(read, self.at, self.at + len(letter))
            self.at += len(letter)
        self.written.marks.append((self.at, item.end()))
        return True


def _runs(text: str) -> Iterator[str]:
    """Letters one by one, spaces together."""
    return (found[0] for found in re.finditer(r"\s+|\S", text))


def _trimmed(inside: str, start: int) -> tuple[str, int]:
    led = _led(inside)
    return inside.strip(), start + led


def _led(text: str) -> int:
    return len(text) - len(text.lstrip())
