"""Passages: where a remark about one text belongs in a later one, and where two changes touch the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wiki.prose.blocks import Block, blocks_of
from wiki.prose.compare import changes, pairs, runs


@dataclass(frozen=True)
class Followed:
    """A passage in a later text: ``line`` is where its block begins now, None where it is gone; ``changed`` whether its
    words are others; ``words`` are those it had."""

    line: int | None
    changed: bool
    words: str


def block_at(text: str, line: int) -> Block | None:
    """The block of a page that the line stands in, or the last one before it."""
    before = [block for block in blocks_of(text) if block.line <= line]
    return before[-1] if before else None


def follow(old: str, new: str, line: int) -> Followed:
    """Where the passage around a line of the old text is in the new one."""
    before = blocks_of(old)
    at = max((nth for nth, block in enumerate(before) if block.line <= line), default=None)
    if at is None:
        return Followed(None, True, "")
    words = before[at].whole
    if old == new:
        return Followed(before[at].line, False, words)
    after = blocks_of(new)
    for run in changes(runs([block.meaning for block in before], [block.meaning for block in after])):
        if not run.old.start <= at < run.old.stop:
            continue
        if run.sign == "=":
            return Followed(after[run.new.start + at - run.old.start].line, False, words)
        inside = pairs([b.whole for b in before[run.old]], [b.whole for b in after[run.new]])
        now = next((to for was, to in inside if was == at - run.old.start), None)
        return Followed(after[run.new.start + now].line if now is not None else None, True, words)
    return Followed(None, True, words)


@dataclass(frozen=True)
class Region:
    """A stretch of blocks of a text that a change replaces, from ``start`` to before ``stop``; equal where it only adds
    between them."""

    start: int
    stop: int

    def meets(self, other: Region) -> bool:
        """Whether two changes touch the same place, or places with nothing between them."""
        return self.start <= other.stop and other.start <= self.stop


def changed_regions(text: str, changed: str) -> list[Region]:
    """Where a change touches a text, block by block."""
    before, after = blocks_of(text), blocks_of(changed)
    found = changes(runs([block.meaning for block in before], [block.meaning for block in after]))
    return [Region(run.old.start, run.old.stop) for run in found if run.sign != "="]


def overlap(text: str, mine: str, other: str) -> list[str]:
    """The passages of a text that two changes of it both touch, in words; empty where they keep apart."""
    blocks = blocks_of(text)
    others = changed_regions(text, other)
    places = []
    for region in changed_regions(text, mine):
        if any(region.meets(each) for each in others):
            places.append(_in_words(blocks, region))
    return list(dict.fromkeys(place for place in places if place))


def _in_words(blocks: Sequence[Block], region: Region) -> str:
    """The passage itself where words of it change, else the one it follows."""
    if not blocks:
        return ""
    return blocks[min(region.start if region.start < region.stop else max(0, region.start - 1), len(blocks) - 1)].text
