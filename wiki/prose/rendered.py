"""The difference of two rendered pages, as the page would look: words marked inside sentences, passages that moved
seen as moved, lists by their items and tables by their cells.

Every element it writes comes from pages that the renderer has made safe, or is one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wiki.prose.inline import Inline, Writer
from wiki.prose.labels import Labels, hidden
from wiki.prose.page_tree import Node, Trees, Word
from wiki.prose.spots import first_line, lines_of
from wiki.prose.steps import CELLS, HEADINGS, Step, cells_between, steps_between

CONTEXT = 1
FOLDED = 3
FOLDED_ITEMS = 6
LONG = 600

_ITEMS = frozenset({"li", "dt", "dd"})


class Note(NamedTuple):
    """Safe HTML behind a passage; ``telling`` where it must not be folded away."""

    html: str = ""
    telling: bool = False


Beside = Callable[[int, range], Note]
"""What stands behind a passage of the new page that begins on this line of the text, given all its lines."""


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
        steps = steps_between(self.before, self.after)
        if all(step.sign == "=" for step in steps) and not head:
            return f'<div class="diff"><p class="nothing">{self.labels.told(self.labels.only_layout)}</p></div>\n'
        return f'<div class="diff">\n{head}{"".join(self._folded(steps))}</div>\n'

    def sides(self) -> Iterator[Sides]:
        """Every passage; one that went stands beside the one that came in its place."""
        gone: list[str] = []
        for step in steps_between(self.before, self.after):
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

    def _on(self, side: str, step: Step) -> str:
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

    def _folded(self, steps: Sequence[Step]) -> Iterator[str]:
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

    def _items(self, steps: Sequence[Step]) -> Iterator[str]:
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

    def _noted(self, step: Step) -> tuple[str, bool]:
        self.telling = False
        return self._part(step), self.telling

    def _part(self, step: Step) -> str:
        look, label = self._look(step)
        spoken = hidden(label) if label else ""
        return f'<div class="diff-part {look}">{spoken}{self._block(step)}</div>\n'

    def _look(self, step: Step) -> tuple[str, str]:
        return {
            "=": ("context", ""),
            "~": ("changed", self.labels.changed),
            "-": ("removed", self.labels.removed),
            "+": ("added", self.labels.added),
            "<": ("moved-away", ""),
            ">": ("moved", self.labels.moved),
        }[step.sign]

    def _block(self, step: Step, nested: bool = False) -> str:
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
            if old.tag != new.tag and {old.tag, new.tag} & HEADINGS:
                pieces = [("~" if sign == "=" else sign, words) for sign, words in pieces]
            leave_out = {"-": "+", "+": "-"}.get(self.side, "")
            return _element(shown, spoken + Writer(self.labels).write(pieces, leave_out), look, note)
        before, after = self._holding(old), self._holding(new)
        if new.tag == "tr" and len(before.children) != len(after.children):
            steps = cells_between(before.children, after.children)
        elif new.tag == "tr":
            steps = [Step("~", one, other) for one, other in zip(before.children, after.children, strict=True)]
        else:
            steps = steps_between(before.children, after.children)
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

    def _has(self, step: Step) -> bool:
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
        if node.tag in {"tr", *CELLS}:
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


def _is_long(step: Step) -> bool:
    """Whether a block is too long to be shown for no more than standing next to a change."""
    return step.new is not None and len(step.new.text) > LONG


def _element(node: Node, inside: str, look: str, note: str) -> str:
    """A block as HTML. Headings are words that look like one: on the page that shows a difference they head nothing."""
    tag = node.tag
    if tag == "hr":
        return "<hr>"
    if tag == "":
        return f'<span class="{look}">{inside}</span>{note}' if look else inside + note
    if tag in HEADINGS:
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
