"""What the decision box says beside the votes: what a word takes back, that nobody is left, whom to go to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.web.door import appoint
from tests.world import POLICY, World, begin, open_world, write_pages

NUMBER = "/-/proposals/1"
NOTED = "A reason with a note.[^1]\n\n[^1]: The note.\n"


@pytest.fixture
def proposed(world: World) -> World:
    """A proposal by Ana."""
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet shortly")
    return world


def test_endorsing_says_before_and_after_that_it_takes_the_objection_back(proposed: World) -> None:
    zed = proposed.visitor("zed")
    assert "also takes back" not in zed.open(NUMBER).main
    zed.submit("/object", reason="Not like this.")
    (button,) = zed.page.tree.xpath("//form[contains(@action, '/endorse')]//button")
    (said,) = zed.page.tree.xpath(f"//*[@id='{button.get('aria-describedby')}']")
    assert said.text_content() == "This also takes back your objection."
    page = zed.submit("/endorse")
    assert page.messages == "Thank you. Your endorsement is noted. Your objection is taken back."


def test_objecting_says_before_and_after_that_it_takes_the_endorsement_back(proposed: World) -> None:
    zed = proposed.visitor("zed")
    zed.open(NUMBER)
    zed.submit("/endorse")
    assert zed.page.messages == "Thank you. Your endorsement is noted."
    assert "This also takes back your endorsement." in zed.page.main
    page = zed.submit("/object", reason="On second thoughts, no.")
    assert page.messages.endswith("The authors are asked to answer. Your endorsement is taken back.")


def test_the_last_endorsement_says_too_that_it_took_the_objection_back(proposed: World) -> None:
    zed = proposed.visitor("zed")
    zed.open(NUMBER)
    zed.submit("/object", reason="Not like this.")
    proposed.endorse(1, "bob")
    page = zed.submit("/endorse")
    assert page.messages == "That was enough: the change is in force. Your objection is taken back."


def reasons(world: World) -> list[str]:
    found = world.visitor().open(NUMBER).tree.xpath("//ul[@class='reasons']/li")
    return [" ".join(one.text_content().split()) for one in found if "objected" in one.text_content()]


def test_what_an_objection_does_and_until_when_is_one_sentence(proposed: World) -> None:
    guidelines = proposed.wiki.guidelines
    guidelines.object(1, proposed.person("zed"), proposed.change(1), "Not like this.")
    assert reasons(proposed) == [
        "Zed Okafor objected: an author must answer, and the change is held until 31 May 2026, 20:26 UTC in any case"
    ]
    proposed.clock.wait(1)
    guidelines.revise(1, proposed.person("ana"), {"welcome.md": "# Welcome\n\nHello you.\n"})
    assert reasons(proposed) == [
        "Zed Okafor objected to an earlier version, which holds the change until 1 June 2026, 20:26 UTC, or only until "
        "31 May 2026, 20:26 UTC if an author answers"
    ]
    proposed.clock.wait(2.5)
    assert reasons(proposed) == [
        "Zed Okafor objected to an earlier version: until 1 June 2026, 20:26 UTC an author must answer"
    ]
    proposed.clock.wait(1)
    assert reasons(proposed) == []


def test_an_answered_objection_holds_for_a_while(proposed: World) -> None:
    guidelines = proposed.wiki.guidelines
    guidelines.object(1, proposed.person("zed"), proposed.change(1), "Not like this.")
    objection = proposed.wiki.guidelines.weigh(1).proposal.acts[-1].id
    guidelines.answer(1, proposed.person("ana"), objection, "Why not?")
    assert [one.partition(" (until")[0] for one in reasons(proposed)] == [
        "Zed Okafor objected; the change is held for a while"
    ]
    proposed.clock.wait(3.1)
    assert reasons(proposed) == []


def test_what_has_changed_meanwhile_is_called_by_its_title(world: World) -> None:
    n = world.propose("ana", {"working/hours": "# Hours\n\nWork a little.\n"})
    world.endorse(world.propose("bob", {"working/hours": "# Hours\n\nWork a lot.\n"}), "cyd", "dee")
    main = world.visitor().open(f"/-/proposals/{n}").main
    assert "“Hours” has changed since" in main
    assert "hours.md" not in main


def leave(world: World, *names: str) -> None:
    for who in names:
        world.wiki.accounts.deactivate(world.people[who])


def test_more_voices_than_there_are_colleagues_are_pointed_out_with_what_helps(proposed: World) -> None:
    leave(proposed, "cyd", "dee")
    assert "As things are" not in proposed.visitor().open(NUMBER).main
    leave(proposed, "zed")
    said = proposed.visitor("ana").open(NUMBER).main
    assert "As things are, this cannot come into force." in said
    assert "It needs 2 endorsements, and only 1 colleague could give one: authors do not count." in said
    assert "What helps is to invite colleagues: there are too few to change the rules as well." in said
    assert "Administrators invite people here." in said
    appoint(proposed, "ana")
    page = proposed.visitor("ana").open(NUMBER)
    assert page.tree.xpath("//*[contains(@class, 'shortfall')]//a[@href='/-/invitations']")


def test_a_group_of_authors_alone_is_pointed_out_and_nobody_is_sent_to_it(tmp_path: Path) -> None:
    rule = '[[rule]]\npages = "travel/*"\nendorse = 1\nneed = ["@visas"]\n'
    rules = f'[groups]\nvisas = ["ana@example.com"]\n{POLICY}\n{rule}'
    with open_world(begin(tmp_path / "data", write_pages(tmp_path / "pages"), rules)) as world:
        world.propose("ana", {"travel/visa": "# Visas\n\nAsk very early.\n"})
        page = world.visitor("bob").open(NUMBER)
    assert "Nobody in the group “visas” could endorse it" in page.main
    assert "What helps is an account for somebody of the group, or to propose that others belong to it." in page.main
    assert page.tree.xpath("//*[contains(@class, 'shortfall')]//a[@href='/-/edit/policy.toml']")
    assert "Somebody of the group" not in page.main
    assert "has an account any more" not in page.main


def test_what_waits_for_authors_who_have_gone_says_that_anyone_can_adopt_it(proposed: World) -> None:
    zed = proposed.visitor("zed")
    zed.open(NUMBER)
    zed.submit("/object", reason="Not like this.")
    assert "Ana Souza: answer what Zed Okafor objects to." in zed.page.main
    leave(proposed, "ana")
    page = zed.open(NUMBER)
    assert "Its authors have gone: anyone can adopt it." in page.main
    assert "answer what" not in page.main
    (place,) = page.tree.xpath("//*[contains(@class, 'turns')]//a/@href")
    assert page.tree.xpath(f"//form[@id='{place.removeprefix('#')}' and contains(@action, '/adopt')]")
    reader = proposed.visitor().open(NUMBER)
    assert reader.tree.xpath("//*[contains(@class, 'turns')]//a/@href")[0].startswith("/-/sign-in?next=")


def test_a_withdrawn_proposal_of_authors_who_have_gone_does_not_wait_for_them(proposed: World) -> None:
    proposed.wiki.guidelines.close(1, proposed.person("ana"), "")
    assert "It can be reopened by its authors." in proposed.visitor("bob").open(NUMBER).main
    leave(proposed, "ana")
    assert "Withdrawn. Its authors have gone: anyone can adopt it." in proposed.visitor("bob").open(NUMBER).main


def test_the_names_in_the_story_lead_to_people(proposed: World) -> None:
    proposed.endorse(1, "zed")
    leave(proposed, "zed")
    proposed.wiki.take_back_voices_of_departed()
    page = proposed.visitor().open(NUMBER)
    for who, words in (("ana", "Ana Souza proposed the change"), ("zed", "Zed Okafor has left")):
        handle = proposed.person(who).handle
        lines = [
            line.text_content() for line in page.tree.xpath(f"//*[@id='story']//li[.//a[contains(@href, '{handle}')]]")
        ]
        assert any(words in line for line in lines), (words, lines)


def test_words_with_footnotes_that_stand_twice_on_a_page_keep_their_notes_apart(proposed: World) -> None:
    proposed.wiki.guidelines.object(1, proposed.person("zed"), proposed.change(1), NOTED)
    objection = proposed.wiki.guidelines.weigh(1).proposal.objections()[0]
    proposed.wiki.guidelines.answer(1, proposed.person("ana"), objection.id, NOTED)
    proposed.wiki.guidelines.comment(1, proposed.person("bob"), NOTED, at="welcome.md:3", to=None)
    proposed.wiki.guidelines.comment(1, proposed.person("bob"), NOTED)
    page = proposed.visitor("ana").open(NUMBER)
    ids = Counter(page.tree.xpath("//@id"))
    assert [each for each, times in ids.items() if times > 1] == []
    assert sum("fn" in each for each in ids) >= 12
