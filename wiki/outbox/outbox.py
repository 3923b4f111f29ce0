"""Rows that wait to be sent, taken by workers on a lease."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, or_, select, update

from wiki.database import reading, writing
from wiki.outbox.letters import Letter
from wiki.outbox.schema import outbox

MAIL = "mail"
LEASE_SECONDS = 120
AT_ONCE = 20
GIVEN_UP_AFTER = {MAIL: 3 * 86_400}
WAITS = (60, 120, 300, 900, 1_800, 3_600)
LONGEST = max(*WAITS, LEASE_SECONDS)
KEPT = 365 * 86_400


@dataclass(frozen=True)
class Parcel:
    """Something to send: ``content`` is what the sender of its ``kind`` understands."""

    id: int
    key: str
    kind: str
    recipient: str
    content: str
    tries: int


@dataclass(frozen=True)
class Failed:
    """Why something could not be sent. ``final``: trying again is of no use. ``wait``: nothing else can be sent by this
    way just now either, so the others wait too, and none of them loses a try."""

    why: str
    final: bool = False
    wait: bool = False


@dataclass(frozen=True)
class Waiting:
    """How full it is: ``waiting`` to be sent, since ``oldest`` (unix seconds), and ``given_up`` in the last week."""

    waiting: int
    oldest: int | None
    given_up: int


@dataclass(frozen=True)
class Lost:
    """Something that was given up, when (unix seconds), and why."""

    recipient: str
    at: int
    why: str


class Sender(Protocol):
    """Sends parcels of one kind."""

    def __call__(self, parcel: Parcel, now: int) -> Failed | None:
        """Send one at a moment (unix seconds); what went wrong, or None. May take as long as a lease lasts."""

    def close(self) -> None:
        """Nothing more is to be sent just now."""


class Outbox:
    """The outbox of one wiki. ``senders`` says how each kind is sent; what has none waits."""

    def __init__(self, engine: Engine, senders: dict[str, Sender] | None = None) -> None:
        self.engine = engine
        self.senders: dict[str, Sender] = senders if senders is not None else {}
        self.told: list[Callable[[Parcel, Failed | None], None]] = []
        """Called after each parcel that has gone (None) or was given up."""

    # Putting in

    def put(self, *letters: Letter, now: int) -> None:
        """Letters to send, in a transaction of their own."""
        with writing(self.engine) as connection:
            self.put_in(connection, letters, now)

    def put_in(self, connection: Connection, letters: Iterable[Letter], now: int) -> int:
        """Letters to send if the transaction commits; how many were new."""
        rows = [(letter.key, letter.to, letter.packed(), letter.until) for letter in letters]
        return sum(self.put_parcel(connection, MAIL, key, to, content, now, until) for key, to, content, until in rows)

    def put_parcel(
        self,
        connection: Connection,
        kind: str,
        key: str,
        recipient: str,
        content: str,
        now: int,
        until: int | None = None,
    ) -> bool:
        """Something of any kind to send if the transaction commits; whether its key was new."""
        if connection.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None:
            return False
        values = {"key": key, "kind": kind, "recipient": recipient, "content": content, "until": until}
        connection.execute(insert(outbox).values(**values, created_at=now, due_at=now, tries=0))
        return True

    def withdraw(self, *keys: str, now: int) -> int:
        """What is no longer to be sent; how many had not gone yet. One that a worker holds just now may still go."""
        with writing(self.engine) as connection:
            return self.withdraw_in(connection, keys, now)

    def withdraw_in(self, connection: Connection, keys: Sequence[str], now: int) -> int:
        """The same, if the transaction commits."""
        mine = outbox.c.key.in_(keys), outbox.c.due_at.is_not(None)
        return connection.execute(update(outbox).where(*mine).values(_ended(now, "withdrawn"))).rowcount

    # Sending

    def deliver(self, now: Callable[[], int], most: int = 1_000) -> int:
        """Send what is due, until nothing is or ``most`` were tried; how many have gone. May be called by any number of
        workers at once, and be killed at any moment."""
        try:
            return self._deliver(now, most)
        finally:
            for sender in self.senders.values():
                sender.close()

    def _deliver(self, now: Callable[[], int], most: int) -> int:
        gone, tried, away = 0, 0, set[str]()
        while tried < most:
            lease = secrets.token_hex(16)
            taken = self._take(lease, now(), set(self.senders) - away)
            if not taken:
                break
            for at, parcel in enumerate(taken):
                failed = self.senders[parcel.kind](parcel, now())
                tried += 1
                gone += failed is None
                if failed is not None and failed.wait:
                    self._wait(lease, parcel, taken[at:], failed, now())
                    away.add(parcel.kind)
                    break
                self._note(lease, parcel, failed, now())
        return gone

    def _take(self, lease: str, now: int, kinds: set[str]) -> list[Parcel]:
        """Some of what is due, held until the lease runs out; all of one kind."""
        if not kinds or not self._anything_due(now):
            return []
        with writing(self.engine) as connection:
            connection.execute(
                update(outbox).where(outbox.c.until < now, outbox.c.due_at <= now).values(_ended(now, "too late"))
            )
            due = select(outbox).where(_due(now), outbox.c.kind.in_(kinds))
            rows = connection.execute(
                due.order_by(outbox.c.due_at, outbox.c.id).limit(AT_ONCE).with_for_update(skip_locked=True)
            ).all()
            rows = [row for row in rows if row.kind == rows[0].kind]
            held = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
            connection.execute(held.values(lease=lease, due_at=now + LEASE_SECONDS))
        return [_parcel(row) for row in rows]

    def _anything_due(self, now: int) -> bool:
        with reading(self.engine) as connection:
            return connection.execute(select(outbox.c.id).where(_due(now)).limit(1)).first() is not None

    def _note(self, lease: str, parcel: Parcel, failed: Failed | None, now: int) -> None:
        with writing(self.engine) as connection:
            row = connection.execute(select(outbox).where(outbox.c.id == parcel.id, outbox.c.lease == lease)).first()
            if row is None:
                return  # it took longer than its lease, and another has it
            last = failed is not None and (failed.final or now - row.created_at > GIVEN_UP_AFTER.get(row.kind, 86_400))
            if failed is None or last:
                values = _ended(now, failed.why if failed is not None else None)
            else:
                wait = WAITS[min(row.tries, len(WAITS) - 1)]
                values = {"due_at": now + wait, "lease": None, "error": failed.why[:500]}
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(tries=row.tries + 1, **values))
        if failed is None or last:
            for tell in self.told:
                tell(parcel, failed)

    def _wait(self, lease: str, first: Parcel, rest: Sequence[Parcel], failed: Failed, now: int) -> None:
        """The way is closed: everything that was taken waits a minute, the first one longer each time."""
        self._note(lease, first, Failed(failed.why), now)
        with writing(self.engine) as connection:
            mine = outbox.c.lease == lease, outbox.c.id.in_([one.id for one in rest[1:]])
            connection.execute(update(outbox).where(*mine).values(due_at=now + WAITS[0], lease=None))

    # Looking

    def waiting(self, now: int) -> Waiting:
        """How full it is."""
        with reading(self.engine) as connection:
            unsent = select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.due_at.is_not(None))
            count, oldest = connection.execute(unsent).one()
            lost = outbox.c.ended_at > now - 7 * 86_400, outbox.c.error.is_not(None), outbox.c.error != "withdrawn"
            return Waiting(count, oldest, connection.execute(select(func.count()).where(*lost)).scalar() or 0)

    def lost(self, kind: str, since: int, most: int = 20) -> list[Lost]:
        """What of a kind was given up since a moment, the last first."""
        table = outbox
        query = (
            select(table.c.recipient, table.c.ended_at, table.c.error)
            .where(table.c.ended_at > since, table.c.kind == kind)
            .where(table.c.error.is_not(None), table.c.error != "withdrawn")
            .order_by(table.c.ended_at.desc())
            .limit(most)
        )
        with reading(self.engine) as connection:
            return [Lost(row.recipient, row.ended_at, row.error) for row in connection.execute(query)]

    def sweep(self, now: int) -> int:
        """Forget what ended more than a year ago; how many rows."""
        with writing(self.engine) as connection:
            return connection.execute(outbox.delete().where(outbox.c.ended_at < now - KEPT)).rowcount


def _due(now: int) -> ColumnElement[bool]:
    """What is due, and what waits for longer than anything does: that was put in while the clock was ahead."""
    return or_(outbox.c.due_at <= now, outbox.c.due_at > now + LONGEST)


def _ended(now: int, why: str | None) -> dict[str, Any]:
    return {"due_at": None, "lease": None, "ended_at": now, "content": "", "error": why[:500] if why else None}


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(row.id, row.key, row.kind, row.recipient, row.content, row.tries)
