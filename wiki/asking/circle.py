"""How many are asked, and when the circle widens. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.asking.whom import DAY

CIRCLE = 5
"""How many colleagues are suggested, and asked at once, at most."""
SPARE = 2
"""So many more are asked than voices are lacking: not everybody finds the time."""
WAIT = 3 * DAY
"""A request is left unanswered for so long before others are asked too, in seconds."""
EXPIRES = 14 * DAY
"""After so long an unanswered request is closed."""
MOST_OF_ONE = 15
"""Nobody else is asked about a proposal after so many."""


@dataclass(frozen=True)
class Asked:
    """How a proposal stands with those asked: when each open request was made (unix seconds), how many were asked in
    all, and how many said that they cannot and were not replaced yet (``owed``)."""

    open: tuple[int, ...]
    total: int
    owed: int = 0


def how_many(asked: Asked, lacking: int, now: int) -> int:
    """How many others are asked now. ``lacking`` are the voices that a proposal still needs, at least 1."""
    fresh = [at for at in asked.open if at > now - WAIT]
    stale = len(asked.open) - len(fresh)
    circle = min(CIRCLE, lacking + SPARE)
    wanted = circle - len(fresh) if stale else min(asked.owed, circle)
    return max(0, min(wanted, MOST_OF_ONE - asked.total))


def next_look(asked: Asked, now: int) -> int | None:
    """When the clock looks at it again (unix seconds); None where nobody is waited for, or nobody else will be
    asked."""
    if not asked.open or asked.total >= MOST_OF_ONE:
        return None
    fresh = [at for at in asked.open if at > now - WAIT]
    return min(fresh, default=now) + WAIT
