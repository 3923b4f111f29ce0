"""What happens reaches the inboxes of those it concerns, once, and leaves them when it is done."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.notify import FOLDER, PAGE, PROPOSAL, Matter
from wiki.together import suggest, take_suggestions

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}
LATER = {"working/hours.md": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}


def asked(world: World, who: str) -> list[str]:
    """What asks something of a colleague."""
    return [notice.matter.value for notice in world.wiki.notify.inbox.asks(world.people[who].id)]


def news(world: World, who: str) -> list[str]:
    """What a colleague hears of what they follow, the newest first."""
    return [notice.matter.value for notice in world.wiki.notify.inbox.news(world.people[who].id)]


def watch(world: World, who: str, kind: str, target: object) -> None:
    world.wiki.notify.watches.begin(world.people[who].id, kind, str(target), world.wiki.now())


def revise(world: World, who: str, n: int) -> None:
    world.wiki.guidelines.revise(n, world.person(who), dict(LATER), seen=world.change(n))


def test_authors_are_asked_to_answer_an_objection_until_they_have(world: World) -> None:
    n = world.propose("ana", HOURS)
    act = world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "Not by noon.").act
    assert asked(world, "ana") == ["objected"]
    assert asked(world, "zed") == news(world, "zed") == news(world, "bob") == []
    world.wiki.guidelines.answer(n, world.person("ana"), act, "Noon in your own zone.")
    assert asked(world, "ana") == []
    assert asked(world, "zed") == ["answered"]
    world.endorse(n, "zed")
    assert asked(world, "zed") == []


def test_an_objection_that_is_taken_back_asks_nothing_any_more(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "Not by noon.")
    world.wiki.guidelines.retract(n, world.person("zed"))
    assert asked(world, "ana") == []


def test_endorsers_of_an_earlier_text_are_asked_to_look_again_until_they_have(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.endorse(n, "bob")
    revise(world, "ana", n)
    assert asked(world, "bob") == ["lapsed"]
    assert asked(world, "cyd") == []
    world.endorse(n, "bob")
    assert asked(world, "bob") == []


def test_two_edits_ask_an_endorser_once(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.endorse(n, "bob")
    revise(world, "ana", n)
    world.wiki.guidelines.revise(n, world.person("ana"), {"working/hours.md": "# Hours\n\nNone.\n"})
    assert asked(world, "bob") == ["lapsed"]


def test_a_needed_group_is_asked_until_one_of_them_has_endorsed(world: World) -> None:
    policy = world.text("policy.toml") or ""
    rules = policy.replace("[[rule]]\n", '[groups]\nlegal = ["dee@example.com", "zed@example.com"]\n\n[[rule]]\n', 1)
    n = world.propose("ana", {"policy.toml": rules.replace('open = "2d"', 'need = ["@legal"]')})
    world.endorse(n, "bob", "cyd", "dee")
    world.clock.wait(3)
    world.wiki.tick()
    assert world.in_force(n)
    world.wiki.notify.inbox.mark_all_read(world.people["ana"].id, 10_000, world.wiki.now())
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nTwo of the board sign.\n"})
    assert asked(world, "dee") == asked(world, "zed") == ["group"]
    assert asked(world, "bob") == []
    world.endorse(n, "dee")
    assert asked(world, "dee") == asked(world, "zed") == []
    assert not world.in_force(n)


def test_authors_are_asked_about_a_suggestion_until_it_is_answered(world: World) -> None:
    n = world.propose("ana", HOURS)
    other = "# Hours\n\nWork when you work best.\n\nBe reachable by two.\n"
    number = suggest(world.wiki, world.person("bob"), n, world.change(n), "working/hours.md", other, "")
    assert asked(world, "ana") == ["suggested"]
    take_suggestions(world.wiki, world.person("ana"), n, world.change(n), [number])
    assert asked(world, "ana") == []


def test_a_reply_asks_whoever_is_answered_and_is_news_to_the_author(world: World) -> None:
    n = world.propose("ana", HOURS)
    said = world.wiki.guidelines.comment(n, world.person("bob"), "Why noon?")
    world.wiki.guidelines.comment(n, world.person("cyd"), "Because of lunch.", to=said)
    assert asked(world, "bob") == ["replied"]
    assert news(world, "ana") == ["commented", "commented"]
    assert asked(world, "ana") == news(world, "cyd") == []
    world.wiki.guidelines.comment(n, world.person("bob"), "Ah.", to=said)
    assert asked(world, "bob") == []


def test_coming_into_force_leaves_nothing_asked(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.endorse(n, "bob")
    revise(world, "ana", n)
    world.endorse(n, "cyd", "dee")
    assert world.in_force(n)
    assert asked(world, "bob") == []
    assert news(world, "ana") == ["in force"]


@pytest.mark.parametrize(("kind", "target"), [(PAGE, "working/hours"), (FOLDER, "working"), (FOLDER, "working/hours")])
def test_who_watches_a_page_or_its_folder_hears_of_proposals_for_it(world: World, kind: str, target: str) -> None:
    watch(world, "dee", kind, target)
    n = world.propose("ana", HOURS)
    revise(world, "ana", n)
    world.wiki.guidelines.comment(n, world.person("bob"), "Not everybody's noon.")
    world.endorse(n, "bob", "cyd")
    assert news(world, "dee") == ["in force", "revised", "proposed"]
    assert world.wiki.notify.inbox.news(world.people["dee"].id)[0].because == f"{kind}:{target}"
    world.propose("ana", {"travel/visa": "# Visas\n\nAsk.\n"})
    assert len(news(world, "dee")) == 3


def test_who_watches_a_proposal_hears_what_is_said_too(world: World) -> None:
    n = world.propose("ana", HOURS)
    watch(world, "dee", PROPOSAL, n)
    world.wiki.guidelines.comment(n, world.person("bob"), "Not everybody's noon.")
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.")
    world.wiki.guidelines.close(n, world.person("ana"), "")
    assert news(world, "dee") == ["closed", "objected", "commented"]
    assert news(world, "bob") == news(world, "zed") == []


def test_whoever_watched_a_page_watches_it_under_its_new_name(world: World) -> None:
    watch(world, "dee", PAGE, "working/hours")
    text = world.text("working/hours") or ""
    n = world.propose("ana", {"working/hours": None, "working/time": text})
    world.endorse(n, "bob", "cyd")
    world.propose("ana", {"working/time": text + "\nAlways.\n"})
    assert news(world, "dee") == ["proposed", "in force", "proposed"]


def test_nobody_is_subscribed_by_endorsing_objecting_or_commenting(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.endorse(n, "bob")
    world.wiki.guidelines.comment(n, world.person("cyd"), "Fine.")
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.")
    world.wiki.guidelines.close(n, world.person("ana"), "")
    assert news(world, "bob") == news(world, "cyd") == news(world, "zed") == []


def test_nothing_is_heard_of_a_muted_proposal_until_it_is_watched_again(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "No.")
    world.wiki.notify.watches.mute(world.people["ana"].id, n, world.wiki.now())
    world.wiki.guidelines.comment(n, world.person("bob"), "Why?")
    assert asked(world, "ana") == news(world, "ana") == []
    watch(world, "ana", PROPOSAL, n)
    world.wiki.guidelines.comment(n, world.person("bob"), "And when?")
    assert news(world, "ana") == ["commented"]


def test_nobody_whose_account_is_deactivated_is_told(world: World) -> None:
    watch(world, "dee", PAGE, "working/hours")
    world.wiki.accounts.deactivate(world.people["dee"])
    world.propose("ana", HOURS)
    assert news(world, "dee") == []


def test_what_is_in_force_at_once_is_told_as_that_alone(world: World) -> None:
    watch(world, "dee", FOLDER, "notes")
    world.propose("ana", {"notes/kitchen": "# Kitchen\n\nWash every cup.\n"})
    assert news(world, "dee") == ["in force"]
    assert news(world, "ana") == []


def test_what_the_clock_closes_is_told_to_its_author(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.clock.wait(100)
    world.wiki.tick()
    assert world.wiki.guidelines.weigh(n).proposal.closed is not None
    assert news(world, "ana") == ["closed"]


def test_marking_read_takes_things_out_and_all_means_what_was_seen(world: World) -> None:
    inbox, ana = world.wiki.notify.inbox, world.people["ana"].id
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.comment(n, world.person("bob"), "One.")
    world.wiki.guidelines.comment(n, world.person("bob"), "Two.")
    seen = inbox.news(ana)[0].id
    world.wiki.guidelines.comment(n, world.person("bob"), "Three.")
    assert inbox.mark_all_read(ana, seen, world.wiki.now()) == 2
    assert len(inbox.news(ana)) == 1
    assert not inbox.mark_read(world.people["bob"].id, inbox.news(ana)[0].id, world.wiki.now())
    assert inbox.mark_read(ana, inbox.news(ana)[0].id, world.wiki.now())
    assert [notice.matter for notice in inbox.earlier(ana)] == [Matter.COMMENTED] * 3
