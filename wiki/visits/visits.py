"""`Visits`: since you last read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from multiprocessing.util import Finalize
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from wiki.database import reading, writing
from wiki.kept_query import KeptQuery
from wiki.prepared import Prepared
from wiki.visits.notes import Note, Notes
from wiki.visits.schema import visit

REMINDED = 86400
"""How long a difference is pointed out after it was first shown, in seconds, unless it is looked at before."""


MOST_KNOWN = 500
"""How many pages are looked through for what has changed."""
_LAST = Prepared(
    select(visit.c.seen, visit.c.seen_at, visit.c.before).where(
        visit.c.account_id == bindparam("account"), visit.c.name == bindparam("page")
    )
)


@dataclass(frozen=True)
class Read:
    """What somebody knew of a page that reads otherwise now: the commit of main, and when they read it (unix
    seconds)."""

    commit: str
    at: int


@dataclass(frozen=True)
class Visit:
    """A page by the name that it had, the commit of main that brought what they saw of it, and when that was (unix
    seconds)."""

    name: str
    seen: str
    seen_at: int


class Visits:
    """The visits of everybody. Every method takes the account whose visits they are; there is no other way in."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._notes = Notes(engine)
        Finalize(self, self._notes.write_down, exitpriority=1)  # runs in workers too, where atexit does not
        self._last = KeptQuery(engine, _LAST)

    def knows(self, account: int, name: str, commit: str, now: int) -> bool:
        """Whether somebody has seen a page as this commit of main brought it, and need not be told what is new."""
        row = self._notes.get(account, name) or self._last.row(account=account, page=name)
        if row is None or row.seen != commit:
            return False
        return row.before is None or now - row.seen_at > REMINDED

    def come(self, account: int, names: Sequence[str], seen: tuple[str, int], now: int) -> Read | None:
        """Somebody opens a page: ``names`` are its own and those it had before, ``seen`` the commit of main that
        brought its text and that commit's place in the book of changes. What they knew of it, where that reads
        otherwise; None for a page that is new to them, or the same. Noted only where it is news."""
        commit, seq = seen
        row: Any = self._notes.get(account, names[0]) or self._row(account, names)
        if row is not None and row.seen == commit and row.name == names[0]:
            if row.before is None or now - row.seen_at > REMINDED:
                return None
            return Read(row.before, row.before_at)
        known = None
        if row is not None and row.seen != commit:
            again = row.before is not None and now - row.seen_at <= REMINDED
            known = Read(row.before, row.before_at) if again else Read(row.seen, row.seen_at)
        before = (known.commit, known.at) if known is not None else (None, None)
        self._notes.take(Note(account, tuple(names), commit, seq, now, *before))
        return known

    def _row(self, account: int, names: Sequence[str]) -> Any:
        query = select(visit).where(visit.c.account_id == account, visit.c.name.in_(names))
        with reading(self.engine) as connection:
            return connection.execute(query.order_by(visit.c.seen_at.desc()).limit(1)).first()

    def known(self, account: int, most: int = MOST_KNOWN) -> dict[str, tuple[str, int]]:
        """The pages that somebody has read, those of the last visits first: by the name they had then, the commit of
        main and its place in the book of changes."""
        self._notes.write_down(waits=False)
        query = select(visit.c.name, visit.c.seen, visit.c.seen_seq).where(visit.c.account_id == account)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(visit.c.seen_at.desc(), visit.c.name).limit(most))
            return {row.name: (row.seen, row.seen_seq) for row in rows}

    def of(self, account: int) -> list[Visit]:
        """All that is kept of what somebody has read, the last visits first."""
        self._notes.write_down()
        query = select(visit.c.name, visit.c.seen, visit.c.seen_at).where(visit.c.account_id == account)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(visit.c.seen_at.desc(), visit.c.name))
            return [Visit(row.name, row.seen, row.seen_at) for row in rows]

    def among(self, account: int, names: Collection[str]) -> dict[str, tuple[str, int]]:
        """What somebody has read of these pages, as `known` tells it."""
        self._notes.write_down(waits=False)
        wanted, found = sorted(names), {}
        query = select(visit.c.name, visit.c.seen, visit.c.seen_seq).where(visit.c.account_id == account)
        with reading(self.engine) as connection:
            for at in range(0, len(wanted), MOST_KNOWN):
                rows = connection.execute(query.where(visit.c.name.in_(wanted[at : at + MOST_KNOWN])))
                found.update({row.name: (row.seen, row.seen_seq) for row in rows})
        return found

    def understood(self, account: int, name: str) -> None:
        """Somebody has taken note of what changed on a page."""
        self._notes.write_down()
        mine = visit.c.account_id == account, visit.c.name == name
        with writing(self.engine) as connection:
            connection.execute(update(visit).where(*mine).values(before=None, before_at=None))

    def forget(self, account: int) -> int:
        """Forget all that somebody has read; how many pages that was."""
        self._notes.write_down()
        with writing(self.engine) as connection:
            return forget_visits(connection, account)


def forget_visits(connection: Connection, account: int) -> int:
    """The same in a transaction that is given."""
    return connection.execute(delete(visit).where(visit.c.account_id == account)).rowcount
