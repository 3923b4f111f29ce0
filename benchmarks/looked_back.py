"""What looking back came to, as Markdown: how long one reader waits, and what was aimed for beside what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import otter
from benchmarks.aims import aim, head, row
from benchmarks.looking_back import FRONT, HISTORY, OLDER, LookedBack
from benchmarks.singles import ROUNDS, Waits


@dataclass(frozen=True)
class Looked:
    """One size: what it is called, what was found there, and the time in ms of indexing one merge."""

    label: str
    found: LookedBack
    merge: float


def table(looked: Sequence[Looked], other_aims: Sequence[str] = ()) -> str:
    """All of it; the sizes are the smaller one first. Other aims come as rows."""
    parts = _waits(looked), _blames(looked), [*_aims(looked), *other_aims]
    return "\n\n".join("\n".join(part) for part in parts)


def _waits(looked: Sequence[Looked]) -> list[str]:
    found = [one.found for one in looked]
    grown = ["the large size beside the small"] * _two(looked)
    columns = len(looked) + len(grown)
    rows = head("one reader waits, first time; again", [one.label for one in looked] + grown)
    for label in found[0].ours:
        cells = [_wait(one.ours[label], one.theirs.get(label)) for one in found]
        rows.append(row(label, cells + ["; ".join(_grown(looked, label))] * _two(looked)))
    rows += [row(label, ["**skipped**: this address answers 404 so far"] * columns) for label in found[0].skipped]
    if not any(one.theirs for one in found):
        rows.append(row(f"**{otter.NAME}**", ["**it could not be installed: nothing is compared with it**"] * columns))
    return rows


def _two(looked: Sequence[Looked]) -> bool:
    return len(looked) > 1


def _wait(ours: Waits, theirs: Waits | None) -> str:
    cell = f"{_ms(ours.first_ms)}; {_ms(ours.again_ms)}"
    if theirs is None:
        return cell
    if theirs.first_ms is None:
        return f"{cell}. Otter Wiki {theirs.trouble or 'was not asked'}"
    few = f" ({len(theirs.first)} of them)" if len(theirs.first) < ROUNDS else ""
    trouble = f", and then {theirs.trouble}" if theirs.trouble else ""
    told = f"{cell}. Otter Wiki {_ms(theirs.first_ms)}{few}; {_ms(theirs.again_ms)}{trouble}"
    return f"{told}: {_times(ours.first_ms, theirs.first_ms)}; {_times(ours.again_ms, theirs.again_ms)}"


def _ms(ms: float | None) -> str:
    return "not asked" if ms is None else f"{ms:,.1f} ms" if ms < 100 else f"{ms:,.0f} ms"


def _times(ours: float | None, theirs: float | None) -> str:
    ratio = _ratio(theirs, ours)
    return "–" if ratio is None else f"{ratio:,.1f} times" if ratio < 10 else f"{ratio:,.0f} times"


def _grown(looked: Sequence[Looked], label: str) -> list[str]:
    small, large = (one.found.ours[label] for one in (looked[0], looked[-1]))
    ratios = (_ratio(large.first_ms, small.first_ms), _ratio(large.again_ms, small.again_ms))
    return ["–" if ratio is None else f"{ratio:.2f}" for ratio in ratios]


def _blames(looked: Sequence[Looked]) -> list[str]:
    blamed = [one.found.blamed for one in looked]
    return [
        *head("who wrote this, a dozen pages", [one.label for one in looked]),
        row("plain `git blame --porcelain`", [_ms(one.plain) for one in blamed]),
        row("first time", [f"{_ms(one.first)}, {one.first / one.plain:.2f} of it" for one in blamed]),
        row("again", [f"{_ms(one.again)}, {one.again / one.view:.2f} of a page view" for one in blamed]),
        row(
            "made anew", [f"{_ms(one.anew)}, {one.anew / one.view_anew:.2f} of a page view made anew" for one in blamed]
        ),
        row("again, by many", [f"{one.rate:,.0f}/s, {one.rate / one.view_rate:.2f} of page views" for one in blamed]),
    ]


def _aims(looked: Sequence[Looked]) -> list[str]:
    last = looked[-1]
    blamed = last.found.blamed
    searches = [label for label in last.found.ours if label.startswith("search")]
    rows = head(f"at {last.label}", ["aimed for", "found"])
    rows += [_grown_aim(looked, label) for label in (HISTORY, FRONT, OLDER, *searches)]
    rows += [row(f"{label}, beside the small size", ["≤ 1.3", "skipped"]) for label in last.found.skipped]
    rows += [_otter_aim(last.found, label) for label in (HISTORY, FRONT, OLDER)]
    rows += [
        aim("who wrote this, first, beside plain `git blame`", "≤ 1.5", [blamed.first / blamed.plain], most=1.5),
        aim("who wrote this, again, beside a page view", "≈ 1", [blamed.again / blamed.view], most=1.1),
        aim("indexing one merge, in ms", "< 10", [last.merge], most=10),
    ]
    return rows


def _grown_aim(looked: Sequence[Looked], label: str) -> str:
    small, large = (one.found.ours[label] for one in (looked[0], looked[-1]))
    found = [_ratio(large.first_ms, small.first_ms), _ratio(large.again_ms, small.again_ms)]
    return aim(f"{label}, beside the small size", "≤ 1.3", found if _two(looked) else [None], most=1.3)


def _otter_aim(found: LookedBack, label: str) -> str:
    theirs, ours = found.theirs.get(label, Waits()), found.ours[label]
    times = [_ratio(theirs.first_ms, ours.first_ms), _ratio(theirs.again_ms, ours.again_ms)]
    return aim(f"{label}, times as fast as Otter Wiki", "≥ 50", times, least=50)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None
