"""A password that was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.door import GOOD, Street, arrive, body_of, open_street, rows_of, work_of
from tests.world import PASSWORD, World

FORGOTTEN = "/-/forgotten"
BOB = "bob@example.com"


@pytest.fixture
def street(founded: Path, tmp_path: Path) -> Iterator[Street]:
    with open_street(founded, tmp_path / "data") as opened:
        yield opened


def ask(street: Street, email: str) -> str:
    """Ask for a link; the answer without the address in it."""
    page = arrive(street.world.visitor(), FORGOTTEN, email=email).page
    assert page.status == 200, page.main
    return page.main.replace(email, "…")


def test_a_new_password_is_chosen_with_a_link_in_a_letter(street: Street) -> None:
    visitor = street.world.visitor()
    visitor.open("/-/sign-in")
    assert FORGOTTEN in visitor.page.tree.xpath("//main//a/@href")
    ask(street, " Bob@Example.com")
    arrive(visitor, street.link(BOB), password=GOOD)
    assert "Your password is changed, and you are signed in." in visitor.page.messages
    assert street.world.visitor().sign_in("bob", GOOD).page.address == "/"
    assert street.world.visitor().sign_in("bob", PASSWORD).page.status == 403


def test_the_letter_goes_to_the_address_that_is_kept_never_to_one_that_only_looks_the_same(street: Street) -> None:
    street.world.wiki.accounts.add("strasse@example.com", "Stra", PASSWORD, street.world.wiki.now())
    ask(street, "straße@example.com")
    assert street.letters("straße@example.com") == []
    assert street.link("strasse@example.com")


def test_all_other_sessions_end(street: Street) -> None:
    elsewhere = [street.world.visitor("bob") for _ in range(2)]
    ask(street, BOB)
    arrive(street.world.visitor(), street.link(BOB), password=GOOD)
    assert all("Bob Reyes" not in visitor.open("/").body for visitor in elsewhere)


def test_the_owner_is_told_once_that_the_password_was_changed(street: Street) -> None:
    ask(street, BOB)
    arrive(street.world.visitor(), street.link(BOB), password=GOOD)
    letters = street.letters(BOB)
    assert [str(letter["Subject"]) for letter in letters] == [
        "A new password at Concord", "Your password at Concord was changed",
    ]  # fmt: skip
    said = body_of(letters[1], "plain")
    assert "If that was not you" in said
    assert "/-/forgotten" in said
    assert GOOD not in said


def test_an_account_that_never_had_a_password_is_told_nothing_of_a_change(street: Street) -> None:
    wiki = street.world.wiki
    who = wiki.accounts.add("mia@example.net", "Mia", None, wiki.now())
    street.world.clock.wait(5)
    arrive(street.world.visitor(), f"/-/welcome/{wiki.accounts.issue_link('password', who, wiki.now())}", password=GOOD)
    assert street.letters("mia@example.net") == []
    assert wiki.accounts.get(who.id).created_at == wiki.now(), "member since the first sign-in"


def test_the_answer_is_the_same_for_every_address(street: Street) -> None:
    street.world.wiki.accounts.deactivate(street.world.people["zed"])
    answers = {ask(street, email) for email in (BOB, "nobody@example.com", "zed@example.com", "x@elsewhere.example")}
    assert len(answers) == 1
    for email in ("nobody@example.com", "zed@example.com"):
        assert "no account with this address that can be used" in body_of(street.letters(email)[0], "plain")
        assert "/-/welcome/" not in body_of(street.letters(email)[0], "plain")


def test_the_work_is_the_same_for_every_address(street: Street) -> None:
    street.world.wiki.accounts.deactivate(street.world.people["zed"])
    ask(street, "warm@example.com")
    done = []
    for email in (BOB, "nobody@example.com", "zed@example.com"):
        before = rows_of(street.world, "outbox"), rows_of(street.world, "one_time_link")
        with work_of(street.world) as statements:
            ask(street, email)
        done.append(statements)
        after = rows_of(street.world, "outbox"), rows_of(street.world, "one_time_link")
        assert after == (before[0] + 1, before[1] + 1)
    assert done[0] == done[1] == done[2]
    assert any("INSERT INTO one_time_link" in statement for statement in done[0])


def test_the_link_works_for_an_hour_and_once(street: Street) -> None:
    ask(street, BOB)
    link = street.link(BOB)
    used = street.world.visitor()
    used.open(link)
    arrive(street.world.visitor(), link, password=GOOD)
    assert used.submit(link, password="another calm morning").status == 404
    ask(street, BOB)
    link = street.link(BOB)
    street.world.clock.wait(1 / 24)
    assert street.world.visitor().open(link).status == 404
    assert street.world.visitor().sign_in("bob", GOOD).page.address == "/"


def test_a_second_request_leaves_the_first_link_working_until_one_is_used(street: Street) -> None:
    """Otherwise anybody could keep anybody out, by asking again and again in their name."""
    ask(street, BOB)
    first = street.link(BOB)
    ask(street, BOB)
    second = street.link(BOB)
    assert first != second
    assert [street.world.visitor().open(link).status for link in (first, second)] == [200, 200]
    arrive(street.world.visitor(), first, password=GOOD)
    assert [street.world.visitor().open(link).status for link in (first, second)] == [404, 404]


def test_asking_alone_changes_nothing(street: Street) -> None:
    bob = street.world.visitor("bob")
    ask(street, BOB)
    street.world.visitor().open(street.link(BOB))
    assert "Bob Reyes" in bob.open("/").body
    assert street.world.visitor().sign_in("bob").page.address == "/"


def test_a_deactivation_ends_links_too(street: Street) -> None:
    ask(street, BOB)
    link = street.link(BOB)
    street.world.wiki.accounts.deactivate(street.world.people["bob"])
    assert street.world.visitor().open(link).status == 404
    street.world.wiki.accounts.reactivate(street.world.people["bob"])
    assert street.world.visitor().open(link).status == 404


@pytest.mark.parametrize("password", ["", "short", "password1234", BOB, "a" * 20, "x" * 2000])
def test_a_password_that_others_would_guess_is_refused_and_the_link_still_works(street: Street, password: str) -> None:
    ask(street, BOB)
    link = street.link(BOB)
    visitor = street.world.visitor()
    visitor.open(link)
    page = visitor.submit(link, password=password)
    assert page.status == 400
    assert street.world.visitor().sign_in("bob").page.address == "/"
    assert "Your password is changed" in arrive(street.world.visitor(), link, password=GOOD).page.messages


@pytest.mark.parametrize("email", ["", "x", "@", "x" * 400 + "@example.com", "bob@example.com\nBcc: z@example.com"])
def test_what_is_no_address_is_refused(street: Street, email: str) -> None:
    page = street.world.visitor().post(FORGOTTEN, {"email": email})
    assert page.status == 400
    assert rows_of(street.world, "outbox") == 0


def test_a_letter_speaks_the_language_of_its_owner(street: Street) -> None:
    street.world.wiki.accounts.choose_language(street.world.people["bob"], "ar")
    ask(street, BOB)
    street.link(BOB)
    assert 'lang="ar" dir="rtl"' in body_of(street.letters(BOB)[-1], "html")


def test_where_no_mail_is_sent_the_page_says_whom_to_ask(world: World) -> None:
    page = world.visitor().open(FORGOTTEN)
    assert "sends no mail" in page.main
    assert page.actions == []
    assert world.visitor().post(FORGOTTEN, {"email": BOB}).status == 400
    assert rows_of(world, "one_time_link") == 0
