"""Small changes: what the rules with ``lines`` mean for one change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wiki.model.names import POLICY_PATH
from wiki.model.policy import Policy, Rule
from wiki.model.words import Sentence, say_number


@dataclass(frozen=True)
class Small:
    """A rule for small changes that was looked at: so many ``lines`` would change of the pages that it is for, and
    whether it ``applies``."""

    rule: Rule
    lines: int
    applies: bool


def small_rules(policy: Policy, lines_by_path: Mapping[str, int]) -> list[Small]:
    """The rules with ``lines`` on which it depended how this change is decided, in the order of the policy: those that
    apply, and those that would if the change were smaller. None for a change of the policy itself."""
    if POLICY_PATH in lines_by_path:
        return []
    chosen = {path: policy.rules.index(policy.rule_for(path, lines_by_path)) for path in lines_by_path}
    found = []
    for number, rule in enumerate(policy.rules):
        paths = [path for path in lines_by_path if rule.matches(path)]
        if rule.lines is not None and any(chosen[path] <= number for path in paths):
            lines = sum(lines_by_path[path] for path in paths)
            found.append(Small(rule, lines, lines <= rule.lines))
    return found


def explain_small(small: Small) -> Sentence:
    """The same as a sentence."""
    most = small.rule.lines
    if small.applies:
        return say_number(
            small.lines,
            "%(num)s line changed: the rule for small changes, up to %(most)s, applies.",
            "%(num)s lines changed: the rule for small changes, up to %(most)s, applies.",
            most=most,
        )
    return say_number(
        small.lines,
        "%(num)s line changed: the rule for small changes, up to %(most)s, does not apply.",
        "%(num)s lines changed: the rule for small changes, up to %(most)s, does not apply.",
        most=most,
    )
