"""What came into force lately stands on the home page once for each change."""

from __future__ import annotations

from tests.world import PAGES, World


def entries(world: World) -> list[str]:
    rows = world.visitor().open("/").tree.xpath("//section[@class='recent']//li[contains(@class, 'row')]")
    return [" ".join(row.text_content().split()) for row in rows]


def test_right_after_the_founding_there_is_one_entry_with_its_first_pages(world: World) -> None:
    (only,) = entries(world)
    assert only.startswith("Found these guidelines")
    assert f"and {len(PAGES) + 1 - 3} more" in only, "all pages, and how we decide"


def test_a_change_of_many_pages_is_one_entry_and_leads_to_its_proposal(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHi.\n", "travel/visa": "# Visas\n\nAsk.\n"}, "Say it shorter")
    world.endorse(n, "bob", "cyd")
    first, _founding = entries(world)
    assert first.startswith("Say it shorter Visas, Welcome Ana Souza")
    page = world.visitor().open("/")
    assert page.tree.xpath(f"//section[@class='recent']//a[@href='/-/proposals/{n}']")
    assert page.tree.xpath("//section[@class='recent']//a[contains(@href, 'travel/visa')]")
