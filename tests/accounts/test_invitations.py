"""Ways in, when many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from wiki.accounts import Accounts, Administration, Invitations
from wiki.accounts.invitations import new_token
from wiki.model.errors import NotFound, Refused

GOOD = "a bright green evening"


@pytest.fixture
def invitations(accounts: Accounts) -> Invitations:
    return Invitations(accounts)


def _come(invitations: Invitations, token: str, n: int, email: str | None = None) -> str | None:
    try:
        return invitations.accept(token, 5, email=email, name=f"Person {n}", password=GOOD).name
    except (NotFound, Refused):
        return None


def test_of_many_who_use_an_invitation_at_once_one_comes_in(invitations: Invitations) -> None:
    token = new_token()
    invitations.invite(None, "eve@example.net", token, 0)
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda n: _come(invitations, token, n), range(8)))
    assert len([name for name in came if name]) == 1
    assert invitations.accounts.count() == 1


def test_a_link_for_three_lets_three_in_however_many_come_at_once(invitations: Invitations) -> None:
    token = new_token()
    invitations.open_link(None, 3, 1, token, 0)
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda n: _come(invitations, token, n, f"p{n}@example.net"), range(8)))
    assert len([name for name in came if name]) == 3
    assert invitations.accounts.count() == 3


def test_a_use_that_makes_no_account_is_not_counted(invitations: Invitations) -> None:
    token = new_token()
    invitations.open_link(None, 1, 1, token, 0)
    invitations.accounts.add("eve@example.net", "Eve", None, 0)
    assert _come(invitations, token, 1, "EVE@example.net") is None
    assert _come(invitations, token, 2, "mia@example.net") == "Person 2"


def test_of_two_administrators_who_unmake_each_other_at_once_one_stays(accounts: Accounts) -> None:
    administration = Administration(accounts)
    ana = accounts.add("ana@example.com", "Ana", None, 0, administrator=True)
    bob = accounts.add("bob@example.com", "Bob", None, 0, administrator=True)

    def unmake(pair: tuple[int, int]) -> bool:
        by, whom = pair
        try:
            administration.unmake_administrator(accounts.get(by), whom, 1)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(unmake, [(ana.id, bob.id), (bob.id, ana.id)]))
    assert sum(done) == 1
    assert len([who for who in accounts.everyone() if who.administrator]) == 1


def test_no_token_is_kept(invitations: Invitations) -> None:
    token = new_token()
    invitations.invite(None, "eve@example.net", token, 0)
    with invitations.accounts.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM invitation").all()
    assert token not in str(rows)
