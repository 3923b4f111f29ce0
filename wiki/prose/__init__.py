"""Two texts -> a difference that people can read. Nothing that a person typed leaves here unescaped.

`difference` shows the page as it would look, with the words marked inside (`differences.py`, on `rendered.py`, which
compares the trees of `page_tree.py` and writes the words of `inline.py`); `source_difference` the lines of the file
(`source.py`), `plain_difference` what changed as plain text (`plain.py`). Where a text cannot be rendered in time
`reading.py` shows its blocks. All compare with `compare.py`, which is never slow. `passages.py` follows a passage from
one text to the next, and `place.py` a whole table or piece of code. `three.py` puts two texts that became of one
together, and says where somebody must decide. `tracing.py` follows words back through the texts of a page, on
`stayed.py`, which tells what of a text stood in the one before; `growth.py` counts whose words a text is made of.
"""

from __future__ import annotations

from wiki.prose.blocks import Block
from wiki.prose.differences import difference, side_by_side
from wiki.prose.labels import Labels
from wiki.prose.passages import (
    Followed,
    Follower,
    Spot,
    block_at,
    changed_lines,
    meeting,
    spots,
    spots_followed,
)
from wiki.prose.place import Passage, became, passage_at
from wiki.prose.plain import plain_difference
from wiki.prose.reading import block_difference, unchanged
from wiki.prose.rendered import Beside, Note, Sides, annotated
from wiki.prose.source import size_of_change, source_difference, unchanged_source, words_changed

__all__ = [
    "Beside", "Block", "Followed", "Follower", "Labels", "Note", "Passage", "Sides", "Spot", "annotated", "became",
    "block_at", "block_difference", "changed_lines", "difference", "meeting", "passage_at",
    "plain_difference", "side_by_side", "size_of_change", "source_difference", "spots", "spots_followed", "unchanged",
    "unchanged_source", "words_changed",
]  # fmt: skip
