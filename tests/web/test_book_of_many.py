"""The book of changes where one change touched many pages."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.world import World
from wiki.index import Filter
from wiki.index.book import FEW
from wiki.web import book as pages_of_the_book

MANY = 140


@pytest.fixture
def crowded(world: World) -> World:
    """A change of 140 pages, and one that removed as many."""
    names = [f"notes/n{n:03}" for n in range(MANY)]
    world.propose("ana", {name: f"# Note {name[-3:]}\n\nOne of many.\n" for name in names}, "Many notes")
    world.clock.wait(1)
    world.propose("ana", dict.fromkeys(names[1:]), "No more notes")
    return world


@pytest.mark.parametrize("query", ["", "?folder=notes", "?kind=removed"])
def test_a_change_of_many_pages_is_folded_and_leads_to_all_of_them(crowded: World, query: str) -> None:
    page = crowded.visitor().open(f"/-/changes{query}")
    newest = page.tree.xpath("//section[@class='day']//li")[0]
    assert len(newest.xpath(".//a[starts-with(@href, '/-/revision/')]")) == FEW
    (more,) = newest.xpath(".//a[starts-with(text(), 'and')]")
    assert more.text == f"and {MANY - 1 - FEW} more"
    listed = crowded.visitor().open(more.get("href"))
    titles = listed.tree.xpath("//main//a[starts-with(@href, '/-/revision/')]/text()")
    assert titles == [f"Note {n:03}" for n in range(1, MANY)]


def test_no_more_rows_are_read_than_are_shown(crowded: World) -> None:
    index = crowded.wiki.index
    assert len([row for row in index.book.changes() if row.title == "Many notes"]) == FEW
    assert index.book.touched(index.book.changes(limit=1)) == {index.book.changes(limit=1)[0].seq: MANY - 1}
    statements: list[str] = []
    event.listen(index.engine, "before_cursor_execute", lambda _c, _k, statement, *_o: statements.append(statement))
    index.book.changes(only=Filter(folder="notes"))
    assert len(statements) < 8


def test_a_page_of_the_book_ends_where_it_is_full_and_turning_misses_nothing(world: World) -> None:
    for n in range(30):
        world.propose("ana", {f"notes/{each}": f"# {each} {n}\n\nText.\n" for each in "abcdef"}, f"Change {n}")
    reader, seen, address = world.visitor(), list[str](), "/-/changes?folder=notes"
    while address:
        page = reader.open(address)
        titles = page.tree.xpath("//section[@class='day']//p[@class='row-title']/a/text()")
        assert len(titles) < 20
        seen += titles
        address = next(iter(page.tree.xpath("//a[@rel='next']/@href")), "")
    assert seen[:30] == [f"Change {n}" for n in reversed(range(30))]
    back = reader.open(page.tree.xpath("//a[@rel='prev']/@href")[0])
    last = back.tree.xpath("//section[@class='day']//p[@class='row-title']/a/text()")[-1]
    assert seen.index(last) == len(seen) - len(titles) - 1


def test_the_pages_of_one_change_are_turned_too(crowded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_of_the_book, "PER_PAGE", 100)
    commit = crowded.wiki.index.book.changes(limit=1)[0].commit
    page = crowded.visitor().open(f"/-/changes/{commit[:10]}")
    assert page.address == f"/-/changes/{commit}"
    assert len(page.tree.xpath("//ul[@class='rows']/li")) == 100
    page = crowded.visitor().open(page.tree.xpath("//a[@rel='next']/@href")[0])
    assert len(page.tree.xpath("//ul[@class='rows']/li")) == MANY - 1 - 100
    assert page.tree.xpath("//a[@rel='prev']")
    for nowhere, why in (
        ("0" * 40, "There is no revision 000000000000."),
        (commit[:5], f"There is no revision {commit[:5]}."),
        (f"{commit}?page=9", "The list of what this change touched ends before page 9."),
        (f"{'0' * 40}?page=9", "There is no revision 000000000000."),
    ):
        page = crowded.visitor().open(f"/-/changes/{nowhere}")
        assert page.status == 404
        assert why in page.main


def test_a_feed_tells_of_such_a_change_once(crowded: World) -> None:
    feed = crowded.visitor().client.get("/-/feeds/changes").get_data(as_text=True)
    assert feed.count("<title>No more notes</title>") == 1
    assert f"and {MANY - 1 - FEW} more</summary>" in feed
