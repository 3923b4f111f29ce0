"""The story of a proposal says what each act took back of what somebody had said."""

from __future__ import annotations

from tests.world import World


def told(world: World, n: int) -> list[str]:
    """The lines of the story, without their moments."""
    page = world.visitor().open(f"/-/proposals/{n}")
    return [" ".join(each.text_content().split()) for each in page.tree.xpath("//*[@id='story']//li/p")]


def test_an_objection_that_was_taken_back_is_told_as_that(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    guidelines, zed = world.wiki.guidelines, world.person("zed")
    guidelines.object(n, zed, world.change(n), "Too short.")
    assert "Zed Okafor objected" in told(world, n)[-1]
    guidelines.retract(n, zed)
    assert "Zed Okafor took back their objection" in told(world, n)[-1]
    world.endorse(n, "zed")
    assert "took back" not in told(world, n)[-1], "there was nothing left to take back"
    guidelines.retract(n, zed)
    assert "Zed Okafor took back their endorsement" in told(world, n)[-1]


def test_whoever_endorses_after_objecting_takes_the_objection_back_and_the_other_way_round(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nSign nothing.\n"})
    guidelines, zed = world.wiki.guidelines, world.person("zed")
    guidelines.object(n, zed, world.change(n), "Too short.")
    world.endorse(n, "zed")
    assert "Zed Okafor endorsed it, and by that took back their objection" in told(world, n)[-1]
    guidelines.object(n, zed, world.change(n), "On second thought.")
    assert "Zed Okafor objected, and by that took back their endorsement" in told(world, n)[-1]


def test_an_endorsement_of_an_earlier_text_is_not_told_as_taken_back(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nSign nothing.\n"})
    world.endorse(n, "zed")
    world.wiki.guidelines.revise(n, world.person("ana"), {"legal/contracts.md": "# Contracts\n\nSign all.\n"})
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "All?")
    assert "took back" not in told(world, n)[-1]


def test_a_run_of_endorsements_told_together_leaves_out_one_that_took_an_objection_back(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "Too short.")
    world.endorse(n, "bob", "cyd", "dee", "zed")
    assert "by that took back their objection" in told(world, n)[-2], "and it came into force"
