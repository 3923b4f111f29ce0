"""Charts can be told from the paper they stand on, in both themes."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

STYLE = (Path(__file__).parent.parent / "static" / "style.css").read_text(encoding="utf-8")
PAIR = r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)"
PAPER = re.search(f"--paper: {PAIR}", STYLE)
CHARTS = re.findall(rf"\.((?:part|day)-[0-9]) {{ (?:color|fill): {PAIR}", STYLE)


def _light(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, two: str) -> float:
    lower, higher = sorted((_light(one), _light(two)))
    return (higher + 0.05) / (lower + 0.05)


def test_all_colours_of_charts_are_looked_at() -> None:
    assert {name for name, *_ in CHARTS} == {f"part-{n}" for n in range(8)} | {f"day-{n}" for n in range(5)}


@pytest.mark.parametrize("theme", [1, 2])
def test_every_colour_stands_out_from_the_paper(theme: int) -> None:
    paper = PAPER[theme]
    weak = {each[0]: _contrast(each[theme], paper) for each in CHARTS if each[0] != "day-0"}
    assert {name: value for name, value in weak.items() if value < 3} == {}


@pytest.mark.parametrize("theme", [1, 2])
def test_a_busier_day_is_further_from_the_paper(theme: int) -> None:
    steps = [_contrast(each[theme], PAPER[theme]) for each in CHARTS if each[0].startswith("day")]
    assert all(following > 1.25 * step for step, following in pairwise(steps)), steps


def test_a_line_of_paper_keeps_neighbours_apart() -> None:
    assert ":is(.shares, .growth) svg :is(rect, path) { stroke: var(--paper);" in STYLE
