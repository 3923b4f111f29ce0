"""What colleagues do with their own account: another name or address, their password, and leaving."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from wiki.accounts import former
from wiki.accounts.identity import check_email
from wiki.accounts.keys import hash_of
from wiki.accounts.people import (
    Account,
    Accounts,
    account_numbered,
    drop_links,
    end_sessions,
    refuse_last_administrator,
    refuse_taken,
)
from wiki.accounts.schema import account, identity, pending_address, program_token
from wiki.database import reading, writing
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_

DAY = 86400
CONFIRM_WITHIN = DAY
Forget = Callable[[Connection, int], object]
"""Forgets what a room keeps for one account alone, in a transaction that is given."""
_P = pending_address
_LAST_TO_LEAVE = N_("You are the last administrator. Make somebody else one first, then you can leave.")


@dataclass(frozen=True)
class Pending:
    """An address that waits to be confirmed, until then (unix seconds)."""

    email: str
    expires_at: int


class Own:
    """What somebody may do with their own account, once it is sure that it is them."""

    def __init__(self, accounts: Accounts) -> None:
        self.engine = accounts.engine
        self.accounts = accounts

    def has_password(self, who: Account) -> bool:
        """Whether they can sign in with a password; who came by other ways may have none."""
        return self._password(who) is not None

    def is_password(self, who: Account, password: str) -> bool:
        """Whether this is their password. Takes the time of a hash."""
        return self.accounts.passwords.matches(self._password(who), password)

    def _password(self, who: Account) -> str | None:
        with reading(self.engine) as connection:
            found = connection.execute(select(account.c.password_hash).where(account.c.id == who.id)).scalar()
        return str(found) if found is not None else None

    # Another address

    def ask_for_address(self, who: Account, email: str, now: int) -> tuple[Pending, str]:
        """Ask for another address; the token of the link that shows it to be theirs. An earlier wish is forgotten.
        `Refused` where the address is not fit, or is somebody else's."""
        email = self._checked(who, email)
        token, pending = secrets.token_urlsafe(32), Pending(email, now + CONFIRM_WITHIN)
        values = {"account_id": who.id, "token_hash": hash_of(token), "email": email, "asked_at": now,
                  "expires_at": pending.expires_at}  # fmt: skip
        with writing(self.engine) as connection:
            refuse_taken(connection, {"email_key": email.casefold()}, but=who.id)
            connection.execute(delete(_P).where(_P.c.account_id == who.id))
            connection.execute(insert(_P).values(**values))
        return pending, token

    def _checked(self, who: Account, email: str) -> str:
        email = check_email(email)
        if email.casefold() == who.email.casefold():
            raise Refused(N_("This is your address already."))
        if email.casefold() in self.accounts.reserved:
            raise Refused(N_("Somebody has an account with this e-mail address already."))
        return email

    def pending(self, who: Account, now: int, token: str | None = None) -> Pending | None:
        """The address that they asked for and have not confirmed yet; with ``token``, only where the link is of it."""
        mine = [_P.c.account_id == who.id, _P.c.expires_at > now]
        if token is not None:
            mine.append(_P.c.token_hash == hash_of(token))
        with reading(self.engine) as connection:
            row = connection.execute(select(_P).where(*mine)).first()
        return Pending(row.email, row.expires_at) if row is not None else None

    def forget_wish(self, who: Account) -> None:
        """They do not want another address any more."""
        with writing(self.engine) as connection:
            connection.execute(delete(_P).where(_P.c.account_id == who.id))

    def confirm_address(
        self, who: Account, token: str, now: int, then: Callable[[Connection], object] = lambda connection: None
    ) -> Account:
        """The link was opened: the address is theirs from now on. The old one stays theirs too, for git knows them by
        it, and links that were sent there work no more. The voices they have under it are to be taken back. ``then``
        is done in the same transaction."""
        with writing(self.engine) as connection:
            works = _P.c.account_id == who.id, _P.c.token_hash == hash_of(token), _P.c.expires_at > now
            row = connection.execute(select(_P).where(*works)).first()
            if row is None:
                raise NotFound(N_("This link has been used already, or is too old. Please ask for a new one."))
            then(connection)
            return _change_address(connection, who, row.email, now)

    def set_address(self, who: Account, email: str, now: int) -> Account:
        """As if it had been confirmed: whoever runs the wiki answers for it."""
        email = self._checked(who, email)
        with writing(self.engine) as connection:
            return _change_address(connection, who, email, now)

    # Leaving

    def leave(self, who: Account, forget: Iterable[Forget]) -> None:
        """Nobody can use the account any more, and what was kept for its owner alone is gone, all at once. What they
        did in git stays, and so does their name, which is of it. `Refused` for the last administrator."""
        with writing(self.engine) as connection:
            refuse_last_administrator(connection, who.id, _LAST_TO_LEAVE)
            for each in (*forget, _forget_own):
                each(connection, who.id)
            end_sessions(connection, who.id, active=False, administrator=False, password_hash=None, language=None)


def _change_address(connection: Connection, who: Account, email: str, now: int) -> Account:
    key = email.casefold()
    refuse_taken(connection, {"email_key": key}, but=who.id)
    there = account_numbered(connection, who.id)
    former.note(connection, who.id, former.EMAIL, (there.email.casefold(), there.email), key, now)
    connection.execute(update(account).where(account.c.id == who.id).values(email=email, email_key=key))
    connection.execute(delete(_P).where(_P.c.account_id == who.id))
    drop_links(connection, who.id)
    return account_numbered(connection, who.id)


def _forget_own(connection: Connection, number: int) -> None:
    for table in (pending_address, program_token, identity):
        connection.execute(delete(table).where(table.c.account_id == number))
