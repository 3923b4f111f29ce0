"""Tables as GitHub reads them: a row may have fewer or more cells than the head.

Written anew because the library gives a whole table up for one row of another length, after reading all of it
again from every line (measured: 10 kB of such lines took 3 s).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mistune.block_parser import BlockParser
    from mistune.core import BlockState

MAX_COLUMNS = 100

# The head: a line with a pipe in it, above a line of dashes, colons and pipes. The line below is looked at first.
PATTERN = r"^ {0,3}(?=\S)(?=[^\n]*\|)[^\n]*\n {0,3}(?=[^\n]*\|)(?=[^\n]*-)[|:\- \t]+(?:\n|$)"

_DASHES = re.compile(r"(:?)-+(:?)")
_CELL_END = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def parse_table(block: BlockParser, match: re.Match[str], state: BlockState) -> int | None:
    """Add the table that begins here; where it ends. None where it is none."""
    head, dashes = match[0].split("\n")[:2]
    aligns = [_align(cell) for cell in cells_of(dashes)]
    names = cells_of(head)
    if len(names) != len(aligns) or len(names) > MAX_COLUMNS or False in aligns:
        return None
    rows, end = [], match.end()
    while end < state.cursor_max:
        line = state.get_line(end)
        if "|" not in line or not line.strip() or line.startswith(("    ", ">", "```", "~~~")):
            break
        rows.append(_row(cells_of(line), aligns, head=False))
        end += len(line)
    body = [{"type": "table_body", "children": rows}] if rows else []
    state.append_token({"type": "table", "children": [{**_row(names, aligns, head=True), "type": "table_head"}, *body]})
    return end


def cells_of(line: str) -> list[str]:
    """The cells of a row, without the pipes at its ends."""
    line = line.strip()
    ends = [found.end() for found in _CELL_END.finditer(line)]
    starts = [0, *ends]
    cells = [line[start : end - 1] for start, end in zip(starts, ends, strict=False)]
    cells.append(line[starts[-1] :])
    if not cells[0].strip() and len(cells) > 1 and line.startswith("|"):
        cells = cells[1:]
    if not cells[-1].strip() and len(cells) > 1 and ends and ends[-1] == len(line):
        cells = cells[:-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _row(cells: list[str], aligns: list[Any], *, head: bool) -> dict[str, Any]:
    """What is missing stays missing: filled up, a wide head above many short rows would grow beyond measure."""
    return {
        "type": "table_row",
        "children": [
            {"type": "table_cell", "text": text, "attrs": {"align": align, "head": head}}
            for text, align in zip(cells, aligns, strict=False)
        ],
    }


def _align(dashes: str) -> str | bool | None:
    """How the column is set; False where this is no line of dashes."""
    found = _DASHES.fullmatch(dashes)
    if found is None:
        return False
    return {("", ""): None, (":", ""): "left", ("", ":"): "right", (":", ":"): "center"}[found[1], found[2]]
