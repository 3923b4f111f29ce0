"""The policy in plain words: each value has its sentence, and no sentence promises what does not hold."""

from __future__ import annotations

import pytest

from tests.house import DAY, HOUR
from wiki.model.explain import (
    duration,
    explain_always,
    explain_general,
    explain_requirement,
    explain_rule,
    problem_with_bar,
    rule_in_short,
)
from wiki.model.policy import Policy, parse_policy

FIRST = '[[rule]]\npages = "**"\nendorse = 2\n'
LEGAL = '[[rule]]\npages = "legal/**"\n'
LARGER = "larger ones fall to the last one before it that matches."
GROUP = '[groups]\nlegal = ["lex@example.com"]\n'


def policy(text: str = FIRST) -> Policy:
    """A policy from its text."""
    return parse_policy(text)


def told(rule: str) -> list[str]:
    """What is said of a rule for legal/** that has these lines."""
    return [str(line) for line in explain_rule(policy(f"{GROUP}{FIRST}{LEGAL}{rule}\n").rules[1])]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("endorse = 0", "Nobody needs to endorse a change, as long as nobody objects."),
        ("endorse = 1", "1 colleague must endorse a change; its authors do not count."),
        ("endorse = 3", "3 colleagues must endorse a change; its authors do not count."),
        ("endorse = 1\nshare = 0.015", "At least 1.5 % of the active members must be among them."),
        ("endorse = 1\nshare = 1", "At least 100 % of the active members must be among them."),
        ('endorse = 1\nneed = ["@legal"]', "Somebody of the group “legal” must be among them."),
        ("endorse = 1", "It comes into force as soon as that is so."),
        ('endorse = 1\nopen = "36h"', "It stays on the table for at least 36 hours."),
        ('endorse = 1\nopen = "1w"', "It stays on the table for at least 1 week."),
        (
            "endorse = 1\nlines = 1",
            f"This rule is only for changes of at most 1 line; {LARGER}",
        ),
        (
            "endorse = 1\nlines = 5",
            f"This rule is only for changes of at most 5 lines; {LARGER}",
        ),
    ],
)
def test_each_value_of_a_rule_has_its_sentence(rule: str, sentence: str) -> None:
    assert sentence in told(rule)


def test_what_a_rule_does_not_ask_is_not_said() -> None:
    assert told("endorse = 1") == [
        "1 colleague must endorse a change; its authors do not count.",
        "It comes into force as soon as that is so.",
    ]


def test_a_larger_change_falls_to_the_last_rule_before_that_matches() -> None:
    between = '[[rule]]\npages = "travel/**"\nendorse = 9\n'
    rules = policy(f"{FIRST}{LEGAL}endorse = 4\n{between}{LEGAL}endorse = 1\nlines = 5\n")
    assert [rules.requirement({"legal/a.md": n}).endorse for n in (5, 6)] == [1, 4]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[members]\nsince = "7d"\n', "A colleague's voice counts once the account is 1 week old."),
        ('[objection]\nhold = "2d"\n',
         "An objection holds a change for 2 days, and an author must answer it."),
        ('[objection]\nhold = "0h"\n',
         "An author must answer every objection before a change comes into force."),
        ("[objection]\nweigh = 1\n", "An objection that still stands asks for 1 more endorsement."),
        ("[objection]\nweigh = 3\n", "Each objection that still stands asks for 3 more endorsements."),
        ('[proposals]\nquiet = "30d"\n',
         "A proposal on which nothing happens for 30 days is closed; it can be reopened."),
    ],
)  # fmt: skip
def test_each_value_for_all_rules_has_its_sentence(text: str, sentence: str) -> None:
    assert sentence in [str(line) for line in explain_general(policy(text + FIRST))]


def test_what_is_switched_off_is_not_said() -> None:
    off = '[members]\nsince = "0d"\n[objection]\nhold = "0h"\nweigh = 0\n[proposals]\nquiet = "0d"\n'
    said = [str(line) for line in explain_general(policy(off + FIRST))]
    assert said == ["An author must answer every objection before a change comes into force."]


def test_what_always_holds_is_said_of_authors_of_edits_and_of_the_policy() -> None:
    said = " ".join(str(line) for line in explain_always())
    for words in ("wrote part of a change", "stop counting at once", "judged by the rules it would replace"):
        assert words in said


def test_a_share_is_counted_up_and_the_larger_number_asked() -> None:
    rules = policy(f"{FIRST}{LEGAL}endorse = 2\nshare = 0.1\n")
    asked = rules.requirement({"legal/a.md": 1})
    for active, expected in ((0, "2 colleagues"), (20, "2 colleagues"), (21, "3 colleagues"), (100, "10 colleagues")):
        assert str(explain_requirement(asked, active)[0]).startswith(expected)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 hours"), (HOUR, "1 hour"), (25 * HOUR, "25 hours"), (DAY, "1 day"), (8 * DAY, "8 days"),
     (7 * DAY, "1 week"), (14 * DAY, "2 weeks")],
)  # fmt: skip
def test_a_length_of_time_is_said_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert str(duration(seconds)) == words


@pytest.mark.parametrize(
    ("endorse", "people", "possible"), [(2, 3, True), (2, 2, False), (0, 1, True), (1, 1, False), (5, 6, True)]
)
def test_a_policy_that_its_members_could_not_change_again_is_a_problem(
    endorse: int, people: int, possible: bool
) -> None:
    problem = problem_with_bar(policy(FIRST.replace("2", str(endorse))), people)
    assert (problem is None) is possible
    assert problem is None or f"it asks for {endorse} endorsements" in str(problem)


def test_the_strictest_rule_alone_can_lock_everybody_out() -> None:
    assert problem_with_bar(policy(f"{FIRST}{LEGAL}endorse = 9\n"), 5) is not None
    assert problem_with_bar(policy(f"{FIRST}{LEGAL}endorse = 1\nshare = 1.0\n"), 5) is not None


@pytest.mark.parametrize(
    ("lines", "short"),
    [
        ({"a.md": 1}, "Rule: any page, 2 colleagues, no waiting"),
        ({"legal/a.md": 1}, "Rule: legal/**, 3 colleagues, 2 days"),
        ({"a.md": 1, "legal/a.md": 1}, "Rule: legal/**, 3 colleagues, 2 days"),
        ({"policy.toml": 1}, "Rule: the policy itself, so the most demanding of all rules, 3 colleagues, 2 days"),
        ({}, "Rule: none applies, because nothing would change."),
    ],
)
def test_the_rule_in_short_names_what_decided(lines: dict[str, int], short: str) -> None:
    rules = policy(f'{FIRST}{LEGAL}endorse = 3\nopen = "2d"\n')
    assert str(rule_in_short(rules.requirement(lines))) == short
