"""What would a change to this page need? Which rule decides, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from wiki.index import Node
from wiki.model.errors import Refused
from wiki.model.explain import explain_requirement
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH, PageName
from wiki.model.policy import Policy, Rule
from wiki.web.here import the_wiki
from wiki.web.policy.plain import groups_of
from wiki.web.say import _, ngettext
from wiki.web.words import listed, sentence_case, translate

MANY = 10**6


@dataclass(frozen=True)
class Answer:
    """What is needed, sentence by sentence; ``rules`` are the numbers of the rules that decide, ``why`` says how they
    were found. A ``problem`` where the page cannot be one."""

    page: str
    lines: Sequence[str] = ()
    rules: Sequence[int] = ()
    why: str = ""
    problem: str | None = None


def answer(policy: Policy, asked: str, lines: int | None) -> Answer:
    """What a change of so many lines to this page or folder needs now; without a number, a large one."""
    wanted = asked.strip().strip("/")
    if wanted == POLICY_PATH:
        return _about_policy(policy)
    name = wanted.removesuffix("/**").removesuffix(".md")
    node = the_wiki().index.folder(name)
    folder = asked.strip().endswith("/") or wanted.endswith("/**") or node is not None
    try:
        path = PageName(f"{name}/x" if folder else name).path
    except Refused as error:
        return Answer(asked, problem=sentence_case(translate(error.sentence)))
    touched = {path: MANY if lines is None else lines}
    rule = policy.rule_for(path, touched)
    told = [*_told(policy, touched), *(_depending(policy, path, rule) if lines is None else [])]
    if node is not None:
        told += _elsewhere(policy, node, rule, touched[path])
    why = _("Rule %(number)s decides: the last one that matches.", number=policy.rules.index(rule) + 1)
    if len(policy.rules) == 1 or not any(other.matches(path) for other in policy.rules[1:]):
        why = _("Rule 1 decides: it is for any page, and no other one matches.")
    return Answer(f"{name}/" if folder else name, told, [policy.rules.index(rule) + 1], why)


def _about_policy(policy: Policy) -> Answer:
    why = _("A change of the rules is judged by the rules it would replace, at the most demanding value of each.")
    return Answer(POLICY_PATH, _told(policy, {POLICY_PATH: 0}), range(1, len(policy.rules) + 1), why)


def _told(policy: Policy, touched: dict[str, int]) -> list[str]:
    wiki = the_wiki()
    requirement = policy.requirement(touched)
    active = wiki.accounts.active_members(wiki.now())
    told = [translate(line) for line in explain_requirement(requirement, active)]
    if requirement.share:
        percent = f"{(requirement.share * 100).normalize():f}"
        told.append(
            ngettext(
                "%(percent)s %% of the %(num)s colleague who signed in within the last 90 days is %(share)s.",
                "%(percent)s %% of the %(num)s colleagues who signed in within the last 90 days is %(share)s.",
                active,
                percent=percent,
                share=ceil(requirement.share * active),
            )
        )
    for group in groups_of(policy):
        names = [member.name for member in group.members if member.note is None]
        if group.name in requirement.need:
            some = listed(names) or _("nobody with an account")
            told.append(_("In the group “%(group)s”: %(names)s.", group=group.name, names=some))
    return told


def _depending(policy: Policy, path: str, deciding: Rule) -> list[str]:
    """Which smaller changes fall to another rule."""
    found = []
    for rule in policy.rules:
        if rule.lines is None or not rule.matches(path):
            continue
        if policy.rule_for(path, {path: rule.lines}) is rule and rule is not deciding:
            number = policy.rules.index(rule) + 1
            found.append(
                ngettext(
                    "A change of at most %(num)s line falls to rule %(number)s instead.",
                    "A change of at most %(num)s lines falls to rule %(number)s instead.",
                    rule.lines,
                    number=number,
                )
            )
    return found


def _elsewhere(policy: Policy, folder: Node, deciding: Rule, lines: int) -> list[str]:
    """Which pages in a folder are decided by another rule."""
    under: dict[Rule, list[str]] = {}
    for name in _pages_in(folder):
        path = f"{name}{PAGE_SUFFIX}"
        rule = policy.rule_for(path, {path: lines})
        if rule is not deciding:
            under.setdefault(rule, []).append(name)
    return [
        ngettext(
            "Rule %(number)s decides for %(num)s page in it: %(page)s.",
            "Rule %(number)s decides for %(num)s pages in it, such as %(page)s.",
            len(names),
            number=policy.rules.index(rule) + 1,
            page=names[0],
        )
        for rule, names in under.items()
    ]


def _pages_in(folder: Node) -> Iterator[str]:
    for node in folder.children:
        if node.kind == "folder":
            yield from _pages_in(node)
        else:
            yield node.name
