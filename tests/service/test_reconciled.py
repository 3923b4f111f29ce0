"""What an author decides where main has moved under a proposal, as the service writes it."""

from __future__ import annotations

import pytest

from tests.house import ANA, BOB, CYD, DEE, ZED, House
from wiki.model.errors import Conflict, Refused

PAGE, VISA = "travel/visa.md", "welcome.md"
OURS, THEIRS = "# Visas\n\nAsk soon.\n", "# Visas\n\nAsk late.\n"


def overtaken(house: House, edits: dict[str, str | None], meanwhile: dict[str, str | None]) -> int:
    n = house.propose(ANA, edits)
    house.endorse(n, ZED)
    house.bring_into_force(DEE, meanwhile, BOB, CYD)
    assert house.weigh(n).overtaken
    return n


def reconcile(house: House, n: int, edits: dict[str, str | None]) -> None:
    main = house.repository.main()
    house.guidelines.revise(n, ANA, edits, seen=house.change(n), onto=main)


def test_ones_own_words_are_a_decision_too(house: House) -> None:
    n = overtaken(house, {PAGE: OURS}, {PAGE: THEIRS})
    reconcile(house, n, {PAGE: OURS})
    assert house.kinds(n) == ["propose", "endorse", "refresh", "revise"]
    assert house.endorsers(n) == set()
    house.endorse(n, BOB, CYD)
    assert house.in_force(n)
    assert house.text(PAGE) == OURS


def test_main_may_have_moved_elsewhere_as_well(house: House) -> None:
    n = overtaken(house, {PAGE: OURS}, {PAGE: THEIRS})
    house.bring_into_force(DEE, {"travel/expenses.md": "# Expenses\n\nNone.\n", VISA: "# Hello\n"}, BOB, CYD)
    reconcile(house, n, {PAGE: "# Visas\n\nAsk.\n"})
    house.endorse(n, BOB, CYD)
    assert (house.text(PAGE), house.text(VISA)) == ("# Visas\n\nAsk.\n", "# Hello\n")


def test_a_page_that_is_gone_already_may_go(house: House) -> None:
    n = overtaken(house, {PAGE: None}, {PAGE: THEIRS})
    reconcile(house, n, {PAGE: None})
    house.endorse(n, BOB, CYD)
    assert house.text(PAGE) is None


def test_otherwise_nothing_new_is_still_refused(house: House) -> None:
    n = house.propose(ANA, {PAGE: OURS})
    with pytest.raises(Refused, match="Nothing is different"):
        house.guidelines.revise(n, ANA, {PAGE: OURS})


def test_a_main_that_has_moved_on_is_looked_at_again(house: House) -> None:
    n = overtaken(house, {PAGE: OURS}, {PAGE: THEIRS})
    main = house.repository.main()
    house.bring_into_force(DEE, {VISA: "# Hello\n"}, BOB, CYD)
    with pytest.raises(Conflict):
        house.guidelines.revise(n, ANA, {PAGE: OURS}, onto=main)
    assert house.weigh(n).overtaken
