"""Groups that a rule needs and in which nobody has an account any more: what they guard can no longer change."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.model.policy import Policy
from wiki.web.here import the_wiki


@dataclass(frozen=True)
class EmptyGroup:
    """A group with nobody in it who could endorse, and the pages it guards."""

    name: str
    pages: tuple[str, ...]


def empty_groups(policy: Policy | None = None, needed: tuple[str, ...] | None = None) -> list[EmptyGroup]:
    """The empty groups of a policy (of the one in force); only those ``needed`` where they are named."""
    wiki = the_wiki()
    if policy is None:
        policy = wiki.repository.policy(wiki.repository.main())
    wanted = {group for rule in policy.rules for group in rule.need}
    if needed is not None:
        wanted &= set(needed)
    if not wanted:
        return []
    members = {group: policy.groups.get(group, frozenset()) for group in wanted}
    accounts = wiki.accounts.among(email for emails in members.values() for email in emails)
    active = {email for email, account in accounts.items() if account.active}
    return [
        EmptyGroup(group, tuple(rule.pages for rule in policy.rules if group in rule.need))
        for group in sorted(wanted)
        if not members[group] & active
    ]
