"""The page that introduces a folder, as it is shown there: with all that other pages say of themselves."""

from __future__ import annotations

from tests.world import Page, World

NEW = (
    "# Travel\n\nWe travel when it helps somebody. See [visas](visa.md).\n\n## Why\n\nTo meet.\n\n## How\n\nBy train.\n"
)


def _words(page: Page, path: str) -> str:
    return " ".join(page.tree.xpath(f"string({path})").split())


def _changed(world: World, text: str = NEW) -> None:
    n = world.propose("zed", {"travel/index": text})
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)


def test_it_says_where_its_words_come_from(world: World) -> None:
    _changed(world)
    page = world.visitor("ana").open("/travel")
    byline = _words(page, "//p[@class='byline']")
    assert byline.startswith("In force since 28 May 2026. Last changed by Zed Okafor, endorsed by 2 colleagues.")
    assert "Bob Reyes" in _words(page, "//section[@class='colophon']//dt[.='Last changed by']/../dd")
    hrefs = page.tree.xpath("//main//a/@href")
    for way in ("edit", "words", "history", "who", "remove"):
        assert any(f"/-/{way}/travel/index" in href for href in hrefs), way
    assert [one.text_content() for one in page.tree.xpath("//nav[@class='toc wide']//a")] == ["Why", "How"]
    assert page.offers("/-/watch")
    assert page.tree.xpath("//input[@name='kind']/@value") == ["folder"]
    assert page.tree.xpath("//section[contains(@class, 'contents')]//li/a/@href") == [
        "/travel/expenses", "/travel/visa"
    ]  # fmt: skip


def test_it_shows_what_is_on_the_table_for_it_at_once(world: World) -> None:
    reader = world.visitor()
    assert "would change this" not in reader.open("/travel").main
    world.propose("zed", {"travel/index": NEW}, "Say how")
    page = reader.open("/travel")
    assert "1 proposal would change this" in page.main
    assert "Say how" in page.main


def test_what_changed_since_somebody_read_it_there_is_told_there(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/travel")
    _changed(world)
    assert "This page has changed since you last read it" in ana.open("/travel").main


def test_what_mentions_the_folder_is_told(world: World) -> None:
    n = world.propose("bob", {"welcome": "# Welcome\n\nSee [travel](/travel).\n"})
    world.endorse(n, "cyd", "dee")
    assert "Welcome" in _words(world.visitor().open("/travel"), "//section[@class='mentions']")


def test_the_page_and_the_folder_lead_to_the_same_places_around(world: World) -> None:
    for address, trail in (("/travel", ["/"]), ("/travel/index", ["/"])):
        page = world.visitor().open(address)
        assert page.tree.xpath("//nav[@class='tree']//a[@aria-current='page']/@href") == ["/travel"], address
        assert page.tree.xpath("//nav[@class='crumbs']//a/@href")[:1] == trail, address


def test_a_folder_without_an_introduction_is_its_list(world: World) -> None:
    page = world.visitor().open("/notes")
    assert not page.tree.xpath("//p[@class='byline']")
    assert page.tree.xpath("//section[contains(@class, 'contents')]//li/a/@href") == ["/notes/kitchen"]
