"""Replaying: when a proposal would have come into force under other rules, had people done what they did.

There is no second opinion here either: at every moment at which something happened or a time was up, the one function
that decides is asked again, about the chain as far as it went and main as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wiki.model.decide import Main, Standing, standing
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal


@dataclass(frozen=True)
class Stage:
    """How a proposal stood from a moment (``at``, unix seconds) until the next stage: folded up to its last act by
    then, before main as it was, under the policy that was in force there."""

    at: int
    proposal: Proposal
    main: Main
    policy: Policy


@dataclass(frozen=True)
class Past:
    """What happened to proposal ``n``: its stages, oldest first, at least one. ``active_members`` is how many there
    were when it came into force; ``in_force_at`` when that was, None while it is not."""

    n: int
    stages: tuple[Stage, ...]
    active_members: int
    in_force_at: int | None


@dataclass(frozen=True)
class Replayed:
    """When it would have come into force, None where it would not have; and how it stood then, or stands at last."""

    at: int | None
    standing: Standing


class Ending(StrEnum):
    """How a proposal would have ended, beside how it did."""

    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True)
class Rehearsed:
    """One proposal under other rules. ``was`` is the moment at which it came into force, None where it did not."""

    n: int
    was: int | None
    then: Replayed

    @property
    def ending(self) -> Ending:
        """What is different."""
        if self.was == self.then.at:
            return Ending.SAME
        if self.was is None or self.then.at is None:
            return Ending.LOST if self.then.at is None else Ending.GAINED
        return Ending.EARLIER if self.then.at < self.was else Ending.LATER


def replay(stages: Sequence[Stage], active_members: int, until: int, policy: Policy | None = None) -> Replayed:
    """The first moment up to ``until`` at which nothing is in the way under this policy; without one, under those that
    were in force. What waits for nothing but time after the last stage goes on waiting."""
    weighed = None
    for place, stage in enumerate(stages):
        last = stages[place + 1].at - 1 if place + 1 < len(stages) else until
        now: int | None = stage.at
        while now is not None:
            weighed = standing(stage.proposal, stage.main, policy or stage.policy, now, active_members)
            if not weighed.reasons:
                return Replayed(now, weighed)
            now = next((moment for moment in weighed.moments if moment <= last), None)
    if weighed is None:
        raise ValueError("what never happened cannot be replayed")
    return Replayed(None, weighed)


def rehearse(past: Past, policy: Policy, until: int) -> Rehearsed:
    """How a proposal would have ended under this policy. Where that differs from what happened, what happened is
    replayed as well: a clock that came late by a minute is no difference between two policies."""
    then = replay(past.stages, past.active_members, until, policy)
    was = past.in_force_at
    if then.at != was:
        really = replay(past.stages, past.active_members, until).at
        comparable = really == then.at if was is None else really is not None
        was = really if comparable else was
    return Rehearsed(past.n, was, then)
