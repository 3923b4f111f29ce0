"""A forgotten password: a link by mail, for an hour, once."""

from __future__ import annotations

from sqlalchemy import delete, insert

from wiki.accounts.keys import hash_of
from wiki.accounts.people import PASSWORD, Account, Accounts, Also, nothing
from wiki.accounts.schema import one_time_link
from wiki.database import writing

RESET_LIFETIME = 3600


def ask_for_link(accounts: Accounts, who: Account | None, token: str, now: int, also: Also = nothing) -> None:
    """Write down a link of this token with which somebody chooses a new password. The same work is done where an
    address is nobody's; what is written then leads nowhere. Earlier links work on, so that nobody can be kept out by
    others who ask in their name; the first that is used ends them all."""
    values = {"token_hash": hash_of(token), "purpose": PASSWORD, "account_id": who.id if who is not None else None}
    too_old = one_time_link.c.purpose == PASSWORD, one_time_link.c.expires_at <= now
    with writing(accounts.engine) as connection:
        connection.execute(delete(one_time_link).where(*too_old))
        connection.execute(insert(one_time_link).values(created_at=now, expires_at=now + RESET_LIFETIME, **values))
        also(connection)
