"""On which line of a TOML text a table or key stands; `tomllib` keeps no positions."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[{1,2}\s*\"?([^\]\"]+?)\"?\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_.-]+))\s*=")


def line_of(text: str, table: str, nth: int, key: str | None) -> int | None:
    """The line, from 1, of ``key`` in the ``nth`` table of this name (of its header where there is no such key);
    "" is the part before the first header. None where nothing fits."""
    current, seen, header = "", -1, None
    if table == "":
        seen, header = 0, None
    for number, line in enumerate(text.split("\n"), start=1):
        head = _HEADER.fullmatch(line)
        if head is not None:
            current = head[1]
            if current == table:
                seen += 1
                header = number if seen == nth else header
        elif key is not None and current == table and seen == nth:
            name = _KEY.match(line)
            if name is not None and key in (name[1], name[2], name[3]):
                return number
    return header


def lines_of(text: str, table: str) -> tuple[int, ...]:
    """The lines, from 1, of the headers of every table of this name; read once, however many there are."""
    heads = ((number, _HEADER.fullmatch(line)) for number, line in enumerate(text.split("\n"), start=1))
    return tuple(number for number, head in heads if head is not None and head[1] == table)
