"""The policy in the reader's words: rules, groups, and which sentences another policy adds or takes away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wiki.model.explain import explain_always, explain_general, explain_rule, explain_rules
from wiki.model.policy import Policy, PolicyError, Rule, parse_policy
from wiki.web.here import the_wiki
from wiki.web.policy.routes import blueprint
from wiki.web.say import _, ngettext
from wiki.web.words import listed, translate


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
    """Everything that a policy says, each sentence by itself and with the pages it is about."""
    said = [
        _("%(place)s: %(said)s", place=_about(rule), said=translate(line))
        for rule in policy.rules
        for line in explain_rule(rule)
    ]
    for name, members in policy.groups.items():
        said.append(_("The group “%(name)s”: %(members)s", name=name, members=listed(sorted(members))))
    return said + general_of(policy)


@blueprint.app_template_filter()
def pages_in_words(pattern: str) -> str:
    """The pages that a pattern means: all of them, or a folder by its title; any other pattern as it is, and that of a
    folder whose title others have too."""
    if pattern == "**":
        return _("Any page")
    folders = the_wiki().index.whole_contents().folders
    folder = folders.get(pattern.removesuffix("/**")) if pattern.endswith("/**") else None
    if folder is None or [each.title for each in folders.values()].count(folder.title) > 1:
        return pattern
    return _("Everything in “%(title)s”", title=folder.title)


def _about(rule: Rule) -> str:
    """The changes that a rule is for. Two rules for the same pages are told apart by it."""
    pages = pages_in_words(rule.pages)
    if rule.lines is None:
        return pages
    return ngettext("%(pages)s, up to %(num)s line", "%(pages)s, up to %(num)s lines", rule.lines, pages=pages)


def changed(before: Policy, after: Policy) -> Changed:
    """How two policies differ, in sentences. What is said twice counts twice."""
    old, new = statements(before), statements(after)
    added = _without(new, old)
    if _moved(before, after, _about) or _moved(before, after, _told):
        added.append(_("The rules stand in another order. Of those that match a page, the last one decides."))
    return Changed(added, _without(old, new))


def changed_text(before: str, after: str) -> Changed | None:
    """The same of two texts; None where one of them is no policy."""
    try:
        return changed(parse_policy(before), parse_policy(after))
    except PolicyError:
        return None


def _without(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    left = Counter(others)
    kept = []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            kept.append(line)
    return kept


def _moved(before: Policy, after: Policy, as_seen: Callable[[Rule], str]) -> bool:
    """Whether the rules of both come in another order. Of two that are seen as the same the last one counts."""
    old, new = (list(dict.fromkeys(as_seen(rule) for rule in reversed(policy.rules))) for policy in (before, after))
    both = set(old) & set(new)
    return [rule for rule in old if rule in both] != [rule for rule in new if rule in both]


def _told(rule: Rule) -> str:
    return " ".join([_about(rule), *map(str, explain_rule(rule))])
