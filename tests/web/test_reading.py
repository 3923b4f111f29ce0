"""Reading: what stands around the text of a page, and where its links lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from tests.world import Page, World, copy_of, open_world
from wiki.index import Node
from wiki.web.pages import MOST_MENTIONS
from wiki.web.tree import MOST, beside


def bring(world: World, edits: dict[str, str | None]) -> None:
    """Bring pages into force."""
    n = world.propose("ana", edits)
    if not world.in_force(n):
        world.endorse(n, "bob", "cyd")
    assert world.in_force(n)


def links(page: Page, place: str) -> list[tuple[str, str]]:
    """The links in a part of the page: their words and where they lead."""
    found = page.tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {place} ')]//a")
    return [(" ".join(a.text_content().split()), a.get("href")) for a in found]


# The way on


def test_pages_are_read_in_the_order_of_the_contents(world: World) -> None:
    reader = world.visitor()
    seen, address = [], "/welcome"
    while address and len(seen) < 30:
        seen.append(address)
        after = reader.open(address).tree.xpath("//nav[@class='turn']/a[@rel='next']/@href")
        address = after[0] if after else ""
    assert seen == ["/welcome", "/gr%C3%B6%C3%9Fe/na%C3%AFve", "/legal/contracts", "/notes/kitchen", "/travel",
                    "/travel/expenses", "/travel/visa", "/working/hours", "/working/day-to-day/meetings"]  # fmt: skip
    assert links(reader.open("/travel/expenses"), "turn")[0] == ("Before this Travel", "/travel")
    assert links(reader.open("/travel/index"), "turn")[1] == ("Read on Expenses", "/travel/expenses")


def test_a_folder_is_said_to_have_as_many_pages_as_it_lists(world: World) -> None:
    reader = world.visitor()
    for address, place in (("/", "//section[@class='chapter']/h3"), ("/-/contents", "//ul[@class='nodes']/li")):
        said = [" ".join(each.text_content().split()) for each in reader.open(address).tree.xpath(place)]
        assert any(each.startswith("Travel 2 pages") for each in said), said
    assert len(reader.open("/travel").tree.xpath("//ul[@class='nodes']/li")) == 2
    assert "9 pages that hold for all of us" in reader.open("/").main


def test_the_contents_stand_beside_a_page_open_where_it_is(world: World) -> None:
    page = world.visitor().open("/travel/visa")
    assert [url for _, url in links(page, "tree")] == [
        "/welcome", "/gr%C3%B6%C3%9Fe", "/legal", "/notes", "/travel", "/travel/expenses", "/travel/visa", "/working"
    ]  # fmt: skip
    assert page.tree.xpath("//nav[@class='tree']//a[@aria-current='page']/@href") == ["/travel/visa"]
    assert world.visitor().open("/travel").tree.xpath("//nav[@class='tree']//a[@aria-current='page']/@href") == [
        "/travel"
    ]


def test_of_a_large_folder_only_what_is_near_stands_beside_a_page() -> None:
    nodes = tuple(Node("page", f"all/{n:05}", f"Page {n}") for n in range(10_000))
    root = Node("folder", "", "", (Node("folder", "all", "All", nodes, 10_000),), 10_000)
    (folder,) = beside(root, "all/05000").branches
    assert len(folder.branches) == MOST
    assert [branch.title for branch in folder.branches if branch.is_here] == ["Page 5000"]
    assert folder.more_url == "/all"
    for name, shown in (("all/00000", "Page 0"), ("all/09999", "Page 9999")):
        (folder,) = beside(root, name).branches
        assert len(folder.branches) == MOST
        assert [branch.title for branch in folder.branches if branch.is_here] == [shown]


# Names that are not quite right


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/Travel/Expenses", "/travel/expenses"),
        ("/TRAVEL", "/travel"),
        ("/Gro%CC%88%C3%9Fe/NA%C3%8FVE/", "/gr%C3%B6%C3%9Fe/na%C3%AFve"),
    ],
)
def test_a_name_that_is_only_written_otherwise_leads_to_the_page(world: World, typed: str, meant: str) -> None:
    for who in (None, "ana"):
        answer = world.visitor(who).client.get(typed)
        assert (answer.status_code, answer.headers["Location"]) == (302, meant)
    bring(world, {"travel/expenses": None})
    assert world.visitor().open("/Travel/Expenses").status == 404


def test_where_no_page_is_one_can_search_for_it(world: World) -> None:
    page = world.visitor().open("/travel/visas-for-us")
    assert page.status == 404
    (address,) = page.tree.xpath("//p[@class='actions']/a[.='Search']/@href")
    assert "Visas" in world.visitor().open(address).main


# Mentions


def test_a_page_says_where_it_is_mentioned(world: World) -> None:
    reader = world.visitor()
    assert links(reader.open("/travel/expenses"), "mentions") == [("Visas", "/travel/visa")]
    assert "Mentioned on" not in reader.open("/travel/visa").main
    bring(world, {"working/hours": "# Hours\n\nSee [[travel/expenses#Meals|meals]], [travel](/travel/).\n"})
    assert links(reader.open("/travel/expenses"), "mentions") == [
        ("Hours", "/working/hours"),
        ("Visas", "/travel/visa"),
    ]
    assert links(reader.open("/travel/index"), "mentions") == [("Hours", "/working/hours")]


def test_a_mention_under_an_old_name_counts(world: World) -> None:
    text = world.text("travel/expenses")
    bring(world, {"travel/expenses": None, "money/costs": text})
    assert links(world.visitor().open("/money/costs"), "mentions") == [("Visas", "/travel/visa")]


def test_of_very_many_mentions_the_first_are_shown_and_the_rest_counted(world: World) -> None:
    bring(world, {f"notes/n{n:02}": f"# Note {n:02}\n\n[w](/welcome)\n" for n in range(20)})
    page = world.visitor().open("/welcome")
    assert len(page.tree.xpath("//section[@class='mentions']//a")) == MOST_MENTIONS
    assert "and 8 more pages" in page.main


# Links that lead nowhere


def test_a_link_to_no_page_is_marked_until_there_is_one(world: World) -> None:
    text = "# Hours\n\n[a](/travel/visa), [b](day-off.md#x), [c](/travel), [d](https://x.example), "
    text += "[e](/-/policy), [f](#x)\n"
    bring(world, {"working/hours": text})
    for who in (None, "bob"):
        page = world.visitor(who).open("/working/hours")
        (marked,) = page.tree.xpath("//article//a[@class='missing']")
        assert marked.get("href") == "/working/day-off#h-x"
        assert marked.text_content() == "b (there is no such page yet)"
    bring(world, {"working/day-off": "# Days off\n\nRest.\n"})
    assert "missing" not in world.visitor().open("/working/hours").body
    bring(world, {"working/day-off": None})
    assert "b (this page was removed)" in world.visitor().open("/working/hours").main


def test_a_link_to_an_old_name_is_not_broken_for_its_readers(world: World) -> None:
    bring(world, {"travel/expenses": None, "money/costs": world.text("travel/expenses")})
    assert "missing" not in world.visitor().open("/travel/visa").body
    bring(
        world, {"welcome": "---\nredirect_from: /start/here\n---\n\nSee [here](/start/here), [there](/start/there).\n"}
    )
    assert world.visitor().open("/welcome").tree.xpath("//a[@class='missing']/@href") == ["/start/there"]


def test_marking_links_costs_no_query_per_link(world: World) -> None:
    bring(world, {"working/hours": "# Hours\n\n" + "".join(f"[{n}](nothing-{n}.md) " for n in range(300))})
    bring(world, {"notes/one": "# One\n\n[1](nothing.md)\n"})
    counts, bob = [], world.visitor("bob")
    bob.open("/welcome")
    for address in ("/notes/one", "/working/hours"):
        queries: list[str] = []
        listener = lambda *told: queries.append(told[2])  # noqa: E731, B023
        world.visitor().open(address)
        event.listen(world.wiki.engine, "before_cursor_execute", listener)
        bob.client.get(address)
        event.remove(world.wiki.engine, "before_cursor_execute", listener)
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0


def test_broken_links_are_listed_with_the_pages_they_stand_on(world: World) -> None:
    reader = world.visitor()
    assert "Every link between pages leads to a page in force." in reader.open("/-/broken-links").main
    bring(world, {
        "working/hours": "# Hours\n\n[a](day-off.md), [k](/notes/kitchen), [i](/pictures/x.png), [t](/travel)\n",
        "travel/expenses": None, "money/costs": world.text("travel/expenses"), "notes/kitchen": None,
    })  # fmt: skip
    page = reader.open("/-/broken-links")
    rows = [" ".join(row.text_content().split()) for row in page.tree.xpath("//li[@class='row']")]
    assert rows == [
        "notes/kitchen This page was removed. See its history Linked from Hours",
        "working/day-off There is no such page yet. Propose it Linked from Hours",
        "travel/expenses This page is called money/costs now. Its old name leads there, so nobody is lost. "
        "Linked from Visas",
    ]


def test_broken_links_are_listed_a_page_at_a_time(world: World) -> None:
    bring(world, {"welcome": "# W\n\n" + "".join(f"[{n}](nothing-{n:03}.md)\n" for n in range(120))})
    reader, seen = world.visitor(), []
    address = "/-/broken-links"
    while address:
        page = reader.open(address)
        seen.append(len(page.tree.xpath("//li[@class='row']")))
        address = next(iter(page.tree.xpath("//nav[@class='pager']/a[@rel='next']/@href")), "")
    assert seen == [50, 50, 20]
    assert reader.open("/-/broken-links?page=9999").status == 200
    assert reader.open("/-/broken-links?page=x").status == 400


# Pages that lead elsewhere


@pytest.mark.parametrize("length", [1, 2, 3, 8])
def test_pages_that_lead_in_circles_are_shown(world: World, length: int) -> None:
    pages = {f"notes/r{n}": f"---\nredirect_to: /notes/r{(n + 1) % length}\n---\n# R{n}\n" for n in range(length)}
    bring(world, dict(pages))
    page = world.visitor().open("/notes/r0")
    assert (page.status, page.heading) == (200, "R0")


def test_a_circle_through_an_old_name_is_noticed(world: World) -> None:
    bring(world, {"notes/new": "---\nredirect_from: /notes/old\nredirect_to: /notes/old\n---\n# New\n"})
    assert world.visitor().open("/notes/old").heading == "New"


def test_a_chain_of_pages_is_one_step_for_the_reader(world: World) -> None:
    bring(world, {f"notes/r{n}": f"---\nredirect_to: /notes/r{n + 1}\n---\n# R{n}\n" for n in range(4)})
    bring(world, {"notes/r4": "# The end\n"})
    answer = world.visitor().client.get("/notes/r0")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/notes/r4")


# Words


def test_front_matter_is_shown_as_words(world: World) -> None:
    head = "review_by: 2020-06-30\ndate_approved: 2021-08-05\noutdated: true\nfor: [everyone, guests]\n"
    bring(world, {"notes/facts": f"---\n{head}---\n# Facts\n\nText.\n"})
    page = world.visitor().open("/notes/facts")
    assert "look at this page again by 30 June 2020" in page.main
    rows = page.tree.xpath("//*[@class='colophon']//dl/div")
    facts = {row.xpath("string(dt)"): " ".join(row.xpath("string(dd)").split()) for row in rows}
    assert facts["Date approved"] == "5 August 2021"
    assert facts["For"] == "everyone, guests"


def test_day_in_front_matter_that_is_none_stays_as_it_is(world: World) -> None:
    bring(world, {"notes/facts": "---\nsince: '2021-02-31'\n---\n# Facts\n\nText.\n"})
    assert "2021-02-31" in world.visitor().open("/notes/facts").main


# For those who work on it


def test_the_components_are_shown_in_development_only(world: World, founded: Path, tmp_path: Path) -> None:
    assert world.visitor().open("/-/components").status == 404
    with open_world(copy_of(founded, tmp_path / "developed"), development=True) as developed:
        page = developed.visitor().open("/-/components")
        assert page.status == 200
        assert page.tree.xpath("//a[@class='missing']/@href") == ["/no/such/page"]
