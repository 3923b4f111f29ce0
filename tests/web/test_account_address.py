"""Another address: confirmed by mail, with the old one told, and no second voice for anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.post_office import PostOffice, open_post_office
from tests.world import PASSWORD, POLICY, Visitor, World, copy_of, open_world
from wiki.clock import send
from wiki.model.names import POLICY_PATH

ACCOUNT = "/-/account"
NEW = "ana@new.example"
HELLO = {"welcome": "# Welcome\n\nHello.\n"}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def mailing(founded: Path, tmp_path: Path, office: PostOffice) -> Iterator[World]:
    """A wiki that sends mail."""
    with open_world(copy_of(founded, tmp_path / "data"), mail_server=office.address,
                    site_url="https://guidelines.example.com") as opened:  # fmt: skip
        yield opened


def _ask(visitor: Visitor, email: str = NEW, present: str = PASSWORD) -> Visitor:
    visitor.open(ACCOUNT)
    visitor.submit("/address", email=email, present=present)
    return visitor


def _link(world: World, office: PostOffice, to: str = NEW) -> str:
    send(world.wiki)
    letter = office.to(to)[-1].get_body(("plain",))
    assert letter is not None
    found = re.search(r"https://guidelines\.example\.com(/-/account/address/\S+)", letter.get_content())
    assert found is not None, letter.get_content()
    return found[1]


def _move(world: World, office: PostOffice, visitor: Visitor, to: str = NEW) -> Visitor:
    link = _link(world, office, to) if _ask(visitor, to) else ""
    visitor.open(link)
    visitor.submit(link)
    return visitor


def test_an_address_is_confirmed_by_a_link_and_the_old_one_is_told(mailing: World, office: PostOffice) -> None:
    ana = _ask(mailing.visitor("ana"))
    assert f"on its way to {NEW}" in " ".join(ana.page.messages.split())
    assert NEW in ana.page.main
    link = _link(mailing, office)
    assert mailing.wiki.accounts.by_email(NEW) is None
    page = ana.open(link)
    assert NEW in page.main
    assert mailing.wiki.accounts.by_email(NEW) is None, "to open the link changes nothing yet"
    ana.submit(link)
    assert f"Your address is {NEW}" in ana.page.messages
    assert "ana@example.com" in ana.page.main
    assert f"Ana Souza <{NEW}> <ana@example.com>" in ana.page.main
    send(mailing.wiki)
    (told,) = office.to("ana@example.com")
    assert NEW in str(told.get_body(("plain",)))
    assert "tell whoever runs the wiki" in str(told.get_body(("html",)))
    assert ana.open(link).status == 404
    assert mailing.visitor().sign_in("ana").page.status == 403


def test_a_link_opens_for_its_owner_alone_and_not_for_long(mailing: World, office: PostOffice) -> None:
    ana = _ask(mailing.visitor("ana"))
    link = _link(mailing, office)
    bob = mailing.visitor("bob")
    assert bob.open(link).status == 404
    assert bob.post(link).status == 404
    assert mailing.visitor().client.get(link).status_code == 302
    mailing.clock.wait(1)
    assert ana.open(link).status == 404
    assert ana.post(link).status == 404
    assert mailing.wiki.accounts.get(mailing.people["ana"].id).email == "ana@example.com"


def test_a_wish_can_be_taken_back(mailing: World, office: PostOffice) -> None:
    ana = _ask(mailing.visitor("ana"))
    link = _link(mailing, office)
    ana.open(ACCOUNT)
    ana.submit("/forget")
    assert NEW not in ana.page.main
    assert ana.open(link).status == 404


@pytest.mark.parametrize(("email", "present", "place"), [
    (NEW, "wrong", "present"), (NEW, "", "present"), ("nowhere", PASSWORD, "email"), ("", PASSWORD, "email"),
    ("bob@example.com", PASSWORD, "email"), ("ana@example.com", PASSWORD, "email"),
    ("a@b.example\nBcc: x@y.example", PASSWORD, "email"), ("concord@localhost", PASSWORD, "email"),
])  # fmt: skip
def test_what_is_no_good_is_refused_and_nothing_is_sent(
    mailing: World, office: PostOffice, email: str, present: str, place: str
) -> None:
    page = _ask(mailing.visitor("ana"), email, present).page
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']//a/@href") == [f"#{place}"]
    send(mailing.wiki)
    assert office.letters == []


def test_a_wiki_without_mail_says_so_and_changes_nothing(world: World) -> None:
    ana = world.visitor("ana")
    page = ana.open(ACCOUNT)
    assert "sends no mail" in page.main
    assert not page.offers("/address")
    assert ana.post(f"{ACCOUNT}/address", {"email": NEW, "present": PASSWORD}).status == 400


def test_letters_cannot_be_asked_for_without_end(mailing: World) -> None:
    ana = mailing.visitor("ana")
    ana.open(ACCOUNT)
    sent = [ana.post(f"{ACCOUNT}/address", {"email": f"ana{n}@new.example", "present": PASSWORD}) for n in range(11)]
    assert sent[-1].status == 429


def test_what_was_said_is_taken_back_after_it_was_told(mailing: World, office: PostOffice) -> None:
    endorsed = mailing.propose("bob", HELLO, "Say hello")
    mailing.endorse(endorsed, "ana")
    objected = mailing.propose("cyd", {"working/hours": "# Hours\n\nNine.\n"}, "Nine o'clock")
    mailing.wiki.guidelines.object(objected, mailing.person("ana"), mailing.change(objected), "Ten.")
    ana = _ask(mailing.visitor("ana"))
    link = _link(mailing, office)
    page = ana.open(link)
    assert "Say hello" in page.main
    assert "Nine o'clock" in page.main
    assert "2 open proposals" in page.main
    ana.submit(link)
    assert "What you said of 2 proposals is taken back" in ana.page.messages
    for n in (endorsed, objected):
        assert dict(mailing.wiki.guidelines.weigh(n).proposal.voices) == {}
    told = mailing.visitor().open(f"/-/proposals/{endorsed}").main
    assert "has another address now; what they said under the old one no longer counts" in told
    assert "has left" not in told
    assert "ana@example.com" not in told
    ana.open(f"/-/proposals/{endorsed}")
    ana.submit("/endorse")
    voices = mailing.wiki.guidelines.weigh(endorsed).proposal.voices
    assert list(voices) == [NEW]


def test_a_voice_that_slips_in_under_the_old_address_is_taken_back_by_the_clock(
    mailing: World, office: PostOffice
) -> None:
    before = mailing.people["ana"]
    n = mailing.propose("bob", HELLO)
    _move(mailing, office, mailing.visitor("ana"))
    mailing.endorse(n, "ana")
    assert before.person.key in mailing.wiki.guidelines.weigh(n).proposal.voices
    mailing.wiki.tick()
    assert dict(mailing.wiki.guidelines.weigh(n).proposal.voices) == {}


def test_an_author_stays_the_author_and_has_no_voice(mailing: World, office: PostOffice) -> None:
    n = mailing.propose("ana", HELLO, "Say hello")
    change = mailing.change(n)
    ana = _move(mailing, office, mailing.visitor("ana"))
    page = ana.open(f"/-/proposals/{n}")
    assert not page.offers("/endorse")
    assert page.offers("/close")
    refused = ana.post(f"/-/proposals/{n}/endorse", {"change": change})
    assert refused.status == 400
    assert "under the address ana@example.com" in refused.main
    assert "Say hello" in ana.open("/-/proposals?tab=mine").main
    assert "Say hello" not in ana.open("/-/proposals").main
    ana.open(f"/-/proposals/{n}")
    ana.submit("/close")
    assert mailing.wiki.guidelines.weigh(n).proposal.closed is not None
    ana.submit("/reopen")
    assert mailing.wiki.guidelines.weigh(n).proposal.closed is None
    assert ana.open(f"/-/edit/welcome?proposal={n}").status == 200
    assert not mailing.visitor("bob").open(f"/-/proposals/{n}").offers("/adopt")


def test_the_page_of_a_person_tells_what_they_did_under_all_addresses(mailing: World, office: PostOffice) -> None:
    old = mailing.person("ana")
    first = mailing.propose("ana", HELLO, "Say hello")
    mailing.endorse(first, "bob", "cyd")
    reader = mailing.visitor()
    assert "Say hello" in reader.open(f"/-/people/{old.handle}").main
    _move(mailing, office, mailing.visitor("ana"))
    new = mailing.wiki.accounts.get(mailing.people["ana"].id)
    mailing.people["ana"] = new
    second = mailing.propose("ana", {"working/hours": "# Hours\n\nNine.\n"}, "Nine o'clock")
    mailing.endorse(second, "bob", "cyd")
    page = reader.open(f"/-/people/{old.handle}")
    assert page.address == f"/-/people/{new.person.handle}"
    assert "Say hello" in page.main
    assert "Nine o'clock" in page.main
    book = reader.open(f"/-/changes?person={new.person.handle}").main
    assert "Say hello" in book
    assert "Nine o'clock" in book
    before = reader.open(page.address).main
    mailing.wiki.index.rebuild()
    assert reader.open(page.address).main == before


def test_groups_that_name_the_present_address_are_told(mailing: World, office: PostOffice) -> None:
    policy = POLICY.replace("[[rule]]", '[groups]\nlegal = ["Ana@example.com"]\n\n[[rule]]', 1)
    n = mailing.propose("bob", {POLICY_PATH: policy}, "Name the lawyers")
    mailing.endorse(n, "ana", "cyd", "dee")
    mailing.clock.wait(3)
    mailing.wiki.tick()
    assert mailing.in_force(n)
    ana = _ask(mailing.visitor("ana"))
    page = ana.open(_link(mailing, office))
    assert "group legal" in page.main


def test_a_letter_tells_of_a_new_password(mailing: World, office: PostOffice) -> None:
    ana = mailing.visitor("ana")
    ana.open(ACCOUNT)
    ana.submit("/password", present=PASSWORD, new="another calm morning")
    send(mailing.wiki)
    (letter,) = office.to("ana@example.com")
    assert letter["Subject"] == "Your password at Concord was changed"
    assert "another calm morning" not in letter.as_string()


def test_going_back_makes_the_old_address_the_present_one(mailing: World, office: PostOffice) -> None:
    ana = _move(mailing, office, mailing.visitor("ana"))
    n = mailing.propose("bob", HELLO)
    account = mailing.wiki.accounts.get(mailing.people["ana"].id)
    mailing.people["ana"] = replace(account)
    mailing.endorse(n, "ana")
    _move(mailing, office, ana, "ana@example.com")
    assert dict(mailing.wiki.guidelines.weigh(n).proposal.voices) == {}
    mailing.people["ana"] = mailing.wiki.accounts.get(account.id)
    mailing.endorse(n, "ana")
    mailing.wiki.tick()
    assert list(mailing.wiki.guidelines.weigh(n).proposal.voices) == ["ana@example.com"]
