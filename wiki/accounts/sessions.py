"""Sessions: who is signed in where, and how each is ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, bindparam, delete, insert, select, update

from wiki.accounts.keys import hash_of
from wiki.accounts.people import Account, account_of
from wiki.accounts.schema import account, session
from wiki.database import reading, writing
from wiki.kept_query import KeptQuery
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.prepared import Prepared

DAY = 86400
NOTED_EVERY = 300
"""How often, at most, it is noted that a session goes on, in seconds: a page view is to write nothing."""
MOST = 50
"""How many sessions one account can have; the one that was seen longest ago makes room for another."""
_KEY_BYTES = 32
_LONGEST = 40


@dataclass(frozen=True)
class Device:
    """Where somebody signs in: browser and system by their plain names, "" where they are not known, and the network
    they come from, "" where that is not known."""

    browser: str = ""
    system: str = ""
    address: str = ""


@dataclass(frozen=True)
class Session:
    """One sign-in that goes on. Times in unix seconds; ``seen_at`` is a few minutes late at most."""

    id: int
    account: int
    began_at: int
    seen_at: int
    device: Device


class Sessions:
    """The sessions of everybody. None lasts for longer than ``days`` after its sign-in."""

    def __init__(self, engine: Engine, days: int) -> None:
        self.engine = engine
        self.lasts = days * DAY
        self._opened = KeptQuery(engine, _OPENED)

    def begin(self, who: Account, device: Device, now: int) -> tuple[Session, str]:
        """A new session, and the key that the browser keeps; the wiki keeps only its hash. `Refused` where all
        sessions of the account were ended since ``who`` was read."""
        key = secrets.token_urlsafe(_KEY_BYTES)
        values = {
            "key_hash": hash_of(key),
            "account_id": who.id,
            "began_at": now,
            "seen_at": now,
            "browser": device.browser[:_LONGEST],
            "system": device.system[:_LONGEST],
            "address": device.address,
        }
        still = account.c.id == who.id, account.c.active, account.c.session_key == who.session_key
        theirs = session.c.account_id == who.id
        kept = select(session.c.id).where(theirs).order_by(session.c.seen_at.desc(), session.c.id.desc()).limit(MOST)
        with writing(self.engine) as connection:
            if connection.execute(select(account.c.id).where(*still)).first() is None:
                raise Refused(N_("Your account was changed in the meantime. Please sign in again."))
            made = connection.execute(insert(session).values(**values)).inserted_primary_key
            connection.execute(delete(session).where(theirs, session.c.id.not_in(kept)))
        assert made is not None  # noqa: S101 - the insert has just succeeded
        return Session(made[0], who.id, now, now, device), key

    def find(self, key: str, now: int) -> tuple[Account, Session] | None:
        """The account and the session that this key opens, while it may go on. One query."""
        row = self._opened.row(key=hash_of(key), after=now - self.lasts)
        return (account_of(row), _session(row)) if row is not None else None

    def seen(self, which: Session, now: int) -> None:
        """A session goes on; noted every few minutes."""
        if now - which.seen_at >= NOTED_EVERY:
            with writing(self.engine, heals=True, waits=False) as connection:
                connection.execute(update(session).where(session.c.id == which.id).values(seen_at=now))

    def of(self, account_id: int, now: int) -> list[Session]:
        """The sessions of an account, the last seen first."""
        theirs = session.c.account_id == account_id, session.c.began_at > now - self.lasts
        query = select(*_COLUMNS).where(*theirs).order_by(session.c.seen_at.desc(), session.c.id.desc())
        with reading(self.engine) as connection:
            return [_session(row) for row in connection.execute(query)]

    def end(self, account_id: int, number: int) -> None:
        """End one session of this account; once is as good as twice."""
        with writing(self.engine) as connection:
            connection.execute(delete(session).where(session.c.id == number, session.c.account_id == account_id))

    def end_others(self, account_id: int, but: int) -> int:
        """End all sessions of an account but one; how many those were."""
        others = session.c.account_id == account_id, session.c.id != but
        with writing(self.engine) as connection:
            return connection.execute(delete(session).where(*others)).rowcount

    def sweep(self, now: int) -> int:
        """Forget the sessions that are over; how many those were."""
        over = session.c.began_at <= now - self.lasts
        with reading(self.engine) as connection:
            if connection.execute(select(session.c.id).where(over).limit(1)).first() is None:
                return 0
        with writing(self.engine) as connection:
            return connection.execute(delete(session).where(over)).rowcount


_COLUMNS = (
    session.c.id.label("session_number"),
    session.c.account_id,
    session.c.began_at,
    session.c.seen_at,
    session.c.browser,
    session.c.system,
    session.c.address,
)
_OPENED = Prepared(
    select(account, *_COLUMNS)
    .join(session, session.c.account_id == account.c.id)
    .where(session.c.key_hash == bindparam("key"), session.c.began_at > bindparam("after"), account.c.active)
)


def _session(row: Any) -> Session:
    device = Device(row.browser, row.system, row.address)
    return Session(row.session_number, row.account_id, row.began_at, row.seen_at, device)
