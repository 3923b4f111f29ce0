"""Reading policy.toml: what is valid is explained, and of everything else it is said where and why."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.house import DAY, HOUR, POLICY
from wiki.model.explain import explain_general, explain_requirement, explain_rules, rule_in_short
from wiki.model.policy import PolicyError, parse_policy

FIRST = '[[rule]]\npages = "**"\nendorse = 2\n'

WHOLE = """\
# How a change comes into force here.
[members]
since = "7d"

[objection]
hold  = "3d"
weigh = 2

[proposals]
quiet = "90d"

[groups]
legal = ["Lex@Example.com", " pat@example.com"]

[[rule]]
pages   = "**"
endorse = 2
open    = "0h"

[[rule]]
pages   = "legal/**"
endorse = 5
open    = "1w"
need    = ["@legal"]
share   = 0.01

[[rule]]
pages   = "legal/**"
endorse = 1
lines   = 5
"""


def explained(text: str) -> list[str]:
    """Everything that is said of a policy."""
    policy = parse_policy(text)
    lines = [str(line) for rule in explain_rules(policy) for line in rule.lines]
    lines += [str(line) for line in explain_general(policy)]
    for paths in ({}, {"a.md": 1}, {"policy.toml": 0}, {"legal/a.md": 9, "a.md": 1}):
        requirement = policy.requirement(paths)
        lines += [str(rule_in_short(requirement)), *map(str, explain_requirement(requirement, 100))]
    return lines


def test_a_whole_policy_is_read_and_explained() -> None:
    policy = parse_policy(WHOLE)
    assert (policy.members_since, policy.hold, policy.weigh, policy.quiet) == (7 * DAY, 3 * DAY, 2, 90 * DAY)
    assert policy.groups == {"legal": {"lex@example.com", "pat@example.com"}}
    assert [(rule.endorse, rule.open, rule.lines) for rule in policy.rules] == [
        (2, 0, None),
        (5, 7 * DAY, None),
        (1, 0, 5),
    ]
    assert all(explained(WHOLE))


def test_what_is_not_said_has_its_value_from_the_model() -> None:
    policy = parse_policy(FIRST)
    assert (policy.members_since, policy.hold, policy.weigh, policy.quiet) == (0, 3 * DAY, 2, 90 * DAY)
    assert policy.rules[0].open == 0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("= 1", 1),
        (FIRST + "colour = 1\n", 4),
        (FIRST + 'open = "soon"\n', 4),
        (FIRST + "open = 3\n", 4),
        (FIRST + 'need = ["@legal"]\n', 4),
        (FIRST + 'need = "legal"\n', 4),
        (FIRST + "share = 1.5\n", 4),
        (FIRST + "share = nan\n", 4),
        (FIRST + "share = true\n", 4),
        (FIRST + "lines = 3\n", 4),
        (FIRST.replace("2", "-1"), 3),
        (FIRST.replace("2", "2.0"), 3),
        (FIRST.replace("2", "true"), 3),
        (FIRST.replace("**", "*"), 2),
        (FIRST.replace('pages = "**"\n', ""), 1),
        (FIRST.replace("endorse = 2\n", ""), 1),
        (FIRST + '[[rule]]\npages = "policy.toml"\nendorse = 1\nlines = 3\n', 7),
        (FIRST + '[[rule]]\npages = " a"\nendorse = 1\n', 5),
        (FIRST + f'[[rule]]\npages = "{"a" * 301}"\nendorse = 1\n', 5),
        ("[colours]\n" + FIRST, 1),
        ("[members]\nage = 1\n" + FIRST, 2),
        ("[objection]\nhold = 3\n" + FIRST, 2),
        ("[groups]\nlegal = []\n" + FIRST + 'need = ["@legal"]\n', 6),
        ('[groups]\nlegal = ["nobody"]\n' + FIRST, 2),
        ("groups = 1\n" + FIRST, 1),
        ("rule = 1\n", None),
        (FIRST + "share = 1e99999999999999999999\n", None),
        (FIRST + "share = 1e-99999\n", 4),
        (FIRST.replace("2", "9" * 5000), None),
        ("x = " + "[" * 5000, None),
    ],
)
def test_of_a_policy_that_is_none_it_is_said_where_and_why(text: str, line: int | None) -> None:
    with pytest.raises(PolicyError) as problem:
        parse_policy(text)
    assert problem.value.line == line
    assert str(problem.value.why)
    assert (f"Line {line}:" in str(problem.value)) is (line is not None)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(WHOLE.splitlines()),
        st.sampled_from([*FIRST.splitlines(), "endorse = 0", "share = 0.5", "lines = 0", "[rule]", "[x]"]),
        st.builds("{} = {}".format, st.sampled_from(["endorse", "share", "open", "weigh"]),
                  st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.dates())),
        st.text(max_size=10),
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@given(st.one_of(PIECES, PIECES.map(lambda text: FIRST + text), st.text()))
@example(FIRST + "share = 0x" + "f" * 5000)
@example("a = 1979-05-27T07:32:00." + "9" * 5000)
def test_any_text_is_a_policy_that_can_be_explained_or_a_problem(text: str) -> None:
    try:
        said = explained(text)
    except PolicyError as problem:
        said = [str(problem.sentence)]
    assert all(said)


@pytest.mark.parametrize(
    ("pattern", "covered", "not_covered"),
    [
        ("**", ["a", "a/b/c"], []),
        ("legal/**", ["legal/a", "legal/a/b"], ["legal", "a/legal/b", "legally/a"]),
        ("legal/*", ["legal/a"], ["legal/a/b", "legal"]),
        ("*", ["a"], ["a/b"]),
        ("**/index", ["index", "a/index", "a/b/index"], ["a/index/b", "reindex"]),
        ("a.b", ["a.b"], ["axb"]),
        ("legal/contracts.md", ["legal/contracts"], ["legal/contracts2"]),
        ("legal/contracts", ["legal/contracts"], ["legal/contracts/a"]),
    ],
)
def test_what_a_pattern_covers(pattern: str, covered: list[str], not_covered: list[str]) -> None:
    rule = parse_policy(FIRST + f'[[rule]]\npages = "{pattern}"\nendorse = 3\n').rules[1]
    assert all(rule.matches(f"{name}.md") for name in covered)
    assert not any(rule.matches(f"{name}.md") for name in not_covered)


def test_the_last_rule_that_matches_counts() -> None:
    policy = parse_policy(FIRST + '[[rule]]\npages = "a/**"\nendorse = 5\n[[rule]]\npages = "a/b"\nendorse = 1\n')
    assert [policy.requirement({path: 0}).endorse for path in ("x.md", "a/x.md", "a/b.md")] == [2, 5, 1]
    assert policy.requirement({"a/b.md": 0, "x.md": 0}).endorse == 2


def test_every_rule_knows_its_line_but_one_that_has_no_header() -> None:
    lines = [rule.line for rule in parse_policy(WHOLE).rules]
    assert [WHOLE.split("\n")[line - 1] for line in lines if line is not None] == ["[[rule]]"] * 3
    assert len(set(lines)) == 3
    assert [rule.line for rule in parse_policy('rule = [{pages = "**", endorse = 2}]').rules] == [None]


def test_the_policy_itself_needs_the_most_of_every_rule() -> None:
    requirement = parse_policy(WHOLE).requirement({"policy.toml": 1})
    assert (requirement.endorse, requirement.open, requirement.need) == (5, 168 * HOUR, ("legal",))


def test_the_policy_of_a_new_wiki_is_valid() -> None:
    assert all(explained(POLICY))
