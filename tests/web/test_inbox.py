"""The inbox, watching, and how people choose to be told."""

from __future__ import annotations

import pytest

from tests.world import Visitor, World
from wiki.notify import Asks, Rhythm

HOURS = {"working/hours": "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"}
LATER = {"working/hours.md": "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"}


def count(visitor: Visitor) -> str:
    """What the header says of the inbox."""
    return str(visitor.page.tree.xpath("string(//a[@class='inbox-link']//span[@class='visually-hidden'])"))


def links(visitor: Visitor) -> list[str]:
    """Where the sentences of the inbox lead."""
    return [str(href) for href in visitor.page.tree.xpath("//main//p[@class='row-title']/a/@href")]


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    for address in ("/-/inbox", "/-/inbox/earlier", "/-/inbox/watching", "/-/inbox/settings"):
        assert world.visitor().open(address).heading == "Sign in"
    assert "inbox-link" not in world.visitor().open("/").body


def test_an_empty_inbox_says_what_to_do(world: World) -> None:
    bob = world.visitor("bob")
    assert "Nothing is new for you." in bob.open("/-/inbox").main
    assert "You watch nothing yet." in bob.open("/-/inbox/watching").main
    assert "There is nothing here yet." in bob.open("/-/inbox/earlier").main


def test_an_objection_is_counted_said_and_leads_to_where_it_stands(world: World) -> None:
    n = world.propose("ana", HOURS, "Noon at the latest")
    world.wiki.guidelines.object(n, world.person("zed"), world.change(n), "Not by noon.")
    ana = world.visitor("ana")
    assert "1 thing asks for you" in count(ana)
    assert (
        "Zed Okafor objected to your proposal “Noon at the latest” and waits for your answer."
        in ana.open("/-/inbox").main
    )
    (link,) = links(ana)
    assert ana.open(link).tree.xpath("//*[@id=$it]", it=link.partition("#")[2])


def test_a_lapsed_endorsement_is_renewed_in_the_inbox_with_the_difference_shown(world: World) -> None:
    n = world.propose("ana", HOURS, "Noon at the latest")
    world.endorse(n, "bob")
    world.wiki.guidelines.revise(n, world.person("ana"), dict(LATER), seen=world.change(n))
    bob = world.visitor("bob")
    page = bob.open("/-/inbox")
    assert "your endorsement no longer counts" in page.main
    assert page.tree.xpath("//main//ins[contains(., 'one')]")
    assert page.tree.xpath("//main//del[contains(., 'noon')]")
    bob.submit(f"/-/proposals/{n}/endorse")
    assert "Your endorsement is noted" in bob.page.messages
    assert "Nothing is new for you." in bob.open("/-/inbox").main


def test_comments_lead_to_the_comment_however_long_the_conversation_is(world: World) -> None:
    n = world.propose("ana", HOURS)
    first = world.wiki.guidelines.comment(n, world.person("bob"), "Why noon?")
    for nth in range(45):
        world.wiki.guidelines.comment(n, world.person("cyd"), f"Remark {nth}.")
    world.wiki.guidelines.comment(n, world.person("dee"), "Lunch.", to=first)
    bob = world.visitor("bob")
    bob.open("/-/inbox")
    (link,) = links(bob)
    assert bob.open(link).tree.xpath("//*[@id=$it]", it=link.partition("#")[2])


def test_one_is_marked_read_and_then_all(world: World) -> None:
    n = world.propose("ana", HOURS)
    for nth in range(3):
        world.wiki.guidelines.comment(n, world.person("bob"), f"Remark {nth}.")
    ana = world.visitor("ana")
    ana.open("/-/inbox")
    ana.submit("/-/inbox/read")
    assert len(links(ana)) == 2
    form = ana.page.tree.xpath("//main//form[.//button[contains(., 'Mark all as read')]]")[0]
    ana.post("/-/inbox/read", dict(form.fields))
    assert "Nothing is new for you." in ana.page.main
    ana.open("/-/inbox/earlier")
    assert len(links(ana)) == 3


def test_nobody_marks_what_is_in_the_inbox_of_another(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.comment(n, world.person("bob"), "Remark.")
    (notice,) = world.wiki.notify.inbox.news(world.people["ana"].id)
    assert world.visitor("zed").post("/-/inbox/read", {"notice": str(notice.id)}).status == 404
    assert len(world.wiki.notify.inbox.news(world.people["ana"].id)) == 1


def test_a_proposal_is_muted_from_the_inbox_and_heard_of_again_from_its_page(world: World) -> None:
    n = world.propose("ana", HOURS)
    world.wiki.guidelines.comment(n, world.person("bob"), "Remark.")
    ana = world.visitor("ana")
    ana.open("/-/inbox")
    ana.submit(f"/-/inbox/mute/{n}")
    assert "Nothing is new for you." in ana.page.main
    assert "You have muted this" in ana.open(f"/-/proposals/{n}").main
    ana.submit("/-/watch")
    assert "because you wrote it" in ana.page.main


@pytest.mark.parametrize(
    ("place", "kind", "target"), [("/working/hours", "page", "Hours"), ("/working", "folder", "working")]
)
def test_a_page_and_a_folder_are_watched_with_one_button_and_no_longer_with_the_same(
    world: World, place: str, kind: str, target: str
) -> None:
    dee = world.visitor("dee")
    dee.open(place)
    dee.submit("/-/watch")
    assert dee.page.address == place
    assert "You watch this" in dee.page.messages
    world.propose("ana", HOURS, "Noon at the latest")
    assert "Ana Souza proposes “Noon at the latest”." in dee.open("/-/inbox").main
    assert f"You watch the {kind} {target}." in dee.page.main
    dee.open(place)
    dee.submit("/-/watch")
    assert "You no longer watch this." in dee.page.messages
    assert "You watch nothing yet." in dee.open("/-/inbox/watching").main


def test_watching_is_offered_after_endorsing_and_not_taken_for_granted(world: World) -> None:
    n = world.propose("ana", HOURS)
    bob = world.visitor("bob")
    bob.open(f"/-/proposals/{n}")
    bob.submit(f"/-/proposals/{n}/endorse")
    assert "Do you want to hear what becomes of it?" in bob.page.main
    assert world.wiki.notify.watches.of(world.people["bob"].id) == []
    bob.submit("/-/watch")
    assert "Stop watching" in bob.page.main


def test_everything_watched_is_listed_and_each_can_be_ended(world: World) -> None:
    n = world.propose("ana", HOURS, "Noon at the latest")
    dee = world.visitor("dee")
    for kind, target in (("page", "travel/visa"), ("folder", "travel"), ("proposal", str(n))):
        dee.post("/-/watch", {"kind": kind, "target": target})
    dee.open("/-/inbox/watching")
    assert links(dee) == ["/travel/visa", "/travel", f"/-/proposals/{n}"]
    for _ in range(3):
        dee.submit("/-/watch")
    assert "You watch nothing yet." in dee.page.main


@pytest.mark.parametrize(
    ("kind", "target", "status"),
    [
        ("page", "no/such/page", 404), ("folder", "nowhere", 404), ("proposal", "7", 404), ("proposal", "x", 404),
        ("proposal", "01", 404), ("person", "ana", 400), ("", "", 400), ("page", "x" * 500, 400),
        ("proposal", "9" * 30, 404), ("page", "../x", 404), ("folder", "", 400),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_watched(world: World, kind: str, target: str, status: int) -> None:
    assert world.visitor("dee").post("/-/watch", {"kind": kind, "target": target}).status == status
    assert world.wiki.notify.watches.of(world.people["dee"].id) == []


@pytest.mark.parametrize("data", [{}, {"notice": "x"}, {"until": "-1"}, {"notice": "9" * 40}])
def test_marking_nothing_is_refused(world: World, data: dict[str, str]) -> None:
    assert world.visitor("dee").post("/-/inbox/read", data).status == 400


def test_a_get_changes_nothing_and_a_post_needs_its_token(world: World) -> None:
    client = world.visitor("dee").client
    for address in ("/-/watch", "/-/inbox/read", "/-/inbox/mute/1", "/-/inbox/try-again"):
        assert client.get(address).status_code in (404, 405)
        assert client.post(address, data={}).status_code == 400


def test_the_zone_the_rhythm_and_how_to_be_asked_are_chosen(world: World) -> None:
    dee = world.visitor("dee")
    dee.open("/-/inbox/settings")
    assert "This wiki sends no mail yet." in dee.page.main
    dee.submit("/-/inbox/settings", zone="Asia/Tokyo", rhythm="weekly", asks="digest")
    chosen = world.wiki.notify.reaching.of(world.people["dee"].id)
    assert (chosen.zone, chosen.rhythm, chosen.asks) == ("Asia/Tokyo", Rhythm.WEEKLY, Asks.DIGEST)
    assert dee.page.tree.xpath("//option[@selected]/text()") == ["Asia/Tokyo"]
    refused = dee.post("/-/inbox/settings", {"zone": "Moon/Base", "rhythm": "weekly", "asks": "now"})
    assert refused.status == 400


def test_home_tells_first_of_pages_that_are_watched(world: World) -> None:
    bob = world.visitor("bob")
    for place in ("/working/hours", "/notes/kitchen", "/travel/visa"):
        bob.open(place)
    bob.post("/-/watch", {"kind": "page", "target": "working/hours"})
    world.clock.wait(1)
    n = world.propose("ana", HOURS)
    world.endorse(n, "cyd", "dee")
    world.clock.wait(1)
    world.propose("ana", {"notes/kitchen": "# Kitchen\n\nWash every cup.\n"})
    found = bob.open("/").tree.xpath("//section[@aria-labelledby='news']//p[@class='row-title']/a/@href")
    assert found == ["/working/hours", "/notes/kitchen"]
