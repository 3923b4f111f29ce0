"""How a page grew as a picture: the words of each author one upon the other, from its first revision to its last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wiki.model.acts import Person
from wiki.prose.growth import Point

WIDTH, HEIGHT = 640, 160
LAST_STEP = 16
MOST_ROWS = 12
OTHERS = 7


@dataclass(frozen=True)
class Band:
    """The words of one author: their ``part`` is the number of their colour, ``outline`` the path of an area that
    reaches down to the ground; whoever stands below is drawn over it."""

    name: str
    part: int
    outline: str


@dataclass(frozen=True)
class Row:
    """A moment (unix seconds) in the table: the words of each band, and all."""

    at: int
    words: list[int]
    total: int


@dataclass(frozen=True)
class Picture:
    """The whole; ``most`` is how many words the page had when it was longest, ``first`` and ``last`` are in unix
    seconds."""

    bands: list[Band]
    rows: list[Row]
    most: int
    first: int
    last: int
    width: int = WIDTH
    height: int = HEIGHT


def picture(
    points: Sequence[Point], today: Mapping[str, str], called: Callable[[Person], str], others: str
) -> Picture | None:
    """The picture of these points. ``today`` are the authors whose share of the page is shown beside it, as handles
    with names, in that order: they keep their colours, and whoever wrote most before them takes those that are left;
    the rest are ``others``. None where there is but one point, or one author."""
    counted = [_by_name(each, today, called) for each in points]
    everybody = {name for words in counted for name in words}
    if len(points) < 2 or len(everybody) < 2:
        return None
    parts = _parts(counted, today)
    columns = [(name, part, [words[name] for words in counted]) for name, part in parts.items()]
    rest = [sum(words.values()) - sum(words[name] for name in parts) for words in counted]
    shown = [each for each in (*columns, (others, OTHERS, rest)) if any(each[2])]
    most = max(each.total for each in points)
    tops = _tops([column for _name, _part, column in shown], most)
    places = _places([each.at for each in points])
    bands = [Band(name, part, _outline(places, top)) for (name, part, _column), top in zip(shown, tops, strict=True)]
    rows = _rows(points, [column for _name, _part, column in shown])
    return Picture(bands, rows, most, points[0].at, points[-1].at)


def _by_name(point: Point, today: Mapping[str, str], called: Callable[[Person], str]) -> Counter[str]:
    words: Counter[str] = Counter()
    for person, count in point.words:
        words[today.get(person.handle) or called(person)] += count
    return words


def _parts(counted: Sequence[Counter[str]], today: Mapping[str, str]) -> dict[str, int]:
    """Who has a colour of their own, and which: those of today, then whoever had most over the years."""
    parts: dict[str, int] = {}
    for part, name in enumerate(today.values()):
        parts.setdefault(name, part)
    over_the_years = sum(counted, Counter[str]())
    past = [name for name, _count in over_the_years.most_common() if name not in parts]
    return parts | dict(zip(past, range(len(today), OTHERS), strict=False))


def _tops(columns: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """How high each band reaches, in units of the picture from its top; the last of them stands on the ground."""
    reached = [0] * len(columns[0])
    tops: list[list[int]] = []
    for column in reversed(columns):
        reached = [low + words for low, words in zip(reached, column, strict=True)]
        tops.append([HEIGHT - round(HEIGHT * words / most) for words in reached])
    return tops[::-1]


def _places(moments: Sequence[int]) -> list[int]:
    """Where each moment stands from left to right. The last has some room of its own."""
    first, length = moments[0], max(1, moments[-1] - moments[0])
    return [round((WIDTH - LAST_STEP) * (at - first) / length) for at in moments]


def _outline(places: Sequence[int], tops: Sequence[int]) -> str:
    """Steps: a text stays as it is until its next revision."""
    steps = [f"M{places[0]} {HEIGHT}V{tops[0]}"]
    for at in range(1, len(places)):
        if tops[at] != tops[at - 1]:
            steps.append(f"H{places[at]}V{tops[at]}")
    return "".join([*steps, f"H{WIDTH}V{HEIGHT}z"])


def _rows(points: Sequence[Point], columns: Sequence[Sequence[int]]) -> list[Row]:
    step = -(-len(points) // MOST_ROWS)
    places = sorted({*range(0, len(points), step), len(points) - 1})
    return [Row(points[at].at, [column[at] for column in columns], points[at].total) for at in places]
