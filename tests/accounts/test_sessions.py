"""Sessions as rows: each sign-in makes one, and each can be ended."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.sql import statements
from wiki.accounts import Account, Accounts, Device, Sessions
from wiki.accounts.sessions import MOST, NOTED_EVERY
from wiki.model.errors import Refused

PASSWORD = "a calm blue morning"
DAY = 86400
HERE = Device("Firefox", "Linux", "192.0.2.0/24")


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return Sessions(engine, 30)


@pytest.fixture
def ana(accounts: Accounts) -> Account:
    return accounts.add("ana@example.com", "Ana", PASSWORD, 0)


def test_a_session_is_found_by_its_key_which_is_kept_nowhere(sessions: Sessions, ana: Account, engine: Engine) -> None:
    made, key = sessions.begin(ana, HERE, 100)
    assert sessions.find(key, 101) == (ana, made)
    assert len(key) >= 40
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM session").all()
    assert key not in repr(kept)
    assert key not in repr(made)


@pytest.mark.parametrize("key", ["", ".", "1", "1.x", "\ud800", "\x00", "x" * 5_000, "' OR 1=1 --"])
def test_a_key_that_was_never_given_out_is_nobodys(sessions: Sessions, ana: Account, key: str) -> None:
    sessions.begin(ana, HERE, 100)
    assert sessions.find(key, 101) is None


def test_all_sessions_end_with_a_new_password_and_with_deactivation(
    sessions: Sessions, accounts: Accounts, ana: Account
) -> None:
    keys = [sessions.begin(ana, HERE, 100)[1] for _ in range(2)]
    again = accounts.set_password(ana, "another calm morning")
    assert [sessions.find(key, 101) for key in keys] == [None, None]
    _, key = sessions.begin(again, HERE, 102)
    assert sessions.find(key, 103) is not None
    accounts.deactivate(again)
    assert sessions.find(key, 103) is None
    accounts.reactivate(again)
    assert sessions.find(key, 103) is None


@pytest.mark.parametrize("what", ["password", "deactivation"])
def test_a_sign_in_that_a_new_password_overtakes_makes_no_session(
    sessions: Sessions, accounts: Accounts, ana: Account, what: str
) -> None:
    known = accounts.authenticate("ana@example.com", PASSWORD, 100)
    assert known is not None
    if what == "password":
        accounts.set_password(ana, "another calm morning")
    else:
        accounts.deactivate(ana)
    with pytest.raises(Refused):
        sessions.begin(known, HERE, 101)
    assert sessions.of(ana.id, 101) == []


def test_a_session_lasts_for_its_days_and_not_longer_however_often_it_is_used(sessions: Sessions, ana: Account) -> None:
    made, key = sessions.begin(ana, HERE, 0)
    sessions.seen(made, 30 * DAY - 1)
    assert sessions.find(key, 30 * DAY - 1) is not None
    assert sessions.find(key, 30 * DAY) is None
    assert sessions.of(ana.id, 30 * DAY) == []


def test_what_is_over_is_swept_and_what_goes_on_is_kept(sessions: Sessions, ana: Account, engine: Engine) -> None:
    sessions.begin(ana, HERE, 0)
    _, key = sessions.begin(ana, HERE, DAY)
    assert sessions.sweep(30 * DAY) == 1
    assert sessions.find(key, 30 * DAY) is not None
    with statements(engine) as said:
        assert sessions.sweep(30 * DAY) == 0
    assert [each for each in said if not each.startswith(("SELECT", "BEGIN"))] == []


def test_one_is_ended_and_others_and_only_ones_own(sessions: Sessions, accounts: Accounts, ana: Account) -> None:
    bob = accounts.add("bob@example.com", "Bob", PASSWORD, 0)
    (here, my_key), (there, other_key), (_, third_key) = (sessions.begin(ana, HERE, at) for at in (1, 2, 3))
    (_, theirs) = sessions.begin(bob, HERE, 4)
    sessions.end(bob.id, there.id)
    assert sessions.find(other_key, 5) is not None
    sessions.end(ana.id, there.id)
    sessions.end(ana.id, there.id)
    assert sessions.find(other_key, 5) is None
    assert sessions.end_others(ana.id, here.id) == 1
    assert sessions.find(third_key, 5) is None
    assert sessions.find(my_key, 5) is not None
    assert sessions.find(theirs, 5) is not None


def test_that_a_session_goes_on_is_noted_every_few_minutes(sessions: Sessions, ana: Account, engine: Engine) -> None:
    made, key = sessions.begin(ana, HERE, 1_000)
    with statements(engine) as said:
        sessions.seen(made, 1_000 + NOTED_EVERY - 1)
    assert said == []
    sessions.seen(made, 1_000 + NOTED_EVERY)
    found = sessions.find(key, 2_000)
    assert found is not None
    assert found[1].seen_at == 1_000 + NOTED_EVERY
    assert found[1].began_at == 1_000


def test_a_session_is_found_in_one_query_that_is_kept(sessions: Sessions, ana: Account, engine: Engine) -> None:
    _, key = sessions.begin(ana, HERE, 0)
    with statements(engine) as said:
        assert sessions.find(key, 1) is not None
    assert said == []  # but the one that is kept, which goes past SQLAlchemy


def test_somebody_who_signs_in_without_end_fills_no_table(sessions: Sessions, ana: Account) -> None:
    _, first = sessions.begin(ana, HERE, 0)
    for at in range(MOST):
        _, last = sessions.begin(ana, HERE, at + 1)
    assert len(sessions.of(ana.id, MOST)) == MOST
    assert sessions.find(first, MOST) is None
    assert sessions.find(last, MOST) is not None
