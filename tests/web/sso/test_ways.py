"""The ways into one's own account: one more, one fewer, never none, and none that somebody else slips in."""

from __future__ import annotations

from dataclasses import replace

from tests.web.sso.conftest import BEGIN, WAYS, Door, Open
from tests.web.sso.test_signing_in_elsewhere import somebody
from wiki.accounts import Introduction

GONE = Introduction("https://gone.example", "1", "ana@gone.example", True, "Ana")


def test_who_has_a_password_sees_it_and_what_could_be_linked(door: Door) -> None:
    page = door.visitor("bob").open(WAYS)
    assert "Your password" in page.main
    assert page.tree.xpath(f"//main//a[@href='{BEGIN}']/text()") == ["Link Company account"]


def test_one_more_way_is_linked_by_a_button_after_it_was_said_which(door: Door) -> None:
    bob, subject = door.visitor("bob"), somebody(door, email="bob@elsewhere.example")
    page = door.come(bob, subject)
    assert page.heading == "One more way to sign in"
    assert "You are signed in as Bob Reyes" in page.main
    assert "bob@elsewhere.example" in page.main
    assert door.world.wiki.identities.of(door.world.people["bob"]) == [], "coming back links nothing"
    page = bob.submit("/link")
    assert page.address == WAYS
    assert "as bob@elsewhere.example" in page.main
    assert "Link Company account" not in page.main
    assert "Bob Reyes" in door.come(door.visitor(), subject).body
    assert "one of your ways to sign in already" in door.come(bob, subject).messages


def test_an_address_that_is_not_confirmed_can_be_linked_by_who_is_signed_in(door: Door) -> None:
    door.come(bob := door.visitor("bob"), somebody(door, email=None, email_verified=None))
    assert "From now on" in bob.submit("/link").messages


def test_the_account_keeps_its_own_address(door: Door) -> None:
    door.come(bob := door.visitor("bob"), somebody(door, email="zed@example.com"))
    bob.submit("/link")
    assert door.world.wiki.accounts.get(door.world.people["bob"].id).email == "bob@example.com"


def test_a_way_of_somebody_else_opens_neither_account_anew(door: Door) -> None:
    subject = somebody(door)
    door.come(ana := door.visitor("ana"), subject)
    ana.submit("/link")
    page = door.come(bob := door.visitor("bob"), subject)
    assert page.status == 409
    assert "opens another account" in page.main
    assert "Bob Reyes" in bob.open("/").body
    assert [one.account_id for one in door.world.wiki.identities.of(door.world.people["ana"])]
    assert door.world.wiki.identities.of(door.world.people["bob"]) == []


def test_two_who_link_the_same_way_at_once_do_not_both_have_it(door: Door) -> None:
    subject = somebody(door)
    door.come(ana := door.visitor("ana"), subject)
    door.come(bob := door.visitor("bob"), subject)
    ana.submit("/link")
    page = bob.submit("/link")
    assert page.status == 400
    assert "belongs to another account already" in page.main


def test_a_way_is_unlinked_and_opens_the_account_no_more(door: Door) -> None:
    bob, subject = door.visitor("bob"), somebody(door, email="bob@elsewhere.example")
    door.come(bob, subject)
    bob.submit("/link")
    page = bob.submit("/unlink")
    assert "no longer opens your account" in page.messages
    assert door.come(door.visitor(), subject).heading == "Make your account"


def test_the_last_way_stays_and_it_is_said_why(door: Door) -> None:
    door.come(eve := door.visitor(), somebody(door))
    eve.submit("/account")
    page = eve.open(WAYS)
    assert not page.offers("/unlink")
    assert "This is the last way into your account" in page.main
    account = door.world.wiki.accounts.by_email("eve@example.com")
    assert account is not None
    (only,) = door.world.wiki.identities.of(account)
    page = eve.post(f"{WAYS}/{only.id}/unlink")
    assert page.status == 400
    assert "last way" in page.main
    door.world.wiki.identities.join(account, GONE, door.world.wiki.now())
    page = eve.open(WAYS)
    assert "gone.example" in page.main
    assert "no longer offers it" in page.main
    assert len([action for action in page.actions if action.endswith("/unlink")]) == 1, "only what is of no use goes"


def test_a_password_is_no_way_where_passwords_are_switched_off(open_door: Open) -> None:
    door = open_door({"password_sign_in": False})
    bob, subject = door.world.people["bob"], somebody(door, email="bob@example.com")
    door.come(visitor := door.visitor(), subject)
    visitor.submit("/join", password="a calm blue morning")
    page = visitor.open(WAYS)
    assert "Your password" not in page.main
    (only,) = door.world.wiki.identities.of(bob)
    assert visitor.post(f"{WAYS}/{only.id}/unlink").status == 400


def test_nobody_unlinks_a_way_of_somebody_else_or_none(door: Door) -> None:
    ana = door.world.people["ana"]
    door.world.wiki.identities.join(ana, GONE, 0)
    door.world.wiki.identities.join(ana, replace(GONE, subject="2"), 0)
    bob = door.visitor("bob")
    for number in (door.world.wiki.identities.of(ana)[0].id, 0, 10**6, 2**31, 10**30):
        assert bob.post(f"{WAYS}/{number}/unlink").status == 404
    assert len(door.world.wiki.identities.of(ana)) == 2
    assert door.visitor().post(f"{WAYS}/1/unlink").status == 401
    assert door.visitor().open(WAYS).address.startswith("/-/sign-in")
