"""Accounts: who may act, and how they show who they are."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

import argon2
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection, Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from wiki.accounts.passwords import Passwords, check_password
from wiki.accounts.schema import account, one_time_link
from wiki.database import reading, writing
from wiki.model.acts import Person, clean_person, one_line
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_

DAY = 86400
ACTIVE_DAYS = 90
LINK_LIFETIME = 7 * DAY
MAX_NAME = 100
FIRST, PASSWORD = "first", "password"


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. Times in unix seconds; ``session_id`` changes when all sessions must end."""

    id: int
    email: str
    name: str
    created_at: int
    last_sign_in_at: int | None
    active: bool
    administrator: bool
    session_id: str

    @property
    def person(self) -> Person:
        """The author of this account's acts."""
        return Person(self.name, self.email)


@dataclass(frozen=True)
class Link:
    """A one-time link that still works; without an account it makes the first one."""

    purpose: str
    account: Account | None


class Accounts:
    """All accounts of one wiki. ``hasher`` sets the cost of passwords, ``reserved`` are addresses that are
    nobody's, such as the wiki's own."""

    def __init__(
        self, engine: Engine, hasher: argon2.PasswordHasher | None = None, reserved: frozenset[str] = frozenset()
    ) -> None:
        self.engine = engine
        self.passwords = Passwords(hasher)
        self.reserved = reserved

    def add(self, email: str, name: str, password: str | None, now: int, administrator: bool = False) -> Account:
        """Make an account. `Refused` says what is wrong with the address, the name or the password."""
        with writing(self.engine) as connection:
            return self._add(connection, email, name, password, now, administrator)

    def _add(
        self, connection: Connection, email: str, name: str, password: str | None, now: int, administrator: bool
    ) -> Account:
        email, name = self._check_email(email), check_name(name)
        if password is not None:
            check_password(password, email=email, name=name)
        values = {
            "email": email,
            "email_key": email.casefold(),
            "name": name,
            "name_key": name_key(name),
            "password_hash": self.passwords.hash(password) if password is not None else None,
            "session_key": secrets.token_hex(16),
            "created_at": now,
            "active": True,
            "administrator": administrator,
        }
        for column, taken in (("email_key", _EMAIL_TAKEN), ("name_key", _NAME_TAKEN)):
            if connection.execute(select(account.c.id).where(account.c[column] == values[column])).first():
                raise Refused(taken)
        try:
            made = connection.execute(insert(account).values(**values))
        except IntegrityError as error:
            raise Refused(_EMAIL_TAKEN) from error
        key = made.inserted_primary_key
        assert key is not None  # noqa: S101 - the insert has just succeeded
        return _account(connection.execute(select(account).where(account.c.id == key[0])).one())

    def _check_email(self, email: str) -> str:
        try:
            checked = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise Refused(N_("This is not an e-mail address that can be used.")) from None
        if checked.casefold() in self.reserved:
            raise Refused(_EMAIL_TAKEN)
        return clean_person(Person("somebody", checked)).email

    def authenticate(self, email: str, password: str, now: int) -> Account | None:
        """The account, where address and password are right; None in the same time for anything else."""
        with reading(self.engine) as connection:
            row = connection.execute(select(account).where(account.c.email_key == email.strip().casefold())).first()
        usable = row is not None and row.active
        right = self.passwords.matches(row.password_hash if row is not None and usable else None, password)
        if row is None or not right:
            return None
        values: dict[str, Any] = {"last_sign_in_at": now}
        if self.passwords.is_outdated(row.password_hash):
            values["password_hash"] = self.passwords.hash(password)
        with writing(self.engine) as connection:
            connection.execute(update(account).where(account.c.id == row.id).values(**values))
        return self.get(row.id)

    def by_session(self, session_id: str) -> Account | None:
        """The account a session belongs to, while the session may go on."""
        number, _, key = session_id.partition(".")
        if not number.isascii() or not number.isdigit() or len(number) > 12:
            return None
        with reading(self.engine) as connection:
            row = connection.execute(select(account).where(account.c.id == int(number))).first()
        if (
            row is None
            or not row.active
            or not secrets.compare_digest(row.session_key.encode(), key.encode("utf-8", "replace"))
        ):
            return None
        return _account(row)

    def get(self, number: int) -> Account:
        """An account by its number."""
        with reading(self.engine) as connection:
            row = connection.execute(select(account).where(account.c.id == number)).first()
        if row is None:
            raise NotFound(N_("There is no such account."))
        return _account(row)

    def by_email(self, email: str) -> Account | None:
        """An account by its address."""
        with reading(self.engine) as connection:
            row = connection.execute(select(account).where(account.c.email_key == email.strip().casefold())).first()
        return _account(row) if row is not None else None

    def everyone(self, limit: int = 100, offset: int = 0) -> list[Account]:
        """Accounts by name."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(account).order_by(account.c.name_key).limit(limit).offset(offset))
            return [_account(row) for row in rows]

    def count(self) -> int:
        """How many accounts there are."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(account)).scalar() or 0

    def active_members(self, now: int) -> int:
        """How many people signed in within the last 90 days."""
        query = select(func.count()).where(account.c.active, account.c.last_sign_in_at > now - ACTIVE_DAYS * DAY)
        with reading(self.engine) as connection:
            return connection.execute(query).scalar() or 0

    def seen(self, who: Account, now: int) -> None:
        """Somebody whose session goes on is as active as if they had signed in; noted once a day."""
        if who.last_sign_in_at is None or now - who.last_sign_in_at >= DAY:
            self._set(who.id, last_sign_in_at=now)

    def set_password(self, who: Account, password: str) -> Account:
        """Another password; all sessions end."""
        check_password(password, email=who.email, name=who.name)
        return self._set(who.id, password_hash=self.passwords.hash(password), session_key=secrets.token_hex(16))

    def deactivate(self, who: Account) -> Account:
        """Nobody can use the account any more; all sessions end at once."""
        return self._set(who.id, active=False, session_key=secrets.token_hex(16))

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
            "token_hash": _hash(token),
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
        row = connection.execute(select(one_time_link).where(one_time_link.c.token_hash == _hash(token))).first()
        if row is None or row.used_at is not None or row.expires_at <= now:
            return None
        if row.purpose == FIRST:
            return Link(FIRST, None) if not connection.execute(select(account.c.id).limit(1)).first() else None
        owner = connection.execute(select(account).where(account.c.id == row.account_id, account.c.active)).first()
        return Link(row.purpose, _account(owner)) if owner is not None else None

    def redeem(self, token: str, now: int, *, email: str | None, name: str | None, password: str) -> Account:
        """Use a link, exactly once: make the first account, or set a password."""
        with writing(self.engine) as connection:
            link = self._link(connection, token, now)
            if link is None:
                raise NotFound(N_("This link has been used already, or is too old. Please ask for a new one."))
            used = update(one_time_link).where(one_time_link.c.token_hash == _hash(token))
            connection.execute(used.values(used_at=now))
            if link.account is None:
                made = self._add(connection, email or "", name or "", password, now, administrator=True)
            else:
                made = link.account
                check_password(password, email=made.email, name=made.name)
            values = {"last_sign_in_at": now, "session_key": secrets.token_hex(16)}
            if link.account is not None:
                values["password_hash"] = self.passwords.hash(password)
            connection.execute(update(account).where(account.c.id == made.id).values(**values))
        return self.get(made.id)


_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_EMAIL_TAKEN = N_("Somebody has an account with this e-mail address already.")
_NAME_TAKEN = N_("Somebody has an account with this name already, or one that looks the same.")


def check_name(name: str) -> str:
    """A display name on one line; `Refused` where git or people could not read it."""
    if any(unicodedata.category(char) in _INVISIBLE for char in name.strip()) or "<" in name or ">" in name:
        raise Refused(N_("A name is written on one line, without < or > and without invisible characters."))
    cleaned = one_line(name)
    if not cleaned or len(cleaned) > MAX_NAME or not cleaned.strip(" .,:;'\"\\"):
        raise Refused(N_("Please give a name of 1 to %(most)s characters."), most=MAX_NAME)
    return clean_person(Person(cleaned, "somebody@example.com")).name


def name_key(name: str) -> str:
    """Two names with the same key look the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
        active=bool(row.active),
        administrator=bool(row.administrator),
        session_id=f"{row.id}.{row.session_key}",
    )
