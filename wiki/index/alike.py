"""Whether a page that comes under the name of a removed one is that page again."""

from __future__ import annotations

from collections import Counter


def alike(old: bytes, new: bytes) -> bool:
    """Whether two texts are mostly the same, as git measures it for renames: lines they share, in bytes, are at
    least half of the longer one. Nothing is like an empty text but another."""
    one, two = (Counter(text.splitlines(keepends=True)) for text in (old, new))
    shared = sum(len(line) * count for line, count in (one & two).items())
    return old == new or 2 * shared >= max(len(old), len(new)) > 0
