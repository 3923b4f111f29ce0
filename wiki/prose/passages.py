"""Passages: where a remark about one text belongs in a later one, and where two changes touch the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wiki.prose.blocks import Block, blocks_of
from wiki.prose.compare import Run, changes, pairs, runs

MOVED_TEXT = 12


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


class Follower:
    """Where the passages of an old text are in a new one."""

    def __init__(self, old: str, new: str) -> None:
        self._before = blocks_of(old)
        self._after = self._before if old == new else blocks_of(new)
        self._found: list[Run] | None = None

    def follow(self, line: int) -> Followed:
        """The passage around this line of the old text."""
        at = max((nth for nth, block in enumerate(self._before) if block.line <= line), default=None)
        if at is None:
            return Followed(None, True, "")
        words = self._before[at].whole
        if self._after is self._before:
            return Followed(self._before[at].line, False, words)
        run = next(run for run in self._runs() if run.old.start <= at < run.old.stop)
        if run.sign == "=":
            return Followed(self._after[run.new.start + at - run.old.start].line, False, words)
        moved = self._moved(at)
        if moved is not None:
            return Followed(self._after[moved].line, False, words)
        inside = pairs([b.whole for b in self._before[run.old]], [b.whole for b in self._after[run.new]])
        now = next((to for was, to in inside if was == at - run.old.start), None)
        return Followed(self._after[run.new.start + now].line if now is not None else None, True, words)

    def _moved(self, at: int) -> int | None:
        """Where a passage stands now that is the same word for word, and long enough to be no other."""
        passage = self._before[at]
        if len(passage.text) < MOVED_TEXT:
            return None
        new = (place for run in self._runs() if run.sign != "=" for place in range(run.new.start, run.new.stop))
        same = [place for place in new if self._after[place].meaning == passage.meaning]
        return min(same, key=lambda place: abs(place - at), default=None)

    def _runs(self) -> list[Run]:
        if self._found is None:
            meanings = [[block.meaning for block in blocks] for blocks in (self._before, self._after)]
            self._found = list(changes(runs(*meanings)))
        return self._found


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


def changed_lines(text: str, changed: str) -> list[range]:
    """The lines of a text (from 1) whose passages a change replaces; of what it only adds, those of the passage
    before."""
    blocks = blocks_of(text)
    ends = [block.line for block in blocks[1:]] + [text.count("\n") + 2]
    found = []
    for region in changed_regions(text, changed) if blocks else []:
        start = min(region.start if region.start < region.stop else max(0, region.start - 1), len(blocks) - 1)
        found.append(range(blocks[start].line, ends[max(start, region.stop - 1)]))
    return found


@dataclass(frozen=True)
class Spot:
    """Where a change touches a text: its blocks, the ``line`` on which the first of them begins, the ``heading`` above,
    and the ``words`` of the passage, or of the one that it follows; ``added`` are the words that are put in there,
    where it changes none that stand there."""

    region: Region
    line: int
    heading: str
    words: str
    added: str = ""

    @property
    def shown(self) -> str:
        """The words that tell people what it is about."""
        return self.added or self.words


def spots(text: str, changed: str) -> tuple[Spot, ...]:
    """Where a change touches a text, from the top."""
    before, after = blocks_of(text), blocks_of(changed)
    found = changes(runs([block.meaning for block in before], [block.meaning for block in after]))
    return tuple(
        _spot(before, Region(run.old.start, run.old.stop), () if run.old.start < run.old.stop else after[run.new])
        for run in found
        if run.sign != "="
    )


def spots_followed(text: str, changed: str, later: str) -> tuple[Spot, ...]:
    """The same places in a later text than the one that was changed; without those that are gone from it."""
    follower, blocks = Follower(text, later), blocks_of(later)
    found = []
    for spot in spots(text, changed):
        line = follower.follow(spot.line).line
        nth = next((nth for nth, block in enumerate(blocks) if block.line == line), None)
        if nth is not None:
            first = nth + 1 if spot.added and spot.region.start else nth
            found.append(replace(_spot(blocks, Region(first, first if spot.added else nth + 1)), added=spot.added))
    return tuple(found)


def _spot(blocks: Sequence[Block], region: Region, new: Sequence[Block] = ()) -> Spot:
    """Words are those of the passage itself where some of them change, else of the one that it follows."""
    added = " ".join(block.text for block in new if block.text)
    if not blocks:
        return Spot(region, 1, "", "", added)
    at = min(region.start if region.start < region.stop else max(0, region.start - 1), len(blocks) - 1)
    heading = next((block.text for block in reversed(blocks[: at + 1]) if _is_section(block)), "")
    return Spot(region, blocks[at].line, heading, blocks[at].text, added)


def _is_section(block: Block) -> bool:
    """Whether a block is a heading within the page, and not its title."""
    return block.kind == "heading" and block.marker != "#"


def meeting(mine: Sequence[Spot], others: Sequence[Spot]) -> list[Spot]:
    """Where the first of two changes of a text touches what the other touches too, each in words of its own; empty
    where they keep apart."""
    met = [one for one in mine if one.shown and any(one.region.meets(each.region) for each in others)]
    return list({one.shown: one for one in reversed(met)}.values())[::-1]
