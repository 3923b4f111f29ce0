"""Asking with a click, saying no with a click, and the list of what waits."""

from __future__ import annotations

import pytest

from tests.asking.conftest import all_here
from tests.world import DAY, Page, World

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}
LATER = {"working/hours.md": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}


def propose(world: World, title: str = "Noon at the latest") -> int:
    return world.propose("ana", HOURS, title)


def handles(page: Page) -> list[str]:
    """Whom the buttons "Ask" are for."""
    return [str(value) for value in page.tree.xpath("//section[@id='asking']//li//button/@value")]


def ask(world: World, n: int, *names: str) -> None:
    world.wiki.asking.ask(n, world.people["ana"], {world.person(who).handle for who in names})


def sections(page: Page) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.tree.xpath("//main//section/h2")]


def test_the_author_sees_whom_to_ask_and_why_and_asks_with_a_click(world: World) -> None:
    world.endorse(world.propose("bob", {"working/hours": LATER["working/hours.md"]}), "cyd", "dee")
    n = propose(world)
    ana = world.visitor("ana")
    page = ana.open(f"/-/proposals/{n}")
    assert "Bob Reyes wrote the passage that would change" in page.main
    assert "Cyd Laurent endorsed changes to this page before" in page.main
    ana.post(f"/-/proposals/{n}/ask", {"who": handles(page)[0]})
    assert "Bob Reyes is asked." in ana.page.messages
    assert "Asked so far: Bob Reyes" in ana.page.main
    assert "Bob Reyes wrote" not in ana.page.main


def test_all_are_asked_with_one_click_and_then_it_is_enough_for_now(world: World) -> None:
    for number in range(3):
        world.wiki.accounts.add(f"new{number}@example.com", f"New {number}", None, world.wiki.now())
    all_here(world)
    n = propose(world)
    ana = world.visitor("ana")
    page = ana.open(f"/-/proposals/{n}")
    assert len(handles(page)) == 5
    (everybody,) = page.tree.xpath("//section[@id='asking']//p//button/@value")
    ana.post(f"/-/proposals/{n}/ask", {"who": everybody})
    assert "are asked." in ana.page.messages
    assert not handles(ana.page)
    assert "That is enough for now." in ana.page.main
    assert len(world.wiki.asking.of(n)) == 5


@pytest.mark.parametrize("who", ["", "x" * 501, ",".join(str(at) for at in range(21))])
def test_asking_nobody_or_a_crowd_is_refused(world: World, who: str) -> None:
    n = propose(world)
    assert world.visitor("ana").post(f"/-/proposals/{n}/ask", {"who": who}).status == 400


def test_only_authors_see_whom_to_ask_and_only_they_may(world: World) -> None:
    n = propose(world)
    handle = world.person("cyd").handle
    assert "Whom to ask" not in world.visitor().open(f"/-/proposals/{n}").main
    bob = world.visitor("bob")
    assert "Whom to ask" not in bob.open(f"/-/proposals/{n}").main
    assert bob.post(f"/-/proposals/{n}/ask", {"who": handle}).status == 400
    assert world.wiki.asking.of(n) == []


def test_whoever_is_asked_reads_so_with_the_reason_where_they_decide_and_says_not_me_with_a_click(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    bob = world.visitor("bob")
    page = bob.open(f"/-/proposals/{n}")
    assert "Ana Souza asks you to look at this. You were here lately" in page.main
    bob.submit(f"/-/proposals/{n}/not-me")
    assert "somebody else is asked, and nobody is told why" in bob.page.messages
    assert "asks you" not in bob.page.main


def test_the_author_is_not_told_who_said_no(world: World) -> None:
    n, m = propose(world), propose(world, "Another")
    ask(world, n, "bob", "cyd")
    ask(world, m, "bob", "cyd")
    world.wiki.asking.not_me(n, world.people["bob"])
    ana = world.visitor("ana")
    pages = [ana.open(f"/-/proposals/{number}") for number in (n, m)]
    asked = [" ".join(page.tree.xpath("//section[@id='asking']/p")[0].text_content().split()) for page in pages]
    assert asked[0] == asked[1] == "Asked so far: Bob Reyes, Cyd Laurent."
    assert all("declin" not in page.body for page in pages)


def test_not_now_from_the_inbox_is_undone_in_the_settings(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    bob = world.visitor("bob")
    assert "Ana Souza asks you to look at “Noon at the latest”." in bob.open("/-/inbox").main
    bob.submit("/-/waiting/not-now")
    assert "Nobody asks you until" in bob.page.messages
    assert "asks you to look" not in bob.page.main
    assert "Nobody asks you until" in bob.open("/-/inbox/settings").main
    bob.submit("/-/waiting/ask-me")
    assert "Nobody asks you until" not in bob.page.main


def test_one_chooses_how_often_one_is_asked(world: World) -> None:
    bob = world.visitor("bob")
    page = bob.open("/-/inbox/settings")
    assert page.tree.xpath("//input[@name='most' and @checked]/@value") == ["3"]
    bob.submit("/-/inbox/settings", most="1")
    assert world.wiki.asking.choices.of(world.people["bob"].id).most == 1
    bob.open("/-/inbox/settings")
    bob.submit("/-/inbox/settings", most="99")
    assert bob.page.status == 400


# What waits


def test_everything_that_needs_somebody_is_on_one_page_the_most_useful_first(world: World) -> None:
    asked = propose(world, "Asked")
    ask(world, asked, "bob")
    lapsed = world.propose("cyd", {"welcome": "# Welcome\n\nHello.\n"}, "Lapsed")
    world.endorse(lapsed, "bob")
    world.wiki.guidelines.revise(lapsed, world.person("cyd"), {"welcome.md": "# Welcome\n\nHi.\n"})
    mine = world.propose("bob", {"travel/visa": "# Visas\n\nAsk us.\n"}, "Mine")
    world.wiki.guidelines.object(mine, world.person("zed"), world.change(mine), "Whom?")
    short = world.propose("dee", {"travel/index": "# Travel\n\nWe travel.\n"}, "Short")
    world.endorse(short, "zed")
    other = world.propose("dee", {"legal/contracts": "# Contracts\n\nSign nothing.\n"}, "Other")
    page = world.visitor("bob").open("/-/waiting")
    assert sections(page) == [
        "You are asked", "You endorsed an earlier text", "Somebody waits for your answer", "One voice is missing",
        "Others on the table",
    ]  # fmt: skip
    assert [page.body.count(f"Endorse{again}</button>") for again in ("", " again")] == [2, 1]
    links = [str(each) for each in page.tree.xpath("//main//p[@class='row-title']/a/@href")]
    assert [int(each.split("/")[3].partition("#")[0]) for each in links] == [asked, lapsed, mine, short, other]


def test_what_is_overtaken_waits_for_its_author(world: World) -> None:
    n = propose(world, "Mine")
    world.endorse(world.propose("bob", {"working/hours": LATER["working/hours.md"]}), "cyd", "dee")
    assert "Only you can bring these on" in sections(world.visitor("ana").open("/-/waiting"))
    assert f"/-/proposals/{n}#decision" in world.visitor("ana").open("/-/waiting").body
    assert "Only you can bring these on" not in sections(world.visitor("bob").open("/-/waiting"))


def test_the_difference_is_folded_there_and_endorsing_stands_under_it(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    bob = world.visitor("bob")
    page = bob.open("/-/waiting")
    (folded,) = page.tree.xpath("//details[contains(@class, 'renewal')]")
    assert folded.get("open") is None
    assert folded.xpath(".//ins[contains(., 'noon')]")
    bob.submit(f"/-/proposals/{n}/endorse")
    assert "Your endorsement is noted" in bob.page.messages
    assert "You are asked" not in bob.open("/-/waiting").main


def test_a_notice_that_was_read_still_waits(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    bob = world.visitor("bob")
    bob.open("/-/inbox")
    bob.submit("/-/inbox/read")
    assert "You are asked" in bob.open("/-/waiting").main


def test_nothing_waiting_says_what_to_do_instead(world: World) -> None:
    assert "Nothing waits for you." in world.visitor("bob").open("/-/waiting").main
    assert world.visitor().open("/-/waiting").heading == "Sign in"


def test_many_things_leave_the_page_light(world: World) -> None:
    long = "\n\n".join(f"Sentence {number} of many that are here." for number in range(150))
    for number in range(30):
        world.propose("ana", {f"notes-on/{number}": f"# N\n\n{long}\n"}, f"Number {number}")
    world.endorse(1, "zed")
    page = world.visitor("bob").open("/-/waiting")
    assert len(page.body.encode()) < 60_000
    assert "page=2" in page.body
    assert world.visitor("bob").open("/-/waiting?page=2").status == 200


# From mail to the endorsement


def test_from_the_letter_two_clicks_lead_to_an_endorsement_and_opening_alone_to_nothing(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    bob = world.visitor()
    before = world.everything()
    assert bob.open(f"/-/waiting/{n}").heading == "Sign in"
    bob.submit("/-/sign-in", email="bob@example.com", password="a calm blue morning")
    assert bob.page.heading == "Noon at the latest"
    assert world.everything() == before
    page = bob.open(f"/-/waiting/{n}")
    assert page.heading == "Noon at the latest"
    assert page.offers(f"/-/proposals/{n}/endorse")
    assert world.everything() == before
    bob.submit(f"/-/proposals/{n}/endorse")
    assert world.wiki.guidelines.weigh(n).standing.valid


def test_the_link_lands_on_the_decision_or_on_what_changed_since(world: World) -> None:
    n = propose(world)
    bob = world.visitor("bob")
    assert bob.client.get(f"/-/waiting/{n}").location == f"/-/proposals/{n}#decision"
    world.endorse(n, "bob")
    world.wiki.guidelines.revise(n, world.person("ana"), dict(LATER))
    assert bob.client.get(f"/-/waiting/{n}").location == f"/-/proposals/{n}#since-endorsed"
    assert bob.open("/-/waiting/99").status == 404


# Small changes

SMALL = """
[[rule]]
pages = "**"
endorse = 2

[[rule]]
pages = "**"
endorse = 0
open = "2d"
lines = 5
"""


@pytest.fixture
def small(world: World) -> World:
    n = world.propose("zed", {"policy.toml": SMALL}, "Small changes by waiting")
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(n)
    return world


def test_a_small_change_says_when_it_comes_into_force_and_does_so(small: World) -> None:
    n = propose(small)
    page = small.visitor("bob").open(f"/-/proposals/{n}")
    assert "unless somebody objects" in page.main
    assert "2 lines changed: the rule for small changes, up to 5, applies." in page.main
    assert "comes into force on" in small.visitor().open("/-/proposals?tab=open").main
    small.clock.wait(1.9)
    small.wiki.tick()
    assert not small.in_force(n)
    small.clock.wait(0.2)
    small.wiki.tick()
    assert small.in_force(n)


def test_an_objection_stops_that_and_once_answered_asks_for_endorsements(small: World) -> None:
    n = propose(small)
    objection = small.wiki.guidelines.object(n, small.person("zed"), small.change(n), "Not by noon.").act
    assert "comes into force on" not in small.visitor().open("/-/proposals?tab=open").main
    small.clock.wait(5)
    small.wiki.tick()
    assert not small.in_force(n)
    small.wiki.guidelines.answer(n, small.person("ana"), objection, "By one, then?")
    assert not small.in_force(n)
    small.endorse(n, "bob", "cyd")
    assert small.in_force(n)


def test_a_larger_change_is_told_why_the_rule_for_small_ones_is_not_its_own(small: World) -> None:
    n = small.propose("ana", {"working/hours": "# Hours\n\nA.\n\nB.\n\nC.\n\nD.\n"})
    page = small.visitor("bob").open(f"/-/proposals/{n}")
    assert "lines changed: the rule for small changes, up to 5, does not apply." in page.main
    small.clock.wait(9)
    small.wiki.tick()
    assert not small.in_force(n)


def test_whoever_writes_reads_what_it_needs_before_they_propose(small: World) -> None:
    ana = small.visitor("ana")
    ana.open("/-/edit/working/hours")
    page = ana.submit("/-/edit/working/hours", text=HOURS["working/hours"], button="difference")
    assert "2 lines changed: the rule for small changes, up to 5, applies." in page.main
    assert "It comes into force after 2 days, unless somebody objects." in page.main
    ana.submit("/-/edit/working/hours", button="draft")
    assert "2 lines changed: the rule for small changes, up to 5, applies." in ana.page.main


def test_the_page_of_the_policy_says_so_in_plain_words(small: World) -> None:
    page = small.visitor().open("/-/policy")
    assert "Nobody needs to endorse a change, as long as nobody objects." in page.main
    assert "It comes into force after 2 days, unless somebody objects." in page.main
    assert "This rule is only for changes of at most 5 lines" in page.main
    assert DAY
