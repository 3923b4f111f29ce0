"""Two policies compared in sentences: whatever means something else is said, whatever does not is not."""

from __future__ import annotations

from tests.world import World
from wiki.model.policy import parse_policy
from wiki.web.policy.plain import Changed, changed

ANY = '[[rule]]\npages = "**"\nendorse = 2\n'
LEGAL = '[[rule]]\npages = "legal/**"\nendorse = 5\n'
CONTRACTS = '[[rule]]\npages = "legal/contracts"\nendorse = 1\n'
SMALL = '[[rule]]\npages = "legal/**"\nendorse = 1\nlines = 5\n'
ORDER = "The rules stand in another order. Of those that match a page, the last one decides."


def compare(world: World, before: str, after: str) -> Changed:
    """Two texts compared, as a reader of English sees it."""
    with world.app.test_request_context("/", headers={"Accept-Language": "en"}):
        return changed(parse_policy(before), parse_policy(after))


def test_a_remark_or_another_order_of_tables_says_nothing_new(world: World) -> None:
    objection = "[objection]\nweigh = 2\n"
    assert compare(world, objection + ANY + LEGAL, f"# Why\n{ANY}{LEGAL}{objection}") == Changed([], [])


def test_another_number_is_one_sentence_gone_and_one_new(world: World) -> None:
    found = compare(world, ANY + LEGAL, ANY + LEGAL.replace("5", "4"))
    assert found == Changed(
        ["Everything in “Legal”: 4 colleagues must endorse a change; its authors do not count."],
        ["Everything in “Legal”: 5 colleagues must endorse a change; its authors do not count."],
    )


def test_rules_that_change_places_are_said_to(world: World) -> None:
    assert compare(world, ANY + LEGAL + CONTRACTS, ANY + CONTRACTS + LEGAL) == Changed([ORDER], [])


def test_two_rules_for_the_same_pages_that_change_places_are_said_to(world: World) -> None:
    milder = LEGAL.replace("5", "1")
    assert compare(world, ANY + LEGAL + milder, ANY + milder + LEGAL) == Changed([ORDER], [])


def test_a_rule_that_moves_and_changes_is_said_to_do_both(world: World) -> None:
    found = compare(world, ANY + LEGAL + CONTRACTS, ANY + CONTRACTS.replace("1", "3") + LEGAL)
    assert ORDER in found.new
    assert any(line.startswith("legal/contracts: 3 colleagues") for line in found.new)


def test_a_rule_between_others_moves_nothing(world: World) -> None:
    found = compare(world, ANY + CONTRACTS, ANY + LEGAL + CONTRACTS)
    assert ORDER not in found.new
    assert found.gone == []
    assert all(line.startswith("Everything in “Legal”: ") for line in found.new)


def test_a_limit_of_lines_that_moves_to_the_strict_rule_is_said(world: World) -> None:
    found = compare(world, ANY + LEGAL + SMALL, ANY + LEGAL + "lines = 5\n" + SMALL.replace("lines = 5\n", ""))
    assert (
        "Everything in “Legal”, up to 5 lines: 5 colleagues must endorse a change; its authors do not count."
        in found.new
    )
    assert (
        "Everything in “Legal”, up to 5 lines: 1 colleague must endorse a change; its authors do not count."
        in found.gone
    )


def test_what_is_said_once_less_is_gone(world: World) -> None:
    found = compare(world, ANY + LEGAL + CONTRACTS + LEGAL, ANY + CONTRACTS + LEGAL)
    assert found.new == []
    assert found.gone[0].startswith("Everything in “Legal”: 5 colleagues")


def test_a_colleague_who_joins_a_group_is_said(world: World) -> None:
    group = '[groups]\nlegal = ["lex@example.com"]\n'
    found = compare(world, group + ANY, group.replace('"]', '", "bob@example.com"]') + ANY)
    assert found == Changed(
        ["The group “legal”: bob@example.com and lex@example.com"], ["The group “legal”: lex@example.com"]
    )
