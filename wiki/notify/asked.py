"""Notices of requests: a colleague asked somebody by name to look at a proposal.

Written and taken back in the transaction of whoever keeps the requests (`wiki.asking`), so that there is none without
the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, update

from wiki.model.acts import Person
from wiki.notify.matters import ASKED, Matter
from wiki.notify.posting import letter_key
from wiki.notify.reach import Reach, expect_digests, reaches
from wiki.notify.rows import keep_first
from wiki.notify.schema import notice
from wiki.outbox import Outbox


@dataclass(frozen=True)
class Request:
    """Somebody (``account``) is asked; ``number`` is that of the request, ``because`` why it is them, in a word."""

    number: int
    account: int
    because: str

    @property
    def act(self) -> str:
        """What stands for it among the acts that people are told of."""
        return f"request:{self.number}"


def tell_asked(connection: Connection, n: int, by: Person, requests: Sequence[Request], now: int) -> None:
    """Tell them, in their inbox and as they chose."""
    chosen = reaches(connection, [each.account for each in requests])
    rows = [
        {
            "account_id": each.account,
            "act": each.act,
            "n": n,
            "matter": Matter.ASKED.value,
            "asks": True,
            "about": str(each.number),
            "because": f"{ASKED}:{each.because}",
            "by_name": by.name,
            "by_email": by.email,
            "at": now,
            "mail": chosen.get(each.account, Reach()).mail(True),
        }
        for each in requests
    ]
    keep_first(connection, notice, rows)
    expect_digests(connection, [each.account for each in requests], now)


def end_asked(connection: Connection, outbox: Outbox, requests: Sequence[Request], now: int) -> None:
    """What was asked is over: it leaves the inbox, and the outbox."""
    for each in requests:
        mine = notice.c.act == each.act, notice.c.account_id == each.account, notice.c.done_at.is_(None)
        connection.execute(update(notice).where(*mine).values(done_at=now))
    outbox.withdraw_in(connection, [letter_key(each.act, each.account) for each in requests], now)
