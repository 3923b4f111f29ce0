"""How many voices there are: accounts that are active, by their age."""

from __future__ import annotations

from sqlalchemy import func, select

from wiki.accounts.people import Accounts
from wiki.accounts.schema import account
from wiki.database import reading


def count_voices(accounts: Accounts, old_since: int, most: int) -> tuple[int, int]:
    """How many active accounts were made until ``old_since`` (unix seconds), and how many later; counted up to ``most``
    each."""
    old = select(account.c.id).where(account.c.active, account.c.created_at <= old_since).limit(most)
    new = select(account.c.id).where(account.c.active, account.c.created_at > old_since).limit(most)
    with reading(accounts.engine) as connection:
        first, second = (
            connection.execute(select(func.count()).select_from(some.subquery())).scalar() or 0 for some in (old, new)
        )
    return first, second
