"""A passage as a reader takes it: a heading, a paragraph, an item, a whole table, a whole piece of code; and what
became of it in a later text."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.prose.blocks import Block, blocks_of
from wiki.prose.passages import Follower

_TOGETHER = frozenset({"row", "code"})


@dataclass(frozen=True)
class Passage:
    """Some lines of a text, from ``first`` to ``last``, counted from 1, and what is written there."""

    first: int
    last: int
    source: str
    blocks: tuple[Block, ...]

    def says_the_same_as(self, other: Passage) -> bool:
        """Whether they read the same, wherever they stand."""
        return [block.meaning for block in self.blocks] == [block.meaning for block in other.blocks]


def passage_at(text: str, line: int) -> Passage | None:
    """The passage that a line of a text stands in, or the one before it; None where there is no such line or nothing
    is written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines, blocks = text.split("\n"), blocks_of(text)
    if not blocks or not 1 <= line <= len(lines):
        return None
    at = max((nth for nth, block in enumerate(blocks) if block.line <= line), default=0)
    first = last = at
    while first > 0 and _goes_on(blocks[first - 1], blocks[first]):
        first -= 1
    while last + 1 < len(blocks) and _goes_on(blocks[last], blocks[last + 1]):
        last += 1
    end = blocks[last + 1].line - 1 if last + 1 < len(blocks) else len(lines)
    written = "\n".join(lines[blocks[first].line - 1 : end]).rstrip()
    ends = blocks[first].line + written.count("\n")
    return Passage(blocks[first].line, ends, written, tuple(blocks[first : last + 1]))


def _goes_on(block: Block, following: Block) -> bool:
    return block.kind == following.kind and block.kind in _TOGETHER and following.line == block.line + 1


def became(old: str, new: str, passage: Passage) -> Passage | None:
    """The passage of an old text as it is in a new one, whether it reads the same or not; None where it is gone."""
    follower = Follower(old, new)
    telling = sorted(passage.blocks, key=lambda block: len(block.text), reverse=True)
    found = (follower.follow(block.line).line for block in telling)
    line = next((line for line in found if line is not None), None)
    return passage_at(new, line) if line is not None else None
