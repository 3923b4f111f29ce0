"""Two texts -> a difference that people can read. Nothing that a person typed leaves here unescaped.

`difference` shows paragraphs with the words marked inside (`reading.py`, on `blocks.py`), `source_difference` the
lines of the file (`source.py`); both compare with `compare.py`, which is never slow. `passages.py` follows a passage
from one text to the next. `three.py` puts two texts that became of one together, and says where somebody must decide.
"""

from __future__ import annotations

from wiki.prose.blocks import Block
from wiki.prose.labels import Labels
from wiki.prose.passages import Followed, Follower, block_at, overlap
from wiki.prose.reading import Beside, Note, difference, unchanged
from wiki.prose.source import size_of_change, source_difference, unchanged_source

__all__ = [
    "Beside", "Block", "Followed", "Follower", "Labels", "Note", "block_at", "difference", "overlap", "size_of_change",
    "source_difference", "unchanged", "unchanged_source",
]  # fmt: skip
