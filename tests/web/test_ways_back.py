"""Small ways that were missing: from a day before a page, to the feed of proposals, out of a slip with a token."""

from __future__ import annotations

import pytest

from tests.web.door import appoint
from tests.world import World


def test_a_day_before_a_page_leads_to_its_first_revision_and_to_the_page(world: World) -> None:
    page = world.visitor().open("/-/history/travel/expenses?on=2001-01-01")
    assert page.status == 404
    assert page.heading == "This page was not there yet"
    assert "“Expenses” came into force on" in page.main
    first, now = page.tree.xpath("//main//p[@class='actions']//a[position() < 3]/@href")
    assert world.visitor().open(first).status == 200
    assert first.startswith("/-/revision/")
    assert now == "/travel/expenses"


def test_a_page_that_was_removed_meanwhile_leads_to_its_history(world: World) -> None:
    n = world.propose("ana", {"welcome": None})
    world.endorse(n, "bob", "cyd")
    page = world.visitor().open("/-/history/welcome?on=2001-01-01")
    assert page.tree.xpath("//main//p[@class='actions']//a/@href")[1] == "/-/history/welcome"
    assert world.visitor().open("/-/history/never?on=2001-01-01").status == 404


@pytest.mark.parametrize("tab", ["waiting", "open", "mine", "in force", "closed"])
def test_every_list_of_proposals_shows_the_way_to_the_feed(world: World, tab: str) -> None:
    page = world.visitor("bob").open("/-/proposals", query_string={"tab": tab})
    assert page.tree.xpath("//main//a[@href='/-/feeds/proposals']")


@pytest.mark.parametrize("sent", ["Bearer nonsense", "bearer x", "Bearer ", "Bearer", "BEARER a b c"])
def test_a_token_that_is_none_of_ours_is_told_so_by_the_interface_for_programs_alone(world: World, sent: str) -> None:
    client = world.app.test_client()
    refused = client.get("/-/api/1/pages", headers={"Authorization": sent})
    assert refused.status_code == 401
    assert "not a token of this wiki" in refused.get_json()["error"]
    assert "WWW-Authenticate" in refused.headers
    assert client.get("/welcome", headers={"Authorization": sent}).status_code == 200
    assert client.get("/-/feeds/proposals", headers={"Authorization": sent}).status_code == 200


def test_passwords_that_a_server_in_front_asks_for_are_none_of_ours(world: World) -> None:
    for sent in ("Basic Zm9vOmJhcg==", "Digest x", "nonsense"):
        assert world.app.test_client().get("/-/api/1/pages", headers={"Authorization": sent}).status_code == 200


def test_each_choice_in_the_menu_stands_under_a_heading(world: World) -> None:
    for who in (None, "bob"):
        forms = world.visitor(who).open("/").tree.xpath("//details[@class='menu']//form[@aria-labelledby]")
        named = [form.xpath("//*[@id=$it]/text()", it=form.get("aria-labelledby"))[0] for form in forms]
        assert named == ["Colours", "Keyboard", "Language"]


def test_letting_somebody_go_asks_first_and_says_what_it_means(world: World) -> None:
    appoint(world, "ana")
    world.propose("bob", {"welcome": "# Welcome\n\nHello.\n"})
    n = world.propose("ana", {"notes/cups": "# Cups\n\nBlue.\n", "travel/visa": "# Visas\n\nAsk.\n"})
    world.endorse(n, "bob")
    ana, bob = world.visitor("ana"), world.people["bob"]
    page = ana.open(f"/-/administration/people/{bob.id}")
    assert not page.offers("/deactivate")
    page = ana.open(page.tree.xpath("//main//a[contains(@href, '/deactivate')]/@href")[0])
    assert page.heading == "Deactivate Bob Reyes?"
    assert "What they said of 1 proposal that is not in force stops counting." in page.main
    assert "1 open proposal of theirs has no other author. Anyone can adopt it." in page.main
    assert world.wiki.accounts.get(bob.id).active, "asking changes nothing"
    page = ana.submit("/deactivate")
    assert page.messages == "Bob Reyes is deactivated. 1 voice no longer counts."
    assert "deactivated already" in ana.open(f"/-/administration/people/{bob.id}/deactivate").main


def test_what_an_administrator_may_not_do_is_named_with_the_way_back(world: World) -> None:
    appoint(world, "ana")
    ana = world.visitor("ana")
    ana.open(f"/-/administration/people/{world.people['ana'].id}/deactivate")
    page = ana.submit("/deactivate")
    assert (page.status, page.heading) == (400, "That was not done")
    assert "This is the only administrator." in page.main
    assert page.tree.xpath(f"//main//a[@href='/-/administration/people/{world.people['ana'].id}']")
