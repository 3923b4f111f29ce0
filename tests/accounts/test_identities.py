"""Identities in a real SQLite file: matched by issuer and subject, never the last way away, both or neither."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select

from wiki.accounts import Accounts, Identities, Introduction
from wiki.accounts.identities import LIFETIME, PROOF_LIFETIME
from wiki.accounts.schema import introduction
from wiki.database import reading
from wiki.model.errors import NotFound, Refused

NOW = 1_790_000_000
ISSUER = "https://id.example.com"
ANA = Introduction(ISSUER, "248289761001", "ana@example.com", True, "Ana Souza", ("legal", "board"))
PASSWORD = "a calm blue morning"


@pytest.fixture
def identities(accounts: Accounts) -> Identities:
    return Identities(accounts)


def test_an_account_made_by_an_identity_is_as_old_as_the_first_sign_in(identities: Identities) -> None:
    ana = identities.new_account(ANA, "Ana Souza", NOW)
    known = identities.find(ISSUER, ANA.subject)
    assert (ana.created_at, ana.administrator, identities.has_password(ana)) == (NOW, False, False)
    assert known is not None
    assert (known.account_id, known.groups, known.email) == (ana.id, ("legal", "board"), "ana@example.com")


def test_subjects_are_matched_whole_and_within_their_issuer(identities: Identities) -> None:
    identities.new_account(replace(ANA, subject="Ana"), "Ana Souza", NOW)
    assert identities.find(ISSUER, "Ana") is not None
    for issuer, subject in ((ISSUER, "ana"), (ISSUER, "Ana "), (f"{ISSUER}/", "Ana"), ("https://other.example", "Ana")):
        assert identities.find(issuer, subject) is None


def test_an_address_that_was_not_confirmed_makes_no_account(identities: Identities) -> None:
    with pytest.raises(Refused, match="not been confirmed"):
        identities.new_account(replace(ANA, email_verified=False), "Ana Souza", NOW)
    assert identities.accounts.count() == 0


@pytest.mark.parametrize(
    "taken", [("ana@example.com", "Somebody Else"), ("else@example.com", "ANA SOUZA"), ("concord@localhost", "x")]
)
def test_no_identity_is_left_where_the_account_is_refused(identities: Identities, taken: tuple[str, str]) -> None:
    email, name = taken
    if email != "concord@localhost":
        identities.accounts.add(email, name, PASSWORD, NOW)
    told = ANA if email != "concord@localhost" else replace(ANA, email=email)
    with pytest.raises(Refused):
        identities.new_account(told, "Ana Souza", NOW)
    assert identities.find(ISSUER, ANA.subject) is None


def test_no_account_is_left_where_the_identity_is_refused(identities: Identities) -> None:
    identities.new_account(ANA, "Ana Souza", NOW)
    with pytest.raises(Refused, match="another account"):
        identities.new_account(replace(ANA, email="second@example.com"), "Second", NOW)
    assert identities.accounts.by_email("second@example.com") is None


def test_an_identity_that_opens_one_account_never_opens_another(identities: Identities) -> None:
    bob = identities.accounts.add("bob@example.com", "Bob Reyes", PASSWORD, NOW)
    ana = identities.new_account(ANA, "Ana Souza", NOW)
    with pytest.raises(Refused, match="another account"):
        identities.join(bob, ANA, NOW)
    assert identities.join(ana, replace(ANA, groups=()), NOW + 1).groups == ()
    assert len(identities.of(ana)) == 1


def test_one_identity_that_comes_twice_at_once_makes_one_account(identities: Identities) -> None:
    outcomes: list[str] = []

    def come(name: str) -> None:
        try:
            identities.new_account(replace(ANA, email=f"{name}@example.com"), name, NOW)
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=come, args=(f"ana{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["made"] + ["refused"] * 5
    assert identities.accounts.count() == 1


def test_what_the_provider_says_now_is_kept(identities: Identities) -> None:
    ana = identities.new_account(ANA, "Ana Souza", NOW)
    (known,) = identities.of(ana)
    identities.used(known, replace(ANA, email="ana.souza@example.com", groups=("board",)), NOW + 9)
    (known,) = identities.of(ana)
    assert (known.email, known.groups, known.used_at) == ("ana.souza@example.com", ("board",), NOW + 9)
    assert identities.accounts.by_email("ana.souza@example.com") is None, "the account keeps its address"


def test_the_last_way_stays(identities: Identities) -> None:
    ana = identities.new_account(ANA, "Ana Souza", NOW)
    (only,) = identities.of(ana)
    with pytest.raises(Refused, match="last way"):
        identities.unlink(ana, only.id, [ISSUER], password=True)
    second = identities.join(ana, replace(ANA, issuer="https://gone.example"), NOW)
    with pytest.raises(Refused, match="last way"):
        identities.unlink(ana, only.id, [ISSUER], password=True)
    identities.unlink(ana, second.id, [ISSUER], password=True)
    identities.accounts.set_password(ana, PASSWORD)
    with pytest.raises(Refused, match="last way"):
        identities.unlink(ana, only.id, [ISSUER], password=False)
    identities.unlink(ana, only.id, [ISSUER], password=True)
    assert identities.of(ana) == []


def test_two_ways_that_are_unlinked_at_once_leave_one(identities: Identities) -> None:
    ana = identities.new_account(ANA, "Ana Souza", NOW)
    identities.join(ana, replace(ANA, subject="2"), NOW)
    gone: list[int] = []

    def unlink(number: int) -> None:
        try:
            identities.unlink(ana, number, [ISSUER], password=True)
            gone.append(number)
        except Refused:
            pass

    threads = [threading.Thread(target=unlink, args=(one.id,)) for one in identities.of(ana)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(gone) == 1
    assert len(identities.of(ana)) == 1


def test_nobody_unlinks_a_way_of_somebody_else(identities: Identities) -> None:
    ana = identities.new_account(ANA, "Ana Souza", NOW)
    bob = identities.accounts.add("bob@example.com", "Bob Reyes", PASSWORD, NOW)
    with pytest.raises(NotFound):
        identities.unlink(bob, identities.of(ana)[0].id, [ISSUER], password=True)
    assert len(identities.of(ana)) == 1


def test_an_introduction_is_kept_for_a_while_under_a_token_that_is_kept_nowhere(
    identities: Identities, engine: Engine
) -> None:
    token = identities.introduce(ANA, NOW)
    assert identities.introduced(token, NOW + LIFETIME - 1) == ANA
    assert identities.introduced(token, NOW + LIFETIME) is None
    for other in ("", token[:-1], f"{token} ", "\ud800"):
        assert identities.introduced(other, NOW) is None
    with reading(engine) as connection:
        rows = connection.execute(select(introduction)).all()
    assert token not in repr(rows)


def test_introductions_that_are_too_old_are_swept_when_the_next_comes(identities: Identities, engine: Engine) -> None:
    for n in range(3):
        identities.introduce(replace(ANA, subject=str(n)), NOW)
    identities.introduce(ANA, NOW + LIFETIME)
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(introduction)).scalar() == 1


def test_a_proof_is_what_was_mailed_last_and_for_this_introduction(identities: Identities) -> None:
    token, other = identities.introduce(ANA, NOW), identities.introduce(replace(ANA, subject="x"), NOW)
    assert not identities.proves(token, "", NOW)
    first = identities.ask_for_proof(token, NOW)
    second = identities.ask_for_proof(token, NOW)
    assert [identities.proves(token, proof, NOW) for proof in (first, second)] == [False, True]
    assert not identities.proves(other, second, NOW)
    assert identities.proves(token, second, NOW + PROOF_LIFETIME - 1)
    assert not identities.proves(token, second, NOW + PROOF_LIFETIME)
    identities.forget(token)
    assert not identities.proves(token, second, NOW)
    with pytest.raises(NotFound):
        identities.ask_for_proof(token, NOW)
