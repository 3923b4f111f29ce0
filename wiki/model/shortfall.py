"""Whether there are enough colleagues at all who could give the voices that a proposal still needs.

Explains and decides nothing: `wiki.model.decide` does not ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wiki.model.decide import Standing, Why
from wiki.model.names import POLICY_PATH
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal


@dataclass(frozen=True)
class Member:
    """An account that is active, by its number, and since when there is one (unix seconds)."""

    id: int
    since: int


@dataclass(frozen=True)
class Colleagues:
    """All active accounts in two numbers: those whose voice counts by now, and those that are too new. ``authors`` are
    those of the proposal, under whatever address, and ``members`` those whom groups of the policy name, by address."""

    count: int
    too_new: int = 0
    authors: frozenset[Member] = frozenset()
    members: Mapping[str, Member] = field(default_factory=dict)


@dataclass(frozen=True)
class Shortfall:
    """More is needed than there is. ``needed`` endorsements, which ``able`` colleagues could give, and ``too_new`` more
    once their accounts are old enough; ``few`` where that is less. ``groups`` are those that are needed and in which
    nobody could endorse. ``rules_too``: a proposal to change the policy would fall short as well."""

    needed: int
    able: int
    too_new: int
    few: bool
    groups: tuple[str, ...]
    rules_too: bool


def groups_asked(policy: Policy) -> frozenset[str]:
    """Every address of a group that any rule needs, casefolded."""
    needed = {group for rule in policy.rules for group in rule.need}
    return frozenset(key for group in needed for key in policy.groups.get(group, ()))


def shortfall(
    proposal: Proposal, standing: Standing, policy: Policy, colleagues: Colleagues, now: int, active_members: int
) -> Shortfall | None:
    """What is missing that nobody could give as things are; None where there are enough. ``now`` in unix seconds."""
    missing = {reason.why for reason in standing.reasons}
    old = _old_enough(colleagues.authors, policy, now)
    able = max(colleagues.count - len(old), len(standing.valid))
    few = Why.FEW in missing and standing.needed > able
    wanted = [reason.about for reason in standing.reasons if reason.why is Why.GROUP]
    groups = tuple(group for group in wanted if not _of(group, policy, colleagues, now) - old)
    if not few and not groups:
        return None
    return Shortfall(
        needed=standing.needed,
        able=able,
        too_new=max(0, colleagues.too_new - (len(colleagues.authors) - len(old))),
        few=few,
        groups=groups,
        rules_too=_rules_too(policy, colleagues, now, active_members),
    )


def _rules_too(policy: Policy, colleagues: Colleagues, now: int, active_members: int) -> bool:
    """Whether even one author alone could not change the policy."""
    bar = policy.requirement({POLICY_PATH: 0})
    if bar.endorsements(active_members) > colleagues.count - 1:
        return True
    return any(not _of(group, policy, colleagues, now) for group in bar.need)


def _of(group: str, policy: Policy, colleagues: Colleagues, now: int) -> frozenset[Member]:
    """Who speaks for a group and has a voice that counts."""
    named = (colleagues.members.get(key) for key in policy.groups.get(group, ()))
    return _old_enough((member for member in named if member is not None), policy, now)


def _old_enough(members: Iterable[Member], policy: Policy, now: int) -> frozenset[Member]:
    return frozenset(member for member in members if now - member.since >= policy.members_since)
