"""What the table of effects promises of other changes to the rules."""

from __future__ import annotations

from tests.world import POLICY, World

SOFT = POLICY.replace("endorse = 3", "endorse = 1").replace("endorse = 2", "endorse = 1").replace('"2d"', '"0h"')


def _row_of(world: World, n: int, of: int) -> str:
    """What the page of one proposal to change the rules says of another proposal."""
    page = world.visitor("zed").open(f"/-/proposals/{of}")
    rows = page.tree.xpath("//table[contains(@class, 'effects')]//tr[.//a[@href=$url]]", url=f"/-/proposals/{n}")
    assert len(rows) == 1
    return " ".join(rows[0].text_content().split())


def test_another_change_of_the_same_rules_is_not_promised_to_come_into_force(world: World) -> None:
    soft = world.propose("ana", {"policy.toml": SOFT}, "Softer")
    four = world.propose("bob", {"policy.toml": POLICY.replace("endorse = 3", "endorse = 4")}, "Four")
    world.endorse(four, "ana")
    said = _row_of(world, four, soft)
    assert "would have to be brought up to date first" in said
    assert "come into force" not in said
    world.endorse(soft, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    for _ in range(2):
        world.wiki.tick()
    assert world.in_force(soft)
    assert not world.in_force(four), "it has enough now, but nobody has seen both texts together"
    assert "brought up to date" in world.visitor().open(f"/-/proposals/{four}").main


def test_a_change_of_a_page_is_promised_what_it_gets(world: World) -> None:
    soft = world.propose("ana", {"policy.toml": SOFT}, "Softer")
    page = world.propose("bob", {"welcome": "# Welcome\n\nHello.\n"}, "Hello")
    world.endorse(page, "ana")
    assert "would come into force at once" in _row_of(world, page, soft)
    world.endorse(soft, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    for _ in range(2):
        world.wiki.tick()
    assert world.in_force(page)


def test_of_two_that_exclude_each_other_only_one_is_promised_to_come_into_force(world: World) -> None:
    soft = world.propose("ana", {"policy.toml": SOFT}, "Softer")
    text = world.text("welcome") or ""
    hello = world.propose("bob", {"welcome": text.replace("Read it once", "Read it twice")}, "Twice")
    never = world.propose("cyd", {"welcome": text.replace("Read it once", "Read it never")}, "Never")
    apart = world.propose("dee", {"notes-on/cups": "# Cups\n\nOurs.\n", "travel/visa": "# Visas\n\nAsk.\n"}, "Apart")
    world.endorse(hello, "ana")
    world.endorse(never, "ana")
    world.endorse(apart, "ana")
    assert "either this or “Never” would come into force at once" in _row_of(world, hello, soft)
    assert "either this or “Twice” would come into force at once" in _row_of(world, never, soft)
    assert "either" not in _row_of(world, apart, soft)
    assert "would come into force at once" in _row_of(world, apart, soft)
    world.endorse(soft, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    for _ in range(2):
        world.wiki.tick()
    assert world.in_force(apart)
    assert [world.in_force(hello), world.in_force(never)].count(True) == 1
