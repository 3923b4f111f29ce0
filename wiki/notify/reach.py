"""How somebody wants to be reached besides their inbox, and whether mail reaches them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, select, update

from wiki.accounts.schema import account
from wiki.database import reading, writing
from wiki.notify.rhythm import Rhythm, next_digest
from wiki.notify.rows import keep_first, put
from wiki.notify.schema import reach
from wiki.prepared import Prepared

MOST_REFUSALS = 3
_LONGEST_WHY = 500
_AT_ONCE = 500
_CHOSEN = Prepared(select(reach).where(reach.c.account_id.in_(bindparam("whose", expanding=True))))


class Asks(StrEnum):
    """How what asks something of somebody reaches them."""

    NOW = "now"
    DIGEST = "digest"
    NEVER = "never"


@dataclass(frozen=True)
class Reach:
    """What somebody chose: their time zone ("" while they chose none), the rhythm of the digest, and how they are
    asked. ``stopped`` is what their mail server said when mail to them was given up, "" while it was not."""

    zone: str = ""
    rhythm: Rhythm = Rhythm.DAILY
    asks: Asks = Asks.NOW
    stopped: str = ""

    def mail(self, asks: bool) -> str:
        """How one more notice is mailed: "now", "digest" or "none"."""
        if self.stopped:
            return "none"
        chosen = self.asks if asks else Asks.DIGEST
        if chosen is Asks.DIGEST and self.rhythm is not Rhythm.NEVER:
            return "digest"
        return "now" if chosen is Asks.NOW else "none"


class Reaching:
    """Everybody's choices."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def of(self, who: int) -> Reach:
        """What somebody chose; the defaults for somebody who did not."""
        with reading(self.engine) as connection:
            return reaches(connection, [who]).get(who, Reach())

    def choose(self, who: int, zone: str, rhythm: Rhythm, asks: Asks, now: int) -> None:
        """Another choice. A digest that waits comes at the new hour, or not at all."""
        row: dict[str, Any] = {"account_id": who, "zone": zone, "rhythm": rhythm.value, "asks": asks.value}
        with writing(self.engine) as connection:
            waits = connection.execute(select(reach.c.digest_at).where(reach.c.account_id == who)).scalar()
            row["digest_at"] = next_digest(now, zone, rhythm) if waits is not None else None
            put(connection, reach, row, ("account_id",))

    def unsubscribe(self, who: int, from_digest: bool) -> None:
        """No more digests, or no more mail when something is asked."""
        row: dict[str, Any] = {"account_id": who}
        row |= {"rhythm": Rhythm.NEVER.value, "digest_at": None} if from_digest else {"asks": Asks.NEVER.value}
        with writing(self.engine) as connection:
            put(connection, reach, row, ("account_id",))

    def refused(self, address: str, why: str) -> None:
        """The mail server of this address would not take a letter, for good. After several in a row none are sent."""
        with writing(self.engine) as connection:
            for who in _at(connection, address):
                keep_first(connection, reach, [{"account_id": who}])
                mine = reach.c.account_id == who
                connection.execute(update(reach).where(mine).values(refusals=reach.c.refusals + 1))
                many = reach.c.refusals >= MOST_REFUSALS
                connection.execute(update(reach).where(mine, many).values(stopped=why[:_LONGEST_WHY] or "?"))

    def taken(self, address: str) -> None:
        """A letter to this address was taken: refusals before it count no more."""
        with reading(self.engine) as connection:
            refusing = reach.c.account_id.in_(_at(connection, address)), reach.c.refusals > 0
            if connection.execute(select(reach.c.account_id).where(*refusing)).first() is None:
                return
        with writing(self.engine) as connection:
            connection.execute(update(reach).where(*refusing).values(refusals=0, stopped=""))

    def try_again(self, who: int) -> None:
        """Send mail to somebody again."""
        with writing(self.engine) as connection:
            connection.execute(update(reach).where(reach.c.account_id == who).values(refusals=0, stopped=""))


def _at(connection: Connection, address: str) -> list[int]:
    return list(connection.execute(select(account.c.id).where(account.c.email_key == address.casefold())).scalars())


def reaches(connection: Connection, whose: Collection[int]) -> dict[int, Reach]:
    """What these accounts chose, those that chose something."""
    wanted, found = sorted(whose), {}
    for at in range(0, len(wanted), _AT_ONCE):
        rows = _CHOSEN.rows(connection, whose=wanted[at : at + _AT_ONCE])
        found.update({row.account_id: _reach(row) for row in rows})
    return found


def _reach(row: Row[Any]) -> Reach:
    return Reach(row.zone, Rhythm(row.rhythm), Asks(row.asks), row.stopped)


def expect_digests(connection: Connection, whose: Iterable[int], now: int) -> None:
    """Let a digest come to these people when their hour strikes, where none is expected yet."""
    wanted = sorted(set(whose))
    keep_first(connection, reach, [{"account_id": who} for who in wanted])
    for who, chosen in reaches(connection, wanted).items():
        none_yet = reach.c.account_id == who, reach.c.digest_at.is_(None)
        at = next_digest(now, chosen.zone, chosen.rhythm)
        connection.execute(update(reach).where(*none_yet).values(digest_at=at))


def due_digests(connection: Connection, now: int, most: int) -> list[tuple[int, int]]:
    """Whose digest is due, with the moment it was due at (unix seconds)."""
    query = select(reach.c.account_id, reach.c.digest_at).where(reach.c.digest_at <= now)
    return [
        (row.account_id, row.digest_at) for row in connection.execute(query.order_by(reach.c.digest_at).limit(most))
    ]


def take_digest(connection: Connection, who: int, due_at: int) -> bool:
    """Whether this digest is ours to send: of several who try, one is told so."""
    ours = reach.c.account_id == who, reach.c.digest_at == due_at
    return connection.execute(update(reach).where(*ours).values(digest_at=None)).rowcount == 1


__all__ = [
    "MOST_REFUSALS", "Asks", "Reach", "Reaching", "due_digests", "expect_digests", "reaches", "take_digest",
]  # fmt: skip
