"""What "not now" does is said before it is pressed, and what it did can be seen and ended."""

from __future__ import annotations

import pytest

from tests.world import Page, World

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}


def propose(world: World, title: str = "Noon at the latest") -> int:
    return world.propose("ana", HOURS, title)


def ask(world: World, n: int, *names: str) -> None:
    world.wiki.asking.ask(n, world.people["ana"], {world.person(who).handle for who in names})


def buttons(page: Page, action: str) -> list[str]:
    found = page.tree.xpath("//form[contains(@action, $action)]//button", action=action)
    return [" ".join(each.text_content().split()) for each in found]


@pytest.mark.parametrize("address", ["/-/waiting", "/-/inbox", "/-/proposals/1"])
def test_who_says_not_now_reads_on_the_button_for_how_long_and_about_what(world: World, address: str) -> None:
    assert propose(world) == 1
    ask(world, 1, "bob")
    page = world.visitor("bob").open(address)
    assert buttons(page, "/-/waiting/not-now") == ["Not now: ask me nothing for two weeks"]


@pytest.mark.parametrize("address", ["/-/waiting", "/-/inbox/settings"])
def test_a_pause_is_shown_and_ended_where_one_looks_for_it(world: World, address: str) -> None:
    bob = world.visitor("bob")
    assert "Nobody asks you until" not in bob.open(address).main
    world.wiki.asking.not_now(world.people["bob"])
    page = bob.open(address)
    assert "Nobody asks you until" in page.main
    assert buttons(page, "/-/waiting/ask-me") == ["Ask me again"]
    bob.submit("/-/waiting/ask-me")
    assert bob.page.address == address
    assert "You can be asked again." in bob.page.messages
    assert "Nobody asks you until" not in bob.page.main
    assert world.wiki.asking.paused(world.people["bob"]) is None


def test_a_pause_that_is_over_is_not_shown(world: World) -> None:
    world.wiki.asking.not_now(world.people["bob"])
    world.clock.wait(14.1)
    assert "Nobody asks you until" not in world.visitor("bob").open("/-/waiting").main


def test_a_pause_is_not_ended_without_a_token(world: World) -> None:
    world.wiki.asking.not_now(world.people["bob"])
    assert world.visitor("bob").client.post("/-/waiting/ask-me").status_code == 400
    assert world.wiki.asking.paused(world.people["bob"]) is not None
