"""Patterns of pages: ``*`` is anything within a folder, ``**`` anything at all, ``**/`` any folders or none.

Matched by walking along the name once per piece: the time grows with pattern times name, however many stars there are.
A regular expression would try every way of sharing a name out among the stars.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WILD = re.compile(r"(\*\*/|\*\*|\*)")


def covers(pattern: str, name: str) -> bool:
    """Whether the pattern matches the whole name."""
    ends: Iterable[int] = {0}
    for piece in _pieces(pattern):
        ends = _after(piece, name, ends)
        if not ends:
            return False
    return len(name) in ends


@lru_cache(maxsize=1024)
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(piece for piece in _WILD.split(pattern) if piece)


def _after(piece: str, name: str, starts: Iterable[int]) -> set[int]:
    """Where in the name a piece may end that begins at any of these places."""
    if piece == "**":
        return set(range(min(starts), len(name) + 1))
    if piece == "**/":
        first = min(starts)
        return {*starts, *(at + 1 for at in range(first, len(name)) if name[at] == "/")}
    if piece == "*":
        return _within_folder(name, starts)
    return {start + len(piece) for start in starts if name.startswith(piece, start)}


def _within_folder(name: str, starts: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for start in sorted(starts):
        end = start
        while end not in found:
            found.add(end)
            if end == len(name) or name[end] == "/":
                break
            end += 1
    return found
