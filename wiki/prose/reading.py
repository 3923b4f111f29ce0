"""The difference block by block, with the marks of the language set back: for texts that cannot be rendered in time,
and for what is not rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from wiki.markdown.front_matter import label_of
from wiki.prose.blocks import Block, blocks_of
from wiki.prose.compare import Words, changes, pairs, runs
from wiki.prose.labels import Labels, escaped, hidden, marked, quiet
from wiki.prose.rendered import Note

CONTEXT = 1
FOLDED = 3
MAX_BLOCKS = 20_000


@dataclass(frozen=True)
class _Row:
    """A block of the difference: its old form, its new form; both where it changed or stayed."""

    old: Block | None
    new: Block | None


Behind = Callable[[Block], Note]
"""What stands behind a block of the new text."""


def block_difference(old: str, new: str, labels: Labels | None = None, beside: Behind | None = None) -> str:
    """Safe HTML: ``div.diff`` of blocks (``div.diff-block``, each ``context``, ``added``, ``removed`` or ``changed``
    and its kind), long unchanged stretches folded into ``details.unchanged``. ``beside`` says what stands behind the
    blocks of the new text; a stretch in which something telling does is not folded."""
    labels = labels or Labels()
    beside = beside or _nothing_beside
    before, after = blocks_of(old), blocks_of(new)
    if [block.meaning for block in before] == [block.meaning for block in after]:
        return _nothing(labels.told(labels.nothing if old == new else labels.only_layout))
    if len(before) + len(after) > MAX_BLOCKS:
        before, after = (Block("text", "", old),), (Block("text", "", new),)
    return f'<div class="diff">\n{"".join(_stretches(before, after, labels, beside))}</div>\n'


def facts_difference(old: str, new: str, labels: Labels | None = None, but: frozenset[str] = frozenset()) -> str:
    """Safe HTML of the lines of the front matter that changed, but those of the facts called ``but``; "" for none. What
    they are called is said as the page says it."""
    labels = labels or Labels()
    facts = ([b for b in blocks_of(text) if b.kind == "fact" and b.marker not in but] for text in (old, new))
    before, after = ([replace(fact, marker=_called(fact.marker, labels)) for fact in some] for some in facts)
    words, found = Words(), []
    for run in changes(runs([block.meaning for block in before], [block.meaning for block in after])):
        if run.sign != "=":
            found += [_changed(row, words, labels) for row in _rows(before[run.old], after[run.new])]
    return "".join(found)


def _called(marker: str, labels: Labels) -> str:
    return labels.review_by if marker == "review_by:" else label_of(marker)


def _nothing_beside(block: Block) -> Note:
    return Note()


def unchanged(text: str, labels: Labels | None = None, *, first: bool = False, last: bool = False) -> str:
    """Safe HTML of a stretch that is the same on both sides, as `block_difference` shows it: ``div.diff``, folded where
    it is long but for what is next to others. ``first`` and ``last``: at the beginning and at the end of the page."""
    found = blocks_of(text)
    return f'<div class="diff">\n{_unchanged(found, found, (first, last), labels or Labels(), _nothing_beside)}</div>\n'


def _nothing(told: str) -> str:
    return f'<div class="diff"><p class="nothing">{told}</p></div>\n'


def _stretches(before: Sequence[Block], after: Sequence[Block], labels: Labels, beside: Behind) -> Iterator[str]:
    found = list(changes(runs([block.meaning for block in before], [block.meaning for block in after])))
    words = Words()
    for at, run in enumerate(found):
        if run.sign == "=":
            yield _unchanged(before[run.old], after[run.new], (at == 0, at == len(found) - 1), labels, beside)
            continue
        for row in _rows(before[run.old], after[run.new]):
            yield _changed(row, words, labels)
            if row.new is not None:
                yield beside(row.new).html


def _rows(old: Sequence[Block], new: Sequence[Block]) -> Iterator[_Row]:
    for at, to in pairs([block.whole for block in old], [block.whole for block in new]):
        yield _Row(None if at is None else old[at], None if to is None else new[to])


def _unchanged(
    old: Sequence[Block], new: Sequence[Block], at_end: tuple[bool, bool], labels: Labels, beside: Behind
) -> str:
    """Unchanged blocks; only those next to a change, or with something beside them, are open to the eye. ``at_end``:
    whether the stretch begins the text, whether it ends it."""
    notes = [beside(block) for block in new]
    shown = [
        _block("context", after, quiet(after.text), "", before.marker) + note.html
        for before, after, note in zip(old, new, notes, strict=True)
    ]
    start, end = (0 if at_end[0] else CONTEXT), len(shown) - (0 if at_end[1] else CONTEXT)
    if end - start < FOLDED or any(note.telling for note in notes[start:end]):
        return "".join(shown)
    summary = labels.told(labels.unchanged % {"num": end - start})
    middle = f'<details class="unchanged"><summary>{summary}</summary>\n{"".join(shown[start:end])}</details>\n'
    return "".join(shown[:start]) + middle + "".join(shown[end:])


def _changed(row: _Row, words: Words, labels: Labels) -> str:
    if row.old is None and row.new is not None:
        return _block("added", row.new, f"<ins>{quiet(row.new.text)}</ins>", labels.added)
    if row.new is None and row.old is not None:
        return _block("removed", row.old, f"<del>{quiet(row.old.text)}</del>", labels.removed)
    if row.old is None or row.new is None:
        return ""
    pieces = words.between(row.old.text, row.new.text)
    if pieces is None:
        return _changed(_Row(row.old, None), words, labels) + _changed(_Row(None, row.new), words, labels)
    return _block("changed", row.new, marked(pieces, shown=quiet), labels.changed, row.old.marker)


def _block(look: str, block: Block, inside: str, label: str = "", old_marker: str | None = None) -> str:
    kind = f"{block.kind} level-{len(block.marker)}" if block.kind == "heading" else block.kind
    spoken = hidden(label) if label else ""
    return f'<div class="diff-block {look} {kind}">{spoken}{_marker(look, block, old_marker)}{inside}</div>\n'


def _marker(look: str, block: Block, old_marker: str | None) -> str:
    if old_marker is not None and old_marker != block.marker:
        text = marked([("-", old_marker), ("+", block.marker)])
    elif look in {"added", "removed"}:
        text = marked([("+" if look == "added" else "-", block.marker)])
    else:
        text = escaped(block.marker)
    return f'<span class="marker">{text}</span> ' if text else ""
