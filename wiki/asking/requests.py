"""Requests as rows: made, answered, let go, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, insert, or_, select, update

from wiki.accounts.schema import account, former_identity
from wiki.asking import schema
from wiki.index import schema as index
from wiki.index.proposals import OPEN as ON_THE_TABLE
from wiki.model.acts import Kind, Person
from wiki.notify.rows import keep_first
from wiki.prepared import Prepared

MOST_AT_ONCE = 500
_R, _Q, _C = schema.request, index.proposal, schema.circle


class Fate(StrEnum):
    """What became of a request."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    LATER = "later"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class Request:
    """Somebody was asked to look at proposal ``n``: who, by whom (None where the wiki did it), when (unix seconds),
    and the reason in a word."""

    id: int
    n: int
    account: int
    person: Person
    by: Person | None
    at: int
    because: str
    fate: Fate


ANY_OPEN = Prepared(select(_R.c.id).where(_R.c.n == bindparam("about"), _R.c.fate == Fate.OPEN.value).limit(1))
"""Whether somebody is asked ``about`` a proposal and has not answered: that is so of few, and asked after every act."""

EVER_PASSED = Prepared(
    select(_R.c.id).where(_R.c.account_id == bindparam("who"), _R.c.fate == Fate.DECLINED.value).limit(1)
)
"""Whether somebody (``who``) ever said that they cannot look at a proposal."""


def of_proposal(connection: Connection, n: int) -> list[Request]:
    """Who was asked about a proposal, in order."""
    return _requests(connection, _R.c.n == n)


def open_of(connection: Connection, who: int, n: int | None = None) -> list[Request]:
    """What somebody is asked and has not answered, the oldest first; about one proposal."""
    about = _R.c.n == n if n is not None else _R.c.n > 0
    return _requests(connection, and_(_R.c.account_id == who, _R.c.fate == Fate.OPEN.value, about))


def passed_on(connection: Connection, who: int) -> list[int]:
    """The proposals on the table of which somebody said that they cannot look at them."""
    theirs = _R.c.account_id == who, _R.c.fate == Fate.DECLINED.value, exists().where(_on_the_table())
    return list(connection.execute(select(_R.c.n).where(*theirs).order_by(_R.c.n).limit(MOST_AT_ONCE)).scalars())


def _requests(connection: Connection, which: Any) -> list[Request]:
    asker = account.alias("asker")
    query = (
        select(_R, account.c.name, account.c.email, asker.c.name.label("by_name"), asker.c.email.label("by_email"))
        .join(account, account.c.id == _R.c.account_id)
        .outerjoin(asker, asker.c.id == _R.c.by_id)
        .where(which)
        .order_by(_R.c.id)
        .limit(MOST_AT_ONCE)
    )
    return [_request(row) for row in connection.execute(query)]


def _request(row: Row[Any]) -> Request:
    by = Person(row.by_name, row.by_email) if row.by_name is not None else None
    person = Person(row.name, row.email)
    return Request(row.id, row.n, row.account_id, person, by, row.at, row.because, Fate(row.fate))


def make(connection: Connection, n: int, who: int, by: int | None, because: str, now: int) -> int:
    """Write a request; its number."""
    row = {"n": n, "account_id": who, "by_id": by, "at": now, "widened": by is None, "because": because,
           "fate": Fate.OPEN.value, "closed_at": None}  # fmt: skip
    made = connection.execute(insert(_R).values(**row)).inserted_primary_key
    assert made is not None  # noqa: S101 - the insert has just succeeded
    return int(made[0])


def close(connection: Connection, numbers: Sequence[int], fate: Fate, now: int) -> None:
    """Requests that are still open have this fate from now on."""
    for at in range(0, len(numbers), MOST_AT_ONCE):
        some = _R.c.id.in_(numbers[at : at + MOST_AT_ONCE]), _R.c.fate == Fate.OPEN.value
        connection.execute(update(_R).where(*some).values(fate=fate.value, closed_at=now))


def answered(connection: Connection, n: int | None = None) -> list[Request]:
    """Open requests of people who have spoken since, or have become authors."""
    spoke = exists().where(
        index.act.c.n == _R.c.n,
        index.act.c.kind.in_([Kind.ENDORSE.value, Kind.OBJECT.value]),
        index.act.c.at >= _R.c.at,
        index.person.c.id == index.act.c.person_id,
        _theirs(index.person.c.key),
    )
    wrote = exists().where(
        index.proposal_person.c.n == _R.c.n,
        index.proposal_person.c.role == "author",
        _theirs(index.proposal_person.c.key),
    )
    return _requests(connection, and_(_open(n), or_(spoke, wrote)))


def _theirs(key: Any) -> Any:
    """Whether this is an address that the colleague who is asked has or had."""
    before = select(former_identity.c.key).where(former_identity.c.account_id == _R.c.account_id)
    return or_(key == account.c.email_key, key.in_(before.where(former_identity.c.kind == "email")))


def ended(connection: Connection, n: int | None = None) -> list[Request]:
    """Open requests about proposals that are no longer on the table."""
    return _requests(connection, and_(_open(n), ~exists().where(_on_the_table())))


def _on_the_table() -> Any:
    return and_(_Q.c.n == _R.c.n, _Q.c.state == ON_THE_TABLE)


def older(connection: Connection, than: int) -> list[Request]:
    """Open requests from before a moment."""
    return _requests(connection, and_(_open(None), _R.c.at <= than))


def _open(n: int | None) -> Any:
    return and_(_R.c.fate == Fate.OPEN.value, _R.c.n == n if n is not None else _R.c.n > 0)


# When the circle is looked at


def due(connection: Connection, now: int) -> list[tuple[int, int]]:
    """The proposals whose circle is to be looked at, with the moment it was due (unix seconds)."""
    query = select(_C.c.n, _C.c.due_at).where(_C.c.due_at <= now).order_by(_C.c.due_at, _C.c.n).limit(MOST_AT_ONCE)
    return [(row.n, row.due_at) for row in connection.execute(query)]


def take(connection: Connection, n: int, due_at: int) -> int | None:
    """How many are owed, where this look is ours: of several who try, one is told. None for the others."""
    owed = connection.execute(select(_C.c.owed).where(_C.c.n == n)).scalar() or 0
    ours = _C.c.n == n, _C.c.due_at == due_at
    taken = connection.execute(update(_C).where(*ours).values(due_at=None, owed=0)).rowcount == 1
    return int(owed) if taken else None


def look_again(connection: Connection, n: int, due_at: int | None, owed: int = 0) -> None:
    """The circle of a proposal is looked at then; ``owed`` more said that they cannot."""
    keep_first(connection, _C, [{"n": n, "due_at": due_at, "owed": 0}])
    connection.execute(update(_C).where(_C.c.n == n).values(due_at=due_at, owed=_C.c.owed + owed))


def forget(connection: Connection, who: int) -> int:
    """Forget what somebody was asked and how they want to be asked; whom they asked stays asked. How many rows."""
    connection.execute(update(_R).where(_R.c.by_id == who).values(by_id=None))
    mine = (delete(table).where(table.c.account_id == who) for table in (_R, schema.choice))
    return sum(connection.execute(each).rowcount for each in mine)


def lock(connection: Connection, whose: Iterable[int]) -> None:
    """Let nobody else ask these people meanwhile, where the database has several writers."""
    query = select(account.c.id).where(account.c.id.in_(sorted(whose))).order_by(account.c.id)
    connection.execute(query.with_for_update())
