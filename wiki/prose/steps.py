"""What became of each block of a page: which are the same, which changed, and which moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wiki.prose.compare import ALIKE, changes, likeness, pairs, runs
from wiki.prose.page_tree import Node

MOVED_TEXT = 12
MOVED_ALIKE = 0.8
MOST_MOVED = 60

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th"})
_TEXT_TAGS = frozenset({"", "p", *HEADINGS, "dt", "dd", "summary", "figcaption", "caption"})


@dataclass
class Step:
    """How a block became another. ``sign`` is "=", "~" (changed), "-", "+", "<" (moved away) or ">" (moved here)."""

    sign: str
    old: Node | None
    new: Node | None


def steps_between(before: Sequence[Node], after: Sequence[Node]) -> list[Step]:
    """From the blocks before to those after, in the order in which they stand."""
    steps: list[Step] = []
    for run in changes(runs([node.key for node in before], [node.key for node in after])):
        old, new = before[run.old], after[run.new]
        if run.sign == "=":
            steps += [Step("=", one, other) for one, other in zip(old, new, strict=True)]
        else:
            steps += _paired(old, new)
    return _with_moves(steps)


def cells_between(old: Sequence[Node], new: Sequence[Node]) -> list[Step]:
    """The cells of a row that has more or fewer of them now, in order."""
    found = []
    for at, to in pairs([node.text for node in old], [node.text for node in new], alike=ALIKE / 2):
        before, after = None if at is None else old[at], None if to is None else new[to]
        found.append(Step("~" if before and after else "-" if before else "+", before, after))
    return found


def _paired(old: Sequence[Node], new: Sequence[Node]) -> Iterator[Step]:
    for at, to in pairs(_told_apart(old, new), _told_apart(new, old)):
        before, after = None if at is None else old[at], None if to is None else new[to]
        if before is not None and after is not None and not _alike(before, after):
            yield Step("-", before, None)
            yield Step("+", None, after)
        else:
            yield Step("~" if before is not None and after is not None else "-" if before else "+", before, after)


def _told_apart(nodes: Sequence[Node], others: Sequence[Node]) -> list[str]:
    """By which words each block is paired: an item by its own, without those of the items below it, where one of the
    others has just these."""
    theirs = {node.own_words for node in others} - {""}
    return [node.own_words if node.own_words in theirs else node.text for node in nodes]


def _alike(old: Node, new: Node) -> bool:
    """Whether one can be shown as a change of the other."""
    if old.tag == new.tag:
        return old.is_leaf == new.is_leaf or old.tag in {"li", "dd", "td", "th", "blockquote", "aside"}
    if not (old.is_leaf and new.is_leaf):
        return False
    return {old.tag, new.tag} <= _TEXT_TAGS or {old.tag, new.tag} <= CELLS


def _with_moves(steps: list[Step]) -> list[Step]:
    """The steps with what went in one place and came in another as one passage that moved."""
    gone = [step for step in steps if step.sign == "-" and step.old and len(step.old.text) >= MOVED_TEXT]
    come = [step for step in steps if step.sign == "+" and step.new and len(step.new.text) >= MOVED_TEXT]
    if not gone or not come:
        return steps
    by_key: dict[int, list[Step]] = {}
    for step in gone:
        by_key.setdefault(step.old.key if step.old else 0, []).append(step)
    for step in come:
        same = by_key.get(step.new.key if step.new else 0)
        if same:
            _move(same.pop(0), step)
    gone, come = [step for step in gone if step.sign == "-"], [step for step in come if step.sign == "+"]
    if len(gone) <= MOST_MOVED and len(come) <= MOST_MOVED:
        for step in come:
            _move_likest(gone, step)
    return steps


def _move_likest(gone: Sequence[Step], step: Step) -> None:
    best, most = None, MOVED_ALIKE
    for other in gone:
        if other.sign == "-" and other.old and step.new and _alike(other.old, step.new):
            alike = likeness(other.old.text, step.new.text)
            if alike >= most:
                best, most = other, alike
    if best is not None:
        _move(best, step)


def _move(away: Step, here: Step) -> None:
    away.sign, here.sign, here.old = "<", ">", away.old
