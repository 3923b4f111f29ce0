"""Searching as a reader meets it: answers, filters, words about them, and suggestions."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.world import Page, World
from wiki.index.search import MOST_COUNTED


def found(page: Page) -> list[str]:
    """The titles of the answers."""
    assert page.status == 200
    titles = page.tree.xpath("//ol[contains(@class, 'found')]//p[@class='row-title']")
    return [one.text_content().strip() for one in titles]


def test_the_field_is_on_every_page_and_leads_to_answers_without_scripts(world: World) -> None:
    visitor = world.visitor()
    for address in ("/", "/travel/visa", "/-/proposals", "/no/such/page"):
        form = visitor.open(address).tree.xpath("//header[@class='bar']//form[@role='search']")[0]
        assert (form.get("action"), form.get("method")) == ("/-/search", "get")
        assert form.xpath(".//input[@name='q']")
    page = visitor.open("/-/search?q=receipts")
    assert found(page) == ["Expenses"]
    assert not page.tree.xpath("//header[@class='bar']//form[@role='search']")
    assert page.tree.xpath("//main//form[@role='search']//input[@name='q']/@value") == ["receipts"]


def test_an_answer_shows_its_folder_and_the_sentence_with_its_words_marked(world: World) -> None:
    page = world.visitor().open("/-/search?q=receipts")
    row = page.tree.xpath("//ol[contains(@class, 'found')]/li")[0]
    assert row.xpath(".//a/@href") == ["/travel/expenses"]
    assert row.xpath(".//p[@class='where']/text()") == ["Travel"]
    assert row.xpath(".//p[@class='sentence']//mark/text()") == ["receipt"]
    assert row.xpath("string(.//p[@class='sentence'])") == "Keep the receipt of every meal."


def test_what_a_page_says_is_text_not_html(world: World) -> None:
    text = '# A <b>bold</b> &lt;title&gt;\n\nThe `<script>alert(1)</script>` & quokka &lt;mark&gt; "x".\n'
    n = world.propose("ana", {"notes/html": text})
    assert world.in_force(n)
    page = world.visitor().open("/-/search?q=quokka")
    assert "<script>alert(1)" not in page.body
    assert page.tree.xpath("//ol//mark/text()") == ["quokka"]
    assert "& quokka <mark>" in page.tree.xpath("string(//p[@class='sentence'])")
    page = world.visitor().open("/-/search?q=" + quote('<img src=x onerror=alert(1)>"'))
    assert "<img" not in page.body


def test_pages_with_some_of_the_words_are_shown_although_a_proposal_has_them_all(world: World) -> None:
    world.propose("bob", {"travel/visa": "# Visas\n\nAsk early before a trip.\n"}, "Early before a business trip")
    page = world.visitor().open("/-/search?q=early+buisness")
    assert "“buisness” stands nowhere, so this is for “business”." in page.main
    assert found(page) == ["Visas"]
    assert "None of these has all of your words" in page.main
    assert found(world.visitor().open("/-/search?q=early+buisness&kind=proposals")) == ["Early before a business trip"]


def test_kinds_have_tabs_with_their_counts(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nx\n"}, "Shorter expenses")
    page = world.visitor().open("/-/search?q=expenses")
    tabs = [" ".join(tab.text_content().split()) for tab in page.tree.xpath("//nav[@class='tabs']/a")]
    assert tabs == ["Pages 2", "Proposals 1", "People 0"]
    page = world.visitor().open("/-/search?q=expenses&kind=proposals")
    assert found(page) == ["Shorter expenses"]
    assert "0 of 2 colleagues" in page.main
    assert found(world.visitor().open("/-/search?q=souza&kind=people")) == ["Ana Souza"]


def test_filters_hold(world: World) -> None:
    n = world.propose("ana", {"travel/visa": "# Visas\n\nAsk.\n"}, "Shorter visas")
    visitor = world.visitor()
    assert found(visitor.open("/-/search?q=visas&kind=proposals&state=open&in=travel")) == ["Shorter visas"]
    assert found(visitor.open("/-/search?q=visas&kind=proposals&state=closed")) == []
    assert found(visitor.open("/-/search?q=visas&kind=proposals&in=legal")) == []
    world.endorse(n, "bob", "cyd")
    assert found(visitor.open("/-/search?q=visas&kind=proposals&state=in+force")) == ["Shorter visas"]
    page = visitor.open("/-/search?q=meeting&in=working/day-to-day")
    assert found(page) == ["Meetings"]
    assert page.tree.xpath("//select[@name='in']/option[@selected]/@value") == ["working/day-to-day"]
    page = visitor.open("/-/search?q=meeting&in=travel")
    assert "Search everywhere" in page.main


def test_a_slip_is_mended_and_one_may_insist(world: World) -> None:
    page = world.visitor().open("/-/search?q=recepit")
    assert "“recepit” stands nowhere, so this is for “receipt”." in page.main
    assert found(page) == ["Expenses"]
    exact = page.tree.xpath("//a[contains(@href, 'exactly=1')]/@href")[0]
    page = world.visitor().open(exact)
    assert found(page) == []
    assert "No page has “recepit”." in page.main


def test_rare_words_may_be_slips_of_common_ones(world: World) -> None:
    n = world.propose("ana", {"notes/one": "# One\n\nThe adress.\n", **{
        f"notes/address{at}": "# Where\n\nThe address.\n" for at in range(6)}})  # fmt: skip
    assert world.in_force(n)
    page = world.visitor().open("/-/search?q=adress")
    assert found(page) == ["One"]
    assert page.tree.xpath("//a[contains(@href, 'q=address')]/text()") == ["address"]


def test_where_nothing_is_found_the_page_says_what_to_do(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nx\n"}, "Parking places")
    page = world.visitor().open("/-/search?q=Parking+places")
    assert "No page has “Parking places”." in page.main
    assert "/-/new?name=parking-places" in page.tree.xpath("//main//a/@href")
    assert "/-/search?kind=proposals&q=Parking+places" in {
        href.replace("q=Parking+places&kind=proposals", "kind=proposals&q=Parking+places")
        for href in page.tree.xpath("//main//a/@href")
    }


def test_without_words_it_says_so(world: World) -> None:
    assert "What do you look for?" in world.visitor().open("/-/search").main
    assert "There is no word in “?!”." in world.visitor().open("/-/search?q=%3F%21").main


def test_answers_have_pages(world: World) -> None:
    edits = {f"notes/page{at:02}": f"# Page {at:02}\n\nAbout a walrus.\n" for at in range(25)}
    assert world.in_force(world.propose("ana", edits))
    visitor = world.visitor()
    seen: list[str] = []
    address = "/-/search?q=walrus"
    for count in (10, 10, 5):
        page = visitor.open(address)
        assert len(found(page)) == count
        seen += found(page)
        links = page.tree.xpath("//nav[@class='pager']/a[@rel='next']/@href")
        address = links[0] if links else ""
    assert sorted(seen) == [f"Page {at:02}" for at in range(25)]
    assert address == ""
    assert found(visitor.open(f"/-/search?q=walrus&page={MOST_COUNTED}")) == []


@pytest.mark.parametrize(
    "question",
    ["%00", "%ff%fe", "NEAR(", '"', "*", "C%2B%2B", "what%27s", "a+AND+OR+NOT", "x" * 900, "%F0%9F%9A%80", "{title}:x"],
)
@pytest.mark.parametrize("kind", ["pages", "proposals", "people"])
def test_unusual_questions_get_a_page(world: World, question: str, kind: str) -> None:
    page = world.visitor().open(f"/-/search?q={question}&kind={kind}")
    assert page.status == 200
    assert page.heading == "Search"
    assert world.visitor().client.get(f"/-/search/suggest?q={question}").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("q=" + "x" * 10_000, 400), ("q=a&in=" + "x" * 1000, 400), ("q=a&kind=x", 404),
     ("q=a&kind=proposals&state=x", 400), ("q=a&page=x", 400), ("q=a&page=-1", 400)],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(world: World, query: str, status: int) -> None:
    page = world.visitor().open(f"/-/search?{query}")
    assert page.status == status
    assert page.main


def test_suggestions_are_titles_as_json(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nx\n"}, "Expect less")
    answer = world.visitor().client.get("/-/search/suggest?q=exp")
    assert answer.json == {
        "said": "2 suggestions",
        "suggestions": [
            {"title": "Expenses", "url": "/travel/expenses", "label": "Travel"},
            {"title": "Expect less", "url": "/-/proposals/1", "label": "Proposal"},
        ],
    }
    assert world.visitor().client.get("/-/search/suggest").json["suggestions"] == []


def test_searching_changes_nothing(world: World) -> None:
    before = world.everything(), world.wiki.index.generation()
    world.visitor("bob").open("/-/search?q=expenses")
    assert (world.everything(), world.wiki.index.generation()) == before
