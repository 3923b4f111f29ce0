"""The policy in the reader's words: rules, groups, and which sentences another policy adds or takes away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wiki.model.explain import explain_always, explain_general, explain_rules
from wiki.model.policy import Policy
from wiki.web.here import the_wiki
from wiki.web.say import _
from wiki.web.words import translate


@dataclass(frozen=True)
class RuleView:
    """One rule in words; ``number`` counts from 1, ``line`` is where it stands in the file."""

    number: int
    pages: str
    lines: Sequence[str]
    line: int | None


@dataclass(frozen=True)
class MemberView:
    """Somebody in a group. ``note`` says why their voice cannot be had, where it cannot."""

    name: str
    note: str | None


@dataclass(frozen=True)
class GroupView:
    """A group and who is in it."""

    name: str
    members: Sequence[MemberView]


@dataclass(frozen=True)
class Changed:
    """What another policy says that this one does not, and the other way round."""

    new: Sequence[str]
    gone: Sequence[str]


def rules_of(policy: Policy) -> list[RuleView]:
    """Every rule, in the order of the file."""
    return [
        RuleView(number, told.pages, [translate(line) for line in told.lines], rule.line)
        for number, (rule, told) in enumerate(zip(policy.rules, explain_rules(policy), strict=True), start=1)
    ]


def general_of(policy: Policy) -> list[str]:
    """What holds for every rule."""
    return [translate(line) for line in explain_general(policy)]


def always() -> list[str]:
    """What holds whatever the policy says."""
    return [translate(line) for line in explain_always()]


def groups_of(policy: Policy) -> list[GroupView]:
    """The groups with the names of their members."""
    accounts = the_wiki().accounts.among(email for members in policy.groups.values() for email in members)
    groups = []
    for name, emails in policy.groups.items():
        members = []
        for email in sorted(emails):
            account = accounts.get(email)
            if account is None:
                members.append(MemberView(email, _("has no account")))
            else:
                members.append(MemberView(account.name, None if account.active else _("has left")))
        groups.append(GroupView(name, members))
    return groups


def statements(policy: Policy) -> list[str]:
    """Everything that a policy says, each sentence by itself."""
    said = []
    for rule in rules_of(policy):
        pages = _("Any page") if rule.pages == "**" else rule.pages
        said += [f"{pages}: {line}" for line in rule.lines]
    for name, members in policy.groups.items():
        said.append(_("The group “%(name)s”: %(members)s", name=name, members=", ".join(sorted(members))))
    return said + general_of(policy)


def changed(before: Policy, after: Policy) -> Changed:
    """How two policies differ, in sentences."""
    old, new = statements(before), statements(after)
    there, then = set(old), set(new)
    return Changed([line for line in new if line not in there], [line for line in old if line not in then])
