"""A proposal whose page has changed meanwhile: only an author can bring it on, so it waits for nobody else."""

from __future__ import annotations

import pytest

from tests.world import World

PAGE = "travel/expenses"
SENTENCE = "Keep the receipt of every meal."
STUCK = "stuck until an author brings two versions together"


@pytest.fixture
def text(world: World) -> str:
    return world.text(PAGE) or ""


@pytest.fixture
def stuck(world: World, text: str) -> int:
    """A proposal of Ana, of which Zed is asked and which Dee endorsed, before another came into force."""
    n = world.propose("ana", {PAGE: text.replace(SENTENCE, "Keep nothing.")}, "Keep nothing")
    world.endorse(n, "dee")
    zed = world.people["zed"]
    world.wiki.accounts.seen(zed, world.wiki.now())
    world.wiki.asking.ask(n, world.people["ana"], {zed.person.handle})
    assert "You are asked" in world.visitor("zed").open("/-/waiting").main
    assert world.wiki.index.count_waiting("zed@example.com") == 1
    world.endorse(world.propose("bob", {PAGE: text.replace(SENTENCE, "Keep it all.")}, "Keep all"), "cyd", "zed")
    assert world.wiki.guidelines.weigh(n).overtaken
    return n


def test_it_waits_for_nobody_but_its_author(world: World, stuck: int) -> None:
    for who in ("bob", "cyd", "dee", "zed"):
        assert world.wiki.index.count_waiting(f"{who}@example.com") == 0
        for address in ("/-/waiting", "/"):
            links = world.visitor(who).open(address).tree.xpath("//main//a/@href")
            assert not [link for link in links if link.startswith(f"/-/proposals/{stuck}")], (who, address)
    assert "Only you can bring these on" in world.visitor("ana").open("/-/waiting").main


def test_lists_say_that_it_is_stuck(world: World, stuck: int) -> None:
    other = world.propose("bob", {"welcome": "# Welcome\n\nHello.\n"}, "Hello")
    page = world.visitor("cyd").open("/-/proposals?tab=open")
    rows = {row.xpath(".//a/@href")[0]: row.text_content() for row in page.tree.xpath("//main//li[@class='row']")}
    assert STUCK in rows[f"/-/proposals/{stuck}"]
    assert STUCK not in rows[f"/-/proposals/{other}"]
    assert STUCK in world.visitor("ana").open("/-/proposals?tab=mine").main


def test_it_is_not_offered_to_endorse_and_the_page_says_why(world: World, stuck: int) -> None:
    for who in ("bob", "zed"):
        page = world.visitor(who).open(f"/-/proposals/{stuck}")
        assert not page.offers(f"/-/proposals/{stuck}/endorse")
        assert "An author must bring the two versions together first." in page.main
        assert page.offers(f"/-/proposals/{stuck}/object")
    assert "You endorsed this." in world.visitor("dee").open(f"/-/proposals/{stuck}").main


def test_as_soon_as_its_author_has_brought_it_on_it_waits_again(world: World, text: str, stuck: int) -> None:
    now = text.replace(SENTENCE, "Keep what you like.")
    main = world.wiki.repository.main()
    world.wiki.guidelines.revise(stuck, world.person("ana"), {f"{PAGE}.md": now}, onto=main)
    assert not world.wiki.guidelines.weigh(stuck).overtaken
    assert world.wiki.index.count_waiting("zed@example.com") == 1
    assert STUCK not in world.visitor("cyd").open("/-/proposals?tab=open").main
    assert world.visitor("zed").open(f"/-/proposals/{stuck}").offers(f"/-/proposals/{stuck}/endorse")


def test_a_lapsed_endorsement_is_not_asked_for_again_meanwhile(world: World, text: str, stuck: int) -> None:
    world.wiki.guidelines.revise(stuck, world.person("ana"), {f"{PAGE}.md": text.replace(SENTENCE, "Keep some.")})
    assert world.wiki.guidelines.weigh(stuck).overtaken
    dee = world.visitor("dee")
    assert "You endorsed an earlier text" not in dee.open("/-/waiting").main
    assert dee.client.get(f"/-/waiting/{stuck}").location == f"/-/proposals/{stuck}#decision"
