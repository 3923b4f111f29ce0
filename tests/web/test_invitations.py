"""Being invited, and inviting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.door import GOOD, SITE, Street, appoint, arrive, body_of, deeds, open_street
from tests.world import PASSWORD, World, copy_of, open_world
from wiki.accounts.administration_log import Deed
from wiki.model.errors import Refused

PLACE = "/-/invitations"
EVE = "eve@example.net"


@pytest.fixture
def street(founded: Path, tmp_path: Path) -> Iterator[Street]:
    with open_street(founded, tmp_path / "data") as opened:
        yield opened


def invite(street: Street, email: str = EVE, who: str = "ana") -> str:
    """Invite by mail; where the letter leads."""
    visitor = street.world.visitor(who)
    visitor.open(PLACE)
    page = visitor.submit(PLACE, email=email)
    assert f"on its way to {email}" in page.messages
    return street.link(email)


def make_link(world: World, uses: int = 2, days: int = 7) -> str:
    """Make an open link; its path."""
    visitor = world.visitor("ana")
    visitor.open(PLACE)
    page = visitor.submit("/link", uses=str(uses), days=str(days))
    address = str(page.tree.xpath("//a[@data-copy]/@href")[0])
    assert page.status == 200
    return address[address.index("/-/") :]


def test_somebody_is_invited_by_mail_and_comes_in_with_name_and_password(street: Street) -> None:
    link = invite(street)
    street.world.clock.wait(3)
    eve = arrive(street.world.visitor(), link, name="Eve Adams", password=GOOD)
    assert "Welcome, Eve Adams." in eve.page.messages
    account = street.world.wiki.accounts.by_email(EVE)
    assert account is not None
    assert account.created_at == street.world.wiki.now(), "as old as the first sign-in"
    assert not account.administrator
    assert account.last_sign_in_at == account.created_at
    assert "accepted" in street.world.visitor("ana").open(PLACE).main


def test_the_letter_says_who_invites_and_carries_nothing_of_the_token_elsewhere(street: Street) -> None:
    link = invite(street)
    letter = street.letters(EVE)[0]
    assert "Ana Souza invites you" in body_of(letter, "plain")
    assert "Ana Souza invites you" in body_of(letter, "html")
    token = link.rpartition("/")[2]
    assert token not in "".join(f"{name}{value}" for name, value in letter.items())
    assert token not in street.world.visitor("ana").open(PLACE).body


def test_an_invitation_works_once(street: Street) -> None:
    link = invite(street)
    one, two = street.world.visitor(), street.world.visitor()
    two.open(link)
    arrive(one, link, name="Eve Adams", password=GOOD)
    late = two.submit(link, name="Mallory", password=GOOD)
    assert late.status == 404
    assert "used already" in late.main
    assert street.world.wiki.accounts.count() == 6


def test_opening_the_link_uses_nothing_up(street: Street) -> None:
    link = invite(street)
    for _ in range(3):
        assert street.world.visitor().open(link).status == 200
        street.world.visitor().client.head(link)
    assert "Welcome" in arrive(street.world.visitor(), link, name="Eve", password=GOOD).page.messages


def test_the_address_of_an_invitation_cannot_be_exchanged(street: Street) -> None:
    link = invite(street)
    visitor = street.world.visitor()
    visitor.open(link)
    visitor.submit(link, email="mallory@example.net", name="Eve Adams", password=GOOD)
    assert street.world.wiki.accounts.by_email("mallory@example.net") is None
    assert street.world.wiki.accounts.by_email(EVE) is not None


def test_an_invitation_that_is_too_old_does_not_work(street: Street) -> None:
    link = invite(street)
    street.world.clock.wait(14)
    assert street.world.visitor().open(link).status == 404
    assert "too old" in street.world.visitor("ana").open(PLACE).main


def test_an_invitation_that_was_taken_back_does_not_work(street: Street) -> None:
    link = invite(street)
    waiting = street.world.visitor()
    waiting.open(link)
    ana = street.world.visitor("ana")
    ana.open(PLACE)
    page = ana.submit("/revoke")
    assert "no longer works" in page.messages
    assert "taken back" in page.main
    assert waiting.submit(link, name="Eve", password=GOOD).status == 404
    assert deeds(street.world)[1:] == [
        ("Ana Souza <ana@example.com>", Deed.INVITED, EVE),
        ("Ana Souza <ana@example.com>", Deed.REVOKED, EVE),
    ]


def test_inviting_again_makes_the_first_link_void(street: Street) -> None:
    first, second = invite(street), invite(street)
    assert first != second
    assert street.world.visitor().open(first).status == 404
    assert street.world.visitor().open(second).status == 200


def test_what_somebody_made_who_is_gone_does_not_work(street: Street) -> None:
    link = invite(street)
    appoint(street.world, "bob")
    street.world.wiki.administration.deactivate(None, street.world.people["ana"].id, street.world.wiki.now())
    assert street.world.visitor().open(link).status == 404


def test_how_long_a_password_must_be_is_said_once_where_it_is_typed(street: Street) -> None:
    link, visitor = invite(street), street.world.visitor()
    assert "At least 12 characters." in visitor.open(link).main
    page = visitor.submit(link, name="Eve", password="short")
    field = page.tree.xpath("//div[contains(@class, 'wrong')][.//input[@name='password']]")[0].text_content()
    assert field.count("12 characters") == 1
    assert "A few words in a row" in field


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "Eve", "password": "short"}, "at least 12 characters"),
        ({"name": "Eve", "password": "password1234"}, "commonest"),
        ({"name": "Eve", "password": EVE}, "would be guessed"),
        ({"name": "", "password": GOOD}, "Please type your name."),
        ({"name": "Bob Reyes", "password": GOOD}, "account with this name already"),
        ({"name": "<b>", "password": GOOD}, "without &lt; or &gt;"),
        ({"name": "Eve", "password": ""}, "Please choose a password."),
    ],
)
def test_what_cannot_be_is_said_and_the_link_still_works(street: Street, fields: dict[str, str], says: str) -> None:
    link = invite(street)
    visitor = street.world.visitor()
    visitor.open(link)
    page = visitor.submit(link, **fields)
    assert page.status == 400
    assert says in page.body
    assert page.tree.xpath("//input[@name='name']/@value") in ([fields["name"]], [])
    assert page.tree.xpath("//input[@name='email']/@value") == [EVE]
    assert "Welcome, Eve Adams." in arrive(street.world.visitor(), link, name="Eve Adams", password=GOOD).page.messages


def test_an_address_with_an_account_is_not_invited(street: Street) -> None:
    ana = street.world.visitor("ana")
    ana.open(PLACE)
    page = ana.submit(PLACE, email=" BOB@example.com ")
    assert page.status == 400
    assert "has an account with this e-mail address already" in page.main
    assert street.letters("bob@example.com") == []


@pytest.mark.parametrize("email", ["", "x", "a@b@c", "x" * 400 + "@example.com", "eve@example.com\nBcc: z@example.com"])
def test_what_is_no_address_is_not_invited(street: Street, email: str) -> None:
    ana = street.world.visitor("ana")
    assert ana.post(PLACE, {"email": email}).status == 400
    assert street.world.wiki.outbox.waiting(street.world.wiki.now()).waiting == 0
    assert deeds(street.world)[1:] == []


def test_somebody_else_may_have_come_by_another_way_meanwhile(street: Street) -> None:
    link = invite(street)
    street.world.wiki.accounts.add(EVE, "Eve", PASSWORD, street.world.wiki.now())
    visitor = street.world.visitor()
    visitor.open(link)
    page = visitor.submit(link, name="Eve Adams", password=GOOD)
    assert page.status == 400
    assert "account with this e-mail address already" in page.main


def test_who_has_an_account_already_makes_no_second_one(street: Street) -> None:
    link = invite(street)
    bob = street.world.visitor("bob")
    for page in (bob.open(link), bob.post(link, {"name": "Bob Again", "password": GOOD})):
        assert page.status == 409
        assert "You are signed in as Bob Reyes" in page.main
    assert street.world.wiki.accounts.count() == 5
    assert street.world.visitor().open(link).status == 200


def test_pages_with_a_link_in_them_are_kept_nowhere(world: World) -> None:
    appoint(world, "ana")
    ana = world.visitor("ana")
    ana.open(PLACE)
    made = ana.submit("/link", uses="2", days="7")
    shown = world.visitor().open(made.tree.xpath("//a[@data-copy]/@href")[0])
    for page in (made, shown):
        assert page.response is not None
        assert page.response.headers["Cache-Control"] == "no-store"


# Who may


def test_only_administrators_invite_unless_the_setting_says_otherwise(street: Street) -> None:
    bob = street.world.visitor("bob")
    assert "Invite colleagues" not in bob.open("/").body
    link = {"uses": "1", "days": "1"}
    for page in (bob.open(PLACE), bob.post(PLACE, {"email": EVE}), bob.post(f"{PLACE}/link", link)):
        assert page.status == 403
        assert "Only administrators invite" in page.main
    assert street.world.visitor().post(PLACE, {"email": EVE}).status == 401
    assert street.letters(EVE) == []


def test_where_members_invite_each_sees_and_takes_back_their_own(founded: Path, tmp_path: Path) -> None:
    with open_street(founded, tmp_path / "data", invite="members") as street:
        link = invite(street, EVE, "bob")
        invite(street, "mia@example.net", "cyd")
        bob = street.world.visitor("bob")
        assert "Invite colleagues" in bob.open("/").body
        page = bob.open(PLACE)
        assert EVE in page.main
        assert "mia@example.net" not in page.main
        assert "Administration" not in page.main
        theirs = street.world.visitor("ana").open(PLACE).tree.xpath("//form[contains(@action, '/revoke')]/@action")
        refused = bob.post(theirs[0])
        assert (refused.status, "mia@example.net" in theirs[0]) == (400, False)
        assert "no longer an administrator" in refused.main
        bob.open(PLACE)
        assert "no longer works" in bob.submit("/revoke").messages
        assert street.world.visitor().open(link).status == 404


def test_who_is_no_administrator_any_more_no_longer_invites(street: Street) -> None:
    wiki, ana = street.world.wiki, street.world.people["ana"]
    appoint(street.world, "bob")
    wiki.administration.unmake_administrator(None, ana.id, wiki.now())
    with pytest.raises(Refused, match="no longer an administrator"):
        wiki.invitations.invite(ana, EVE, "t", wiki.now())


# Links


def test_a_link_lets_in_as_many_as_it_says_each_with_an_address_that_is_theirs(street: Street) -> None:
    link = make_link(street.world, uses=2)
    for who, name in (("eve", "Eve"), ("mia", "Mia")):
        visitor = arrive(street.world.visitor(), link, email=f"{who}@example.net")
        assert "Look into your mail" in visitor.page.main
        assert street.world.wiki.accounts.by_email(f"{who}@example.net") is None
        arrive(visitor, street.link(f"{who}@example.net"), name=name, password=GOOD)
        assert f"Welcome, {name}." in visitor.page.messages
    assert street.world.visitor().open(link).status == 404


def test_who_asked_in_time_but_confirms_when_the_link_is_used_up_is_told_so(street: Street) -> None:
    link = make_link(street.world, uses=1)
    first, second = "eve@example.net", "mia@example.net"
    for email in (first, second):
        arrive(street.world.visitor(), link, email=email)
    arrive(street.world.visitor(), street.link(first), name="Eve", password=GOOD)
    late = arrive(street.world.visitor(), street.link(second), name="Mia", password=GOOD)
    assert late.page.status == 404
    assert street.world.wiki.accounts.by_email(second) is None
    assert street.world.wiki.accounts.count() == 6


def test_taking_a_link_back_stops_those_who_have_not_confirmed(street: Street) -> None:
    link = make_link(street.world)
    arrive(street.world.visitor(), link, email=EVE)
    ana = street.world.visitor("ana")
    ana.open(PLACE)
    ana.submit("/revoke")
    assert arrive(street.world.visitor(), street.link(EVE), name="Eve", password=GOOD).page.status == 404
    assert street.world.visitor().open(link).status == 404


def test_a_link_answers_the_same_for_an_address_that_has_an_account(street: Street) -> None:
    link = make_link(street.world)
    answers = set()
    for email in ("bob@example.com", EVE):
        page = arrive(street.world.visitor(), link, email=email).page
        answers.add((page.status, page.main.replace(email, "")))
    assert len(answers) == 1
    assert "account with it already" in body_of(street.letters("bob@example.com")[-1], "plain")


@pytest.mark.parametrize("fields", [
    {"uses": "0", "days": "1"}, {"uses": "1", "days": "0"}, {"uses": "-1", "days": "1"}, {"uses": "501", "days": "1"},
    {"uses": "1", "days": "91"}, {"uses": "x", "days": "1"}, {"uses": "", "days": ""}, {"uses": "9" * 40, "days": "1"},
])  # fmt: skip
def test_a_link_has_bounds(street: Street, fields: dict[str, str]) -> None:
    page = street.world.visitor("ana").post(f"{PLACE}/link", fields)
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']")
    assert deeds(street.world)[1:] == []


def test_where_no_mail_is_sent_the_link_is_shown_once(world: World) -> None:
    appoint(world, "ana")
    ana = world.visitor("ana")
    assert "This wiki sends no mail" in ana.open(PLACE).main
    page = ana.submit(PLACE, email=EVE)
    address = str(page.tree.xpath("//a[@data-copy]/@href")[0])
    assert address.startswith("http://localhost/-/invitation/")
    assert "/-/invitation/" not in ana.open(PLACE).body
    link = address.removeprefix("http://localhost")
    assert "Welcome, Eve." in arrive(world.visitor(), link, name="Eve", password=GOOD).page.messages
    assert world.wiki.outbox.waiting(world.wiki.now()).waiting == 0


def test_where_no_mail_is_sent_a_link_asks_for_everything_at_once(world: World) -> None:
    appoint(world, "ana")
    link = make_link(world, uses=1)
    eve = arrive(world.visitor(), link, email=EVE, name="Eve", password=GOOD)
    assert "Welcome, Eve." in eve.page.messages
    assert world.visitor().open(link).status == 404


def test_without_mail_nobody_takes_an_address_to_which_the_policy_gives_a_say(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        appoint(world, "ana")
        link = make_link(world, uses=5)
        rules = (world.text("policy.toml") or "") + '\n[groups]\nlegal = ["Lex@example.net"]\n'
        n = world.propose("bob", {"policy.toml": rules})
        world.endorse(n, "cyd", "dee", "zed")
        world.clock.wait(3)
        world.wiki.tick()
        assert world.in_force(n)
        page = arrive(world.visitor(), link, email="lex@example.net", name="Lex", password=GOOD).page
        assert page.status == 400
        assert "gives this address a say of its own" in page.main
        ana = world.visitor("ana")
        ana.open(PLACE)
        assert "gives this address a say of its own" in ana.submit(PLACE, email="LEX@example.net").main
        assert world.wiki.accounts.by_email("lex@example.net") is None
        assert "Welcome" in arrive(world.visitor(), link, email=EVE, name="Eve", password=GOOD).page.messages


@pytest.mark.parametrize("number", ["0", "7", "9" * 30])
def test_an_invitation_that_does_not_exist_is_not_found(world: World, number: str) -> None:
    appoint(world, "ana")
    assert world.visitor("ana").post(f"{PLACE}/{number}/revoke").status == 404


@pytest.mark.parametrize("token", ["x", "A" * 500, "%00", "%ff", "..%2f"])
def test_a_token_that_was_invented_leads_nowhere(world: World, token: str) -> None:
    assert world.visitor().open(f"/-/invitation/{token}").status in {400, 404}


def test_links_lead_to_the_address_of_the_wiki_whatever_the_request_says(street: Street) -> None:
    ana = street.world.visitor("ana")
    data = {"email": EVE, "csrf_token": ana.token()}
    ana.client.post(PLACE, data=data, headers={"X-Forwarded-Host": "evil.example"})
    assert street.link(EVE).startswith("/-/invitation/")
    assert "evil" not in body_of(street.letters(EVE)[-1], "plain")
    assert SITE in body_of(street.letters(EVE)[-1], "plain")


def test_many_invitations_are_listed_page_by_page(world: World) -> None:
    appoint(world, "ana")
    ana, wiki = world.people["ana"], world.wiki
    for n in range(60):
        wiki.invitations.invite(ana, f"p{n}@example.net", f"token {n}", wiki.now())
    visitor = world.visitor("ana")
    first = visitor.open(PLACE)
    second = visitor.open(str(first.tree.xpath("//a[@rel='next']/@href")[0]))
    emails = "//main//li//bdi[contains(., '@')]/text()"
    shown = [str(each) for page in (first, second) for each in page.tree.xpath(emails)]
    assert shown == [f"p{n}@example.net" for n in reversed(range(60))]


def test_an_invitation_counts_as_member_from_the_moment_of_coming_in(founded: Path, tmp_path: Path) -> None:
    """The policy may ask for accounts of some age; an invitation that lay for long makes nobody older."""
    with open_street(founded, tmp_path / "data") as street:
        world = street.world
        rules = (world.text("policy.toml") or "").replace('since = "0d"', 'since = "5d"')
        n = world.propose("bob", {"policy.toml": rules})
        world.endorse(n, "cyd", "dee", "zed")
        world.clock.wait(3)
        world.wiki.tick()
        assert world.in_force(n)
        link = invite(street)
        world.clock.wait(10)
        eve = arrive(world.visitor(), link, name="Eve", password=GOOD)
        n = world.propose("bob", {"welcome": "# Welcome\n\nHello.\n"})
        world.endorse(n, "cyd")
        eve.open(f"/-/proposals/{n}")
        if eve.page.offers("/endorse"):
            eve.submit("/endorse")
        assert not world.in_force(n)
