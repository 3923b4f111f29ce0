"""Small changes: which rules for them were looked at, and what came of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wiki.model.policy import Policy, parse_policy
from wiki.model.small import explain_small, small_rules

POLICY = parse_policy(
    """
[[rule]]
pages = "**"
endorse = 2

[[rule]]
pages = "**"
endorse = 0
open = "2d"
lines = 5

[[rule]]
pages = "legal/**"
endorse = 3
"""
)


def told(lines: dict[str, int], policy: Policy = POLICY) -> list[str]:
    return [str(explain_small(each)) for each in small_rules(policy, lines)]


def test_a_small_change_is_told_that_the_rule_for_it_applies() -> None:
    assert told({"a.md": 2}) == ["2 lines changed: the rule for small changes, up to 5, applies."]
    assert told({"a.md": 1}) == ["1 line changed: the rule for small changes, up to 5, applies."]
    assert told({"a.md": 5}) == ["5 lines changed: the rule for small changes, up to 5, applies."]


def test_a_larger_one_is_told_that_it_does_not() -> None:
    assert told({"a.md": 7}) == ["7 lines changed: the rule for small changes, up to 5, does not apply."]


def test_lines_of_all_pages_are_counted_together() -> None:
    assert told({"a.md": 3, "b.md": 3}) == ["6 lines changed: the rule for small changes, up to 5, does not apply."]


def test_nothing_is_said_of_a_rule_that_a_later_one_stands_before_or_of_the_policy_itself() -> None:
    assert told({"legal/a.md": 2}) == []
    assert told({"policy.toml": 2}) == []


@given(st.dictionaries(st.sampled_from(["a.md", "b.md", "legal/c.md"]), st.integers(0, 9), min_size=1))
def test_what_is_said_is_what_is_decided(lines: dict[str, int]) -> None:
    rules = POLICY.requirement(lines).rules
    for each in small_rules(POLICY, lines):
        assert (each.rule in rules) == each.applies
