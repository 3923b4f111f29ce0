"""A proposal weighed at one moment, and what the merge commit says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wiki.model.acts import read_message
from wiki.model.decide import Standing, Why
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal


@dataclass(frozen=True)
class Weighed:
    """A proposal, folded and weighed: against the main and the policy of this moment or, once it is in force,
    of the moment when it came to be. ``in_force`` is the merge, None before."""

    n: int
    proposal: Proposal
    standing: Standing
    policy: Policy
    main: str
    now: int
    active_members: int
    in_force: str | None

    @property
    def overtaken(self) -> bool:
        """Whether main has moved under a touched page."""
        return any(reason.why is Why.OVERTAKEN for reason in self.standing.reasons)


def merge_message(weighed: Weighed) -> str:
    """The message of the merge commit of model.md section 2."""
    proposal = weighed.proposal
    lines = [
        f"{proposal.title} (#{weighed.n})",
        "",
        f"Proposal: {weighed.n}",
        f"Change: {proposal.change}",
        f"Active-Members: {weighed.active_members}",
        *(f"Written-by: {author}" for author in proposal.authors),
        *(f"Endorsed-by: {act.author}" for act in weighed.standing.valid),
        *(f"Objected-by: {act.author}" for act in weighed.standing.objections),
    ]
    return "\n".join(lines) + "\n"


def active_members_of(message: str) -> int:
    """How many active members a merge commit was decided with."""
    values = [value for key, value in read_message(message)[1] if key == "Active-Members"]
    return int(values[0]) if len(values) == 1 and re.fullmatch(r"[0-9]{1,12}", values[0]) else 0
