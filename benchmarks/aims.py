"""Rows of tables, and what was aimed for beside what was found."""

from __future__ import annotations

from collections.abc import Sequence


def row(label: str, cells: Sequence[str]) -> str:
    """One row of a table."""
    return f"| {label} | " + " | ".join(cells) + " |"


def head(label: str, cells: Sequence[str]) -> list[str]:
    """The first row, and the line below it."""
    return [row(label, cells), "|---|" + "---|" * len(cells)]


def aim(what: str, aimed: str, found: Sequence[float | None], most: float = float("inf"), least: float = 0) -> str:
    """A row that says of each figure found, None where it was not measured, whether one of them misses the aim."""
    missed = not all(least <= each <= most for each in found if each is not None)
    told = "; ".join(map(_figure, found))
    return row(what, [aimed, f"{told} **missed**" if missed else told])


def _figure(found: float | None) -> str:
    if found is None:
        return "not measured"
    return f"{found:,.0f}" if isinstance(found, int) or found >= 10 else f"{found:.2f}"
