"""Three sequences of pieces side by side: which stretches one side changed, and which both did.

Called by `three.py`, which decides what is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from wiki.prose.compare import changes, pairs, runs, tokens_of
from wiki.prose.pieces import Piece

MAX_COMPARED = 30_000


@dataclass(frozen=True)
class _Edit:
    """Pieces ``start`` to ``stop`` of the beginning became ``size`` others."""

    start: int
    stop: int
    size: int


@dataclass
class _Region:
    """A stretch of the beginning that one side or both changed: the edits of ours, those of theirs."""

    start: int
    stop: int
    sides: tuple[list[_Edit], list[_Edit]]

    def clashes(self, edit: _Edit, side: int, strict: bool) -> bool:
        """Whether an edit of a side, that begins after all of these, belongs to the same decision."""
        touched = self.sides[1 - side][-1:]
        if edit.start != self.stop or not touched or touched[0].stop != edit.start:
            return edit.start < self.stop
        return strict or not _beside(touched[0], edit)


def _beside(one: _Edit, other: _Edit) -> bool:
    """Whether two edits that touch have a plain order: each replaces pieces of its own, or one puts something beside
    what the other replaced one by one."""
    empty = [edit for edit in (one, other) if edit.start == edit.stop]
    if len(empty) == 1:
        replaced = other if empty[0] is one else one
        return replaced.stop - replaced.start == replaced.size
    return not empty


@dataclass(frozen=True)
class Chunk:
    """The pieces of a stretch in the three texts, and whether ours and theirs changed them."""

    began: list[Piece]
    ours: list[Piece]
    theirs: list[Piece]
    changed: tuple[bool, bool]

    @property
    def texts(self) -> tuple[str, str, str]:
        """The three texts of the stretch."""
        return text_of(self.began), text_of(self.ours), text_of(self.theirs)

    @property
    def agrees(self) -> bool:
        """Whether nothing is to be decided: one side changed it, or both alike but for empty lines."""
        return not all(self.changed) or _said(self.ours) == _said(self.theirs)


def text_of(pieces: Sequence[Piece]) -> str:
    """The text that the pieces were cut from."""
    return "".join(piece.text for piece in pieces)


def keys_of(pieces: Sequence[Piece]) -> list[str]:
    """What the pieces say."""
    return [piece.key for piece in pieces]


def _said(pieces: Sequence[Piece]) -> list[str]:
    return [piece.key for piece in pieces if piece.kind != "blank"]


def chunks(began: list[Piece], ours: list[Piece], theirs: list[Piece], *, strict: bool = False) -> Iterator[Chunk]:
    """The three texts side by side, from the first piece to the last. Where changes of both sides only touch they stay
    apart, unless ``strict``."""
    at, mine, other = 0, 0, 0
    for region in _regions(_edits(began, ours, strict), _edits(began, theirs, strict), strict):
        for step in range(region.start - at):
            yield Chunk([began[at + step]], [ours[mine + step]], [theirs[other + step]], (False, False))
        mine, other = mine + region.start - at, other + region.start - at
        length = region.stop - region.start
        ends = [length + sum(edit.size - (edit.stop - edit.start) for edit in side) for side in region.sides]
        yield Chunk(
            began[region.start : region.stop],
            ours[mine : mine + ends[0]],
            theirs[other : other + ends[1]],
            (bool(region.sides[0]), bool(region.sides[1])),
        )
        at, mine, other = region.stop, mine + ends[0], other + ends[1]
    for step in range(len(began) - at):
        yield Chunk([began[at + step]], [ours[mine + step]], [theirs[other + step]], (False, False))


def _regions(ours: list[_Edit], theirs: list[_Edit], strict: bool) -> list[_Region]:
    edits = [(edit, side) for side, all_of in enumerate((ours, theirs)) for edit in all_of]
    found: list[_Region] = []
    for edit, side in sorted(edits, key=lambda entry: (entry[0].start, entry[0].stop, entry[0].size)):
        if not found or not found[-1].clashes(edit, side, strict):
            found.append(_Region(edit.start, edit.stop, ([], [])))
        found[-1].sides[side].append(edit)
        found[-1].stop = max(found[-1].stop, edit.stop)
    return found


def _edits(old: list[Piece], new: list[Piece], strict: bool) -> list[_Edit]:
    """How one side changed the beginning. The same for the same pieces, whatever the machine has to do meanwhile."""
    before, after = keys_of(old), keys_of(new)
    head = _alike(before, after, 0)
    tail = _alike(before[::-1], after[::-1], head)
    first, second = before[head : len(before) - tail], after[head : len(after) - tail]
    if not first and not second:
        return []
    if len(first) + len(second) > MAX_COMPARED:
        return [_Edit(head, head + len(first), len(second))]
    found = [run for run in changes(runs(first, second, seconds=0)) if run.sign != "="]
    if strict:
        return [_Edit(head + run.old.start, head + run.old.stop, run.new.stop - run.new.start) for run in found]
    return [edit for run in found for edit in _paired(first[run.old], second[run.new], head + run.old.start)]


def _paired(old: list[str], new: list[str], at: int) -> Iterator[_Edit]:
    """One edit as several, where every old piece became one much like it and something of its own was put beside."""
    steps = pairs(old, new)
    added = [new[second] for first, second in steps if first is None and second is not None]
    if any(second is None for _first, second in steps) or _taken_from(old, added):
        yield _Edit(at, at + len(old), len(new))
        return
    for first, group in groupby(steps, lambda step: step[0]):
        taken = int(first is not None)
        yield _Edit(at, at + taken, len(list(group)))
        at += taken


def _taken_from(old: list[str], added: list[str]) -> bool:
    """Whether what was added says again what stood there: then it is part of one change."""
    known = {token for piece in old for token in tokens_of(piece)}
    for piece in added:
        words = [token for token in tokens_of(piece) if token[0].isalnum()]
        if words and 2 * sum(word in known for word in words) >= len(words):
            return True
    return False


def _alike(one: list[str], other: list[str], taken: int) -> int:
    """How many keys at the beginning are the same, without the ``taken`` ones at the other end."""
    most = min(len(one), len(other)) - taken
    return next((at for at in range(most) if one[at] != other[at]), max(most, 0))
