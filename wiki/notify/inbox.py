"""The inbox: what somebody is told, and what of it asks something of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Engine, Row, Select, bindparam, func, select, update

from wiki.database import reading, writing
from wiki.index import schema as index
from wiki.kept_query import KeptQuery
from wiki.model.acts import Person
from wiki.notify.matters import Matter
from wiki.notify.schema import notice
from wiki.prepared import Prepared

MOST_COUNTED = 100
PAGE_SIZE = 50


@dataclass(frozen=True)
class Notice:
    """One thing that somebody is told. ``act`` is what happened (an act, a merge, ``suggestion:7``), ``about`` the
    objection, comment or suggestion it concerns; ``title`` and ``state`` are those of proposal ``n`` now;
    ``because`` is what they watch. Times in unix seconds."""

    id: int
    account: int
    act: str
    n: int
    title: str
    state: str
    matter: Matter
    asks: bool
    about: str
    because: str
    by: Person
    at: int
    read: bool


class Inbox:
    """Everybody's inbox. Every method takes the account whose it is; there is no other way in."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._count = KeptQuery(engine, _ASKS)

    def count(self, who: int) -> int:
        """How much asks something of somebody, counted up to `MOST_COUNTED`."""
        return int(self._count.value(who=who))

    def asks(self, who: int, limit: int = PAGE_SIZE) -> list[Notice]:
        """What asks something of somebody and is still to be done, the oldest first."""
        query = _notices().where(*_open(who), notice.c.asks).order_by(notice.c.id).limit(limit)
        with reading(self.engine) as connection:
            return [_notice(row) for row in connection.execute(query)]

    def undone(self, who: int, limit: int = PAGE_SIZE) -> list[Notice]:
        """What asks something of somebody and is still to be done, whether or not they have read it; the oldest
        first."""
        query = _notices().where(notice.c.account_id == who, notice.c.done_at.is_(None), notice.c.asks)
        with reading(self.engine) as connection:
            return [_notice(row) for row in connection.execute(query.order_by(notice.c.id).limit(limit))]

    def news(self, who: int, before: int | None = None, limit: int = PAGE_SIZE) -> list[Notice]:
        """What they follow and have not read yet, the newest first; older than the notice ``before``."""
        return self._newest((*_open(who), notice.c.asks.is_(False)), before, limit)

    def earlier(self, who: int, before: int | None = None, limit: int = PAGE_SIZE) -> list[Notice]:
        """What was read or done, the newest first; older than the notice ``before``."""
        over = notice.c.read_at.is_not(None) | notice.c.done_at.is_not(None)
        return self._newest((notice.c.account_id == who, over), before, limit)

    def _newest(self, which: Collection[ColumnElement[bool]], before: int | None, limit: int) -> list[Notice]:
        query = _notices().where(*which).order_by(notice.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(notice.c.id < before)
        with reading(self.engine) as connection:
            return [_notice(row) for row in connection.execute(query)]

    def mark_read(self, who: int, number: int, now: int) -> bool:
        """One notice is read; whether there was such a one."""
        mine = notice.c.account_id == who, notice.c.id == number
        with writing(self.engine) as connection:
            there = connection.execute(select(notice.c.id).where(*mine)).first() is not None
            connection.execute(update(notice).where(*mine, notice.c.read_at.is_(None)).values(read_at=now))
        return there

    def mark_all_read(self, who: int, until: int, now: int) -> int:
        """Everything is read up to a notice, the last that somebody saw; how much that was."""
        mine = notice.c.account_id == who, notice.c.id <= until, notice.c.read_at.is_(None)
        with writing(self.engine) as connection:
            return connection.execute(update(notice).where(*mine).values(read_at=now)).rowcount


def waiting_for_mail(connection: Connection, who: int, how: str, limit: int) -> list[Notice]:
    """What is to be mailed to somebody ("now" or "digest") and still says something: neither read nor done since."""
    query = _notices().where(*_open(who), notice.c.mail == how).order_by(notice.c.id).limit(limit)
    return [_notice(row) for row in connection.execute(query)]


def _open(who: int | BindParameter[int]) -> tuple[ColumnElement[bool], ...]:
    return notice.c.account_id == who, notice.c.read_at.is_(None), notice.c.done_at.is_(None)


_SOME = select(notice.c.id).where(*_open(bindparam("who")), notice.c.asks).limit(MOST_COUNTED).subquery()
_ASKS = Prepared(select(func.count()).select_from(_SOME))


def _notices() -> Select[Any]:
    row = index.proposal
    return select(notice, row.c.title, row.c.state).outerjoin(row, row.c.n == notice.c.n)


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        account=row.account_id,
        act=row.act,
        n=row.n,
        title=row.title or "",
        state=row.state or "",
        matter=Matter(row.matter),
        asks=bool(row.asks),
        about=row.about,
        because=row.because,
        by=Person(row.by_name, row.by_email),
        at=row.at,
        read=row.read_at is not None or row.done_at is not None,
    )
