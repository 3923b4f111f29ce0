"""Reading one ref of ``packed-refs`` without starting git and without reading all of it."""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Mapping
from pathlib import Path

_SORTED = re.compile(rb"# pack-refs with:[^\n]* sorted ?[^\n]*\n")
_LINE = re.compile(rb"([0-9a-f]{40}) (\S+)\n")


def packed(file: str | Path, ref: str) -> str | None:
    """The commit that a packed ref points at; None where it is not packed. `ValueError` for a file that is not as git
    writes it, `OSError` where it cannot be read: then git itself must be asked."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        with mmap.mmap(opened, 0, access=mmap.ACCESS_READ) as held:
            return _found(held, ref.encode("ascii"))
    finally:
        os.close(opened)


def all_packed(file: str | Path) -> Mapping[str, str]:
    """Every packed ref with its commit, as far as it can be read."""
    try:
        held = Path(file).read_bytes()
    except OSError:
        return {}
    return {each[2].decode("utf-8", "replace"): each[1].decode("ascii") for each in _LINE.finditer(held)}


def _found(held: mmap.mmap, wanted: bytes) -> str | None:
    """By halves: the lines are in the order of the names."""
    head = _SORTED.match(held)
    if head is None:
        raise ValueError("packed-refs is not sorted")
    low, high = head.end(), len(held)
    while low < high:
        at = held.rfind(b"\n", low, (low + high) // 2) + 1 or low
        while held[at : at + 1] == b"^":  # what the tag on the line before points at
            at = held.rfind(b"\n", low, at - 1) + 1 or low
        line = _LINE.match(held, at)
        if line is None:
            raise ValueError("packed-refs cannot be read")
        if line[2] == wanted:
            return line[1].decode("ascii")
        if line[2] < wanted:
            low = line.end()
            while held[low : low + 1] == b"^":
                low = held.find(b"\n", low) + 1 or high
        else:
            high = at
    return None
