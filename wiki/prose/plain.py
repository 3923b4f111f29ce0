"""The difference as plain text, for mail: what was said and what is said now, under the headings they stand in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from wiki.prose.blocks import Block, blocks_of
from wiki.prose.compare import changes, likeness, pairs, runs
from wiki.prose.labels import Labels
from wiki.prose.pieces import sentences
from wiki.prose.steps import MOST_MOVED, MOVED_ALIKE, MOVED_TEXT

WIDTH = 76
_SENTENCES = frozenset({"text", "item", "quote"})
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\(([^()\n]{0,500})\)")
_MARKS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|`+")
_MOST_WORDS = 12
"""So many words of a passage that moved are said."""

Said = tuple[str, str]
"""A sign and plain words: "-" for what went, "+" for what came, ">" for what moved here."""


@dataclass(eq=False)
class _Change:
    """A block that became another, went (``new`` is None) or came (``old`` is None). One that moved has both at its new
    place; at its old one nothing is left."""

    old: Block | None
    new: Block | None
    moved: bool = False


def plain_difference(old: str, new: str, width: int = WIDTH, labels: Labels | None = None) -> str:
    """Lines of at most ``width`` characters where words allow: a heading in brackets, ``-`` before what went, ``+``
    before what came, ``>`` before what moved there; of a paragraph only the sentences that changed. Links that lead
    elsewhere now are told with where they lead. "" where no word is different."""
    before, after = blocks_of(old), blocks_of(new)
    found = list(changes(runs([block.meaning for block in before], [block.meaning for block in after])))
    changed = [[] if run.sign == "=" else _changes(before[run.old], after[run.new]) for run in found]
    _find_moves([each for some in changed for each in some])
    lines: list[str] = []
    heading = told = ""
    for run, some in zip(found, changed, strict=True):
        said = [line for each in some for line in _said(each, labels or Labels())]
        if said:
            if lines:
                lines.append("")
            if heading and heading != told:
                lines += [f"[{_words(heading)}]", ""]
                told = heading
            lines += [line for sign, words in said for line in _set(sign, words, width)]
        heading = next((b.text for b in reversed(after[run.new]) if b.kind == "heading"), heading)
    return "\n".join(lines) + "\n" if lines else ""


def _changes(old: Sequence[Block], new: Sequence[Block]) -> list[_Change]:
    return [
        _Change(None if at is None else old[at], None if to is None else new[to])
        for at, to in pairs([block.whole for block in old], [block.whole for block in new])
    ]


def _find_moves(changed: Sequence[_Change]) -> None:
    """Make one of what went in one place and came in another, the same or much like it."""
    gone = [each for each in changed if each.new is None and each.old and len(each.old.text) >= MOVED_TEXT]
    come = [each for each in changed if each.old is None and each.new and len(each.new.text) >= MOVED_TEXT]
    by_meaning: dict[tuple[str, str, str], list[_Change]] = {}
    for each in gone:
        by_meaning.setdefault(each.old.meaning if each.old else ("", "", ""), []).append(each)
    for each in come:
        same = by_meaning.get(each.new.meaning if each.new else ("", "", ""))
        if same:
            _move(same.pop(0), each)
    gone, come = [each for each in gone if each.old], [each for each in come if not each.old]
    for each in come if len(gone) <= MOST_MOVED and len(come) <= MOST_MOVED else ():
        likest = max(gone, key=lambda other: _likeness(other, each), default=None)
        if likest is not None and _likeness(likest, each) >= MOVED_ALIKE:
            _move(likest, each)


def _likeness(gone: _Change, come: _Change) -> float:
    if gone.old is None or come.new is None or gone.old.kind != come.new.kind:
        return 0.0
    return likeness(gone.old.text, come.new.text)


def _move(gone: _Change, come: _Change) -> None:
    gone.old, come.old, come.moved = None, gone.old, True


def _said(change: _Change, labels: Labels) -> Iterator[Said]:
    if change.old is not None and change.new is not None:
        if change.moved:
            yield ">", f"{labels.moved} {_beginning(change.new)}"
        yield from _sentences(change.old, change.new)
    elif change.old is not None:
        yield "-", _words(change.old.whole)
    elif change.new is not None:
        yield "+", _words(change.new.whole)


def _beginning(block: Block) -> str:
    words = _words(block.text).split()
    return " ".join(words[:_MOST_WORDS]) + (" …" if len(words) > _MOST_WORDS else "")


def _sentences(old: Block, new: Block) -> Iterator[Said]:
    """The sentences of a paragraph that changed; all of it where it is no paragraph."""
    if old.meaning == new.meaning:
        return
    if not {old.kind, new.kind} <= _SENTENCES:
        yield from _beside([old.whole], [new.whole])
        return
    before, after = ([piece.text.strip() for piece in sentences(block.text)] for block in (old, new))
    for run in changes(runs(before, after)):
        if run.sign != "=":
            yield from _beside(before[run.old], after[run.new])


def _beside(old: Sequence[str], new: Sequence[str]) -> Iterator[Said]:
    """What was said and what is said in its place. A link that the other has not is told with where it leads; what
    would still read the same is told as it is written."""
    there, here = ({found[2] for text in some for found in _LINK.finditer(text)} for some in (old, new))
    before = [_words(text, there - here) for text in old]
    after = [_words(text, here - there) for text in new]
    if before == after:
        before, after = ([" ".join(text.split()) for text in some] for some in (old, new))
    yield from (("-", words) for words in before)
    yield from (("+", words) for words in after)


def _set(sign: str, words: str, width: int) -> list[str]:
    return textwrap.wrap(
        words, width, initial_indent=f"{sign} ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _words(text: str, telling: Collection[str] = ()) -> str:
    """The words of a text without the marks of the language. Behind links of the targets ``telling`` stands where they
    lead."""

    def shown(link: re.Match[str]) -> str:
        address = link[2].split()[0].strip("<>") if link[2] in telling and link[2].strip() else ""
        return f"{link[1]} ({address})" if address else link[1]

    return " ".join(_MARKS.sub("", _LINK.sub(shown, text)).split())
