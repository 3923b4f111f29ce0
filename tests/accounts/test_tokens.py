"""Tokens: shown once, kept as a hash, over when they are over."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.sql import statements
from wiki.accounts import Account, Accounts, Own, Tokens
from wiki.accounts.tokens import LONGEST_DAYS, MOST, NOTED_EVERY, PREFIX
from wiki.model.errors import Refused

PASSWORD = "a calm blue morning"
DAY = 86400


@pytest.fixture
def tokens(engine: Engine) -> Tokens:
    return Tokens(engine)


@pytest.fixture
def ana(accounts: Accounts) -> Account:
    return accounts.add("ana@example.com", "Ana", PASSWORD, 0)


def test_a_token_is_found_by_its_key_which_is_kept_nowhere(tokens: Tokens, ana: Account, engine: Engine) -> None:
    made, key = tokens.make(ana, "my reader", True, 30, 100)
    assert tokens.find(key, 101) == (ana, made)
    assert key.startswith(PREFIX)
    assert len(key) >= len(PREFIX) + 43
    with engine.connect() as connection:
        assert key not in repr(connection.exec_driver_sql("SELECT * FROM program_token").all())
    assert key not in repr(made)


@pytest.mark.parametrize("key", ["", PREFIX, f"{PREFIX}x", f"{PREFIX}\ud800", "' OR 1=1 --", "x" * 5_000])
def test_a_key_that_was_never_given_out_opens_nothing(tokens: Tokens, ana: Account, key: str) -> None:
    tokens.make(ana, "my reader", True, 30, 100)
    assert tokens.find(key, 101) is None


def test_a_token_ends_with_its_days(tokens: Tokens, ana: Account) -> None:
    _, key = tokens.make(ana, "my reader", False, 7, 100)
    assert tokens.find(key, 100 + 7 * DAY - 1) is not None
    assert tokens.find(key, 100 + 7 * DAY) is None
    assert len(tokens.of(ana.id)) == 1


def test_a_token_is_taken_back_by_its_owner_alone(tokens: Tokens, accounts: Accounts, ana: Account) -> None:
    bob = accounts.add("bob@example.com", "Bob", PASSWORD, 0)
    made, key = tokens.make(ana, "my reader", False, 7, 100)
    tokens.take_back(bob.id, made.id)
    assert tokens.find(key, 101) is not None
    tokens.take_back(ana.id, made.id)
    tokens.take_back(ana.id, made.id)
    assert tokens.find(key, 101) is None


def test_a_token_works_no_more_while_its_owner_is_deactivated_and_is_gone_when_they_leave(
    tokens: Tokens, accounts: Accounts, ana: Account
) -> None:
    _, key = tokens.make(ana, "my reader", False, 7, 100)
    accounts.set_password(ana, "another calm morning")
    assert tokens.find(key, 101) is not None
    accounts.deactivate(ana)
    assert tokens.find(key, 101) is None
    accounts.reactivate(ana)
    assert tokens.find(key, 101) is not None
    Own(accounts).leave(ana, [])
    accounts.reactivate(ana)
    assert tokens.find(key, 101) is None


def test_the_last_use_is_noted_every_few_minutes(tokens: Tokens, ana: Account, engine: Engine) -> None:
    _, key = tokens.make(ana, "my reader", False, 7, 100)
    for now, noted in ((200, 200), (200 + NOTED_EVERY - 1, 200), (200 + NOTED_EVERY, 200 + NOTED_EVERY)):
        found = tokens.find(key, now)
        assert found is not None
        with statements(engine) as said:
            tokens.used(found[1], now)
        assert bool(said) == (noted == now)
        assert tokens.of(ana.id)[0].used_at == noted


@pytest.mark.parametrize(("name", "days"), [("", 7), (" \n ", 7), ("x" * 101, 7), ("x", 0), ("x", -1),
                                            ("x", LONGEST_DAYS + 1)])  # fmt: skip
def test_what_is_no_good_is_refused(tokens: Tokens, ana: Account, name: str, days: int) -> None:
    with pytest.raises(Refused):
        tokens.make(ana, name, False, days, 100)
    assert tokens.of(ana.id) == []


def test_nobody_has_tokens_without_end(tokens: Tokens, ana: Account) -> None:
    for nth in range(MOST):
        tokens.make(ana, str(nth), False, 7, 100)
    with pytest.raises(Refused, match="take one of them back"):
        tokens.make(ana, "one more", False, 7, 100)
