"""Somebody who has another address by now is still who they were: nobody has two voices."""

from __future__ import annotations

import pytest

from tests.house import ANA, BOB, CYD, House
from wiki.model.acts import Person
from wiki.model.errors import Refused

NEW_ANA = Person("Ana Souza", "ana@new.example")
EDIT: dict[str, str | None] = {"welcome.md": "# Welcome\n\nHello.\n"}
OTHER: dict[str, str | None] = {"welcome.md": "# Welcome\n\nHello, all.\n"}


@pytest.fixture
def moved(house: House) -> House:
    """A house in which Ana has another address."""
    house.guidelines.others = lambda who: {ANA.key: (NEW_ANA,), NEW_ANA.key: (ANA,)}.get(who.key, ())
    return house


def test_an_author_cannot_endorse_under_another_address(moved: House) -> None:
    n = moved.propose(ANA, EDIT)
    with pytest.raises(Refused, match=r"under the address ana@example\.com"):
        moved.endorse(n, NEW_ANA)
    with pytest.raises(Refused, match=r"under the address ana@example\.com"):
        moved.object(n, NEW_ANA)
    assert moved.kinds(n) == ["propose"]


def test_nor_under_the_old_one_what_they_wrote_under_the_new(moved: House) -> None:
    n = moved.propose(NEW_ANA, EDIT)
    with pytest.raises(Refused, match=r"under the address ana@new\.example"):
        moved.endorse(n, ANA)


def test_nor_as_somebody_who_wrote_with_them(moved: House) -> None:
    n = moved.guidelines.propose(BOB, "A change", "", EDIT, co_authors=[ANA]).n
    with pytest.raises(Refused, match="under the address"):
        moved.endorse(n, NEW_ANA)
    moved.endorse(n, CYD)


def test_an_author_goes_on_under_the_address_that_they_wrote_under(moved: House) -> None:
    n = moved.propose(ANA, EDIT)
    objection = moved.object(n, BOB)
    moved.guidelines.answer(n, NEW_ANA, objection, "Why not?")
    moved.guidelines.revise(n, NEW_ANA, OTHER)
    moved.guidelines.close(n, NEW_ANA)
    moved.guidelines.reopen(n, NEW_ANA)
    proposal = moved.weigh(n).proposal
    assert {act.author.key for act in proposal.acts} == {ANA.key, BOB.key}
    assert [author.key for author in proposal.authors] == [ANA.key]
    assert proposal.closed is None


def test_others_stay_others(moved: House) -> None:
    n = moved.propose(ANA, EDIT)
    for act in (
        lambda: moved.guidelines.close(n, BOB),
        lambda: moved.guidelines.revise(n, BOB, OTHER),
        lambda: moved.guidelines.answer(n, BOB, moved.object(n, CYD), "No."),
    ):
        with pytest.raises(Refused):
            act()
    moved.endorse(n, BOB)


def test_a_voice_under_another_address_gives_way_in_the_same_breath(moved: House) -> None:
    n = moved.propose(BOB, EDIT)
    moved.endorse(n, ANA)
    moved.endorse(n, NEW_ANA)
    assert not moved.in_force(n), "two addresses of one person are one voice"
    assert moved.kinds(n) == ["propose", "endorse", "retract", "endorse"]
    assert list(moved.weigh(n).proposal.voices) == [NEW_ANA.key]
    moved.object(n, ANA)
    assert list(moved.weigh(n).proposal.voices) == [ANA.key]
    moved.endorse(n, CYD)
    assert not moved.in_force(n)
