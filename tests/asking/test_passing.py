"""Saying "not me": the proposal leaves one's list, and what is said of others is true."""

from __future__ import annotations

from tests.asking.test_asking_pages import ask, propose, sections
from tests.world import Page, Visitor, World


def rows(page: Page, heading: str) -> list[str]:
    """The titles in the part of a page under this heading."""
    found = page.tree.xpath("//main//section[h2[normalize-space()=$it]]//p[@class='row-title']/a", it=heading)
    return [each.text_content() for each in found]


def waiting_in_the_bar(page: Page) -> str:
    (found,) = page.tree.xpath("//nav[@class='places']//span[@class='count']/span[@aria-hidden]")
    return str(found.text_content())


def test_what_somebody_passed_on_sinks_below_all_that_waits_and_is_no_longer_counted(world: World) -> None:
    n = propose(world)
    propose(world, "Another")
    ask(world, n, "bob")
    bob = world.visitor("bob")
    assert waiting_in_the_bar(bob.open(f"/-/proposals/{n}")) == "2"
    bob.submit(f"/-/proposals/{n}/not-me")
    assert waiting_in_the_bar(bob.page) == "1"
    page = bob.open("/-/waiting")
    assert sections(page) == ["On the table", "You passed on these"]
    assert rows(page, "On the table") == ["Another"]
    assert rows(page, "You passed on these") == ["Noon at the latest"]
    assert rows(bob.open("/"), "Waiting for you") == ["Another"]


def passed_by_bob(world: World) -> tuple[int, Visitor]:
    """A proposal to which Bob, who was asked, said "not me", and Bob."""
    n = propose(world)
    ask(world, n, "bob")
    bob = world.visitor("bob")
    bob.open(f"/-/proposals/{n}")
    bob.submit(f"/-/proposals/{n}/not-me")
    return n, bob


def test_what_one_voice_would_complete_is_not_asked_again_of_whoever_passed(world: World) -> None:
    n, bob = passed_by_bob(world)
    world.endorse(n, "cyd")
    assert sections(bob.open("/-/waiting")) == ["You passed on these"]
    assert sections(world.visitor("dee").open("/-/waiting")) == ["One voice is missing"]


def test_what_somebody_passed_on_and_endorsed_all_the_same_is_gone_from_the_list(world: World) -> None:
    n, bob = passed_by_bob(world)
    bob.submit(f"/-/proposals/{n}/endorse")
    assert "You passed on these" not in bob.open("/-/waiting").main


def test_somebody_else_is_promised_only_where_there_is_somebody(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    for who in ("cyd", "dee", "zed"):
        world.wiki.asking.choices.choose(world.people[who].id, 1)
        world.wiki.asking.not_now(world.people[who])
    bob = world.visitor("bob")
    bob.open(f"/-/proposals/{n}")
    bob.submit(f"/-/proposals/{n}/not-me")
    assert "There is nobody else to ask just now" in bob.page.messages
    assert "somebody else is asked" not in bob.page.messages
    world.clock.wait(1)
    assert world.wiki.asking.tick() == 0


def test_the_first_page_begins_with_what_one_is_asked_by_name(world: World) -> None:
    propose(world, "First")
    n = propose(world, "Asked")
    ask(world, n, "bob")
    page = world.visitor("bob").open("/")
    assert rows(page, "Waiting for you") == ["Asked", "First"]
    (asked,) = page.tree.xpath("//li[contains(@class, 'asks')]")
    assert "Ana Souza asks you to look at this. You were here lately" in " ".join(asked.text_content().split())


def test_the_first_page_asks_authors_for_what_only_they_can_do(world: World) -> None:
    n = propose(world, "Mine")
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "At noon I sleep.")
    assert "It has an objection: answer it." in world.visitor("ana").open("/").main
    assert "It has an objection: answer it." not in world.visitor("bob").open("/").main
    m = propose(world, "Overtaken")
    later = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}
    world.endorse(world.propose("bob", later), "cyd", "dee")
    assert "Its page has changed: bring the two versions together." in world.visitor("ana").open("/").main
    assert world.wiki.guidelines.weigh(m).overtaken


def test_an_author_is_told_of_what_is_stuck_and_what_helps(world: World) -> None:
    n = propose(world, "Mine")
    act = world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "At noon I sleep.").act
    ana = world.visitor("ana")
    assert sections(ana.open("/-/waiting")) == ["Somebody waits for your answer"]
    world.wiki.guidelines.answer(n, world.person("ana"), act, "Then say when you wake.")
    page = ana.open("/-/waiting")
    assert sections(page) == ["These of yours are stuck"]
    assert "An objection to “Mine” still stands." in page.main
    assert "Find words that meet it, or ask more colleagues" in page.main
    for who in ("bob", "cyd", "dee"):
        world.wiki.accounts.deactivate(world.people[who])
    page = ana.open("/-/waiting")
    assert "“Mine” cannot come into force as things are: too few colleagues" in page.main
    assert "What helps is to invite colleagues" in page.main


def test_what_is_open_for_long_waits_for_its_author_behind_many_that_are_decided(world: World) -> None:
    propose(world, "Old")
    later = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}
    world.endorse(world.propose("bob", later), "cyd", "dee")
    for number in range(21):
        world.propose("ana", {f"notes/{number}": f"# N\n\n{number}.\n"}, f"Number {number}")
    assert "“Old”" in world.visitor("ana").open("/-/waiting").main
