"""What happens to a button that is pressed twice."""

from __future__ import annotations

from tests.house import ANA, BOB, House


def test_the_same_proposal_in_the_same_second_is_one_proposal(house: House) -> None:
    edits = {"welcome.md": "# Welcome\n\nCome in.\n"}
    first = house.propose(ANA, edits)
    assert house.propose(ANA, edits) == first
    assert house.guidelines.count() == 1
    house.clock.wait(1)
    assert house.propose(ANA, edits) == first + 1


def test_the_same_endorsement_twice_is_one_act(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# Welcome\n\nCome in.\n"})
    first = house.endorse(n, BOB)
    assert house.endorse(n, BOB).act == first.act
    assert house.kinds(n) == ["propose", "endorse"]
