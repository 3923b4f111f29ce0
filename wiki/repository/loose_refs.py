"""Refs that are files of their own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

_ID = re.compile(r"[0-9a-f]{40}")
_LONGEST = 4_096
"""No ref says more bytes than this, be it the name of another."""


def loose(place: str) -> Iterator[str]:
    """Every ref of the repository at ``place`` that is a file of its own."""
    top = len(place) + 1
    for folder, _, names in os.walk(f"{place}/refs"):
        yield from (f"{folder[top:]}/{name}" for name in names if not name.endswith(".lock"))


def says(place: str, ref: str) -> str | None:
    """The commit that such a file leads to; None where it says nothing that can be read. `FileNotFoundError` where
    there is none."""
    try:
        text = text_of(f"{place}/{ref}")
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError):
        return None
    return text if _ID.fullmatch(text) else None


def text_of(file: str) -> str:
    """What a small file holds; asked a dozen times for each act, so by the shortest way."""
    opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(opened, _LONGEST).decode("ascii").strip()
    finally:
        os.close(opened)


def all_loose(place: str) -> Mapping[str, str]:
    """Every such ref with its commit."""
    found = {}
    for ref in loose(place):
        with suppress(FileNotFoundError):
            commit = says(place, ref)
            if commit is not None:
                found[ref] = commit
    return found
