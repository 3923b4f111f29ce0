"""Who somebody is elsewhere: the identities that OpenID Connect providers vouch for, and the accounts they open.

People are matched by issuer and subject, which a provider never gives to somebody else; never by address, which it may.
Somebody whom a provider has just introduced, and who has no account by that identity, is kept for a while under a
token that their browser alone has, until they say what is to become of it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from wiki.accounts.keys import hash_of
from wiki.accounts.people import Account, Accounts
from wiki.accounts.schema import account, identity, introduction
from wiki.database import reading, writing
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_

MINUTE = 60
LIFETIME = 30 * MINUTE
PROOF_LIFETIME = 120 * MINUTE
"""How long a mailed link joins an account; mail may take its time."""
_MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Introduction:
    """What a provider says of somebody who has just signed in there. ``email`` is a valid address or empty."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """A way into an account. ``email`` and ``groups`` are what the provider said last; times in unix seconds."""

    id: int
    account_id: int
    issuer: str
    subject: str
    email: str
    groups: tuple[str, ...]
    created_at: int
    used_at: int


class Identities:
    """All identities of the accounts of one wiki."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self.engine = accounts.engine

    def find(self, issuer: str, subject: str) -> Identity | None:
        """The identity that opens an account, where there is one."""
        with reading(self.engine) as connection:
            return _find(connection, issuer, subject)

    def of(self, who: Account) -> list[Identity]:
        """The identities that open an account, the oldest first."""
        with reading(self.engine) as connection:
            return _of(connection, who.id)

    def used(self, known: Identity, told: Introduction, now: int) -> None:
        """Somebody came by this identity; keep what their provider says now."""
        values = {"used_at": now, "email": told.email or known.email, "told_groups": _packed(told.groups)}
        with writing(self.engine) as connection:
            connection.execute(update(identity).where(identity.c.id == known.id).values(**values))

    def join(self, who: Account, told: Introduction, now: int) -> Identity:
        """Let an identity open an account from now on. `Refused` where it opens another."""
        try:
            with writing(self.engine) as connection:
                return _join(connection, who.id, told, now)
        except IntegrityError as error:
            raise Refused(_TAKEN) from error

    def new_account(self, told: Introduction, name: str, now: int) -> Account:
        """Make an account that an identity opens, both or neither. `Refused` where the address, the name or the
        identity is somebody's already, or where the provider does not vouch for the address."""
        if not told.email_verified:
            raise Refused(N_("The address has not been confirmed, so no account can be made with it."))
        try:
            return self.accounts.add(
                told.email, name, None, now, then=lambda connection, new: _join(connection, new.id, told, now)
            )
        except IntegrityError as error:
            raise Refused(_TAKEN) from error

    def unlink(self, who: Account, number: int, ways: Collection[str], password: bool) -> Identity:
        """Let an identity open an account no longer. ``ways`` are the issuers by which one can sign in today,
        ``password`` whether passwords are of use. `Refused` where it is the last way in."""
        with writing(self.engine) as connection:
            mine = {one.id: one for one in _of(connection, who.id)}
            if number not in mine:
                raise NotFound(N_("This way to sign in is not one of yours, or is gone already."))
            others = any(one.issuer in ways for one in mine.values() if one.id != number)
            if not others and not (password and _has_password(connection, who.id)):
                raise Refused(_LAST_WAY)
            connection.execute(delete(identity).where(identity.c.id == number))
            return mine[number]

    def has_password(self, who: Account) -> bool:
        """Whether an account can be opened with a password."""
        with reading(self.engine) as connection:
            return _has_password(connection, who.id)

    def among(self, accounts: Iterable[Account]) -> dict[int, list[Identity]]:
        """The identities of these accounts, by the number of the account."""
        numbers = sorted({who.id for who in accounts})
        found: dict[int, list[Identity]] = {}
        with reading(self.engine) as connection:
            for at in range(0, len(numbers), _MOST_AT_ONCE):
                some = identity.c.account_id.in_(numbers[at : at + _MOST_AT_ONCE])
                for row in connection.execute(select(identity).where(some).order_by(identity.c.id)):
                    found.setdefault(row.account_id, []).append(_identity(row))
        return found

    def by_issuer(self, issuer: str, limit: int) -> list[tuple[str, tuple[str, ...]]]:
        """The address of each account in use that a provider opens, and the groups it told of, by name."""
        query = (
            select(account.c.email, identity.c.told_groups)
            .join(account, account.c.id == identity.c.account_id)
            .where(identity.c.issuer == issuer, account.c.active)
            .order_by(account.c.name_key)
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return [(row.email, _unpacked(row.told_groups)) for row in connection.execute(query)]

    # Introductions

    def introduce(self, told: Introduction, now: int) -> str:
        """Keep what a provider said for a while; the token under which, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        values = {
            "token_hash": hash_of(token),
            "issuer": told.issuer,
            "subject": told.subject,
            "email": told.email,
            "email_verified": told.email_verified,
            "name": told.name,
            "told_groups": _packed(told.groups),
            "expires_at": now + LIFETIME,
        }
        with writing(self.engine) as connection:
            connection.execute(delete(introduction).where(introduction.c.expires_at <= now))
            connection.execute(insert(introduction).values(**values))
        return token

    def introduced(self, token: str, now: int) -> Introduction | None:
        """What was kept under a token, while it may be used."""
        row = self._row(token, now)
        return _introduction(row) if row is not None else None

    def ask_for_proof(self, token: str, now: int) -> str:
        """A token to be mailed to whoever has the account already; one that was mailed before does no more."""
        proof = secrets.token_urlsafe(32)
        values = {"proof_hash": hash_of(proof), "expires_at": now + PROOF_LIFETIME}
        with writing(self.engine) as connection:
            kept = introduction.c.token_hash == hash_of(token), introduction.c.expires_at > now
            if connection.execute(update(introduction).where(*kept).values(**values)).rowcount != 1:
                raise NotFound(_TOO_LATE)
        return proof

    def proves(self, token: str, proof: str, now: int) -> bool:
        """Whether this is what was mailed."""
        row = self._row(token, now)
        return row is not None and row.proof_hash is not None and secrets.compare_digest(row.proof_hash, hash_of(proof))

    def forget(self, token: str) -> None:
        """What was kept has been used, or is not wanted."""
        with writing(self.engine) as connection:
            connection.execute(delete(introduction).where(introduction.c.token_hash == hash_of(token)))

    def _row(self, token: str, now: int) -> Row[Any] | None:
        kept = introduction.c.token_hash == hash_of(token), introduction.c.expires_at > now
        with reading(self.engine) as connection:
            return connection.execute(select(introduction).where(*kept)).first()


_TAKEN = N_("This way to sign in belongs to another account already.")
_LAST_WAY = N_(
    "This is the last way into your account, so it stays. Link another one first, or ask an administrator for a link "
    "to choose a password."
)
_TOO_LATE = N_("This sign-in was begun too long ago. Please begin again.")


def _join(connection: Connection, number: int, told: Introduction, now: int) -> Identity:
    known = _find(connection, told.issuer, told.subject)
    if known is not None and known.account_id != number:
        raise Refused(_TAKEN)
    values = {"email": told.email, "told_groups": _packed(told.groups), "used_at": now}
    if known is not None:
        connection.execute(update(identity).where(identity.c.id == known.id).values(**values))
    else:
        new = {"account_id": number, "issuer": told.issuer, "subject": told.subject, "created_at": now, **values}
        connection.execute(insert(identity).values(**new))
    kept = _find(connection, told.issuer, told.subject)
    assert kept is not None  # noqa: S101 - it has just been written
    return kept


def _find(connection: Connection, issuer: str, subject: str) -> Identity | None:
    same = identity.c.issuer == issuer, identity.c.subject == subject
    row = connection.execute(select(identity).where(*same)).first()
    return _identity(row) if row is not None else None


def _of(connection: Connection, number: int) -> list[Identity]:
    rows = connection.execute(select(identity).where(identity.c.account_id == number).order_by(identity.c.id))
    return [_identity(row) for row in rows]


def _has_password(connection: Connection, number: int) -> bool:
    having = account.c.id == number, account.c.password_hash.is_not(None)
    return bool(connection.execute(select(func.count()).select_from(account).where(*having)).scalar())


def _packed(groups: Iterable[str]) -> str:
    return json.dumps(list(groups), ensure_ascii=False)


def _unpacked(text: str) -> tuple[str, ...]:
    return tuple(str(one) for one in json.loads(text))


def _identity(row: Row[Any]) -> Identity:
    return Identity(
        row.id,
        row.account_id,
        row.issuer,
        row.subject,
        row.email,
        _unpacked(row.told_groups),
        row.created_at,
        row.used_at,
    )


def _introduction(row: Row[Any]) -> Introduction:
    return Introduction(row.issuer, row.subject, row.email, row.email_verified, row.name, _unpacked(row.told_groups))
