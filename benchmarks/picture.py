"""The picture of `benchmarks.simulate`: which share of proposals had enough endorsements after how long."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 150, 20, 44
DAYS = 14
LABELS = ("everybody sees a list", "colleagues are asked")
COLOURS = ("#8a8f98", "#24507f")


def picture(arms: Sequence[Sequence[float | None]]) -> str:
    """A whole SVG, with a title and a description that say the same in words."""
    lines = "".join(_line(arm, LABELS[nth], COLOURS[nth], nth == 0) for nth, arm in enumerate(arms))
    said = "; ".join(f"{LABELS[nth]}: {_within(arm, 1):.0%} after a day, {_within(arm, 7):.0%} after a week"
                     for nth, arm in enumerate(arms))  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title about" font-family="system-ui, sans-serif" font-size="13">\n'
        f'<title id="title">How many proposals had enough endorsements after how many days</title>\n'
        f'<desc id="about">{escape(said)}.</desc>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fdfcf9"/>\n{_axes()}{lines}</svg>\n'
    )


def _within(arm: Sequence[float | None], days: float) -> float:
    return sum(each is not None and each <= days for each in arm) / max(1, len(arm))


def _x(days: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * days / DAYS


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def _axes() -> str:
    parts = []
    for quarter in range(5):
        y = _y(quarter / 4)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#1f232822"/>\n')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#1f2328">{quarter * 25} %</text>\n')
    for days in range(0, DAYS + 1, 2):
        parts.append(
            f'<text x="{_x(days):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#1f2328">{days}</text>\n'
        )
    parts.append(f'<text x="{_x(DAYS / 2):.1f}" y="{HEIGHT - 6}" text-anchor="middle" fill="#1f2328">days</text>\n')
    return "".join(parts)


def _line(arm: Sequence[float | None], label: str, colour: str, dashed: bool) -> str:
    steps = [nth / 8 for nth in range(DAYS * 8 + 1)]
    points = " ".join(f"{_x(days):.1f},{_y(_within(arm, days)):.1f}" for days in steps)
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    end = _y(_within(arm, DAYS)) + (18 if dashed else 4)
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>\n'
        f'<text x="{WIDTH - RIGHT + 8}" y="{end:.1f}" fill="{colour}">{escape(label)}</text>\n'
    )
