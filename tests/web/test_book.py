"""The book of changes, as a reader sieves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.world import World, copy_of, open_world


@pytest.fixture
def book(world: World) -> World:
    """Changes by two people in two folders on three days."""
    for who, edits, title in (
        ("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello"),
        ("bob", {"travel/by-train": "# By train\n\nWhenever you can.\n"}, "Trains"),
        ("ana", {"travel/visa": None}, "No visas"),
        ("ana", {"travel/by-train": None, "travel/trains": "# By train\n\nWhenever you can.\n"}, "Move trains"),
    ):
        n = world.propose(who, edits, title)
        world.endorse(n, *[each for each in ("bob", "cyd", "dee") if each != who][:2])
        assert world.in_force(n)
        world.clock.wait(1)
    return world


def _titles(world: World, query: str) -> list[str]:
    page = world.visitor().open(f"/-/changes?{query}")
    assert page.status == 200
    return [one.text_content().strip() for one in page.tree.xpath("//section[@class='day']//p[@class='row-title']")]


def test_of_a_folder(book: World) -> None:
    assert _titles(book, "folder=travel")[:3] == ["Move trains", "No visas", "Trains"]
    assert "Say hello" not in _titles(book, "folder=travel")
    assert _titles(book, "folder=no-such") == []


def test_by_a_person(book: World) -> None:
    assert _titles(book, f"person={book.person('bob').handle}") == ["Trains"]
    assert _titles(book, "by=Bob+Reyes") == _titles(book, "by=bob%40example.com") == ["Trains"]
    page = book.visitor().open("/-/changes?by=Nobody+Known")
    assert page.status == 200
    assert "Nobody called “Nobody Known”" in page.main


def test_by_part_of_a_name(book: World) -> None:
    assert _titles(book, "by=reyes") == ["Trains"]
    page = book.visitor().open("/-/changes?by=o")
    assert "Nobody called “o”" in page.main
    assert {"Ana Souza", "Bob Reyes"} <= set(page.tree.xpath("//main//a/text()"))
    assert "Did you mean" not in book.visitor().open("/-/changes?by=%25").main


def test_of_a_kind(book: World) -> None:
    assert _titles(book, "kind=removed") == ["No visas"]
    assert _titles(book, "kind=renamed") == ["Move trains"]
    assert "Trains" in _titles(book, "kind=added")
    assert _titles(book, "kind=changed")[0] == "Say hello"


def test_all_at_once(book: World) -> None:
    assert _titles(book, f"kind=removed&folder=travel&person={book.person('ana').handle}") == ["No visas"]
    assert _titles(book, f"kind=removed&folder=travel&person={book.person('bob').handle}") == []


def test_until_a_day(book: World) -> None:
    day = datetime.fromtimestamp(book.clock() - 3 * 86400, UTC).date()
    assert _titles(book, f"until={day}")[0] == "Trains"
    assert _titles(book, "until=1971-01-01") == []


def test_a_removed_page_is_found_again(book: World) -> None:
    page = book.visitor().open("/-/changes?kind=removed")
    address = page.tree.xpath("//section[@class='day']//p[@class='meta']//a/@href")[0]
    assert "Ask early" in book.visitor().open(address).main


@pytest.mark.parametrize("query", ["kind=eaten", "until=yesterday", "until=2026-02-31", "before=x", "by=" + "x" * 400])
def test_what_cannot_be_meant_is_refused(book: World, query: str) -> None:
    assert book.visitor().open(f"/-/changes?{query}").status == 400


@pytest.fixture
def handbook(handbook_founded: Path, tmp_path: Path) -> Iterator[World]:
    """A real handbook."""
    with open_world(copy_of(handbook_founded, tmp_path / "data")) as opened:
        yield opened


def test_turning_the_pages_of_a_sieved_book_shows_each_change_once(handbook: World) -> None:
    reader = handbook.visitor()
    seen: list[str] = []
    back: list[str] = []
    address = "/-/changes?folder=travel-and-leave"
    while True:
        page = reader.open(address)
        seen += [link for link in page.tree.xpath("//section[@class='day']//p[@class='meta']//a/@href")
                 if link.startswith("/-/revision/")]  # fmt: skip
        older = page.tree.xpath("//nav[@class='pager']/a[@rel='next']/@href")
        if not older:
            break
        address = older[0]
    while newer := page.tree.xpath("//nav[@class='pager']/a[@rel='prev']/@href"):
        back.append(newer[0])
        page = reader.open(newer[0])
    assert len(seen) == len(set(seen)) > 100
    assert all("/travel-and-leave/" in link for link in seen)
    assert back
    assert page.status == 200


def test_the_days_of_the_picture_lead_to_what_happened(book: World) -> None:
    page = book.visitor().open("/-/changes")
    days = page.tree.xpath("//figure[@class='calendar']//svg//a")
    assert days
    for day in days:
        says, address = day.findtext("title"), day.get("href")
        shown = book.visitor().open(f"/-/changes{address.partition('#')[0]}")
        (first,) = shown.tree.xpath(f"//h2[@id='{address.partition('#')[2]}']")
        assert says.startswith(f"{first.text_content()}: ")


def test_folders_to_choose_from_hold_pages(world: World) -> None:
    folders = world.wiki.index.book.folders
    assert folders() == ["größe", "legal", "notes", "travel", "working"]

    world.propose("ana", {"notes/kitchen": None})
    world.wiki.index.catch_up()

    assert folders() == ["größe", "legal", "travel", "working"]


def test_only_where_a_feed_tells_of_the_same_changes_it_is_offered(book: World) -> None:
    ana = book.person("ana").handle
    for query, feed in (("", "changes"), ("folder=travel", "folder/travel"), (f"person={ana}", f"person/{ana}"),
                        ("kind=removed", None), (f"person={ana}&folder=travel", None)):  # fmt: skip
        page = book.visitor().open(f"/-/changes?{query}")
        offered = page.tree.xpath("//*[@type='application/atom+xml']/@href")
        assert set(offered) == ({f"/-/feeds/{feed}"} if feed else set())


def test_the_folders_below_the_chosen_one_can_be_chosen_and_those_above(book: World) -> None:
    def offered(query: str) -> list[str]:
        return list(book.visitor().open(f"/-/changes?{query}").tree.xpath("//select[@id='folder']/option/@value"))

    assert "working/day-to-day" not in offered("")
    assert offered("folder=working")[-2:] == ["working", "working/day-to-day"]
    assert offered("folder=working/day-to-day")[-2:] == ["working", "working/day-to-day"]


def test_folders_are_called_by_their_titles(book: World) -> None:
    page = book.visitor().open("/-/changes?folder=working/day-to-day")
    titles = page.tree.xpath("//select[@id='folder']/option/text()")
    assert titles[-3:] == ["Travel", "Working", "Working / Day to day"]
    assert page.tree.xpath("//select[@id='folder']/option[@selected]/@value") == ["working/day-to-day"]
    assert "Changes in Working / Day to day" in str(page.tree.xpath("string(//title)"))


def test_a_sieved_book_says_why_it_has_no_picture(book: World) -> None:
    said = "The picture of a year is drawn of all changes together."
    assert said not in book.visitor().open("/-/changes").main
    for query in ("kind=removed", "folder=travel"):
        page = book.visitor().open(f"/-/changes?{query}")
        assert said in page.main
        assert not page.tree.xpath("//figure")


def test_before_the_first_change_the_book_says_where_it_begins(book: World) -> None:
    page = book.visitor().open("/-/changes?until=1900-01-01")
    assert "The book begins on" in page.main
    assert not page.tree.xpath("//figure")
    page = book.visitor().open(page.tree.xpath("//p[@class='empty-title']/a/@href")[0])
    assert "Found these guidelines" in page.main
    assert "The book begins on" not in page.main


def test_a_file_that_is_no_page_is_not_called_one(book: World) -> None:
    founded = book.wiki.index.book.changes()[-1].commit
    page = book.visitor().open(f"/-/changes/{founded}")
    kinds = {row.xpath("./p/a/@href")[0].partition(founded)[2]: row.xpath("./p/*[@class='kind']/text()")
             for row in page.tree.xpath("//ul[@class='rows']/li")}  # fmt: skip
    assert kinds["/policy.toml"] == ["new file"]
    assert kinds["/welcome"] == ["new page"]
