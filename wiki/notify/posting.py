"""Mail: what asks something of somebody at once, everything else in a digest, each once.

A notice is marked as sent in the transaction that puts its letter into the outbox, so no two workers send it and no
kill loses it. What the letters say is written by the web, which knows words and addresses (`Writer`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Engine, select, update

from wiki.accounts import Account, Accounts
from wiki.database import reading, writing
from wiki.notify.inbox import Notice, waiting_for_mail
from wiki.notify.reach import Asks, Reaching, due_digests, expect_digests, take_digest
from wiki.notify.schema import notice
from wiki.outbox import MAIL, Failed, Letter, Outbox, Parcel

MOST_AT_ONCE = 200
IN_A_DIGEST = 100
TOO_LATE = 4 * 86400
"""After so long what was asked is no longer mailed, in seconds: it is in the inbox."""
_FOR_GOOD = re.compile(r"5\d\d ")

_TOLD, _DIGEST = "told:", "digest:"
TELLING = (_TOLD, _DIGEST)
"""How the keys of the letters begin that tell people of something."""


class Writer(Protocol):
    """Writes the letters."""

    def ask(self, key: str, to: Account, asked: Notice) -> Letter:
        """The letter that asks somebody for something."""

    def digest(self, key: str, to: Account, news: Sequence[Notice], asks: bool) -> Letter | None:
        """The letter that tells what is new and, where they want what ``asks`` something by mail, everything that
        waits for them; None where there is nothing to tell."""


class Posting:
    """The mail of one wiki. Without a ``writer`` none is sent, and everything waits."""

    def __init__(
        self, engine: Engine, accounts: Accounts, outbox: Outbox, reaching: Reaching, clock: Callable[[], float]
    ) -> None:
        self.engine = engine
        self.accounts = accounts
        self.outbox = outbox
        self.reaching = reaching
        self.clock = clock
        self.writer: Writer | None = None
        outbox.told.append(self._went)

    def post(self) -> int:
        """Put into the outbox what is due; how many letters."""
        if self.writer is None or MAIL not in self.outbox.senders:
            return 0
        return self._asks(self.writer) + self._digests(self.writer)

    def _asks(self, writer: Writer) -> int:
        now, count = int(self.clock()), 0
        some = select(notice.c.account_id).where(notice.c.mail == "now").distinct().limit(MOST_AT_ONCE)
        with reading(self.engine) as connection:
            whose = list(connection.execute(some).scalars())
        for who in whose:
            to = self._reachable(who)
            with reading(self.engine) as connection:
                waiting = waiting_for_mail(connection, who, "now", MOST_AT_ONCE) if to is not None else []
            fresh = [one for one in waiting if one.at > now - TOO_LATE]
            count += sum(self._ask(writer, to, one, now) for one in fresh) if to is not None else 0
            self._let_be(who, "now", but={one.id for one in fresh})
        return count

    def _reachable(self, who: int) -> Account | None:
        to = self.accounts.get(who)
        return to if to.active and not self.reaching.of(who).stopped else None

    def _ask(self, writer: Writer, to: Account, asked: Notice, now: int) -> bool:
        letter = writer.ask(letter_key(asked.act, to.id), to, asked)
        still = notice.c.id == asked.id, notice.c.mail == "now", notice.c.done_at.is_(None), notice.c.read_at.is_(None)
        with writing(self.engine) as connection:
            ours = connection.execute(update(notice).where(*still).values(mail="sent")).rowcount == 1
            return ours and self.outbox.put_in(connection, [letter], now) == 1

    def _let_be(self, who: int, how: str, but: set[int]) -> None:
        """What waited to be mailed, and was read, done, muted or is too old by now, is not mailed any more."""
        waits = notice.c.account_id == who, notice.c.mail == how
        over = notice.c.read_at.is_not(None) | notice.c.done_at.is_not(None)
        with writing(self.engine) as connection:
            rows = connection.execute(select(notice.c.id).where(*waits).limit(MOST_AT_ONCE)).scalars()
            left = [number for number in rows if number not in but]
            old = over | notice.c.id.in_(left)
            connection.execute(update(notice).where(*waits, old).values(mail="none"))

    def _digests(self, writer: Writer) -> int:
        with reading(self.engine) as connection:
            due = due_digests(connection, int(self.clock()), MOST_AT_ONCE)
        return sum(self._digest(writer, who, due_at) for who, due_at in due)

    def _digest(self, writer: Writer, who: int, due_at: int) -> bool:
        now, to = int(self.clock()), self._reachable(who)
        with reading(self.engine) as connection:
            news = waiting_for_mail(connection, who, "digest", IN_A_DIGEST)
            last = connection.execute(select(notice.c.id).order_by(notice.c.id.desc()).limit(1)).scalar() or 0
        asks = self.reaching.of(who).asks is not Asks.NEVER
        letter = writer.digest(f"{_DIGEST}{who}:{due_at}", to, news, asks) if to is not None else None
        with writing(self.engine) as connection:
            if not take_digest(connection, who, due_at):
                return False
            waits = notice.c.account_id == who, notice.c.mail == "digest"
            connection.execute(update(notice).where(*waits, notice.c.id <= last).values(mail="sent"))
            if connection.execute(select(notice.c.id).where(*waits).limit(1)).first() is not None:
                expect_digests(connection, [who], now)
            return letter is not None and self.outbox.put_in(connection, [letter], now) == 1

    def _went(self, parcel: Parcel, failed: Failed | None) -> None:
        """What became of a letter: an address that is refused for good several times in a row gets no more."""
        if parcel.kind != MAIL:
            return
        if failed is None:
            self.reaching.taken(parcel.recipient)
        elif failed.final and _FOR_GOOD.match(failed.why):
            self.reaching.refused(parcel.recipient, failed.why)


def letter_key(act: str, who: int) -> str:
    """The key of the one letter that tells somebody of an act."""
    return f"{_TOLD}{act}:{who}"
