"""The difference of two rendered pages, as the page would look: words marked inside sentences, passages that moved
seen as moved, lists by their items and tables by their cells.

Every element it writes comes from pages that the renderer has made safe, or is one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wiki.prose.compare import ALIKE, changes, likeness, pairs, runs
from wiki.prose.inline import Inline, Writer
from wiki.prose.labels import Labels, hidden
from wiki.prose.page_tree import Node, Trees, Word
from wiki.prose.spots import first_line, lines_of

CONTEXT = 1
FOLDED = 3
FOLDED_ITEMS = 6
LONG = 600
MOVED_TEXT = 12
MOVED_ALIKE = 0.8
MOST_MOVED = 60

_TEXT_TAGS = frozenset({"", "p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "summary", "figcaption", "caption"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_ITEMS = frozenset({"li", "dt", "dd"})


class Note(NamedTuple):
    """Safe HTML behind a passage; ``telling`` where it must not be folded away."""

    html: str = ""
    telling: bool = False


Beside = Callable[[int, range], Note]
"""What stands behind a passage of the new page that begins on this line of the text, given all its lines."""


@dataclass
class _Step:
    """How a block became another. ``sign`` is "=", "~" (changed), "-", "+", "<" (moved away) or ">" (moved here)."""

    sign: str
    old: Node | None
    new: Node | None


@dataclass(frozen=True)
class Sides:
    """A passage before and after, each as HTML; "" where it is not there."""

    sign: str
    before: str
    after: str


def rendered_difference(
    old: str, new: str, labels: Labels | None = None, beside: Beside | None = None, head: str = ""
) -> str:
    """Safe HTML: ``div.diff`` of passages (``div.diff-part``, each ``context``, ``added``, ``removed``, ``changed`` or
    ``moved``), long unchanged stretches folded into ``details.unchanged``. Both pages are safe HTML; ``head`` stands
    before them."""
    return _Difference(old, new, labels or Labels(), beside).written(head)


def annotated(page: str, beside: Beside) -> list[tuple[range, str]]:
    """The passages of a rendered page whose blocks know their lines, each with its lines and as safe HTML with what
    stands beside its parts. Blocks that begin on the same line are one passage; one of which no line is known, such as
    a rule, has none."""
    whole = _Difference(page, page, Labels(), beside)
    passages: list[tuple[int, str]] = []
    for node in whole.after:
        line, html = first_line(node), whole.shown(node)
        if line and passages and passages[-1][0] == line:
            html = passages.pop()[1] + html
        passages.append((line, html))
    starts = sorted({line for line, _html in passages})
    ends = dict(zip(starts, [*starts[1:], 1 << 30], strict=True))
    return [(range(line, ends[line] if line else line), html) for line, html in passages]


def side_by_side(old: str, new: str, labels: Labels | None = None) -> list[Sides]:
    """The passages of both pages beside each other, with what was deleted marked in the one and what was inserted in
    the other."""
    return list(_Difference(old, new, labels or Labels(), None).sides())


class _Difference:
    def __init__(self, old: str, new: str, labels: Labels, beside: Beside | None) -> None:
        self.trees = Trees()
        self.before, self.after = self.trees.read(old), self.trees.read(new)
        self.labels, self.beside = labels, beside
        self.inline = Inline()
        self.side = ""
        self.telling = False
        self.lines = lines_of(self.after) if beside is not None else {}

    def written(self, head: str) -> str:
        steps = list(self._steps(self.before, self.after))
        if all(step.sign == "=" for step in steps) and not head:
            return f'<div class="diff"><p class="nothing">{self.labels.told(self.labels.only_layout)}</p></div>\n'
        return f'<div class="diff">\n{head}{"".join(self._folded(steps))}</div>\n'

    def sides(self) -> Iterator[Sides]:
        """Every passage; one that went stands beside the one that came in its place."""
        gone: list[str] = []
        for step in self._steps(self.before, self.after):
            before, after = self._on("-", step), self._on("+", step)
            if gone and step.sign != "-":
                if step.sign in "+>":
                    yield Sides("~", gone.pop(0), after)
                    continue
                yield from (Sides("-", each, "") for each in gone)
                gone = []
            if step.sign == "-":
                gone.append(before)
            else:
                yield Sides(step.sign, before, after)
        yield from (Sides("-", each, "") for each in gone)

    def shown(self, node: Node) -> str:
        """A block as it is."""
        return self._whole(node, "=")

    def _on(self, side: str, step: _Step) -> str:
        self.side = side
        if not self._has(step):
            return ""
        block = self._block(step)
        if side == "-" and step.sign == "<" and step.old is not None:
            return f'<div class="diff-part moved">{block}{self._left_behind(step.old)}</div>'
        if side == "+" and step.sign == ">":
            told = self.labels.told(self.labels.moved)
            return f'<div class="diff-part moved"><p class="moved-away">{told}</p>{block}</div>'
        return block

    # What became of each block

    def _steps(self, before: Sequence[Node], after: Sequence[Node]) -> Iterator[_Step]:
        steps: list[_Step] = []
        for run in changes(runs([node.key for node in before], [node.key for node in after])):
            old, new = before[run.old], after[run.new]
            if run.sign == "=":
                steps += [_Step("=", one, other) for one, other in zip(old, new, strict=True)]
            else:
                steps += _paired(old, new)
        return iter(_with_moves(steps))

    # Writing

    def _folded(self, steps: Sequence[_Step]) -> Iterator[str]:
        """Passages; of those that are the same only what stands next to a change is open to the eye."""
        at = 0
        while at < len(steps):
            end = at
            while end < len(steps) and steps[end].sign == "=":
                end += 1
            if end == at:
                yield self._part(steps[at])
                at += 1
                continue
            parts = [self._noted(step) for step in steps[at:end]]
            start, stop = (0 if at == 0 else CONTEXT), len(parts) - (0 if end == len(steps) else CONTEXT)
            if stop > start:
                start -= start > 0 and _is_long(steps[at])
                stop += stop < len(parts) and _is_long(steps[end - 1])
            elif len(parts) == 1 and _is_long(steps[at]):
                start, stop = 0, 1
            fold = stop - start >= FOLDED or any(map(_is_long, steps[at + start : at + stop]))
            fold = fold and not any(telling for _, telling in parts[start:stop])
            shown = [html for html, _ in parts]
            if fold:
                shown[start:stop] = [self._fold(stop - start, "".join(shown[start:stop]))]
            yield from shown
            at = end

    def _fold(self, count: int, inside: str) -> str:
        summary = self.labels.told(self.labels.unchanged % {"num": count})
        return f'<details class="unchanged"><summary>{summary}</summary>\n{inside}</details>\n'

    def _items(self, steps: Sequence[_Step]) -> Iterator[str]:
        """The items of a list; of many that are the same only those next to a change are open to the eye."""
        at = 0
        while at < len(steps):
            end = at
            while end < len(steps) and steps[end].sign == "=":
                end += 1
            shown = [self._block(step, nested=True) for step in steps[at : max(end, at + 1)]]
            start, stop = (0 if at == 0 else CONTEXT), len(shown) - (0 if end == len(steps) else CONTEXT)
            if end > at and stop - start >= FOLDED_ITEMS:
                inside = self._fold(stop - start, f"<ul>{''.join(shown[start:stop])}</ul>")
                shown[start:stop] = [f'<li class="unchanged">{inside}</li>']
            yield from shown
            at = max(end, at + 1)

    def _noted(self, step: _Step) -> tuple[str, bool]:
        self.telling = False
        return self._part(step), self.telling

    def _part(self, step: _Step) -> str:
        look, label = self._look(step)
        spoken = hidden(label) if label else ""
        return f'<div class="diff-part {look}">{spoken}{self._block(step)}</div>\n'

    def _look(self, step: _Step) -> tuple[str, str]:
        return {
            "=": ("context", ""),
            "~": ("changed", self.labels.changed),
            "-": ("removed", self.labels.removed),
            "+": ("added", self.labels.added),
            "<": ("moved-away", ""),
            ">": ("moved", self.labels.moved),
        }[step.sign]

    def _block(self, step: _Step, nested: bool = False) -> str:
        look, label = self._look(step) if nested and step.sign not in "=~" else ("", "")
        if step.sign == "<" and step.old is not None and self.side != "-":
            return self._left_behind(step.old)
        if step.old is not None and step.new is not None and step.sign in "~>":
            return self._changed(step.old, step.new, look, label)
        node = step.new if step.new is not None else step.old
        if node is None:
            return ""
        sign = {"+": "+", "-": "-"}.get(step.sign, "=")
        if nested and step.sign == "<":
            return self._going(node)
        return self._whole(node, sign, look, label)

    def _whole(self, node: Node, sign: str, look: str = "", label: str = "") -> str:
        """A block in which all is the same, new or gone."""
        spoken = hidden(label) if label else ""
        if node.is_leaf:
            inside = Writer(self.labels).write([(sign, node.words)])
            return _element(node, spoken + inside, look, self._note(node, sign))
        inside = "".join(self._whole(child, sign) for child in node.children)
        return _element(node, inside, look, self._note(node, sign))

    def _changed(self, old: Node, new: Node, look: str, label: str) -> str:
        spoken = hidden(label) if label else ""
        shown = old if self.side == "-" else new
        note = self._note(new, "~")
        if old.is_leaf and new.is_leaf:
            pieces = self.inline.between(old.words, new.words, side=self.side)
            if old.tag != new.tag and {old.tag, new.tag} & _HEADINGS:
                pieces = [("~" if sign == "=" else sign, words) for sign, words in pieces]
            leave_out = {"-": "+", "+": "-"}.get(self.side, "")
            return _element(shown, spoken + Writer(self.labels).write(pieces, leave_out), look, note)
        before, after = self._holding(old), self._holding(new)
        if new.tag == "tr" and len(before.children) != len(after.children):
            steps: Iterable[_Step] = _cells(before.children, after.children)
        elif new.tag == "tr":
            steps = [_Step("~", one, other) for one, other in zip(before.children, after.children, strict=True)]
        else:
            steps = self._steps(before.children, after.children)
        there = [step for step in steps if self._has(step)]
        if new.tag == "ul" and not self.side and self.beside is None:
            return _element(shown, "".join(self._items(there)), look, note)
        inside = "".join(self._block(step, nested=True) for step in there)
        return _element(shown, inside, look, note)

    def _going(self, node: Node) -> str:
        """An item or a row on the side of what was, that is elsewhere now."""
        shown, end = self._whole(node, "=", "moved"), f"</{node.tag}>"
        if node.tag not in _ITEMS:
            return shown
        return f'{shown.removesuffix(end)} <span class="moved-away">{self._elsewhere(node)}</span>{end}'

    def _elsewhere(self, node: Node) -> str:
        words = " ".join(node.text.split()[:8])
        return self.labels.told(self.labels.moved_away % {"words": words})

    def _has(self, step: _Step) -> bool:
        """Whether a block is on the side that is written."""
        if self.side == "-":
            return step.old is not None and step.sign != ">"
        return self.side != "+" or step.new is not None

    def _holding(self, node: Node) -> Node:
        """A block that holds others, also where it held words alone."""
        if node.children:
            return node
        inside = self.trees.keyed(Node("", line=node.line, words=node.words))
        return Node(node.tag, node.attributes, node.line, [inside])

    def _left_behind(self, node: Node) -> str:
        """What stands where a passage was that is elsewhere now."""
        if node.tag in {"tr", *_CELLS}:
            return ""
        told = self._elsewhere(node)
        if node.tag in _ITEMS:
            return f'<{node.tag} class="moved-away">{told}</{node.tag}>'
        return f'<p class="moved-away">{told}</p>'

    def _note(self, node: Node, sign: str) -> str:
        lines = self.lines.get(id(node)) if self.beside is not None and sign != "-" else None
        if lines is None or self.beside is None:
            return ""
        note = self.beside(node.line or 0, lines)
        self.telling = self.telling or note.telling
        return note.html


def _is_long(step: _Step) -> bool:
    """Whether a block is too long to be shown for no more than standing next to a change."""
    return step.new is not None and len(step.new.text) > LONG


def _paired(old: Sequence[Node], new: Sequence[Node]) -> Iterator[_Step]:
    for at, to in pairs(_told_apart(old, new), _told_apart(new, old)):
        before, after = None if at is None else old[at], None if to is None else new[to]
        if before is not None and after is not None and not _alike(before, after):
            yield _Step("-", before, None)
            yield _Step("+", None, after)
        else:
            yield _Step("~" if before is not None and after is not None else "-" if before else "+", before, after)


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
    return {old.tag, new.tag} <= _TEXT_TAGS or {old.tag, new.tag} <= _CELLS


def _with_moves(steps: list[_Step]) -> list[_Step]:
    """The steps with what went in one place and came in another as one passage that moved."""
    gone = [step for step in steps if step.sign == "-" and step.old and len(step.old.text) >= MOVED_TEXT]
    come = [step for step in steps if step.sign == "+" and step.new and len(step.new.text) >= MOVED_TEXT]
    if not gone or not come:
        return steps
    by_key: dict[int, list[_Step]] = {}
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


def _move_likest(gone: Sequence[_Step], step: _Step) -> None:
    best, most = None, MOVED_ALIKE
    for other in gone:
        if other.sign == "-" and other.old and step.new and _alike(other.old, step.new):
            alike = likeness(other.old.text, step.new.text)
            if alike >= most:
                best, most = other, alike
    if best is not None:
        _move(best, step)


def _move(away: _Step, here: _Step) -> None:
    away.sign, here.sign, here.old = "<", ">", away.old


def _cells(old: Sequence[Node], new: Sequence[Node]) -> list[_Step]:
    """The cells of a row that has more or fewer of them now, in order."""
    found = []
    for at, to in pairs([node.text for node in old], [node.text for node in new], alike=ALIKE / 2):
        before, after = None if at is None else old[at], None if to is None else new[to]
        found.append(_Step("~" if before and after else "-" if before else "+", before, after))
    return found


def _element(node: Node, inside: str, look: str, note: str) -> str:
    """A block as HTML. Headings are words that look like one: on the page that shows a difference they head nothing."""
    tag = node.tag
    if tag == "hr":
        return "<hr>"
    if tag == "":
        return f'<span class="{look}">{inside}</span>{note}' if look else inside + note
    if tag in _HEADINGS:
        return f'<div class="heading level-{tag[1]} {look}">{inside}</div>{note}'
    attributes = node.attributes
    if look:
        attributes = (
            attributes.replace('class="', f'class="{look} ', 1)
            if 'class="' in attributes
            else f'{attributes} class="{look}"'
        )
    if tag in {"li", "dd", "td", "th"}:
        return f"<{tag}{attributes}>{inside}{note}</{tag}>"
    return f"<{tag}{attributes}>{inside}</{tag}>{note}"


__all__ = ["Beside", "Note", "Sides", "Word", "rendered_difference", "side_by_side"]
