"""Who may act, and how they show who they are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.sql import small_questions
from wiki.accounts import Account, Accounts
from wiki.accounts.identity import check_name, name_key
from wiki.database import reading
from wiki.model.acts import Person, clean_person
from wiki.model.errors import NotFound, Refused

PASSWORD = "a calm blue morning"
DAY = 86400


def test_a_colleague_signs_in_with_address_and_password(accounts: Accounts) -> None:
    made = accounts.add("Ana@Example.com", "Ana Souza", PASSWORD, 1_000)
    found = accounts.authenticate("ana@example.COM ", PASSWORD, 2_000)
    assert found is not None
    assert (found.id, found.person, found.last_sign_in_at) == (made.id, Person("Ana Souza", made.email), 2_000)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", "x" * 5_000, "\ud800"])
def test_another_password_does_not_do(accounts: Accounts, password: str) -> None:
    accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    assert accounts.authenticate("ana@example.com", password, 1) is None


def test_an_account_without_a_password_cannot_sign_in(accounts: Accounts) -> None:
    accounts.add("ana@example.com", "Ana", None, 0)
    assert accounts.authenticate("ana@example.com", "", 1) is None
    assert accounts.authenticate("ana@example.com", "nobody has this password", 1) is None


def test_the_same_password_typed_in_another_normal_form_does(accounts: Accounts) -> None:
    accounts.add("ana@example.com", "Ana", "schöne Grüße!", 0)
    assert accounts.authenticate("ana@example.com", "scho\u0308ne Gru\u0308ße!", 1) is not None


@pytest.mark.parametrize(
    ("kept", "typed"),
    [("jos\u00e9@example.com", "jose\u0301@EXAMPLE.com"), ("u@b\u00fccher.example", "u@xn--bcher-kva.example")],
)
def test_an_address_is_the_same_however_it_is_typed(accounts: Accounts, kept: str, typed: str) -> None:
    made = accounts.add(kept, "Ana", PASSWORD, 0)
    assert accounts.by_email(typed) == made
    assert accounts.authenticate(typed, PASSWORD, 1) is not None
    with pytest.raises(Refused, match="this e-mail address"):
        accounts.add(typed, "Other", PASSWORD, 0)


@pytest.mark.parametrize(
    "email", ["", "ana", "\ud800@example.com", "a\0@example.com", "x" * 1_000_000 + "@example.com"]
)
def test_what_is_no_address_is_nobody(accounts: Accounts, email: str) -> None:
    assert accounts.by_email(email) is None
    assert accounts.authenticate(email, PASSWORD, 1) is None


class Interrupted(argon2.PasswordHasher):
    """Something else happens while a password is looked at."""

    meanwhile: Callable[[], object] | None = None

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's own word
        right = super().verify(hash, password)
        if self.meanwhile is not None:
            self.meanwhile()
        return right


@pytest.mark.parametrize("change", ["password", "deactivation", "link"])
def test_an_old_password_on_its_way_does_not_outlive_the_change(engine: Engine, change: str) -> None:
    hasher = Interrupted(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(engine, hasher)
    ana = accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    token = accounts.issue_link("password", ana, 0)
    changes: dict[str, Callable[[], Account]] = {
        "password": lambda: accounts.set_password(ana, "another calm morning"),
        "deactivation": lambda: accounts.deactivate(ana),
        "link": lambda: accounts.redeem(token, 1, email=None, name=None, password="another calm morning"),
    }
    hasher.meanwhile = changes[change]
    assert accounts.authenticate("ana@example.com", PASSWORD, 2) is None


def test_a_password_is_kept_anew_when_its_cost_rises(accounts: Accounts, engine: Engine) -> None:
    ana = accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    dearer = Accounts(engine, argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    found = dearer.authenticate("ana@example.com", PASSWORD, 1)
    assert found is not None
    assert found.session_key == ana.session_key
    with engine.connect() as connection:
        assert "m=16,t=2" in str(connection.exec_driver_sql("SELECT password_hash FROM account").scalar())
    assert dearer.authenticate("ana@example.com", PASSWORD, 2) is not None


class Writing(argon2.PasswordHasher):
    """Writes to the database while it hashes, which somebody else would have to wait for."""

    other: Accounts | None = None

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        if self.other is not None:
            self.other.issue_link("first", None, 0)
        return super().hash(password, salt=salt)


def test_nobody_waits_to_write_while_a_password_is_hashed(accounts: Accounts, engine: Engine) -> None:
    hasher = Writing(time_cost=1, memory_cost=8, parallelism=1)
    slow = Accounts(engine, hasher)
    token = slow.issue_link("first", None, 0)
    hasher.other = accounts
    ana = slow.redeem(token, 1, email="ana@example.com", name="Ana", password=PASSWORD)
    slow.set_password(ana, "another calm morning")
    slow.add("bob@example.com", "Bob", PASSWORD, 0)


class Counting(argon2.PasswordHasher):
    """Counts how often the expensive part is done."""

    count = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's own word
        self.count += 1
        return super().verify(hash, password)


def test_whoever_tries_to_sign_in_costs_the_same_work(engine: Engine) -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(engine, hasher)
    accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    accounts.add("bob@example.com", "Bob", None, 0)
    accounts.deactivate(accounts.add("cyd@example.com", "Cyd", PASSWORD, 0))
    for who in ("ana", "bob", "cyd", "nobody"):
        before = hasher.count
        assert accounts.authenticate(f"{who}@example.com", "not the password", 1) is None
        assert hasher.count == before + 1


@pytest.mark.parametrize(
    "email", ["", "ana", "@example.com", "ana@", "ana@@example.com", "a b@example.com", "ana@example.com\nX: y",
              "ana<@example.com", "concord@localhost", "Concord@Localhost"],
)  # fmt: skip
def test_an_address_that_git_or_mail_cannot_use_is_refused(accounts: Accounts, email: str) -> None:
    with pytest.raises(Refused):
        accounts.add(email, "Ana", PASSWORD, 0)
    assert accounts.count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        ".,;'\"\\",
        "Ana <x>",
        "Ana\nSouza",
        "Ana\u202e",
        "A\u200bna",
        "x" * 101,
        "\u2028",
        "A\u034fna",
        "Ana\ufe0f",
        "\u3164",
        "\u2800",
        "\ud800",
    ],
)
def test_a_name_that_git_or_people_cannot_read_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(Refused):
        accounts.add("ana@example.com", name, PASSWORD, 0)


@pytest.mark.parametrize("other", ["ana souza", "ＡＮＡ Souza", "Ana  Souza", "ANA SOUZA"])
def test_two_names_that_look_the_same_are_one_too_many(accounts: Accounts, other: str) -> None:
    accounts.add("ana@example.com", "Ana Souza", PASSWORD, 0)
    with pytest.raises(Refused, match="this name"):
        accounts.add("other@example.com", other, PASSWORD, 0)


def test_somebody_takes_another_name_and_nobody_else_the_old_one(accounts: Accounts) -> None:
    ana = accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    accounts.add("bob@example.com", "Bob", PASSWORD, 0)
    assert accounts.rename(ana, "ana").name == "ana"
    renamed = accounts.rename(ana, " Ana  Souza ")
    assert (renamed.name, renamed.session_key) == ("Ana Souza", ana.session_key)
    for refused in ("BOB", "Ana\nSouza", ""):
        with pytest.raises(Refused):
            accounts.rename(renamed, refused)
    assert accounts.get(ana.id).name == "Ana Souza"
    with pytest.raises(Refused, match="this name"):
        accounts.add("other@example.com", "Ana", PASSWORD, 0)
    assert accounts.rename(renamed, "Ana").name == "Ana"


def test_whoever_is_seen_is_active_and_noted_once_a_day(accounts: Accounts) -> None:
    ana = accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    for now, noted in ((100, 100), (100 + DAY - 1, 100), (100 + DAY, 100 + DAY)):
        accounts.seen(accounts.get(ana.id), now)
        assert accounts.get(ana.id).last_sign_in_at == noted
    assert accounts.active_members(100 + DAY) == 1


def test_what_opens_a_session_is_not_shown_with_the_account(accounts: Accounts) -> None:
    ana = accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    assert ana.session_key not in repr(ana)


def test_an_address_is_taken_in_whatever_case(accounts: Accounts) -> None:
    accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    with pytest.raises(Refused, match="this e-mail address"):
        accounts.add("ANA@EXAMPLE.COM", "Other", PASSWORD, 0)


@given(st.text(max_size=120))
def test_any_name_is_refused_or_safe_for_git(name: str) -> None:
    try:
        kept = check_name(name)
    except Refused:
        return
    assert kept == clean_person(Person(kept, "a@example.com")).name
    assert not set(kept) & set("<>\n\0")
    assert name_key(kept) == name_key(name_key(kept))


def test_active_members_signed_in_within_ninety_days(accounts: Accounts) -> None:
    now = 1_000 * DAY
    for name, ago in (("Ana", 0), ("Bob", 89), ("Cyd", 91)):
        accounts.add(f"{name}@example.com", name, PASSWORD, 0)
        accounts.authenticate(f"{name}@example.com", PASSWORD, now - ago * DAY)
    accounts.add("dee@example.com", "Dee", PASSWORD, 0)
    assert accounts.active_members(now) == 2
    bob = accounts.by_email("bob@example.com")
    assert bob is not None
    accounts.deactivate(bob)
    assert accounts.active_members(now) == 1


def test_to_count_active_members_no_account_is_looked_at(accounts: Accounts) -> None:
    with small_questions() as asked:
        accounts.active_members(90 * DAY)
    with reading(accounts.engine) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", (0,)).fetchall()
    assert [row.detail for row in plan] == [
        "SEARCH account USING COVERING INDEX ix_account_signed_in (last_sign_in_at>?)"
    ]


def test_the_first_link_makes_the_first_account_once(accounts: Accounts) -> None:
    token = accounts.issue_link("first", None, 0)
    other = accounts.issue_link("first", None, 0)
    ana = accounts.redeem(token, 1, email="ana@example.com", name="Ana", password=PASSWORD)
    assert ana.administrator
    for spent in (token, other):
        assert accounts.link(spent, 2) is None
        with pytest.raises(NotFound):
            accounts.redeem(spent, 2, email="eve@example.com", name="Eve", password=PASSWORD)
    assert accounts.count() == 1


def test_a_refused_password_does_not_spend_the_link(accounts: Accounts) -> None:
    token = accounts.issue_link("first", None, 0)
    with pytest.raises(Refused):
        accounts.redeem(token, 1, email="ana@example.com", name="Ana", password="short")
    assert accounts.link(token, 2) is not None


def test_a_password_link_works_for_a_week(accounts: Accounts) -> None:
    ana = accounts.add("ana@example.com", "Ana", None, 0)
    token = accounts.issue_link("password", ana, 0)
    assert accounts.link(token, 7 * DAY) is None
    assert accounts.redeem(token, DAY, email=None, name=None, password=PASSWORD).id == ana.id
    assert accounts.authenticate("ana@example.com", PASSWORD, DAY) is not None


@pytest.mark.parametrize("change", ["password", "deactivation", "link"])
def test_a_link_that_was_given_before_the_change_is_worth_nothing_after_it(accounts: Accounts, change: str) -> None:
    ana = accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    older, token = (accounts.issue_link("password", ana, 0) for _ in range(2))
    if change == "password":
        accounts.set_password(ana, "another calm morning")
    elif change == "deactivation":
        accounts.reactivate(accounts.deactivate(ana))
    else:
        accounts.redeem(token, 1, email=None, name=None, password="another calm morning")
    assert accounts.link(older, 2) is None


def test_a_link_is_used_once_under_a_race(accounts: Accounts) -> None:
    token = accounts.issue_link("first", None, 0)

    def redeem(nth: int) -> bool:
        try:
            accounts.redeem(token, 1, email=f"a{nth}@example.com", name=f"Name {nth}", password=PASSWORD)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(redeem, range(8))) == 1
    assert accounts.count() == 1


def test_what_was_kept_of_a_link_or_password_gives_neither_away(accounts: Accounts, engine: Engine) -> None:
    token = accounts.issue_link("first", None, 0)
    accounts.add("ana@example.com", "Ana", PASSWORD, 0)
    with engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM one_time_link").all())
        kept += str(connection.exec_driver_sql("SELECT * FROM account").all())
    assert token not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept
