"""What is said of those who will be asked if it stays quiet: only where there are some."""

from __future__ import annotations

from tests.asking.conftest import all_here
from tests.world import Page, World

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}
AFTER_THREE_DAYS = "others are asked"
NOBODY_ELSE = "There is nobody else to ask just now; it stays open to everybody."


def propose(world: World) -> int:
    return world.propose("ana", HOURS, "Noon at the latest")


def everybody(page: Page) -> str:
    return str(page.tree.xpath("//section[@id='asking']//p//button/@value")[0])


def section(page: Page) -> str:
    return " ".join(page.tree.xpath("//section[@id='asking']")[0].text_content().split())


def test_once_all_are_asked_nobody_is_promised_that_others_will_be(world: World) -> None:
    n = propose(world)
    ana = world.visitor("ana")
    ana.post(f"/-/proposals/{n}/ask", {"who": everybody(ana.open(f"/-/proposals/{n}"))})
    assert f"are asked. {NOBODY_ELSE}" in ana.page.messages
    assert NOBODY_ELSE in section(ana.page)
    assert AFTER_THREE_DAYS not in ana.page.body


def test_who_could_be_asked_later_is_promised_as_long_as_there_is_somebody(world: World) -> None:
    for number in range(2):
        world.wiki.accounts.add(f"new{number}@example.com", f"New {number}", None, world.wiki.now())
    all_here(world)
    n = propose(world)
    ana = world.visitor("ana")
    ana.post(f"/-/proposals/{n}/ask", {"who": everybody(ana.open(f"/-/proposals/{n}"))})
    assert "If it stays quiet for three days, others are asked too." in ana.page.messages
    assert "others are asked by themselves after three days." in section(ana.page)
    for account in world.wiki.accounts.everyone():
        if not world.wiki.asking.open_of(account.id):
            world.wiki.asking.not_now(account)
    page = ana.open(f"/-/proposals/{n}")
    assert NOBODY_ELSE in section(page)
    assert AFTER_THREE_DAYS not in section(page)


def test_where_the_words_must_be_mended_first_nothing_is_promised(world: World) -> None:
    n = propose(world)
    world.wiki.asking.ask(n, world.people["ana"], {world.person("bob").handle})
    later = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}
    world.endorse(world.propose("bob", later), "cyd", "dee")
    said = section(world.visitor("ana").open(f"/-/proposals/{n}"))
    assert "Asked so far: Bob Reyes" in said
    assert AFTER_THREE_DAYS not in said
    assert NOBODY_ELSE not in said
