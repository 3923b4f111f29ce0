"""What a row of a list says of a proposal: whose time it tells, and the pages by their titles."""

from __future__ import annotations

import pytest

from tests.world import DAY, Page, World
from wiki.web.words import ago


def row(page: Page) -> str:
    """The words of the first row."""
    return " ".join(page.tree.xpath("//main//li[contains(@class, 'row')]")[0].text_content().split())


def test_a_row_says_when_it_was_proposed_and_when_something_happened_last(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet")
    world.clock.wait(3)
    visitor = world.visitor()
    assert "proposed by Ana Souza 3 days ago Welcome" in row(visitor.open("/-/proposals?tab=open"))
    world.endorse(n, "bob")
    world.clock.wait(1)
    assert "proposed by Ana Souza 4 days ago last act 1 day ago" in row(visitor.open("/-/proposals?tab=open"))
    assert "last act 1 day ago" in visitor.open("/-/search?q=Greet&kind=proposals").main


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0.99, "1 hour ago"), (23, "23 hours ago"), (23.7, "1 day ago"), (24.5, "1 day ago"), (26, "1 day ago"),
     (47, "2 days ago"), (6.9 * 24, "1 week ago")],
)  # fmt: skip
def test_from_a_day_on_time_is_told_in_days(world: World, hours: float, said: str) -> None:
    with world.app.test_request_context("/"):
        assert ago(world.wiki.now() - int(hours * DAY / 24)) == said


def test_pages_are_called_by_their_titles_and_those_of_one_title_by_their_path_too(world: World) -> None:
    world.propose("ana", {"notes/hours": "# Hours\n\nOf the kitchen.\n"}, "Kitchen hours")
    world.propose("ana", {"travel/expenses": "# Expenses\n\nNothing.\n", "legal/gifts": "# Gifts\n\nNone.\n"}, "Spend")
    page = world.visitor().open("/-/proposals?tab=open")
    assert "legal/gifts, Expenses" in row(page)
    assert page.tree.xpath("//span[@class='page-name' and @title='travel/expenses' and .='Expenses']")
    world.propose("bob", {"working/hours": "# Hours\n\nAny.\n"}, "Hours")
    assert "Hours (working/hours)" in row(world.visitor().open("/-/proposals?tab=open"))
    world.propose("bob", {"policy.toml": (world.text("policy.toml") or "").replace("endorse = 3", "endorse = 4")})
    assert "How we decide" in row(world.visitor().open("/-/proposals?tab=open"))
