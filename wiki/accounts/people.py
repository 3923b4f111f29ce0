"""Accounts: who may act, and how they show who they are."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import argon2
from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from wiki.accounts import former
from wiki.accounts.identity import check_email, check_name, email_key, name_key
from wiki.accounts.keys import hash_of
from wiki.accounts.passwords import Passwords, check_password
from wiki.accounts.schema import account, one_time_link, session
from wiki.database import reading, writing
from wiki.kept_query import KeptQuery
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.prepared import Prepared

DAY = 86400
ACTIVE_DAYS = 90
LINK_LIFETIME = 7 * DAY
FIRST, PASSWORD = "first", "password"
_ACTIVE = Prepared(
    select(func.count()).select_from(account).where(account.c.active, account.c.last_sign_in_at > bindparam("since"))
)
Also = Callable[[Connection], None]
"""What is written in the same transaction, such as a letter about it."""


def nothing(_connection: Connection) -> None:
    """Nothing besides."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. Times in unix seconds; ``session_key`` changes when all sessions end; ``language``
    is the tag of the one that they chose to be spoken to in."""

    id: int
    email: str
    name: str
    created_at: int
    last_sign_in_at: int | None
    active: bool
    administrator: bool
    session_key: str = field(repr=False)
    language: str | None = None

    @property
    def person(self) -> Person:
        """The author of this account's acts."""
        return Person(self.name, self.email)


@dataclass(frozen=True)
class Link:
    """A one-time link that still works; without an account it makes the first one. ``renews`` is whether the account
    has a password, which another takes the place of."""

    purpose: str
    account: Account | None
    renews: bool = False


class Accounts:
    """All accounts of one wiki. ``hasher`` sets the cost of passwords, ``reserved`` are addresses that are
    nobody's, such as the wiki's own."""

    def __init__(
        self, engine: Engine, hasher: argon2.PasswordHasher | None = None, reserved: frozenset[str] = frozenset()
    ) -> None:
        self.engine = engine
        self.passwords = Passwords(hasher)
        self.reserved = reserved
        self._active = KeptQuery(engine, _ACTIVE)

    def add(
        self,
        email: str,
        name: str,
        password: str | None,
        now: int,
        administrator: bool = False,
        then: Callable[[Connection, Account], object] | None = None,
    ) -> Account:
        """Make an account. `Refused` says what is wrong with the address, the name or the password. ``then`` is done
        in the same transaction, so that there is no account without it."""
        values = self._new(email, name, password, now, administrator)
        with writing(self.engine) as connection:
            added = _insert(connection, values)
            if then is not None:
                then(connection, added)
            return added

    def _new(self, email: str, name: str, password: str | None, now: int, administrator: bool) -> dict[str, Any]:
        """The row of a new account. Takes the time of a hash, so nobody may wait for it with the right to write."""
        email, name = check_email(email), check_name(name)
        if email.casefold() in self.reserved:
            raise Refused(_EMAIL_TAKEN)
        if password is not None:
            check_password(password, email=email, name=name)
        return {
            "email": email,
            "email_key": email.casefold(),
            "name": name,
            "name_key": name_key(name),
            "password_hash": self.passwords.hash(password) if password is not None else None,
            "session_key": _new_key(),
            "created_at": now,
            "active": True,
            "administrator": administrator,
        }

    def authenticate(self, email: str, password: str, now: int) -> Account | None:
        """The account, where address and password are right; None in the same time for anything else."""
        row = self._by_email(email)
        usable = row is not None and row.active
        right = self.passwords.matches(row.password_hash if row is not None and usable else None, password)
        if row is None or not right:
            return None
        values: dict[str, Any] = {"last_sign_in_at": now}
        if self.passwords.is_outdated(row.password_hash):
            values["password_hash"] = self.passwords.hash(password)
        with writing(self.engine) as connection:
            still = account.c.id == row.id, account.c.session_key == row.session_key
            changed = connection.execute(update(account).where(*still).values(**values))
            return account_numbered(connection, row.id) if changed.rowcount == 1 else None

    def get(self, number: int) -> Account:
        """An account by its number."""
        with reading(self.engine) as connection:
            row = connection.execute(select(account).where(account.c.id == number)).first()
        if row is None:
            raise NotFound(N_("There is no such account."))
        return account_of(row)

    def by_email(self, email: str) -> Account | None:
        """An account by its address."""
        row = self._by_email(email)
        return account_of(row) if row is not None else None

    def known_by(self, email: str) -> Account | None:
        """An account by the address that it has or had: who vouches for an address may know an old one."""
        key = email_key(email)
        if key is None:
            return None
        with reading(self.engine) as connection:
            now = connection.execute(select(account.c.id).where(account.c.email_key == key)).scalar()
            number = now if now is not None else former.accounts_formerly(connection, [key]).get(key)
            return account_numbered(connection, number) if number is not None else None

    def _by_email(self, email: str) -> Row[Any] | None:
        key = email_key(email)
        if key is None:
            return None
        with reading(self.engine) as connection:
            return connection.execute(select(account).where(account.c.email_key == key)).first()

    def everyone(self, limit: int = 100, offset: int = 0) -> list[Account]:
        """Accounts by name."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(account).order_by(account.c.name_key).limit(limit).offset(offset))
            return [account_of(row) for row in rows]

    def count(self) -> int:
        """How many accounts there are."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(account)).scalar() or 0

    def active_members(self, now: int) -> int:
        """How many people signed in within the last 90 days."""
        return int(self._active.value(since=now - ACTIVE_DAYS * DAY) or 0)

    def departed(self) -> list[str]:
        """The addresses that nobody speaks under any more, casefolded: of everybody whose account was deactivated, and
        those that colleagues gave up for another."""
        query = select(account.c.email_key).where(account.c.active.is_(False)).order_by(account.c.id)
        with reading(self.engine) as connection:
            return [*connection.execute(query).scalars(), *former.former_addresses(connection)]

    def among(self, emails: Iterable[str], formerly: bool = False) -> dict[str, Account]:
        """The accounts of these casefolded addresses, by address; deactivated ones too. With
        ``formerly`` also those that had one of them once."""
        wanted = sorted(set(emails))
        found = {}
        with reading(self.engine) as connection:
            for at in range(0, len(wanted), 500):
                some = wanted[at : at + 500]
                for row in connection.execute(select(account).where(account.c.email_key.in_(some))):
                    found[row.email_key] = account_of(row)
                for key, number in former.accounts_formerly(connection, some if formerly else []).items():
                    found.setdefault(key, account_numbered(connection, number))
        return found

    def seen(self, who: Account, now: int) -> None:
        """Somebody whose session goes on is as active as if they had signed in; noted once a day."""
        if who.last_sign_in_at is None or now - who.last_sign_in_at >= DAY:
            self._set(who.id, last_sign_in_at=now)

    def rename(self, who: Account, name: str, now: int = 0) -> Account:
        """Another name from now on. What was done under the old one keeps it in git, and nobody else may take it."""
        name = check_name(name)
        values = {"name": name, "name_key": name_key(name)}
        with writing(self.engine) as connection:
            refuse_taken(connection, values, but=who.id)
            there = account_numbered(connection, who.id)
            if there.name != name:
                former.note(connection, who.id, former.NAME, (name_key(there.name), there.name), name_key(name), now)
                connection.execute(update(account).where(account.c.id == who.id).values(**values))
            return account_numbered(connection, who.id)

    def choose_language(self, who: Account, language: str | None) -> None:
        """The language to speak to somebody in, by its tag; None to take the one of their browser."""
        if who.language != language:
            self._set(who.id, language=language)

    def set_password(self, who: Account, password: str, also: Also = nothing) -> Account:
        """Another password; all sessions end, and links to choose one. ``also`` is done in the same transaction."""
        check_password(password, email=who.email, name=who.name)
        hashed = self.passwords.hash(password)
        with writing(self.engine) as connection:
            also(connection)
            return end_sessions(connection, who.id, password_hash=hashed)

    def deactivate(self, who: Account) -> Account:
        """Nobody can use the account any more; all sessions end at once."""
        with writing(self.engine) as connection:
            refuse_last_administrator(connection, who.id)
            return end_sessions(connection, who.id, active=False)

    def reactivate(self, who: Account) -> Account:
        """The account can be used again."""
        return self._set(who.id, active=True)

    def _set(self, number: int, **values: object) -> Account:
        with writing(self.engine) as connection:
            connection.execute(update(account).where(account.c.id == number).values(**values))
        return self.get(number)

    # One-time links

    def issue_link(self, purpose: str, who: Account | None, now: int, lifetime: int = LINK_LIFETIME) -> str:
        """A new one-time link; its token, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        values = {
            "token_hash": hash_of(token),
            "purpose": purpose,
            "account_id": who.id if who is not None else None,
            "created_at": now,
            "expires_at": now + lifetime,
        }
        with writing(self.engine) as connection:
            connection.execute(insert(one_time_link).values(**values))
        return token

    def link(self, token: str, now: int) -> Link | None:
        """The link of this token while it works."""
        with reading(self.engine) as connection:
            return self._link(connection, token, now)

    def _link(self, connection: Connection, token: str, now: int) -> Link | None:
        row = connection.execute(select(one_time_link).where(one_time_link.c.token_hash == hash_of(token))).first()
        if row is None or row.used_at is not None or row.expires_at <= now:
            return None
        if row.purpose == FIRST:
            return Link(FIRST, None) if not connection.execute(select(account.c.id).limit(1)).first() else None
        owner = connection.execute(select(account).where(account.c.id == row.account_id, account.c.active)).first()
        return Link(row.purpose, account_of(owner), owner.password_hash is not None) if owner is not None else None

    def redeem(
        self, token: str, now: int, *, email: str | None, name: str | None, password: str, also: Also = nothing
    ) -> Account:
        """Use a link, exactly once: make the first account, or set a password. An account is as old as the first
        sign-in to it, since its voice counts from that age."""
        link = self.link(token, now)
        if link is None:
            raise NotFound(_LINK_SPENT)
        if link.account is None:
            values = {**self._new(email or "", name or "", password, now, administrator=True), "last_sign_in_at": now}
        else:
            check_password(password, email=link.account.email, name=link.account.name)
            values = {"password_hash": self.passwords.hash(password), "last_sign_in_at": now}
            if link.account.last_sign_in_at is None:
                values["created_at"] = now
        with writing(self.engine) as connection:
            if self._link(connection, token, now) is None or not _spend(connection, token, now):
                raise NotFound(_LINK_SPENT)
            also(connection)
            if link.account is None:
                return _insert(connection, values)
            return end_sessions(connection, link.account.id, **values)


_EMAIL_TAKEN = N_("Somebody has an account with this e-mail address already.")
_NAME_TAKEN = N_("Somebody has an account with this name already, or one that looks the same.")
_LAST_ADMINISTRATOR = N_("This is the only administrator. Please make somebody else one first.")
_LINK_SPENT = N_("This link has been used already, or is too old. Please ask for a new one.")


def _insert(connection: Connection, values: dict[str, Any]) -> Account:
    refuse_taken(connection, values)
    try:
        key = connection.execute(insert(account).values(**values)).inserted_primary_key
    except IntegrityError as error:
        raise Refused(_EMAIL_TAKEN) from error
    assert key is not None  # noqa: S101 - the insert has just succeeded
    return account_numbered(connection, key[0])


def refuse_taken(connection: Connection, values: dict[str, Any], but: int | None = None) -> None:
    """`Refused` where an address or a name, by its key, is or was that of another account than ``but``."""
    for kind, taken in ((former.EMAIL, _EMAIL_TAKEN), (former.NAME, _NAME_TAKEN)):
        key = values.get(f"{kind}_key")
        if key is not None:
            other = connection.execute(select(account.c.id).where(account.c[f"{kind}_key"] == key)).scalar()
            if (other is not None and other != but) or former.taken(connection, kind, key, but):
                raise Refused(taken)


def end_sessions(connection: Connection, number: int, **values: object) -> Account:
    """Change an account so that no session of it goes on, and no link to a new password works."""
    changed = update(account).where(account.c.id == number).values(session_key=_new_key(), **values)
    connection.execute(changed)
    connection.execute(delete(session).where(session.c.account_id == number))
    drop_links(connection, number)
    return account_numbered(connection, number)


def drop_links(connection: Connection, number: int) -> None:
    """No link to a new password that was sent to an account works any more."""
    unused = one_time_link.c.account_id == number, one_time_link.c.used_at.is_(None)
    connection.execute(delete(one_time_link).where(*unused))


def refuse_last_administrator(connection: Connection, number: int, why: str = _LAST_ADMINISTRATOR) -> None:
    """`Refused`, and ``why``, where this account is the only administrator that there is."""
    administrators = select(account.c.id).where(account.c.administrator, account.c.active).with_for_update()
    if connection.execute(administrators).scalars().all() == [number]:
        raise Refused(why)


def _spend(connection: Connection, token: str, now: int) -> bool:
    """Whether the link was still to be used; now it is not."""
    unused = one_time_link.c.token_hash == hash_of(token), one_time_link.c.used_at.is_(None)
    return connection.execute(update(one_time_link).where(*unused).values(used_at=now)).rowcount == 1


def account_numbered(connection: Connection, number: int) -> Account:
    """An account that there is, by its number."""
    return account_of(connection.execute(select(account).where(account.c.id == number)).one())


def _new_key() -> str:
    return secrets.token_hex(16)


def account_of(row: Row[Any]) -> Account:
    """An account from a row with its columns."""
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
        active=bool(row.active),
        administrator=bool(row.administrator),
        session_key=row.session_key,
        language=row.language,
    )
