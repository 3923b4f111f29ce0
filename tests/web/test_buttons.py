"""Every button under a proposal: what it does, and for whom it does not."""

from __future__ import annotations

import pytest

from tests.world import World

NUMBER = "/-/proposals/1"
BUTTONS = ("endorse", "object", "answer", "retract", "comment", "close", "reopen", "refresh")


@pytest.fixture
def proposed(world: World) -> World:
    """A proposal by Ana."""
    text = world.text("travel/expenses")
    assert text is not None
    world.propose("ana", {"travel/expenses": text.replace("every meal", "each meal")}, "Each, not every")
    return world


@pytest.mark.parametrize("button", BUTTONS)
def test_who_is_not_signed_in_is_asked_to_and_gets_back_what_was_typed(proposed: World, button: str) -> None:
    before = proposed.everything()
    visitor = proposed.visitor()
    typed = "I typed this for a while."
    page = visitor.post(
        f"{NUMBER}/{button}", {"reason": typed, "text": typed}, headers={"Referer": f"http://localhost{NUMBER}"}
    )
    assert page.status == 401
    assert page.typed("typed") == typed
    link = page.tree.xpath("//main//a[contains(@href, '/-/sign-in')]/@href")[0]
    visitor.open(link)
    assert visitor.submit("/-/sign-in", email="bob@example.com", password="a calm blue morning").address == NUMBER
    assert proposed.everything() == before


@pytest.mark.parametrize(
    "address", ["/-/new", "/-/edit/travel/expenses", "/-/remove/travel/expenses", "/-/proposals?tab=mine"]
)
def test_who_is_not_signed_in_comes_back_after_signing_in(world: World, address: str) -> None:
    visitor = world.visitor()
    assert visitor.open(address).address.startswith("/-/sign-in")
    assert "sign in first" in visitor.page.messages
    assert visitor.submit("/-/sign-in", email="bob@example.com", password="a calm blue morning").address == address


def test_a_reader_sees_no_button_but_the_way_to_sign_in(proposed: World) -> None:
    page = proposed.visitor().open(NUMBER)
    assert not [action for action in page.actions if action.startswith(NUMBER)]
    assert page.tree.xpath("//main//a[contains(@href, '/-/sign-in?next=')]")


def test_an_author_is_told_why_they_cannot_endorse(proposed: World) -> None:
    ana = proposed.visitor("ana")
    page = ana.open(NUMBER)
    assert not page.offers("/endorse")
    assert not page.offers("/object")
    assert "your own endorsement would not count" in page.main
    refused = ana.post(f"{NUMBER}/endorse", {"change": proposed.change(1)})
    assert refused.status == 400
    assert "your own endorsement would not count" in refused.main
    objected = ana.post(f"{NUMBER}/object", {"change": proposed.change(1), "reason": "No"})
    assert objected.status == 400
    assert objected.typed("typed") == "No"


def test_twice_the_same_endorsement_counts_once(proposed: World) -> None:
    bob = proposed.visitor("bob")
    for _ in range(3):
        assert bob.post(f"{NUMBER}/endorse", {"change": proposed.change(1)}).status == 200
    assert "1 of 2 colleagues" in bob.page.main
    assert bob.page.main.count("Bob Reyes endorsed it") == 1


def test_an_endorsement_can_be_taken_back(proposed: World) -> None:
    bob = proposed.visitor("bob")
    bob.open(NUMBER)
    bob.submit("/endorse")
    assert "You endorsed this." in bob.page.main
    bob.submit("/retract")
    assert "0 of 2 colleagues" in bob.page.main
    assert bob.page.offers("/endorse")
    assert bob.post(f"{NUMBER}/retract").status == 400


def test_an_objection_holds_until_it_is_answered_and_heard(proposed: World) -> None:
    zed, ana = proposed.visitor("zed"), proposed.visitor("ana")
    zed.open(NUMBER)
    assert zed.submit("/object", reason="  ").status == 400
    assert "what would make this acceptable" in zed.page.main
    zed.open(NUMBER)
    zed.submit("/object", reason="It hurts *some*.")
    assert "Zed Okafor objected" in zed.page.main
    assert not zed.page.offers("/answer")
    proposed.endorse(1, "bob", "cyd")
    page = proposed.visitor().open(NUMBER)
    assert "Not in force yet, because" in page.main
    assert zed.post(f"{NUMBER}/answer", {"to": "0" * 40, "text": "x"}).status == 400
    ana.open(NUMBER)
    ana.submit("/answer", text="Whom does it hurt?")
    assert "Whom does it hurt?" in ana.page.main
    assert not proposed.in_force(1)
    proposed.clock.wait(3.1)
    proposed.wiki.tick()
    assert not proposed.in_force(1), "an answered objection asks for more endorsements"
    proposed.endorse(1, "dee")
    zed.open(NUMBER)
    zed.submit("/retract")
    assert proposed.in_force(1)


def test_an_answer_to_no_objection_is_refused(proposed: World) -> None:
    ana = proposed.visitor("ana")
    page = ana.post(f"{NUMBER}/answer", {"to": "0" * 40, "text": "Nobody asked"})
    assert page.status == 404
    assert page.typed("typed") == "Nobody asked"


def test_an_endorsement_becomes_an_objection_and_back(proposed: World) -> None:
    bob = proposed.visitor("bob")
    bob.open(NUMBER)
    bob.submit("/endorse")
    bob.submit("/object", reason="I read it again.")
    assert "0 of 4 colleagues" in bob.page.main, "an objection weighs"
    bob.submit("/endorse")
    assert "1 of 2 colleagues" in bob.page.main


def test_colleagues_talk_beside_the_proposal_and_talk_decides_nothing(proposed: World) -> None:
    bob = proposed.visitor("bob")
    tip = proposed.wiki.guidelines.tip(1)
    bob.open(NUMBER)
    bob.submit("/comment", text="Why *each*?")
    assert bob.page.tree.xpath("//li[@class='comment']//em[text()='each']")
    reply = bob.page.tree.xpath("//form[input[@name='to']]")[0]
    bob.post(f"{NUMBER}/comment", {"to": reply.fields["to"], "text": "Because."})
    assert bob.page.tree.xpath("//li[@class='comment']//li[@class='comment']//*[contains(text(), 'Because.')]")
    assert bob.post(f"{NUMBER}/comment", {"text": " "}).status == 400
    assert bob.post(f"{NUMBER}/comment", {"text": "x" * 20_001}).status == 400
    assert proposed.wiki.guidelines.tip(1) == tip


def test_an_author_withdraws_and_reopens_and_nobody_else_can(proposed: World) -> None:
    ana, bob = proposed.visitor("ana"), proposed.visitor("bob")
    assert not bob.open(NUMBER).offers("/close")
    assert bob.post(f"{NUMBER}/close").status == 400
    ana.open(NUMBER)
    ana.submit("/close", reason="Not now.")
    assert "Withdrawn" in ana.page.main
    assert "Not now." in ana.page.main
    assert not bob.open(NUMBER).offers("/endorse")
    assert not bob.page.offers("/reopen")
    assert bob.post(f"{NUMBER}/reopen").status == 400
    closed = bob.post(f"{NUMBER}/endorse", {"change": proposed.change(1)})
    assert closed.status == 400
    assert "An author can reopen it" in closed.main
    ana.open(NUMBER)
    ana.submit("/reopen")
    assert "0 of 2 colleagues" in ana.page.main


def test_what_is_in_force_cannot_be_endorsed_closed_or_revised(proposed: World) -> None:
    proposed.endorse(1, "bob", "cyd")
    ana, dee = proposed.visitor("ana"), proposed.visitor("dee")
    assert {action.rpartition("/")[2] for action in dee.open(NUMBER).actions} == {"comment", "undo", "watch"}
    for button in ("endorse", "object", "retract", "close", "reopen", "refresh"):
        page = ana.post(f"{NUMBER}/{button}", {"change": proposed.change(1), "reason": "x"})
        assert page.status == 400, button
        assert "in force already" in page.main
    revised = ana.post("/-/edit/travel/expenses?proposal=1", {"text": "# x", "base": proposed.change(1)})
    assert revised.status == 400
    assert "in force already" in revised.main


def test_an_author_revises_and_endorsements_lapse_visibly(proposed: World) -> None:
    proposed.endorse(1, "bob")
    ana = proposed.visitor("ana")
    ana.open(NUMBER)
    link = ana.page.tree.xpath("//main//a[text()='Edit this text']/@href")[0]
    ana.open(link)
    assert "each meal" in ana.page.typed()
    ana.submit("/-/edit/travel/expenses", "propose", text=ana.page.typed().replace("each", "any"), why="As Bob said.")
    assert ana.page.address == NUMBER
    assert "0 of 2 colleagues" in ana.page.main
    assert "Bob Reyes endorsed an earlier version" in ana.page.main
    assert "As Bob said." in ana.page.main
    assert "Each, not every" in proposed.visitor("bob").open("/-/proposals").main, "it waits for Bob again"


def test_somebody_else_cannot_revise(proposed: World) -> None:
    bob = proposed.visitor("bob")
    assert not bob.open(NUMBER).tree.xpath("//main//a[text()='Edit this text']")
    page = bob.open("/-/edit/travel/expenses?proposal=1")
    assert page.status == 400
    assert "Only an author" in page.main
    before = proposed.everything()
    page = bob.post("/-/edit/travel/expenses?proposal=1", {"text": "# Mine", "base": proposed.change(1)})
    assert page.status == 400
    assert page.typed("typed") == "# Mine"
    assert proposed.everything() == before


def test_refresh_needs_nobody_special_and_keeps_endorsements(proposed: World) -> None:
    proposed.endorse(1, "bob")
    text = proposed.text("travel/expenses")
    assert text is not None
    other = proposed.propose("dee", {"travel/expenses": text + "\n## Cars\n\nShare one.\n"})
    proposed.endorse(other, "bob", "cyd")
    zed = proposed.visitor("zed")
    assert zed.post(f"{NUMBER}/refresh").status == 200
    assert "1 of 2 colleagues" in zed.page.main
    assert "brought up to date" in zed.page.main
    assert zed.post(f"{NUMBER}/refresh").status == 200


def test_a_refresh_that_would_guess_is_left_to_an_author(proposed: World) -> None:
    proposed.endorse(1, "bob")
    text = proposed.text("travel/expenses")
    assert text is not None
    other = proposed.propose("dee", {"travel/expenses": text.replace("every meal", "no meal")})
    proposed.endorse(other, "bob", "cyd")
    zed, ana = proposed.visitor("zed"), proposed.visitor("ana")
    assert "an author must bring the two versions together" in zed.open(NUMBER).main
    assert not zed.page.offers("/refresh"), "that would not help"
    zed.post(f"{NUMBER}/refresh")
    assert zed.page.status == 409
    assert "an author must decide the words" in zed.page.main
    ana.open(NUMBER)
    ana.open(ana.page.tree.xpath("//main//a[contains(text(), 'Bring the two versions')]/@href")[0])
    ana.open(ana.page.tree.xpath("//main//a[text()='Edit the source instead']/@href")[0])
    assert "changed while you were writing" in ana.page.main
    assert ana.page.tree.xpath("//section[contains(@class, 'moved')]//ins")
    ana.submit("/-/edit/travel/expenses", "propose", text=text.replace("every meal", "hardly any meal"))
    assert ana.page.address == NUMBER, ana.page.main
    assert "0 of 2 colleagues" in ana.page.main
    proposed.endorse(1, "bob", "cyd")
    assert "hardly any meal" in proposed.visitor().open("/travel/expenses").main


def test_lists_show_what_waits_for_whom(proposed: World) -> None:
    ana, bob = proposed.visitor("ana"), proposed.visitor("bob")
    title = "Each, not every"
    assert title in bob.open("/-/proposals").main
    assert title not in ana.open("/-/proposals").main
    assert title in ana.open("/-/proposals?tab=mine").main
    assert title in proposed.visitor().open("/-/proposals").main
    bob.open(NUMBER)
    bob.submit("/endorse")
    assert title not in bob.open("/-/proposals").main
    proposed.endorse(1, "cyd")
    assert title in bob.open("/-/proposals?tab=in+force").main
    assert title not in bob.open("/-/proposals?tab=open").main
    assert title in bob.open("/-/changes").main
