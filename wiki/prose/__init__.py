"""Two texts -> a difference that people can read. Nothing that a person typed leaves here unescaped.

`difference` shows paragraphs with the words marked inside (`reading.py`, on `blocks.py`), `source_difference` the
lines of the file (`source.py`); both compare with `compare.py`, which is never slow.
"""

from __future__ import annotations

from wiki.prose.labels import Labels
from wiki.prose.reading import difference
from wiki.prose.source import size_of_change, source_difference

__all__ = ["Labels", "difference", "size_of_change", "source_difference"]
