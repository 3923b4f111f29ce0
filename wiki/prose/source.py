"""The difference line by line, as it stands in the file; and how large it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from wiki.model.counting import words_of
from wiki.prose.compare import Words, changes, pairs, runs
from wiki.prose.labels import Labels, escaped, hidden, marked

CONTEXT = 3
MAX_LINES = 20_000

Lines = list[str]


def source_difference(old: str, new: str, labels: Labels | None = None) -> str:
    """Safe HTML: ``table.diff-source`` with line numbers, signs, and words marked inside changed lines."""
    labels = labels or Labels()
    before, after = lines_of(old), lines_of(new)
    if before == after:
        return f'<p class="nothing">{escaped(labels.nothing)}</p>\n'
    if len(before) + len(after) > MAX_LINES:
        before, after = [old], [new]
    return _table(_rows(before, after, labels), labels)


def unchanged_source(text: str, labels: Labels | None = None, *, first: bool = False, last: bool = False) -> str:
    """Safe HTML of lines that are the same on both sides, as `source_difference` shows them. ``first`` and ``last``: at
    the beginning and at the end of the file."""
    labels, found = labels or Labels(), lines_of(text)
    return _table(_unchanged(found, slice(0, len(found)), slice(0, len(found)), first, last, labels), labels)


def _table(rows: Iterator[str], labels: Labels) -> str:
    names = (labels.old_line, labels.new_line, labels.sign, labels.text)
    head = "".join(f'<th scope="col">{hidden(name)}</th>' for name in names)
    body = "".join(rows)
    return f'<table class="diff-source">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n'


def size_of_change(old: str, new: str) -> tuple[int, int]:
    """How many lines were added and how many removed."""
    found = runs(lines_of(old), lines_of(new))
    added = sum(run.new.stop - run.new.start for run in found if run.sign == "+")
    return added, sum(run.old.stop - run.old.start for run in found if run.sign == "-")


def words_changed(old: str, new: str) -> tuple[int, int]:
    """How many words were added and how many removed, lines that stayed left aside."""
    before, after = lines_of(old), lines_of(new)
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for run in runs(before, after):
        if run.sign != "=":
            removed.update(words_of("\n".join(before[run.old])))
            added.update(words_of("\n".join(after[run.new])))
    return (added - removed).total(), (removed - added).total()


def lines_of(text: str) -> Lines:
    """The lines of a text, whatever ends them; none where there is no text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n").split("\n") if text else []


def _rows(before: Lines, after: Lines, labels: Labels) -> Iterator[str]:
    found = list(changes(runs(before, after)))
    words = Words()
    for at, run in enumerate(found):
        if run.sign == "=":
            yield from _unchanged(after, run.old, run.new, at == 0, at == len(found) - 1, labels)
        else:
            yield from _changed(before[run.old], after[run.new], (run.old.start, run.new.start), words, labels)


def _unchanged(after: Lines, old: slice, new: slice, first: bool, last: bool, labels: Labels) -> Iterator[str]:
    length = new.stop - new.start
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    for at in range(length):
        if length > head + tail + 1 and head <= at < length - tail:
            if at == head:
                text = escaped(labels.unchanged_lines % {"num": length - head - tail})
                yield f'<tr class="unchanged"><td colspan="4">{text}</td></tr>\n'
            continue
        yield _row("context", old.start + at, new.start + at, "", escaped(after[new.start + at]))


def _changed(old: Lines, new: Lines, starts: tuple[int, int], words: Words, labels: Labels) -> Iterator[str]:
    """What was removed, then what was added, so that each reads in one go."""
    removed, added = [], []
    for at, to in pairs(old, new):
        pieces = None if at is None or to is None else words.between(old[at], new[to])
        if at is not None:
            removed.append(_row("removed", starts[0] + at, None, "−", _line(pieces, old[at], "-"), labels.removed))
        if to is not None:
            added.append(_row("added", None, starts[1] + to, "+", _line(pieces, new[to], "+"), labels.added))
    yield from removed
    yield from added


def _line(pieces: list[tuple[str, str]] | None, text: str, sign: str) -> str:
    if pieces is None:
        return marked([(sign, text)])
    return marked(pieces, leave_out="+" if sign == "-" else "-")


def _row(look: str, old: int | None, new: int | None, sign: str, text: str, label: str = "") -> str:
    numbers = "".join(f'<td class="line">{"" if at is None else at + 1}</td>' for at in (old, new))
    spoken = hidden(label) if label else ""
    shown = f'<span aria-hidden="true">{sign}</span>' if sign else ""
    return f'<tr class="{look}">{numbers}<td class="sign">{spoken}{shown}</td><td class="text">{text}</td></tr>\n'
