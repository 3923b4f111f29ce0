"""An address that was given to another page: each page keeps its own past, and is gone back to as itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.world import World
from wiki.index import RevisionRow

MILK = "# Milk\n\nWhite, and from the farm across the road.\n"
MORE = f"{MILK}\nBuy two bottles.\n"
OATS = "# Oats\n\nSomething else by the same name.\n"


def land(world: World, edits: dict[str, str | None], title: str) -> int:
    """A change that comes into force on a day of its own."""
    world.clock.wait(1)
    n = world.propose("ana", edits, title)
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    return n


@dataclass(frozen=True)
class Taken:
    """A wiki with a page that was ``moved`` away, or else removed, and whose address another has since."""

    world: World
    moved: bool


@pytest.fixture(params=[True, False], ids=["moved", "removed"])
def taken(world: World, request: pytest.FixtureRequest) -> Taken:
    """The one and the other."""
    land(world, {"milk": MILK}, "Milk")
    land(world, {"milk": MORE}, "More milk")
    away: dict[str, str | None] = {"kitchen/milk": MORE} if request.param else {}
    land(world, {"milk": None, **away}, "Away")
    land(world, {"milk": OATS}, "Oats")
    return Taken(world, request.param)


def first_revision(world: World, title: str) -> RevisionRow:
    rows = [row for row in world.wiki.index.book.changes() if row.title == title]
    return next(row for row in rows if row.status == "added")


def links(world: World, address: str) -> dict[str, str]:
    """Where the links lead in what a page says, by their words."""
    page = world.visitor("dee").open(address)
    assert page.status == 200, address
    return {" ".join(a.text_content().split()): a.get("href") for a in page.tree.xpath("//main//a[@href]")}


def test_an_old_revision_leads_to_the_page_that_it_is_of(taken: Taken) -> None:
    found = links(taken.world, first_revision(taken.world, "Milk").url)
    past = links(taken.world, found["History"])
    assert "More milk" in past
    assert "Oats" not in past
    if taken.moved:
        assert found["What holds now"] == "/kitchen/milk"
        assert found["History"] == "/-/history/kitchen/milk"
    else:
        assert "What holds now" not in found


def test_a_comparison_under_the_old_name_leads_there_too(taken: Taken) -> None:
    rows = {row.title: row for row in taken.world.wiki.index.book.changes()}
    found = links(taken.world, f"/-/compare/milk?a={rows['Milk'].commit}&b={rows['More milk'].commit}")
    assert "More milk" in links(taken.world, found["History"])
    assert "/milk" not in found.values()


def test_going_back_never_writes_into_another_page(taken: Taken) -> None:
    world = taken.world
    row = first_revision(world, "Milk")
    dee = world.visitor("dee")
    page = dee.open(row.url)
    if taken.moved:
        dee.submit(row.url)
        (draft,) = world.wiki.drafts.of(world.people["dee"].id)
        assert {path: file.text for path, file in draft.files.items()} == {"kitchen/milk.md": MILK}
        return
    assert not page.offers(row.url)
    refused = dee.post(row.url)
    assert refused.status == 400
    assert "Another page has the address “milk” now" in refused.main
    assert world.wiki.drafts.of(world.people["dee"].id) == []


def test_the_history_of_an_address_names_who_had_it_before(taken: Taken) -> None:
    found = links(taken.world, "/-/history/milk")
    before = next(words for words in found if words.startswith("Until "))
    assert before.endswith("another page had this address: “Milk”")
    past = links(taken.world, found[before])
    assert {"Milk", "More milk"} <= set(past)
    assert "Oats" not in past
    assert not any(words.startswith("Until ") for words in links(taken.world, "/-/history/welcome"))


def test_the_past_of_an_earlier_page_is_turned_and_asked_for_by_day(taken: Taken) -> None:
    found = links(taken.world, "/-/history/milk")
    earlier = next(url for words, url in found.items() if words.startswith("Until "))
    day = datetime.fromtimestamp(first_revision(taken.world, "Milk").when, UTC).date().isoformat()
    dee = taken.world.visitor("dee")
    for address in ("/-/history/milk", earlier):
        page = dee.open(f"{address}{'&' if '?' in address else '?'}on={day}")
        assert page.status == 200
        assert "farm across the road" in page.main
    assert dee.open("/-/history/milk?on=2001-01-01").status == 404
    assert dee.open("/-/history/milk?of=1234567").status == 404


def test_beyond_the_end_of_a_list_is_its_beginning(world: World) -> None:
    assert world.visitor().open("/-/history/welcome?before=0").address == "/-/history/welcome"
