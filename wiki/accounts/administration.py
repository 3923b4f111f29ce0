"""What administrators do with accounts. None of it touches a text, and all of it is written into their log."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, true, update

from wiki.accounts.administration_log import Deed, record
from wiki.accounts.identity import name_key
from wiki.accounts.keys import hash_of
from wiki.accounts.people import (
    PASSWORD,
    Account,
    Accounts,
    Also,
    _insert,
    account_numbered,
    account_of,
    end_sessions,
    nothing,
    refuse_last_administrator,
)
from wiki.accounts.schema import account, one_time_link
from wiki.database import reading, writing
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_

_NO_LONGER = N_("You are no longer an administrator. Nothing was changed.")
_IS_DEACTIVATED = N_("This account is deactivated. Please reactivate it first.")
_NOBODY = N_("There is no such account.")


@dataclass(frozen=True)
class Administration:
    """Every method takes who does it, None for the command line; `Refused` where they may not, or no longer."""

    accounts: Accounts

    def people(self, words: str, offset: int, limit: int) -> list[Account]:
        """Accounts by name, in whose name or address these words occur."""
        query = select(account).where(_with_words(words)).order_by(account.c.name_key).limit(limit).offset(offset)
        with reading(self.accounts.engine) as connection:
            return [account_of(row) for row in connection.execute(query)]

    def count(self, words: str = "") -> int:
        """How many those are."""
        with reading(self.accounts.engine) as connection:
            return connection.execute(select(func.count()).select_from(account).where(_with_words(words))).scalar() or 0

    def add(self, email: str, name: str, password: str | None, now: int) -> Account:
        """Make an account, from the command line; the very first one administrates. `Refused` as in `Accounts.add`."""
        values = self.accounts._new(email, name, password, now, administrator=False)
        with writing(self.accounts.engine) as connection:
            first = connection.execute(select(account.c.id).limit(1)).first() is None
            who = _insert(connection, {**values, "administrator": first})
            record(connection, None, Deed.ADDED, str(who.person), now)
            return who

    def deactivate(self, by: Account | None, number: int, now: int) -> Account:
        """Nobody can use the account any more; all sessions end at once. Not for the last administrator."""
        with writing(self.accounts.engine) as connection:
            who = _whom(connection, by, number)
            if not who.active:
                return who
            refuse_last_administrator(connection, number)
            record(connection, by, Deed.DEACTIVATED, str(who.person), now)
            return end_sessions(connection, number, active=False)

    def reactivate(self, by: Account | None, number: int, now: int) -> Account:
        """The account can be used again."""
        with writing(self.accounts.engine) as connection:
            who = _whom(connection, by, number)
            if who.active:
                return who
            record(connection, by, Deed.REACTIVATED, str(who.person), now)
            return _changed(connection, number, active=True)

    def make_administrator(self, by: Account | None, number: int, now: int) -> Account:
        """Somebody who may administrate from now on."""
        with writing(self.accounts.engine) as connection:
            who = _active(_whom(connection, by, number))
            if who.administrator:
                return who
            record(connection, by, Deed.MADE_ADMINISTRATOR, str(who.person), now)
            return _changed(connection, number, administrator=True)

    def unmake_administrator(self, by: Account | None, number: int, now: int) -> Account:
        """Somebody who may no longer administrate. Not for the last one."""
        with writing(self.accounts.engine) as connection:
            who = _whom(connection, by, number)
            if not who.administrator:
                return who
            refuse_last_administrator(connection, number)
            record(connection, by, Deed.UNMADE_ADMINISTRATOR, str(who.person), now)
            return _changed(connection, number, administrator=False)

    def issue_link(
        self, by: Account | None, number: int, token: str, now: int, lifetime: int, also: Also = nothing
    ) -> Account:
        """A link of this token with which somebody chooses a password."""
        with writing(self.accounts.engine) as connection:
            who = _active(_whom(connection, by, number))
            record(connection, by, Deed.SENT_LINK, str(who.person), now)
            values = {"token_hash": hash_of(token), "purpose": PASSWORD, "account_id": number}
            connection.execute(insert(one_time_link).values(created_at=now, expires_at=now + lifetime, **values))
            also(connection)
            return who


def may_administrate(connection: Connection, by: Account | None) -> None:
    """`Refused` where somebody is no administrator at this moment, whatever their page showed."""
    if by is None:
        return
    row = connection.execute(select(account.c.active, account.c.administrator).where(account.c.id == by.id)).first()
    if row is None or not row.active or not row.administrator:
        raise Refused(_NO_LONGER)


def _whom(connection: Connection, by: Account | None, number: int) -> Account:
    may_administrate(connection, by)
    row = connection.execute(select(account).where(account.c.id == number)).first()
    if row is None:
        raise NotFound(_NOBODY)
    return account_of(row)


def _active(who: Account) -> Account:
    if not who.active:
        raise Refused(_IS_DEACTIVATED)
    return who


def _changed(connection: Connection, number: int, **values: object) -> Account:
    connection.execute(update(account).where(account.c.id == number).values(**values))
    return account_numbered(connection, number)


def _with_words(words: str) -> ColumnElement[bool]:
    """All of the words, each in the name or in the address."""
    found: ColumnElement[bool] = true()
    for word in words.split()[:10]:
        within = account.c.name_key.contains(name_key(word), autoescape=True)
        found = found & or_(within, account.c.email_key.contains(word.casefold(), autoescape=True))
    return found
