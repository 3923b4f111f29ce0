"""Since you last read: the pages that are no longer in force."""

from __future__ import annotations

from lxml.html import HtmlElement

from tests.world import Page, World

MILK = "# Milk\n\nWhite, and from the farm across the road.\n"


def _land(world: World, edits: dict[str, str | None], title: str, who: str = "ana") -> int:
    n = world.propose(who, edits, title)
    world.endorse(n, *[each for each in ("bob", "cyd", "dee") if each != who][:2])
    assert world.in_force(n)
    return n


def _news(page: Page) -> list[HtmlElement]:
    return list(page.tree.xpath("//section[@aria-labelledby='news']//li"))


def test_a_page_that_was_removed_since_it_was_read_is_named_with_what_removed_it(world: World) -> None:
    dee = world.visitor("dee")
    dee.open("/travel/visa")
    world.clock.wait(1)
    n = _land(world, {"travel/visa": None}, "No visas")
    (row,) = _news(dee.open("/"))
    assert row.xpath(".//*[@class='kind']/text()") == ["removed"]
    assert row.xpath(f".//a[@href='/-/proposals/{n}']/text()") == ["No visas"]
    (title,) = row.xpath("./p[@class='row-title']/a")
    assert title.text == "Visas"
    assert "Ask early" in dee.open(title.get("href")).main


def test_it_is_named_until_it_is_understood(world: World) -> None:
    dee = world.visitor("dee")
    dee.open("/travel/visa")
    dee.open("/welcome")
    _land(world, {"travel/visa": None}, "No visas")
    _land(world, {"welcome": "# Welcome\n\nCome in.\n"}, "Shorter")
    assert len(_news(dee.open("/"))) == 2
    answered = dee.submit("/-/understood/travel/visa")
    assert answered.address == "/"
    assert [row.xpath("./p/a")[0].text for row in _news(answered)] == ["Welcome"]


def test_a_page_that_moved_before_it_was_removed_is_named_too(world: World) -> None:
    _land(world, {"milk": MILK}, "Milk")
    dee = world.visitor("dee")
    dee.open("/milk")
    _land(world, {"milk": None, "kitchen/milk": MILK}, "Move")
    _land(world, {"kitchen/milk": None}, "No milk")
    assert len(_news(dee.open("/"))) == 1
    assert _news(dee.submit("/-/understood/milk")) == []


def test_only_who_read_it_is_told_and_not_who_removed_it(world: World) -> None:
    dee, ana, cyd = (world.visitor(who) for who in ("dee", "ana", "cyd"))
    _land(world, {"milk": MILK}, "Milk")
    _land(world, {"milk": None}, "No milk")
    _land(world, {"milk": "# Oats\n\nSomething else by the same name.\n"}, "Oats")
    dee.open("/milk")
    ana.open("/milk")
    _land(world, {"milk": None}, "No oats")
    assert [row.xpath("./p/a")[0].text for row in _news(dee.open("/"))] == ["Oats"]
    assert _news(ana.open("/")) == []
    assert _news(cyd.open("/")) == []


def test_nothing_is_noted_of_a_removed_page_that_was_never_read(world: World) -> None:
    _land(world, {"travel/visa": None}, "No visas")
    cyd = world.visitor("cyd")
    cyd.post("/-/understood/travel/visa")
    assert world.wiki.visits.of(world.people["cyd"].id) == []
