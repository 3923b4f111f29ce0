"""The versions of a proposal; what changed since one endorsed it; whether an objection still stands."""

from __future__ import annotations

import pytest

from tests.world import World

NUMBER = "/-/proposals/1"


def _revise(world: World, edits: dict[str, str | None], note: str = "") -> None:
    world.wiki.guidelines.revise(1, world.person("ana"), {f"{k}.md": v for k, v in edits.items()}, note=note)


@pytest.fixture
def thrice(world: World) -> World:
    """A proposal by Ana in its third version."""
    world.propose("ana", {"welcome": "# Welcome\n\nOne.\n"}, "Count")
    world.endorse(1, "bob")
    _revise(world, {"welcome": "# Welcome\n\nTwo.\n"}, "Bob *asked* for it.")
    world.endorse(1, "cyd")
    _revise(world, {"welcome": "# Welcome\n\nThree.\n", "working/hours": "# Hours\n\nFewer.\n"})
    return world


def test_any_two_versions_are_compared(thrice: World) -> None:
    visitor = thrice.visitor()
    visitor.open(NUMBER)
    (link,) = visitor.page.tree.xpath("//a[contains(., 'version 3')]/@href")
    page = visitor.open(link)
    assert "Version 3" in page.main
    assert "Bob asked for it." in page.main
    assert "endorsed by 1" in page.main
    assert "From version 2 to version 3" in page.main
    assert page.tree.xpath("//ins[contains(., 'Three')]")
    assert page.tree.xpath("//del[contains(., 'Two')]")
    assert [each.text_content() for each in page.tree.xpath("//h3")] == ["Welcome", "Hours"]
    page = visitor.open(f"{link}?a=1&b=2")
    assert page.tree.xpath("//ins[contains(., 'Two')]")
    assert not page.tree.xpath("//ins[contains(., 'Three')]")
    page = visitor.open(f"{link}?a=3&b=0")
    assert "From what was in force to version 3" in page.main
    assert page.tree.xpath("//ins[contains(., 'Three')]")
    assert "Nothing is different" in visitor.open(f"{link}?a=2&b=2").main


@pytest.mark.parametrize("query", ["a=9", "b=4", "a=-1", "a=x", "b=1.5", "a=99999999999999999999"])
def test_versions_that_are_none_are_refused(thrice: World, query: str) -> None:
    assert thrice.visitor().open(f"{NUMBER}/versions?{query}").status in {400, 404}


def test_a_clean_refresh_is_no_version_and_another_one_is(world: World) -> None:
    text = world.text("travel/expenses") or ""
    world.propose("ana", {"travel/expenses": text.replace("every meal", "each meal")})
    other = world.propose("dee", {"travel/expenses": text.replace("sleep well", "like")})
    world.endorse(other, "bob", "cyd")
    assert [act.kind for act in world.wiki.guidelines.weigh(1).proposal.acts] == ["propose", "refresh"]
    page = world.visitor().open(f"{NUMBER}/versions")
    assert "Version 1" in page.main
    assert "Version 2" not in page.main
    assert page.tree.xpath("//ins[contains(., 'each')]")


def test_what_changed_since_is_on_one_screen_with_the_button(thrice: World) -> None:
    bob, cyd = thrice.visitor("bob"), thrice.visitor("cyd")
    page = bob.open(NUMBER)
    section = page.tree.xpath("//section[@class='since-endorsed']")[0]
    assert section.xpath(".//del[contains(., 'One')]")
    assert section.xpath(".//ins[contains(., 'Three')]")
    assert page.tree.xpath("//button[contains(., 'Endorse again')]")
    section = cyd.open(NUMBER).tree.xpath("//section[@class='since-endorsed']")[0]
    assert section.xpath(".//del[contains(., 'Two')]")
    bob.open(NUMBER)
    page = bob.submit("/endorse")
    assert "1 of 2 colleagues" in page.main
    assert not page.tree.xpath("//section[@class='since-endorsed']")
    assert not thrice.visitor("dee").open(NUMBER).tree.xpath("//section[@class='since-endorsed']")


@pytest.fixture
def edited(world: World) -> World:
    """Zed objected, and Ana changed the text."""
    world.propose("ana", {"welcome": "# Welcome\n\nOne.\n"})
    world.wiki.guidelines.object(1, world.person("zed"), world.change(1), "Too short.")
    _revise(world, {"welcome": "# Welcome\n\nOne and two.\n"})
    return world


def test_whoever_objected_is_asked_once_whether_it_stands(edited: World) -> None:
    zed = edited.visitor("zed")
    page = zed.open(NUMBER)
    assert "The text has changed since you objected." in page.main
    assert page.typed("still") == "Too short."
    assert "The text has changed since you objected" not in edited.visitor("bob").open(NUMBER).main
    page = zed.submit("/object")
    assert "The text has changed since you objected" not in page.main
    assert [act.of for act in edited.wiki.guidelines.weigh(1).standing.objections] == [edited.change(1)]


def test_it_may_be_taken_back_or_replaced_by_an_endorsement(edited: World) -> None:
    zed = edited.visitor("zed")
    zed.open(NUMBER)
    page = zed.submit("/retract")
    assert "The text has changed since you objected" not in page.main
    assert edited.wiki.guidelines.weigh(1).standing.objections == ()
    page = zed.submit("/endorse")
    assert "1 of 2 colleagues" in page.main


def test_who_says_nothing_no_longer_holds_it_after_a_while(edited: World) -> None:
    edited.endorse(1, "bob", "cyd")
    assert not edited.in_force(1)
    edited.clock.wait(2.9)
    edited.wiki.tick()
    assert not edited.in_force(1)
    edited.clock.wait(0.2)
    edited.wiki.tick()
    assert edited.in_force(1)


def test_a_story_with_many_endorsements_is_told_shortly(world: World) -> None:
    world.wiki.accounts.add("eve@example.com", "Eve Sato", "a calm blue morning", 0)
    policy = (world.text("policy.toml") or "").replace("endorse = 3", "endorse = 4")
    n = world.propose("ana", {"policy.toml": policy, "welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open(NUMBER)
    assert "Bob Reyes endorsed it" in page.main
    world.wiki.guidelines.retract(n, world.person("cyd"))
    world.endorse(n, "cyd", "dee", "zed")
    page = world.visitor().open(NUMBER)
    assert page.status == 200
    assert world.visitor().open(f"{NUMBER}?story=all").status == 200
