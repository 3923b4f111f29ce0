"""What a change would touch: told before it is proposed, and on the proposal."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.notify import FOLDER, PAGE

EXPENSES = "travel/expenses"
EDIT = f"/-/edit/{EXPENSES}"
LINKING = "# Food\n\nSee [meals](/travel/expenses#meals) and [all](../travel/expenses.md).\n"


@pytest.fixture
def linked(world: World) -> World:
    """Two pages lead to the expenses, one of them to a heading."""
    world.propose("ana", {"notes/food": LINKING})
    return world


def _text(world: World) -> str:
    return world.text(EXPENSES) or ""


def _told(page: object) -> str:
    found = page.tree.xpath("//main//details[contains(@class, 'touches')]")  # type: ignore[attr-defined]
    return " ".join(found[0].text_content().split()) if found else ""


def _one_line(page: object) -> str:
    return " ".join(page.tree.xpath("//main//details[contains(@class, 'touches')]/summary/span/text()"))  # type: ignore[attr-defined]


def test_a_heading_that_others_link_to_is_told_of_before_it_is_removed(linked: World) -> None:
    text = _text(linked).replace("## Meals", "## Food")
    bob = linked.visitor("bob")
    bob.open(EDIT)
    page = bob.submit(EDIT, "difference", text=text, title="Food")
    assert _one_line(page) == "1 page links to the heading “Meals” that this removes"
    assert "/notes/food" in page.tree.xpath("//details[contains(@class, 'touches')]//a/@href")
    assert "2 pages link here" in _told(page)
    page = bob.submit(EDIT, "propose")
    assert _one_line(page) == "1 page links to the heading “Meals” that this removes"


def test_a_change_that_breaks_nothing_says_who_links_here(linked: World) -> None:
    n = linked.propose("bob", {EXPENSES: _text(linked).replace("every meal", "each meal")})
    assert _one_line(linked.visitor().open(f"/-/proposals/{n}")) == "2 pages link here"


def test_a_section_is_told_of_as_the_whole_page(linked: World) -> None:
    bob = linked.visitor("bob")
    bob.open(f"{EDIT}?section=meals")
    page = bob.submit(EDIT, "difference", text="## Food\n\nEat.", title="Food")
    assert "heading “Meals”" in _one_line(page)


def test_the_headings_beside_a_section_are_not_taken_for_removed(linked: World) -> None:
    linked.propose("ana", {"notes/rails": "# Rails\n\nSee [trains](/travel/expenses#trains).\n"})
    bob = linked.visitor("bob")
    bob.open(f"{EDIT}?section=meals")
    page = bob.submit(EDIT, "difference", text="## Meals\n\nEat.", title="Food")
    assert _one_line(page) == "3 pages link here"


def test_a_page_that_goes_leaves_links_that_lead_nowhere_unless_its_readers_are_led_elsewhere(linked: World) -> None:
    said = "2 pages link to “travel/expenses”, and their links would lead nowhere"
    bob = linked.visitor("bob")
    assert _one_line(bob.open(f"/-/remove/{EXPENSES}")) == said
    bob.submit(f"/-/remove/{EXPENSES}", "propose", title="No expenses")
    assert _one_line(bob.page) == said
    bob.open(f"/-/remove/{EXPENSES}")
    page = bob.submit(f"/-/remove/{EXPENSES}", "propose", title="Elsewhere", lead_to="welcome")
    assert "nowhere" not in page.main


def test_a_page_that_moves_still_is_where_it_was(linked: World) -> None:
    bob = linked.visitor("bob")
    bob.open(EDIT)
    page = bob.submit(EDIT, "difference", name="money/costs", title="Move")
    assert _one_line(page) == "2 pages link here"
    page = bob.submit(EDIT, "propose")
    assert "nowhere" not in page.main


def test_an_address_that_a_page_gives_up_is_told_of(world: World) -> None:
    world.propose("ana", {"notes/tea": "---\nredirect_from:\n- /tea\n---\n\n# Tea\n\nGreen.\n"})
    bob = world.visitor("bob")
    bob.open("/-/edit/notes/tea")
    page = bob.submit("/-/edit/notes/tea", "difference", text="# Tea\n\nGreen.\n")
    assert _one_line(page) == "The address “/tea” would no longer lead here"


def test_a_page_that_is_missed_already_is_told_of(world: World) -> None:
    world.propose("ana", {"notes/tea": "# Tea\n\nSee [coffee](coffee.md).\n"})
    bob = world.visitor("bob")
    bob.open("/-/new?name=notes/coffee")
    page = bob.submit("/-/new", "difference", text="# Coffee\n\nBlack.\n")
    assert _one_line(page) == "1 page leads here already"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("review_by: 2030-01-01\n",
         "It answers the review that was due on 1 May 2026; the next one is due on 1 January 2030"),
        ("", "It answers the review that was due on 1 May 2026; no other one is due"),
        ("review_by: 2026-05-01\n", "The review that was due on 1 May 2026 stays due"),
    ],
)  # fmt: skip
def test_a_review_that_it_answers_is_told_of(world: World, line: str, said: str) -> None:
    text = "---\ntitle: Tea\n{}---\n\nGreen{}.\n"
    world.propose("ana", {"notes/tea": text.format("review_by: 2026-05-01\n", "")})
    bob = world.visitor("bob")
    bob.open("/-/edit/notes/tea")
    assert _one_line(bob.submit("/-/edit/notes/tea", "difference", text=text.format(line, " tea"))) == said


def test_who_watches_is_a_number_and_never_a_name(world: World) -> None:
    watches, now = world.wiki.notify.watches, world.wiki.now()
    watches.begin(world.people["zed"].id, PAGE, EXPENSES, now)
    watches.begin(world.people["zed"].id, FOLDER, "travel", now)
    watches.begin(world.people["dee"].id, FOLDER, "travel", now)
    watches.begin(world.people["cyd"].id, FOLDER, "working", now)
    n = world.propose("ana", {EXPENSES: _text(world).replace("every", "each")})
    page = world.visitor("bob").open(f"/-/proposals/{n}")
    assert "2 colleagues watch this" in _told(page)
    assert "Zed" not in page.main
    assert "Dee" not in page.main


def test_nothing_is_said_where_nothing_is_touched(world: World) -> None:
    n = world.propose("ana", {"working/hours": "# Hours\n\nWork.\n"})
    assert _told(world.visitor().open(f"/-/proposals/{n}")) == ""
