"""Signing in at a real provider: new people, people who are here already, and those who may not come in."""

from __future__ import annotations

import re
import uuid
from urllib.parse import parse_qs, urlsplit

from tests.post_office import open_post_office
from tests.web.sso.conftest import ARRIVED, BEGIN, Door, Open
from tests.world import DAY, PASSWORD


def somebody(door: Door, **claims: object) -> str:
    """The subject of somebody whom the provider knows, and nobody else."""
    subject = uuid.uuid4().hex
    told = {"email": "eve@example.com", "email_verified": True, "name": "Eve Adams", **claims}
    door.provider.knows(subject, **told)
    return subject


def test_the_sign_in_page_leads_to_the_provider_by_a_link_and_to_the_password_by_a_form(door: Door) -> None:
    page = door.visitor().open("/-/sign-in?next=/travel")
    assert page.tree.xpath("//main//a[@href='/-/sign-in/company?next=/travel']/text()") == [
        "Sign in with Company account"
    ]
    assert page.form("/-/sign-in") is not None
    buttons = page.body.index("Sign in with Company account"), page.body.index('name="password"')
    assert buttons[0] < buttons[1]


def test_what_the_provider_is_asked_is_bound_to_this_browser(door: Door) -> None:
    first, second = (parse_qs(urlsplit(door.set_out(door.visitor())).query) for _ in range(2))
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["scope"] == ["openid email profile"]
    assert first["redirect_uri"] == ["http://localhost/-/sign-in/company/back"]
    for key in ("state", "nonce", "code_challenge"):
        assert len(first[key][0]) >= 32
        assert first[key] != second[key]


def test_the_address_to_come_back_to_is_that_of_the_site(open_door: Open) -> None:
    door = open_door({"site_url": "https://guidelines.example.com"})
    asked = parse_qs(urlsplit(door.set_out(door.visitor())).query)
    assert asked["redirect_uri"] == ["https://guidelines.example.com/-/sign-in/company/back"]


def test_somebody_new_makes_an_account_under_a_name_of_their_own(door: Door) -> None:
    visitor, before = door.visitor(), door.world.wiki.accounts.count()
    page = door.come(visitor, somebody(door))
    assert page.heading == "Make your account"
    assert "eve@example.com" in page.main
    assert door.world.wiki.accounts.count() == before, "looking makes no account"
    page = visitor.submit("/account", name="Evelyn Adams")
    assert "Welcome, Evelyn Adams." in page.messages
    account = door.world.wiki.accounts.by_email("eve@example.com")
    assert account is not None
    assert (account.name, account.created_at) == ("Evelyn Adams", door.world.wiki.now())
    assert not account.administrator
    assert not door.world.wiki.identities.has_password(account)


def test_who_came_once_comes_again_by_issuer_and_subject_whatever_the_address_is_now(door: Door) -> None:
    subject = somebody(door)
    door.come(eve := door.visitor(), subject)
    eve.submit("/account")
    door.provider.knows(subject, email="bob@example.com", email_verified=True, name="Bob Reyes")
    door.world.clock.wait(1)
    door.provider.spoil(claims={"iat": int(door.world.clock()), "exp": int(door.world.clock()) + 60})
    page = door.come(again := door.visitor(), subject)
    assert page.address == "/"
    assert "Eve Adams" in again.page.body
    assert "Bob Reyes" not in again.page.body


def test_another_subject_with_the_same_address_does_not_open_the_account(door: Door) -> None:
    door.come(eve := door.visitor(), somebody(door))
    eve.submit("/account")
    page = door.come(other := door.visitor(), somebody(door))
    assert page.heading == "Is this your account?"
    assert "Signed in as" not in other.open("/").body


def test_after_signing_in_one_goes_on_to_where_one_was_going(door: Door) -> None:
    subject = somebody(door)
    page = door.come(eve := door.visitor(), subject, f"{BEGIN}?next=/travel/expenses")
    assert eve.submit("/account").address == "/travel/expenses"
    assert door.come(door.visitor(), subject, f"{BEGIN}?next=/-/drafts").address == "/-/drafts"
    for evil in ("https://evil.example", "//evil.example", "/\\evil.example"):
        page = door.come(door.visitor(), subject, f"{BEGIN}?next={evil}")
        assert page.address == "/"


def test_a_name_that_somebody_has_is_refused_at_the_field(door: Door) -> None:
    door.come(eve := door.visitor(), somebody(door))
    for name, says in (("Bob Reyes", "this name already"), ("", "type your name"), ("a\u202eb", "invisible")):
        page = eve.submit("/account", name=name)
        assert page.status == 400
        assert says in page.main
    assert "Welcome" in eve.submit("/account", name="Eve Adams").messages


def test_the_account_of_somebody_with_that_address_is_opened_after_its_password(door: Door) -> None:
    subject, visitor = somebody(door, email="Bob@Example.com", name="Bob"), door.visitor()
    page = door.come(visitor, subject, f"{BEGIN}?next=/travel")
    assert page.heading == "Is this your account?"
    assert "An address alone does not open it" in page.main
    assert "Signed in as" not in page.body
    wrong = visitor.submit("/join", password="not this one")
    assert wrong.status == 403
    assert "not right" in wrong.main
    assert "Signed in as" not in visitor.open("/").body
    visitor.open(ARRIVED)
    page = visitor.submit("/join", password=PASSWORD)
    assert page.address == "/travel"
    assert "From now on you can sign in with Company account." in page.messages
    assert "Bob Reyes" in door.come(door.visitor(), subject).body


def test_a_password_does_for_the_account_with_that_address_and_no_other(door: Door) -> None:
    door.come(visitor := door.visitor(), somebody(door, email="bob@example.com"))
    door.world.wiki.accounts.set_password(door.world.people["zed"], "a quite different evening")
    page = visitor.post(
        "/-/sign-in/company/join", {"email": "zed@example.com", "password": "a quite different evening"}
    )
    assert page.status == 403
    assert door.world.wiki.identities.of(door.world.people["zed"]) == []


def test_guessing_the_password_of_an_account_has_its_limit_here_too(open_door: Open) -> None:
    door = open_door({"sign_in_limit_per_account": "3 per minute"})
    door.come(visitor := door.visitor(), somebody(door, email="bob@example.com"))
    statuses = [visitor.post("/-/sign-in/company/join", {"password": "no"}).status for _ in range(4)]
    assert statuses == [403, 403, 403, 429]
    assert door.visitor().post("/-/sign-in", {"email": "bob@example.com", "password": PASSWORD}).status == 429


def test_a_mailed_link_does_instead_of_the_password_in_the_browser_that_asked(open_door: Open) -> None:
    with open_post_office() as office:
        door = open_door({"mail_server": office.address, "site_url": "http://localhost"})
        subject, visitor = somebody(door, email="bob@example.com"), door.visitor()
        door.come(visitor, subject)
        page = visitor.submit("/mail")
        assert "A letter is on its way to bob@example.com" in page.messages
        door.world.wiki.outbox.deliver(door.world.wiki.now)
        (letter,) = office.to("bob@example.com")
        text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        path = urlsplit(re.findall(r"http://localhost(\S+/proof/\S+)", text)[0]).path
        stranger = door.visitor()
        assert "only in the browser in which you began" in stranger.open(path).main
        assert stranger.post(path).status == 404
        assert visitor.open(path).heading == "Let Company account open your account"
        assert "Signed in as" not in visitor.page.body, "looking changes nothing"
        assert "From now on" in visitor.submit(path).messages
        assert "Bob Reyes" in visitor.page.body
        assert visitor.open(path).status == 404, "the link works once"
        assert "Bob Reyes" in door.come(door.visitor(), subject).body


def test_a_mailed_link_is_no_use_to_somebody_else_who_was_introduced(open_door: Open) -> None:
    with open_post_office() as office:
        door = open_door({"mail_server": office.address, "site_url": "http://localhost"})
        door.come(mallory := door.visitor(), somebody(door, email="bob@example.com"))
        mallory.submit("/mail")
        door.world.wiki.outbox.deliver(door.world.wiki.now)
        text = office.to("bob@example.com")[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        path = urlsplit(re.findall(r"http://localhost(\S+/proof/\S+)", text)[0]).path
        door.come(bob := door.visitor(), somebody(door, email="bob@example.com"))
        assert bob.open(path).status == 404
        door.world.clock.wait(0.1)
        assert mallory.open(path).status == 404, "it is too old by then"


def test_letters_are_few(open_door: Open) -> None:
    with open_post_office() as office:
        door = open_door({"mail_server": office.address})
        door.come(visitor := door.visitor(), somebody(door, email="bob@example.com"))
        assert [visitor.post("/-/sign-in/company/mail").status for _ in range(4)] == [200, 200, 200, 429]


def test_without_a_mail_server_no_letter_is_offered(door: Door) -> None:
    page = door.come(visitor := door.visitor(), somebody(door, email="bob@example.com"))
    assert not page.offers("/mail")
    assert "An administrator can give you a link" in page.main
    assert visitor.post("/-/sign-in/company/mail").address == ARRIVED


def test_an_address_that_the_provider_did_not_confirm_opens_nothing(door: Door) -> None:
    for unsure in (False, None, "no", 0, "yes", 2, [True]):
        for email in ("eve@example.com", "bob@example.com"):
            page = door.come(visitor := door.visitor(), somebody(door, email=email, email_verified=unsure))
            assert page.status == 403
            assert "does not say that it has confirmed" in page.main
            for action in ("account", "join", "mail"):
                page = visitor.post(f"/-/sign-in/company/{action}", {"name": "Eve", "password": PASSWORD})
                assert page.status == 403
    assert door.world.wiki.accounts.by_email("eve@example.com") is None
    assert door.world.wiki.identities.of(door.world.people["bob"]) == []


def test_providers_say_that_an_address_is_confirmed_in_several_ways(door: Door) -> None:
    for sure in ({"email_verified": "true"}, {"email_verified": None, "xms_edov": True}, {"xms_edov": "1"}):
        assert door.come(door.visitor(), somebody(door, **sure)).heading == "Make your account"


def test_what_makes_no_sense_in_a_claim_is_as_if_it_were_not_there(door: Door) -> None:
    for claims in (
        {"email": 5},
        {"email": ["a@b.example"]},
        {"email": "nonsense"},
        {"email": "a@b.example, c@d.example"},
    ):
        assert door.come(door.visitor(), somebody(door, **claims)).status == 403
    page = door.come(visitor := door.visitor(), somebody(door, name={"x": 1}, preferred_username="eve"))
    assert page.form("/account").fields["name"] == "eve"
    page = door.come(visitor, somebody(door, name="<script>alert(1)</script>\n"))
    assert "<script>alert" not in page.body


def test_nobody_joins_where_the_settings_do_not_say_so(open_door: Open) -> None:
    door = open_door(join=False)
    page = door.come(visitor := door.visitor(), somebody(door))
    assert page.status == 403
    assert "ask an administrator for an invitation" in page.main
    assert visitor.post("/-/sign-in/company/account", {"name": "Eve"}).status == 403
    assert door.world.wiki.accounts.by_email("eve@example.com") is None


def test_only_addresses_of_the_domains_that_are_named_come_in(open_door: Open) -> None:
    door = open_door(domains=("example.com",))
    for email in ("eve@example.org", "eve@example.com.evil.example", "eve@sub.example.com"):
        page = door.come(door.visitor(), somebody(door, email=email))
        assert page.status == 403
        assert "Only colleagues with an address in example.com" in page.main
        door.come(bob := door.visitor("bob"), somebody(door, email=email))
        assert bob.post("/-/sign-in/company/link").status == 403
    assert door.come(door.visitor(), somebody(door, email="eve@EXAMPLE.com")).heading == "Make your account"


def test_an_account_that_is_not_in_use_stays_out(door: Door) -> None:
    zed, subject = door.world.people["zed"], somebody(door, email="zed@example.com")
    door.come(visitor := door.visitor(), subject)
    door.world.wiki.accounts.deactivate(zed)
    page = visitor.submit("/join", password=PASSWORD)
    assert page.status == 403
    assert "no longer in use" in page.main
    door.world.wiki.accounts.reactivate(zed)
    visitor.open(ARRIVED)
    visitor.submit("/join", password=PASSWORD)
    door.world.wiki.accounts.deactivate(zed)
    assert "Signed in as" not in visitor.open("/").body
    page = door.come(visitor, subject)
    assert page.status == 403
    assert "no longer in use" in page.main
    assert "Signed in as" not in visitor.open("/").body


def test_an_introduction_is_of_no_use_to_another_browser_or_later(door: Door) -> None:
    assert door.visitor().open(ARRIVED).status == 400
    door.come(visitor := door.visitor(), somebody(door))
    door.world.clock.wait(1 / 24)
    page = visitor.submit("/account")
    assert page.status == 400
    assert "Please begin again" in page.main or "Begin again" in page.main
    assert door.world.wiki.accounts.by_email("eve@example.com") is None


def test_a_form_from_elsewhere_makes_no_account_and_links_nothing(door: Door) -> None:
    door.come(visitor := door.visitor(), somebody(door))
    for action in ("account", "join", "mail"):
        answer = visitor.client.post(f"/-/sign-in/company/{action}", data={"name": "Eve"})
        assert answer.status_code in {400, 401}
    door.come(bob := door.visitor("bob"), somebody(door))
    assert bob.client.post("/-/sign-in/company/link").status_code == 400
    assert door.world.wiki.identities.of(door.world.people["bob"]) == []


def test_a_session_is_new_after_signing_in(door: Door) -> None:
    subject = somebody(door)
    door.come(eve := door.visitor(), subject)
    eve.submit("/account")
    url = door.provider.sign_in(door.set_out(visitor := door.visitor()), subject)
    token = visitor.token()
    door.return_(visitor, url)
    assert "Eve Adams" in visitor.open("/").body
    assert visitor.client.post("/-/preview", data={"text": "x", "csrf_token": token}).status_code == 400


def test_signing_out_leads_to_the_way_out_at_the_provider(door: Door) -> None:
    subject = somebody(door)
    door.come(eve := door.visitor(), subject)
    eve.submit("/account")
    page = eve.submit("/-/sign-out")
    assert "signed out" in page.messages
    assert page.heading == "Signed out"
    (way_out,) = page.tree.xpath("//main//a[contains(., 'Sign out of Company account too')]/@href")
    parts = urlsplit(way_out)
    assert way_out.startswith(f"{door.provider.issuer}/oauth2/end_session?")
    assert parse_qs(parts.query) == {"client_id": ["concord"], "post_logout_redirect_uri": ["http://localhost/"]}
    assert "Eve Adams" not in eve.open("/").body


def test_signing_out_of_a_session_with_a_password_leads_to_the_contents(door: Door) -> None:
    bob = door.visitor("bob")
    bob.open("/")
    assert bob.submit("/-/sign-out").address == "/"


def test_a_provider_without_a_way_out_has_none_shown(door: Door) -> None:
    door.provider.spoil(discovery={"end_session_endpoint": None})
    door.come(eve := door.visitor(), somebody(door))
    eve.submit("/account")
    page = eve.submit("/-/sign-out")
    assert "Sign out of" not in page.main
    assert "You are signed out here." in page.main


def test_passwords_are_of_no_use_where_they_are_switched_off(open_door: Open) -> None:
    door = open_door({"password_sign_in": False})
    page = door.visitor().open("/-/sign-in")
    assert not page.offers("/-/sign-in")
    assert "Sign in with Company account" in page.main
    page = door.visitor().post("/-/sign-in", {"email": "bob@example.com", "password": PASSWORD})
    assert page.status == 400
    assert "Nobody signs in with a password here" in page.main


def test_a_provider_that_is_not_in_the_settings_is_not_there(door: Door) -> None:
    visitor = door.visitor("bob")
    for end in ("", "/back", "/arrived", "/signed-out", "/proof/x"):
        assert visitor.open(f"/-/sign-in/other{end}").status == 404
    for end in ("/account", "/join", "/mail", "/link", "/proof/x"):
        assert visitor.post(f"/-/sign-in/other{end}").status == 404


def test_who_comes_by_a_provider_is_an_active_member(door: Door) -> None:
    subject = somebody(door)
    door.come(eve := door.visitor(), subject)
    eve.submit("/account")
    account = door.world.wiki.accounts.by_email("eve@example.com")
    assert account is not None
    assert account.last_sign_in_at == door.world.wiki.now()
    door.world.clock.at += 3 * DAY
    door.provider.spoil(claims={"iat": int(door.world.clock()), "exp": int(door.world.clock()) + 60})
    door.come(door.visitor(), subject)
    account = door.world.wiki.accounts.by_email("eve@example.com")
    assert account is not None
    assert account.last_sign_in_at == door.world.wiki.now()
