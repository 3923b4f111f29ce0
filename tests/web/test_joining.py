"""Joining with an address of a domain that the operator named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.door import GOOD, Street, arrive, body_of, open_street, rows_of, work_of
from tests.world import PASSWORD, World, copy_of, open_world

JOIN = "/-/join"
EVE = "eve@example.net"


@pytest.fixture
def street(founded: Path, tmp_path: Path) -> Iterator[Street]:
    with open_street(
        founded, tmp_path / "data", join_domains=("Example.NET", "bücher.example", "example.com")
    ) as opened:
        yield opened


def ask(street: Street, email: str) -> str:
    """Ask to join; the answer without the address in it."""
    page = arrive(street.world.visitor(), JOIN, email=email).page
    assert page.status == 200, page.main
    return page.main.replace(email, "…")


def test_somebody_joins_with_an_address_that_the_mail_shows_to_be_theirs(street: Street) -> None:
    visitor = street.world.visitor()
    visitor.open("/-/sign-in")
    assert JOIN in visitor.page.tree.xpath("//main//a/@href")
    arrive(visitor, JOIN, email="Eve@EXAMPLE.net")
    assert "We have written to" in visitor.page.main
    assert street.world.wiki.accounts.by_email(EVE) is None, "nobody acts before the address was shown to be theirs"
    street.world.clock.wait(0.5)
    arrive(visitor, street.link("Eve@example.net"), name="Eve Adams", password=GOOD)
    assert "Welcome, Eve Adams." in visitor.page.messages
    account = street.world.wiki.accounts.by_email(EVE)
    assert account is not None
    assert (account.created_at, account.administrator) == (street.world.wiki.now(), False)


def test_the_answer_is_the_same_for_every_address(street: Street) -> None:
    street.world.wiki.accounts.deactivate(street.world.people["zed"])
    answers = {ask(street, email) for email in (EVE, "bob@example.com", "zed@example.com", "x@example.com")}
    assert len(answers) == 1
    assert len(street.letters(EVE)) == len(street.letters("bob@example.com")) == 1
    assert "There is an account with it already" in body_of(street.letters("bob@example.com")[0], "plain")
    assert "/-/invitation/" not in body_of(street.letters("bob@example.com")[0], "plain")
    assert "which was deactivated" in body_of(street.letters("zed@example.com")[0], "plain")


def test_the_work_is_the_same_for_every_address(street: Street) -> None:
    ask(street, "warm@example.net")
    done = {}
    for email in (EVE, "bob@example.com"):
        before = rows_of(street.world, "outbox"), rows_of(street.world, "invitation")
        with work_of(street.world) as statements:
            ask(street, email)
        done[email] = statements
        assert (rows_of(street.world, "outbox"), rows_of(street.world, "invitation")) == (before[0] + 1, before[1] + 1)
    assert done[EVE] == done["bob@example.com"]
    assert any("INSERT INTO outbox" in statement for statement in done[EVE])


@pytest.mark.parametrize(
    "email", ["eve@elsewhere.example", "eve@sub.example.net", "eve@example.net.evil.example", "eve@xexample.net"]
)
def test_an_address_elsewhere_is_told_so_and_gets_no_letter(street: Street, email: str) -> None:
    page = arrive(street.world.visitor(), JOIN, email=email).page
    assert page.status == 400
    assert "not of a domain whose people may join" in page.main
    assert "example.com" in page.main
    assert page.tree.xpath("//input[@name='email']/@value") == [email]
    assert street.letters(email) == []


def test_one_mailbox_is_one_voice(street: Street) -> None:
    page = arrive(street.world.visitor(), JOIN, email="eve+second@example.net").page
    assert page.status == 400
    assert "without “+”" in page.main
    assert street.letters("eve+second@example.net") == []


def test_a_domain_may_be_written_in_any_alphabet(street: Street) -> None:
    ask(street, "eve@bücher.example")
    ask(street, "eva@xn--bcher-kva.example")


@pytest.mark.parametrize(
    "email", ["", "x", "@example.net", "x" * 400 + "@example.net", "eve@example.net\r\nBcc: z@z.org"]
)
def test_what_is_no_address_is_refused(street: Street, email: str) -> None:
    page = street.world.visitor().post(JOIN, {"email": email})
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']")
    assert rows_of(street.world, "outbox") == rows_of(street.world, "invitation") == 0


def test_the_link_works_for_a_day_and_once(street: Street) -> None:
    ask(street, EVE)
    first = street.link(EVE)
    street.world.clock.wait(1)
    assert street.world.visitor().open(first).status == 404
    ask(street, EVE)
    second = street.link(EVE)
    arrive(street.world.visitor(), second, name="Eve", password=GOOD)
    assert street.world.visitor().open(second).status == 404


def test_two_links_make_one_account(street: Street) -> None:
    ask(street, EVE)
    first = street.link(EVE)
    ask(street, EVE)
    second = street.link(EVE)
    arrive(street.world.visitor(), second, name="Eve", password=GOOD)
    late = arrive(street.world.visitor(), first, name="Eve Again", password=GOOD).page
    assert late.status == 400
    assert "account with this e-mail address already" in late.main
    assert street.world.wiki.accounts.count() == 6


def test_what_was_never_confirmed_is_forgotten(street: Street) -> None:
    for n in range(3):
        ask(street, f"p{n}@example.net")
    street.world.clock.wait(3)
    ask(street, EVE)
    assert rows_of(street.world, "invitation") == 1


def test_too_many_letters_to_one_address_have_to_wait(founded: Path, tmp_path: Path) -> None:
    limits = {"mail_limit_per_account": "2 per hour", "join_domains": ("example.net",)}
    with open_street(founded, tmp_path / "data", **limits) as street:
        for _ in range(2):
            ask(street, EVE)
        for address in (JOIN, "/-/forgotten"):
            page = street.world.visitor().post(address, {"email": EVE.upper()})
            assert page.status == 429
            assert page.response is not None
            assert 0 < int(page.response.headers["Retry-After"]) <= 3600
        ask(street, "mia@example.net")
        assert len(street.letters(EVE)) == 2


def test_too_many_letters_from_one_place_have_to_wait(founded: Path, tmp_path: Path) -> None:
    limits = {"mail_limit_per_address": "3 per hour", "join_domains": ("example.net",)}
    with open_street(founded, tmp_path / "data", **limits) as street:
        statuses = [street.world.visitor().post(JOIN, {"email": f"p{n}@example.net"}).status for n in range(5)]
        assert statuses == [200] * 3 + [429] * 2
        assert street.world.visitor().post("/-/forgotten", {"email": "bob@example.com"}).status == 429
        elsewhere = {"environ_overrides": {"REMOTE_ADDR": "10.1.2.3"}}
        assert street.world.visitor().post(JOIN, {"email": EVE}, **elsewhere).status == 200


def test_where_no_domain_is_named_nobody_joins(founded: Path, tmp_path: Path, world: World) -> None:
    with open_street(founded, tmp_path / "street") as street:
        page = street.world.visitor().open(JOIN)
        assert page.status == 404
        assert "without an invitation" in page.main
        assert street.world.visitor().post(JOIN, {"email": EVE}).status == 404
        assert JOIN not in street.world.visitor().open("/-/sign-in").body
    with open_world(copy_of(world.data, tmp_path / "no-mail"), join_domains=("example.net",)) as silent:
        assert silent.visitor().open(JOIN).status == 404, "nothing could show whose the address is"


def test_a_mail_server_that_is_away_loses_nothing(street: Street) -> None:
    street.office.busy = "451 try again later"
    ask(street, EVE)
    assert street.letters(EVE) == []
    street.office.busy = ""
    street.world.clock.wait(0.2)
    arrive(street.world.visitor(), street.link(EVE), name="Eve", password=PASSWORD)
    assert street.world.wiki.accounts.by_email(EVE) is not None


def test_a_letter_that_comes_too_late_is_not_sent(street: Street) -> None:
    ask(street, EVE)
    street.world.clock.wait(2)
    assert street.letters(EVE) == []
