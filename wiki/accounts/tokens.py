"""Tokens: keys that colleagues give to their programs. A token may read, or read and propose; it has no voice."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, bindparam, delete, func, insert, select, update

from wiki.accounts.keys import hash_of
from wiki.accounts.people import Account, account_of
from wiki.accounts.schema import account, program_token
from wiki.database import reading, writing
from wiki.kept_query import KeptQuery
from wiki.model.acts import one_line
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.prepared import Prepared

DAY = 86400
PREFIX = "concord_"
MOST = 20
LONGEST_DAYS = 366
NOTED_EVERY = 300
"""How often, at most, the last use of a token is noted, in seconds."""
MAX_NAME = 100
_BYTES = 32
_T = program_token


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it; the key itself is kept nowhere. Times in unix seconds."""

    id: int
    account: int
    name: str
    may_propose: bool
    created_at: int
    expires_at: int
    used_at: int | None


class Tokens:
    """The tokens of everybody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._found = KeptQuery(engine, _FOUND)

    def make(self, who: Account, name: str, may_propose: bool, days: int, now: int) -> tuple[Token, str]:
        """A new token, and its key, which is told this once."""
        name = one_line(name)
        if not name or len(name) > MAX_NAME:
            raise Refused(N_("Please give the token a name of 1 to %(most)s characters."), most=MAX_NAME)
        if not 0 < days <= LONGEST_DAYS:
            raise Refused(N_("A token works for 1 to %(most)s days."), most=LONGEST_DAYS)
        key = PREFIX + secrets.token_urlsafe(_BYTES)
        values = {"account_id": who.id, "name": name, "token_hash": hash_of(key), "may_propose": may_propose,
                  "created_at": now, "expires_at": now + days * DAY}  # fmt: skip
        with writing(self.engine) as connection:
            have = connection.execute(select(func.count()).where(_T.c.account_id == who.id)).scalar() or 0
            if have >= MOST:
                raise Refused(N_("You have %(most)s tokens. Please take one of them back first."), most=MOST)
            made = connection.execute(insert(_T).values(**values)).inserted_primary_key
        assert made is not None  # noqa: S101 - the insert has just succeeded
        return Token(made[0], who.id, name, may_propose, now, now + days * DAY, None), key

    def find(self, key: str, now: int) -> tuple[Account, Token] | None:
        """The account and the token of this key, while it works. One query."""
        row = self._found.row(hashed=hash_of(key), now=now)
        return (account_of(row), _token(row)) if row is not None else None

    def used(self, which: Token, now: int) -> None:
        """A token was used; noted every few minutes."""
        if which.used_at is None or now - which.used_at >= NOTED_EVERY:
            with writing(self.engine, heals=True) as connection:
                connection.execute(update(_T).where(_T.c.id == which.id).values(used_at=now))

    def of(self, account_id: int) -> list[Token]:
        """The tokens of an account, the newest first; those that are over as well."""
        query = select(*_COLUMNS).where(_T.c.account_id == account_id).order_by(_T.c.id.desc())
        with reading(self.engine) as connection:
            return [_token(row) for row in connection.execute(query)]

    def take_back(self, account_id: int, number: int) -> None:
        """A token works no more; once is as good as twice."""
        with writing(self.engine) as connection:
            connection.execute(delete(_T).where(_T.c.id == number, _T.c.account_id == account_id))


_COLUMNS = (
    _T.c.id.label("token_number"),
    _T.c.account_id,
    _T.c.name.label("token_name"),
    _T.c.may_propose,
    _T.c.created_at.label("made_at"),
    _T.c.expires_at,
    _T.c.used_at,
)
_FOUND = Prepared(
    select(account, *_COLUMNS)
    .join(_T, _T.c.account_id == account.c.id)
    .where(_T.c.token_hash == bindparam("hashed"), _T.c.expires_at > bindparam("now"), account.c.active)
)


def _token(row: Any) -> Token:
    return Token(
        id=row.token_number,
        account=row.account_id,
        name=row.token_name,
        may_propose=bool(row.may_propose),
        created_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
