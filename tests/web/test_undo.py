"""What came into force is undone by a proposal that reverses it; what lost its authors is adopted."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.model.acts import Kind


def _land(world: World, edits: dict[str, str | None], title: str = "A change") -> int:
    n = world.propose("ana", edits, title)
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    return n


def _undo(world: World, n: int, who: str = "dee", why: str = "It did not work out.") -> int:
    visitor = world.visitor(who)
    visitor.open(f"/-/proposals/{n}")
    page = visitor.submit("/undo")
    assert page.address.startswith("/-/drafts/"), page.main
    page = visitor.submit(page.address, "propose", why=why)
    assert page.address.startswith("/-/proposals/"), page.main
    return int(page.address.rsplit("/", 1)[1])


UNDONE: list[dict[str, str | None]] = [
    {"welcome": "# Welcome\n\nHello.\n"},
    {"working/new": "# New\n\nPage.\n"},
    {"working/day-to-day/meetings": None},
    {"travel/expenses": None, "money/costs": "# Expenses\n\nMoved.\n"},
    {"welcome": "# Welcome\n\nHello.\n", "working/hours": "# Hours\n\nFewer.\n", "notes/kitchen": None},
]


@pytest.mark.parametrize("edits", UNDONE)
def test_what_was_done_is_reversed_exactly(world: World, edits: dict[str, str | None]) -> None:
    before = {name: world.text(name) for name in edits}
    n = _land(world, edits)
    undone = _undo(world, n)
    world.endorse(undone, "bob", "cyd")
    assert world.in_force(undone)
    assert {name: world.text(name) for name in edits} == before


def test_both_name_each_other(world: World) -> None:
    n = _land(world, {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    undone = _undo(world, n)
    page = world.visitor().open(f"/-/proposals/{undone}")
    assert "Undo “Say hello”" in page.heading
    assert page.tree.xpath("//p[@class='relation']/a[@href='/-/proposals/1' and contains(., 'Undoes “Say hello”')]")
    assert "Undoes #1" not in page.main
    assert "It did not work out." in page.main
    page = world.visitor().open(f"/-/proposals/{n}")
    assert "To be undone by “Undo ‘Say hello’”" in page.main
    world.endorse(undone, "bob", "cyd")
    assert "Undone by “Undo ‘Say hello’”" in world.visitor().open(f"/-/proposals/{n}").main
    world.wiki.index.rebuild()
    assert "Undone by “Undo ‘Say hello’”" in world.visitor().open(f"/-/proposals/{n}").main


def test_what_changed_elsewhere_since_stays(world: World) -> None:
    text = world.text("travel/expenses") or ""
    n = _land(world, {"travel/expenses": text.replace("every meal", "each meal")})
    _land(world, {"travel/expenses": (world.text("travel/expenses") or "").replace("sleep well", "like")})
    undone = _undo(world, n)
    world.endorse(undone, "bob", "cyd")
    now = world.text("travel/expenses") or ""
    assert "every meal" in now
    assert "where you like" in now


def test_a_passage_that_changed_again_is_left_to_whoever_undoes(world: World) -> None:
    text = world.text("travel/expenses") or ""
    n = _land(world, {"travel/expenses": text.replace("every meal", "each meal"), "notes/kitchen": None})
    _land(world, {"travel/expenses": (world.text("travel/expenses") or "").replace("each meal", "no meal")})
    dee = world.visitor("dee")
    dee.open(f"/-/proposals/{n}")
    page = dee.submit("/undo")
    assert "“Expenses” has changed since at the same passage" in page.messages
    assert list(world.wiki.drafts.of(world.people["dee"].id)[0].files) == ["notes/kitchen.md"]


def test_the_rules_are_undone_like_any_page(world: World) -> None:
    policy = world.text("policy.toml") or ""
    n = world.propose("ana", {"policy.toml": policy.replace("endorse = 2", "endorse = 1")})
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    world.wiki.tick()
    undone = _undo(world, n)
    world.endorse(undone, "ana", "bob", "cyd")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.text("policy.toml") == policy


def test_an_undoing_is_undone(world: World) -> None:
    n = _land(world, {"welcome": "# Welcome\n\nHello.\n"})
    undone = _undo(world, n)
    world.endorse(undone, "bob", "cyd")
    again = _undo(world, undone)
    world.endorse(again, "bob", "cyd")
    assert world.text("welcome") == "# Welcome\n\nHello.\n"


def test_what_is_undone_already_cannot_be_undone_again(world: World) -> None:
    n = _land(world, {"welcome": "# Welcome\n\nHello.\n"})
    undone = _undo(world, n)
    world.endorse(undone, "bob", "cyd")
    dee = world.visitor("dee")
    dee.open(f"/-/proposals/{n}")
    page = dee.submit("/undo")
    assert page.status == 400
    assert "nothing left of this change" in page.main


@pytest.mark.parametrize("state", ["open", "closed"])
def test_only_what_is_in_force_can_be_undone(world: World, state: str) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    if state == "closed":
        world.wiki.guidelines.close(n, world.person("ana"))
    assert world.visitor("dee").post(f"/-/proposals/{n}/undo").status == 400
    assert world.visitor().post(f"/-/proposals/{n}/undo").status == 401


# Adopting


def test_a_proposal_whose_authors_have_gone_is_adopted(world: World) -> None:
    n = world.wiki.guidelines.propose(
        world.person("ana"), "Say hello", "It is kind.", {"welcome.md": "# Welcome\n\nHello.\n"},
        co_authors=[world.person("bob")],
    ).n  # fmt: skip
    dee = world.visitor("dee")
    assert not dee.open(f"/-/proposals/{n}").offers("/adopt")
    assert dee.post(f"/-/proposals/{n}/adopt").status == 400
    world.wiki.accounts.deactivate(world.people["ana"])
    assert not dee.open(f"/-/proposals/{n}").offers("/adopt")
    world.wiki.accounts.deactivate(world.people["bob"])
    dee.open(f"/-/proposals/{n}")
    page = dee.submit("/adopt")
    assert "The text is by Ana Souza, Bob Reyes" in page.main
    page = dee.submit(page.address, "propose")
    assert page.address == "/-/proposals/2"
    assert "Goes on with “Say hello”" in page.main
    assert "It is kind." in page.main
    assert {person.name for person in world.wiki.guidelines.weigh(2).proposal.authors} == {
        "Ana Souza",
        "Bob Reyes",
        "Dee Okonkwo",
    }
    page = world.visitor().open(f"/-/proposals/{n}")
    assert "Adopted as proposal 2" in page.main
    assert "Adopted as “Say hello”" in page.main
    world.endorse(2, "cyd", "zed")
    assert world.in_force(2)


def test_an_adopted_text_is_brought_up_to_date(world: World) -> None:
    text = world.text("travel/expenses") or ""
    n = world.propose("ana", {"travel/expenses": text.replace("every meal", "each meal")})
    _land_by(world, "dee", {"travel/expenses": text.replace("every meal", "no meal")})
    world.wiki.accounts.deactivate(world.people["ana"])
    zed = world.visitor("zed")
    zed.open(f"/-/proposals/{n}")
    page = zed.submit("/adopt")
    assert "has changed since at the same passage" in page.messages
    page = zed.submit(page.address, "propose")
    assert page.address == "/-/proposals/3"
    world.endorse(3, "bob", "cyd")
    assert "each meal" in (world.text("travel/expenses") or "")


def _land_by(world: World, who: str, edits: dict[str, str | None]) -> None:
    n = world.propose(who, edits)
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)


# Leaving


def test_who_leaves_no_longer_counts_on_what_is_open_or_closed(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    closed = world.propose("ana", {"working/hours": "# Hours\n\nFewer.\n"})
    landed = _land_in(world)
    for number in (n, closed):
        world.endorse(number, "bob")
    world.wiki.guidelines.close(closed, world.person("ana"))
    world.wiki.accounts.deactivate(world.people["bob"])
    world.wiki.tick()
    world.wiki.tick()
    for number in (n, closed):
        acts = world.wiki.guidelines.weigh(number).proposal.acts
        left = [act for act in acts if act.kind is Kind.RETRACT]
        assert [(act.by_system, act.trailer("For")) for act in left] == [(True, "bob@example.com")]
    assert world.in_force(landed)
    page = world.visitor("cyd").open(f"/-/proposals/{n}")
    assert page.tree.xpath("//li[contains(@class, 'lapsed') and contains(., 'Bob Reyes has left')]")
    assert "0 of 2 colleagues" in page.main
    world.wiki.accounts.reactivate(world.people["bob"])
    world.wiki.tick()
    assert "0 of 2 colleagues" in world.visitor("cyd").open(f"/-/proposals/{n}").main
    world.endorse(n, "bob")
    page = world.visitor("cyd").open(f"/-/proposals/{n}")
    assert "1 of 2 colleagues" in page.main
    assert "has left, so" not in page.main


def _land_in(world: World) -> int:
    n = world.propose("ana", {"travel/visa": "# Visas\n\nAsk.\n"})
    world.endorse(n, "bob", "cyd")
    return n


def test_an_objection_of_who_leaves_holds_nothing_any_more(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.")
    world.endorse(n, "bob", "cyd")
    assert not world.in_force(n)
    world.wiki.accounts.deactivate(world.people["zed"])
    world.wiki.tick()
    assert world.in_force(n)
