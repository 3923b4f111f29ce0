"""The difference of two texts of a page, as the page would look."""

from __future__ import annotations

from wiki.markdown import render_page
from wiki.model.errors import Refused
from wiki.prose.inline import Inline, Writer
from wiki.prose.labels import Labels, escaped, hidden
from wiki.prose.page_tree import Trees
from wiki.prose.reading import Behind, block_difference, facts_difference
from wiki.prose.rendered import Beside, Sides, rendered_difference
from wiki.prose.rendered import side_by_side as rendered_sides

_TITLE = frozenset({"title:"})


def difference(old: str, new: str, labels: Labels | None = None, beside: Beside | None = None, folder: str = "") -> str:
    """Safe HTML of how one text of a page became another, as `rendered_difference` writes it. ``beside`` says what
    stands behind the passages of the new text, ``folder`` where the relative links of the page start."""
    labels = labels or Labels()
    if old == new and beside is None:
        return f'<div class="diff"><p class="nothing">{labels.told(labels.nothing)}</p></div>\n'
    try:
        before, after = (render_page(text, folder, lines=beside is not None) for text in (old, new))
    except Refused:
        return block_difference(old, new, labels, _behind(beside))
    head = _title(before.title or "", after.title or "", labels) + facts_difference(old, new, labels, _TITLE)
    return rendered_difference(before.html, after.html, labels, beside, head)


def side_by_side(old: str, new: str, labels: Labels | None = None, folder: str = "") -> list[Sides] | None:
    """Both texts of a page beside each other, passage by passage; None where that would take too long."""
    try:
        before, after = (render_page(text, folder).html for text in (old, new))
    except Refused:
        return None
    return rendered_sides(before, after, labels)


def _behind(beside: Beside | None) -> Behind | None:
    return None if beside is None else lambda block: beside(block.line, range(block.line, block.line + 1))


def _title(old: str, new: str, labels: Labels) -> str:
    if old == new:
        return ""
    before, after = (Trees().read(f"<p>{escaped(title)}</p>") for title in (old, new))
    words = [node.words for side in (before, after) for node in side[:1]]
    pieces = Inline().between(*words) if len(words) == 2 else [("+" if after else "-", words[0])]
    inside = Writer(labels).write(pieces)
    return f'<div class="diff-part changed">{hidden(labels.changed)}<div class="heading level-1">{inside}</div></div>\n'
