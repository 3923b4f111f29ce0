"""Groups that a rule needs and in which nobody has an account any more: what they guard can no longer change."""

from __future__ import annotations

from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import get_locale

from wiki.model.policy import Policy
from wiki.web.here import the_wiki

MOST_NAMED = 5


@dataclass(frozen=True)
class EmptyGroup:
    """A group with nobody in it who could endorse, the pages it guards, and the addresses of who is in it."""

    name: str
    pages: tuple[str, ...]
    emails: tuple[str, ...]

    @property
    def somebody(self) -> str:
        """One of its members, in words; the first few where there are many."""
        return format_list(list(self.emails[:MOST_NAMED]), style="or", locale=get_locale())


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
        EmptyGroup(
            group, tuple(rule.pages for rule in policy.rules if group in rule.need), tuple(sorted(members[group]))
        )
        for group in sorted(wanted)
        if not members[group] & active
    ]
