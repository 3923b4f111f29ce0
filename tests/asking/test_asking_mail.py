"""Asking and mail: at once to whoever is asked, then once more in the morning with everything that waits."""

from __future__ import annotations

from datetime import date

from tests.asking.conftest import all_here
from tests.notify.test_mail import HOURS, SITE, html, office, pass_time, plain, world
from tests.post_office import PostOffice
from tests.world import World
from wiki.notify import Asks, Rhythm
from wiki.together import confirm

__all__ = ["office", "world"]


def ask(world: World, *names: str) -> int:
    all_here(world)
    n = world.propose("ana", HOURS, "Noon at the latest")
    world.wiki.asking.ask(n, world.people["ana"], {world.person(who).handle for who in names})
    return n


def test_whoever_is_asked_gets_one_letter_at_once_with_the_difference(world: World, office: PostOffice) -> None:
    n = ask(world, "bob")
    for _ in range(3):
        pass_time(world)
    (letter,) = office.letters
    assert letter["To"] == "bob@example.com"
    assert letter["Subject"] == "Ana Souza asks you to look at “Noon at the latest”."
    assert "+ Be reachable by noon." in plain(letter)
    assert f"{SITE}/-/waiting/{n}" in plain(letter)
    assert f"{SITE}/-/waiting/{n}" in html(letter)


def test_whoever_is_asked_to_confirm_a_page_is_told_so_in_words(world: World, office: PostOffice) -> None:
    all_here(world)
    due = "---\nreview_by: 2026-05-01\n---\n\n# Hours\n\nWork when you work best.\n"
    world.endorse(world.propose("zed", {"working/hours": due}), "cyd", "dee")
    page = world.wiki.index.page("working/hours")
    assert page is not None
    until = date(2027, 5, 28)
    n = confirm(world.wiki, world.person("ana"), "working/hours", page[0].blob, until, "Still right: Hours").n
    world.wiki.asking.ask(n, world.people["ana"], {world.person("bob").handle})
    pass_time(world)
    (letter,) = [each for each in office.letters if each["To"] == "bob@example.com"]
    for words in (plain(letter), html(letter)):
        assert "Confirms that this page is still right until 28 May 2027." in " ".join(words.split())
        assert "review_by" not in words


def test_who_says_no_or_endorses_first_gets_no_letter(world: World, office: PostOffice) -> None:
    n = ask(world, "bob", "cyd")
    world.wiki.asking.not_me(n, world.people["bob"])
    world.endorse(n, "cyd")
    pass_time(world)
    assert not [letter for letter in office.letters if letter["To"] in {"bob@example.com", "cyd@example.com"}]


def test_in_the_morning_everything_that_waits_comes_once_with_differences(world: World, office: PostOffice) -> None:
    n = ask(world, "bob")
    m = world.propose("cyd", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(m, "dee")
    pass_time(world)
    office.letters.clear()
    pass_time(world, 1)
    letter = next(letter for letter in office.letters if letter["To"] == "bob@example.com")
    text = plain(letter)
    assert text.index("asks you to look at “Noon at the latest”") < text.index("One more colleague is enough")
    assert "+ Be reachable by noon." in text
    assert "+ Hello." in text
    assert f"{SITE}/-/waiting/{n}" in text
    assert f"{SITE}/-/waiting/{m}" in text
    assert f"{SITE}/-/waiting\r\n" in text
    office.letters.clear()
    pass_time(world, 1)
    assert not [one for one in office.letters if one["To"] == "bob@example.com"], "nobody is reminded every day"


def test_no_letter_comes_in_the_morning_where_it_was_done_before(world: World, office: PostOffice) -> None:
    n = ask(world, "bob")
    pass_time(world)
    world.endorse(n, "bob")
    office.letters.clear()
    pass_time(world, 1)
    assert not [letter for letter in office.letters if letter["To"] == "bob@example.com"]


def test_who_wants_no_mail_when_asked_gets_none(world: World, office: PostOffice) -> None:
    world.wiki.notify.reaching.choose(world.people["bob"].id, "UTC", Rhythm.DAILY, Asks.NEVER, world.wiki.now())
    ask(world, "bob")
    pass_time(world)
    pass_time(world, 1)
    assert not [letter for letter in office.letters if letter["To"] == "bob@example.com"]
    assert len(world.wiki.notify.inbox.asks(world.people["bob"].id)) == 1


def test_others_whom_the_wiki_asks_are_told_that_nobody_answered_and_not_by_whom(
    world: World, office: PostOffice
) -> None:
    ask(world, "bob")
    pass_time(world, 3)
    letter = next(letter for letter in office.letters if letter["To"] == "cyd@example.com")
    assert letter["Subject"] == "“Noon at the latest” waits for colleagues who know this: would you look at it?"
