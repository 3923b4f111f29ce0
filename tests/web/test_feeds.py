"""Atom feeds, as the specification asks (RFC 4287)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from tests.world import World

GRAMMAR = etree.RelaxNG(file=str(Path(__file__).parent.parent / "atom.rng"))
ATOM = "{http://www.w3.org/2005/Atom}"


def _land(world: World, edits: dict[str, str | None], title: str) -> int:
    n = world.propose("ana", edits, title)
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    return n


@pytest.fixture
def lively(world: World) -> World:
    """Two changes in force, one of them a move, and a proposal."""
    _land(world, {"welcome": "# Welcome\n\n<b>Hello</b> & you.\n"}, "Say <hello> & welcome")
    world.clock.wait(1)
    _land(world, {"travel/visa": None, "money/visas": world.text("travel/visa")}, "Move visas")
    world.propose("bob", {"größe/naïve": "# Größe\n\nNeu.\n"}, "Neu")
    return world


def _feed(world: World, address: str) -> etree._Element:
    response = world.visitor().client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.get_data())


def _valid(feed: etree._Element) -> None:
    """What RFC 4287 demands of a feed and of its entries."""
    GRAMMAR.assertValid(feed)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for once in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{once}")) == 1, once
        assert urlsplit(element.findtext(f"{ATOM}id")).scheme
        for moment in element.findall(f"{ATOM}updated") + element.findall(f"{ATOM}published"):
            assert datetime.fromisoformat(moment.text).tzinfo is not None
        kinds = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link")]
        assert len(kinds) == len(set(kinds))
        assert all(urlsplit(link.get("href")).netloc for link in element.findall(f"{ATOM}link"))
    assert feed.find(f"{ATOM}link[@rel='self']") is not None
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))


def _titles(feed: etree._Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_what_came_into_force(lively: World) -> None:
    feed = _feed(lively, "/-/feeds/changes")
    _valid(feed)
    assert _titles(feed)[:2] == ["Move visas", "Say <hello> & welcome"]
    summaries = [entry.findtext(f"{ATOM}summary") for entry in feed.findall(f"{ATOM}entry")]
    assert "was moved from travel/visa" in summaries[0]
    assert summaries[1].endswith("Endorsed by 2 colleagues.")


def test_one_page_under_all_its_names(lively: World) -> None:
    for name in ("money/visas", "travel/visa"):
        feed = _feed(lively, f"/-/feeds/page/{name}")
        _valid(feed)
        assert _titles(feed)[0] == "Move visas"
        assert len(_titles(feed)) == 2


def test_one_folder_and_one_person(lively: World) -> None:
    feed = _feed(lively, "/-/feeds/folder/money")
    _valid(feed)
    assert _titles(feed) == ["Move visas"]
    handle = lively.person("ana").handle
    feed = _feed(lively, f"/-/feeds/person/{handle}")
    _valid(feed)
    assert _titles(feed) == ["Move visas", "Say <hello> & welcome"]
    assert feed.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}uri").endswith(f"/-/people/{handle}")
    assert lively.visitor().open("/-/feeds/folder/no-such").status == 404


def test_what_is_on_the_table(lively: World) -> None:
    feed = _feed(lively, "/-/feeds/proposals")
    _valid(feed)
    assert _titles(feed) == ["Neu"]
    assert "0 of 2 colleagues" in feed.findtext(f"{ATOM}entry/{ATOM}summary")
    where = feed.find(f"{ATOM}entry/{ATOM}link").get("href")
    assert lively.visitor().open(urlsplit(where).path).status == 200


def test_an_entry_stays_the_same_entry(lively: World) -> None:
    before = {entry.findtext(f"{ATOM}id") for entry in _feed(lively, "/-/feeds/changes").findall(f"{ATOM}entry")}
    _land(lively, {"working/hours": "# Kitchen\n\nNew.\n"}, "Kitchen")
    lively.wiki.index.rebuild()
    after = {entry.findtext(f"{ATOM}id") for entry in _feed(lively, "/-/feeds/changes").findall(f"{ATOM}entry")}
    assert before < after


def test_a_wiki_without_proposals_has_an_empty_feed(world: World) -> None:
    feed = _feed(world, "/-/feeds/proposals")
    _valid(feed)
    assert _titles(feed) == []


def test_who_has_it_is_not_sent_it_again(lively: World) -> None:
    client = lively.visitor().client
    tag = client.get("/-/feeds/changes").headers["ETag"]
    assert client.get("/-/feeds/changes", headers={"If-None-Match": tag}).status_code == 304
    _land(lively, {"working/hours": "# Kitchen\n\nNew.\n"}, "Kitchen")
    assert client.get("/-/feeds/changes", headers={"If-None-Match": tag}).status_code == 200


def test_characters_that_a_feed_cannot_hold_do_not_break_it(lively: World) -> None:
    from wiki.web.feeds import _clean

    for code in (*range(0x20), 0xFFFE, 0xFFFF, 0xD800):
        etree.Element("x").text = _clean(chr(code))


def test_a_feed_of_no_page_is_not_found(lively: World) -> None:
    assert lively.visitor().open("/-/feeds/page/no/such").status == 404


def test_pages_lead_to_their_feeds(lively: World) -> None:
    for page, feed in (
        ("/-/changes", "changes"),
        ("/-/history/welcome", "page/welcome"),
        ("/welcome", "page/welcome"),
        ("/", "changes"),
        ("/-/contents", "changes"),
        ("/travel", "folder/travel"),
        ("/working", "folder/working"),
        ("/working/day-to-day", "folder/working/day-to-day"),
        ("/-/proposals?tab=open", "proposals"),
    ):
        found = lively.visitor().open(page).tree.xpath("//link[@type='application/atom+xml']/@href")
        assert found == [f"/-/feeds/{feed}"]
