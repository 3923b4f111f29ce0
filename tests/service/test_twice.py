"""What happens to a button that is pressed twice."""

from __future__ import annotations

import pytest

from tests.house import ANA, BOB, CYD, House
from wiki.model.errors import Conflict

EDITS = {"welcome.md": "# Welcome\n\nCome in.\n"}


def test_the_same_proposal_within_ten_minutes_is_one_proposal(house: House) -> None:
    """Whoever was not told that it is on the table sends it again."""
    first = house.propose(ANA, EDITS)
    assert house.propose(ANA, EDITS) == first
    house.endorse(first, BOB)
    house.propose(BOB, {"travel/visa.md": "# Visas\n\nAsk very early.\n"})
    house.clock.wait(590)
    assert house.propose(ANA, EDITS) == first
    assert house.guidelines.count() == 2
    assert house.kinds(first) == ["propose", "endorse"]
    house.clock.wait(20)
    assert house.propose(ANA, EDITS) == first + 2


def test_to_take_another_page_away_is_another_proposal(house: House) -> None:
    """Its page is missing from the tree of every proposal that was made before the page was."""
    house.propose(ANA, EDITS)
    there = house.propose(BOB, {"notes/tea.md": "# Tea\n\nHot.\n"})
    house.endorse(there, ANA, CYD)
    assert house.propose(ANA, {"notes/tea.md": None}) == there + 1


def test_what_came_into_force_and_was_undone_is_proposed_anew(house: House) -> None:
    before = house.text("welcome.md")
    first = house.propose(ANA, EDITS)
    house.endorse(first, BOB, CYD)
    undone = house.propose(CYD, {"welcome.md": before})
    house.endorse(undone, ANA, BOB)
    assert house.propose(ANA, EDITS) == undone + 1


@pytest.mark.parametrize("seconds", [0, 30])
def test_it_is_one_proposal_though_its_maker_was_killed_before_noting_its_number(house: House, seconds: int) -> None:
    house.propose(BOB, {"travel/visa.md": "# Visas\n\nAsk very early.\n"})
    first = house.propose(ANA, EDITS)
    house.guidelines.repository.refs.remember_number(first - 1)
    house.clock.wait(seconds)
    assert house.propose(ANA, EDITS) == first
    house.guidelines.repository.refs.remember_number(first - 1)
    assert house.propose(CYD, EDITS) == first + 1
    assert house.guidelines.count() == first + 1


@pytest.mark.parametrize("other", ["title", "person", "text", "withdrawn"])
def test_another_proposal_is_another_one(house: House, other: str) -> None:
    first = house.propose(ANA, EDITS)
    if other == "withdrawn":
        house.guidelines.close(first, ANA)
    who = CYD if other == "person" else ANA
    edits = {"welcome.md": "# Welcome\n\nDo come in.\n"} if other == "text" else EDITS
    assert house.propose(who, edits, title="Another" if other == "title" else "A change") == first + 1


def test_the_same_revision_comment_and_answer_twice_are_one_act(house: House) -> None:
    n = house.propose(ANA, EDITS)
    objection = house.object(n, BOB)
    seen, other = house.change(n), {"welcome.md": "# Welcome\n\nPlease come in.\n"}
    said = [house.guidelines.comment(n, BOB, "I see.") for _ in range(2)]
    answered = [house.guidelines.answer(n, ANA, objection, "Like that.").act for _ in range(2)]
    revised = [house.guidelines.revise(n, ANA, other, seen=seen).act for _ in range(2)]
    for pair in (said, answered, revised):
        assert pair[0] == pair[1]
    assert house.kinds(n) == ["propose", "object", "answer", "revise"]
    with pytest.raises(Conflict):
        house.guidelines.revise(n, ANA, EDITS, seen=seen)


def test_the_same_endorsement_twice_is_one_act(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# Welcome\n\nCome in.\n"})
    first = house.endorse(n, BOB)
    assert house.endorse(n, BOB).act == first.act
    assert house.kinds(n) == ["propose", "endorse"]
