"""The difference as somebody reads it: paragraph by paragraph, the words marked inside those that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wiki.prose.blocks import Block, blocks_of
from wiki.prose.compare import Words, changes, pairs, runs
from wiki.prose.labels import Labels, escaped, hidden, marked, quiet

CONTEXT = 1
FOLDED = 3
MAX_BLOCKS = 20_000


@dataclass(frozen=True)
class _Row:
    """A block of the difference: its old form, its new form; both where it changed or stayed."""

    old: Block | None
    new: Block | None


def difference(old: str, new: str, labels: Labels | None = None) -> str:
    """Safe HTML: ``div.diff`` of blocks (``div.diff-block``, each ``context``, ``added``, ``removed`` or ``changed``
    and its kind), long unchanged stretches folded into ``details.unchanged``."""
    labels = labels or Labels()
    before, after = blocks_of(old), blocks_of(new)
    if [block.meaning for block in before] == [block.meaning for block in after]:
        return _nothing(labels.nothing if old == new else labels.only_layout)
    if len(before) + len(after) > MAX_BLOCKS:
        before, after = [Block("text", "", old)], [Block("text", "", new)]
    return f'<div class="diff">\n{"".join(_stretches(before, after, labels))}</div>\n'


def _nothing(text: str) -> str:
    return f'<div class="diff"><p class="nothing">{escaped(text)}</p></div>\n'


def _stretches(before: list[Block], after: list[Block], labels: Labels) -> Iterator[str]:
    found = list(changes(runs([block.meaning for block in before], [block.meaning for block in after])))
    words = Words()
    for at, run in enumerate(found):
        if run.sign == "=":
            yield _unchanged(before[run.old], after[run.new], at == 0, at == len(found) - 1, labels)
            continue
        for row in _rows(before[run.old], after[run.new]):
            yield _changed(row, words, labels)


def _rows(old: list[Block], new: list[Block]) -> Iterator[_Row]:
    for at, to in pairs([block.whole for block in old], [block.whole for block in new]):
        yield _Row(None if at is None else old[at], None if to is None else new[to])


def _unchanged(old: list[Block], new: list[Block], first: bool, last: bool, labels: Labels) -> str:
    """Unchanged blocks; only those next to a change are open to the eye."""
    shown = [
        _block("context", after, quiet(after.text), "", before.marker) for before, after in zip(old, new, strict=True)
    ]
    start, end = (0 if first else CONTEXT), len(shown) - (0 if last else CONTEXT)
    if end - start < FOLDED:
        return "".join(shown)
    summary = escaped(labels.unchanged % {"num": end - start})
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
