"""Whether there are enough colleagues who could give the voices that are missing."""

from __future__ import annotations

from collections.abc import Mapping

from tests.house import ANA, BEGAN, CYD, DAY, DEE, House
from wiki.model.policy import parse_policy
from wiki.model.shortfall import Colleagues, Member, Shortfall, groups_asked, shortfall

OLD = BEGAN - 100 * DAY
POLICY = '[members]\nsince = "10d"\n[groups]\nlegal = ["ana@example.com", "cyd@example.com"]\n[[rule]]\npages = "**"\n'
TWO = POLICY + "endorse = 2\n"
LEGAL = POLICY + 'endorse = 1\nneed = ["@legal"]\n'
ONE_AND_LEGAL = POLICY + 'endorse = 1\n[[rule]]\npages = "legal/**"\nendorse = 1\nneed = ["@legal"]\n'
WROTE = Member(1, OLD)


def found(
    house: House, policy: str, count: int, too_new: int = 0, members: Mapping[str, Member] | None = None, n: int = 0
) -> Shortfall | None:
    """What falls short of a change by Ana, who is among the ``count``."""
    n = n or house.propose(ANA, {"legal/contracts.md": "# C\n\nAna signs contracts.\n"})
    rules, now = parse_policy(policy), int(house.clock.at)
    _, then = house.guidelines.weigh_under(n, rules, now)
    authors = frozenset({WROTE})
    colleagues = Colleagues(count, too_new, authors, members or {})
    return shortfall(then.proposal, then.standing, rules, colleagues, now, 3)


def test_enough_colleagues_are_enough(house: House) -> None:
    assert found(house, TWO, 3) is None


def test_authors_do_not_count(house: House) -> None:
    short = found(house, TWO, 2)
    assert short is not None
    assert (short.few, short.needed, short.able, short.groups) == (True, 2, 1, ())


def test_the_rules_can_be_changed_only_by_who_would_be_enough(house: House) -> None:
    raised = POLICY + 'endorse = 1\n[[rule]]\npages = "legal/**"\nendorse = 3\n'
    short = found(house, raised, 3)
    assert short is not None
    assert short.rules_too, "the policy is judged by the most demanding of all rules"
    wide = found(house, POLICY + 'endorse = 1\n[[rule]]\npages = "legal/**"\nendorse = 1\nshare = 0.9\n', 3)
    assert wide is not None
    assert wide.rules_too


def test_with_two_objections_more_may_be_needed_than_there_are_while_the_rules_could_change(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    house.object(n, CYD)
    short = found(house, TWO, 4, n=n)
    assert short is not None
    assert (short.needed, short.able, short.rules_too) == (4, 3, False)


def test_whose_account_is_too_new_is_counted_apart(house: House) -> None:
    short = found(house, TWO, 2, too_new=4)
    assert short is not None
    assert (short.able, short.too_new) == (1, 4)


def test_a_group_falls_short_where_its_members_wrote_it_have_gone_or_are_too_new(house: House) -> None:
    for others in ({}, {"cyd@example.com": Member(3, BEGAN - 9 * DAY)}):
        short = found(house, LEGAL, 5, members={"ana@example.com": WROTE, **others})
        assert short is not None
        assert (short.few, short.groups, short.rules_too) == (False, ("legal",), False), others
    assert found(house, LEGAL, 5, members={"ana@example.com": WROTE, "cyd@example.com": Member(3, OLD)}) is None


def test_the_rules_cannot_change_without_a_group_that_they_need(house: House) -> None:
    short = found(house, ONE_AND_LEGAL, 5)
    assert short is not None
    assert short.rules_too
    assert groups_asked(parse_policy(ONE_AND_LEGAL)) == {"ana@example.com", "cyd@example.com"}
    assert groups_asked(parse_policy(TWO)) == frozenset()


def test_nothing_falls_short_of_what_only_waits_or_is_enough(house: House) -> None:
    assert found(house, POLICY + 'endorse = 0\nopen = "2d"\n', 1) is None
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    house.endorse(n, DEE)
    assert found(house, POLICY + 'endorse = 1\nopen = "2d"\n', 1, n=n) is None
