"""The words of two passages in one: what was inserted and deleted, with the links and the emphasis around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wiki.prose.compare import MAX_TOKENS, MAX_TOKENS_AT_ONCE, runs
from wiki.prose.labels import Labels, escaped, hidden
from wiki.prose.page_tree import Word, Wrap

_HREF = re.compile(r'\bhref="([^"]*)"')

Piece = tuple[str, Sequence[Word]]
"""A sign and its words: "=", "+", "-", "~" for other emphasis or another link, ">" for where that leads."""


@dataclass
class Inline:
    """Compares the words of one difference, and stops when that would become long: ``left`` words remain."""

    left: int = MAX_TOKENS

    def between(self, old: Sequence[Word], new: Sequence[Word], *, side: str = "") -> list[Piece]:
        """How the old words become the new ones. Those that stay are shown as they are now; on the ``side`` "-" as they
        were, and on either side where they lead is told of that side alone."""
        self.left -= len(old) + len(new)
        if len(old) + len(new) > MAX_TOKENS_AT_ONCE or self.left < 0:
            return [("-", old), ("+", new)]
        pieces: list[Piece] = []
        for run in runs([_meaning(word) for word in old], [_meaning(word) for word in new], tidy=True):
            if run.sign == "=":
                pieces += _restyled(old[run.old], new[run.new], side)
            else:
                pieces.append((run.sign, new[run.new] if run.sign == "+" else old[run.old]))
        return pieces


def _meaning(word: Word) -> str:
    """Footnotes are numbered anew when one comes before them; pictures differ by what they show."""
    return word.text if word.html.startswith("<sup") else word.html or word.text


def _restyled(old: Sequence[Word], new: Sequence[Word], side: str) -> Iterator[Piece]:
    """The same words; with "~" those of which the emphasis or the link is another."""
    targets = [(_target(before), _target(after)) for before, after in zip(old, new, strict=True)]
    differ = [before.wraps != after.wraps for before, after in zip(old, new, strict=True)]
    for at, word in enumerate(new):
        if word.text == " ":
            differ[at] = all(differ[at - 1 : at]) and all(differ[at + 1 : at + 2])
    shown, start = old if side == "-" else new, 0
    for at in range(1, len(new) + 1):
        if at == len(new) or differ[at] != differ[start] or (differ[at] and targets[at] != targets[start]):
            yield ("~" if differ[start] else "="), shown[start:at]
            if differ[start]:
                yield ">", _retargeted(*targets[start], side)
            start = at


def _target(word: Word) -> str:
    """Where a word leads as it is written in its link; "" for nowhere."""
    link = next((attributes for tag, attributes in word.wraps if tag == "a"), "")
    found = _HREF.search(link)
    return found[1] if found is not None else ""


def _retargeted(old: str, new: str, side: str) -> list[Word]:
    """Behind words that lead elsewhere now: where they led, and where they lead."""
    there = [("del", old)] if side == "-" else [("ins", new)] if side == "+" else [("del", old), ("ins", new)]
    told = "".join(f"<{tag}>{address}</{tag}>" for tag, address in there if address)
    if old == new or not told:
        return []
    return [Word(" ", (), f' <span class="target">{told}</span>')]


@dataclass
class Writer:
    """Writes words with what is around them. Elements that go on from one word to the next are not opened anew."""

    labels: Labels
    _open: list[Wrap] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)

    def write(self, pieces: Sequence[Piece], leave_out: str = "") -> str:
        """The HTML of these pieces but those of certain signs."""
        for sign, words in pieces:
            if words and sign not in leave_out:
                self._piece(sign, words)
        self._close_to(0)
        return "".join(self._written)

    def _piece(self, sign: str, words: Sequence[Word]) -> None:
        opening, closing = _AROUND.get(sign, ("", ""))
        start = 0
        for at in range(1, len(words) + 1):
            if at < len(words) and words[at].wraps == words[start].wraps:
                continue
            self._go_into(words[start].wraps)
            told = hidden(self.labels.restyled) if sign == "~" and start == 0 else ""
            self._written.append(f"{opening}{told}{''.join(map(_shown, words[start:at]))}{closing}")
            start = at

    def _go_into(self, wraps: Sequence[Wrap]) -> None:
        same = 0
        while same < min(len(wraps), len(self._open)) and wraps[same] == self._open[same]:
            same += 1
        self._close_to(same)
        for tag, attributes in wraps[same:]:
            self._written.append(f"<{tag}{attributes}>")
            self._open.append((tag, attributes))

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._written.append(f"</{self._open.pop()[0]}>")


_AROUND = {
    "+": ("<ins>", "</ins>"),
    "-": ("<del>", "</del>"),
    "~": ('<span class="restyled">', "</span>"),
}


def _shown(word: Word) -> str:
    return word.html or escaped(word.text)
