"""Questions about proposals that the index answers. Each costs the same however many proposals there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, Select, and_, bindparam, exists, func, select, text

from wiki.index import schema
from wiki.index.proposals import IN_FORCE, OPEN
from wiki.index.queries import PAGE_SIZE
from wiki.index.rows import ProposalRow, TouchingRow
from wiki.kept_query import KeptQuery
from wiki.model.acts import Person
from wiki.model.decide import Why
from wiki.model.names import name_of
from wiki.prepared import Prepared

MOST_COUNTED = 100
_L, _W = schema.landed, schema.person
_Q, _QP, _QW, _LACK = schema.proposal, schema.proposal_page, schema.proposal_person, schema.lack
_OVERTAKEN = exists().where(_LACK.c.n == _Q.c.n, _LACK.c.why == Why.OVERTAKEN.value)
"""Whether a proposal waits for an author who brings two versions together."""


def proposal(connection: Connection, n: int) -> ProposalRow | None:
    """One proposal."""
    rows = _with_pages(connection, _proposals().where(_Q.c.n == n))
    return rows[0] if rows else None


def proposals_in(connection: Connection, state: str, offset: int = 0, limit: int = PAGE_SIZE) -> list[ProposalRow]:
    """Proposals in a state, the last to move first."""
    query = _proposals().where(_Q.c.state == state)
    return _with_pages(connection, _page_of(query, offset, limit))


def longest_open(connection: Connection, limit: int) -> list[ProposalRow]:
    """The open proposals that were put on the table first."""
    query = _proposals().where(_Q.c.state == OPEN).order_by(_Q.c.opened_at, _Q.c.n).limit(limit)
    return _with_pages(connection, query)


class OnPage:
    """Asks for the open proposals that would change a file, as often as the file is shown."""

    def __init__(self, engine: Engine) -> None:
        self._touching, self._proposals, self._paths = (
            KeptQuery(engine, asked) for asked in (_TOUCHING_ONE, _OF_ONE, _PATHS_OF_ONE)
        )

    def of(self, path: str) -> list[ProposalRow]:
        """The last to move first."""
        rows = self._proposals.rows(path=path)
        return _rows_with(rows, _by_number(self._paths.rows(path=path)) if rows else {})

    def touching(self, path: str) -> list[TouchingRow]:
        """With the text of the file before and after by blob, by number."""
        return [_touching_row(row) for row in self._touching.rows(path=path)]


class Waiting:
    """Counts what waits for somebody, as often as the index has changed since they saw a page."""

    def __init__(self, engine: Engine) -> None:
        self._count = KeptQuery(engine, _WAITING)

    def count(self, keys: Sequence[str], without: Collection[int] = ()) -> int:
        """How many proposals wait for this person, ``without`` some, counted up to `MOST_COUNTED`."""
        return int(self._count.value(keys=keys, without=sorted(without)))


def touching_some(connection: Connection, paths: Sequence[str], limit: int) -> list[tuple[str, TouchingRow]]:
    """Open proposals that would change any of these files, with its text before and after by blob, by number: which
    file, and the proposal."""
    rows = connection.execute(_touching().where(_QP.c.path.in_(paths)).order_by(_Q.c.n).limit(limit))
    return [(row.path, _touching_row(row)) for row in rows]


def _touching() -> Select[Any]:
    query = _proposals().add_columns(_QP.c.path, _QP.c.before, _QP.c.after).join(_QP, _QP.c.n == _Q.c.n)
    return query.where(_Q.c.state == OPEN)


def _touching_row(row: Any) -> TouchingRow:
    return TouchingRow(
        n=row.n,
        title=row.title,
        author=Person(row.who, row.email),
        before=row.before,
        after=row.after,
        endorsements=row.endorsements,
        needed=row.needed,
    )


def related_to(connection: Connection, n: int) -> list[tuple[str, int]]:
    """What later proposals say of this one: the relation and their number."""
    table = schema.relation
    query = select(table.c.relation, table.c.n).where(table.c.other == n).order_by(table.c.n).limit(PAGE_SIZE)
    return [(row.relation, row.n) for row in connection.execute(query)]


def spoken_on(connection: Connection, keys: Sequence[str], limit: int = 500) -> list[tuple[int, str]]:
    """Proposals that are not in force on which these people have a voice that was not taken back, with whose."""
    query = (
        select(_QW.c.n, _QW.c.key)
        .join(_Q, _Q.c.n == _QW.c.n)
        .where(_QW.c.key.in_(keys), _QW.c.role != "author", _Q.c.state != IN_FORCE)
        .order_by(_QW.c.n)
        .limit(limit)
    )
    return [(row.n, row.key) for row in connection.execute(query)]


def proposals_by(
    connection: Connection, keys: Sequence[str], offset: int = 0, limit: int = PAGE_SIZE, state: str | None = None
) -> list[ProposalRow]:
    """Proposals of which this person, under any of these addresses, is an author, the last to move first; those in a
    state."""
    query = _proposals().where(_Q.c.n.in_(_written_by(keys)))
    return _with_pages(
        connection, _page_of(query if state is None else query.where(_Q.c.state == state), offset, limit)
    )


def stuck_by(
    connection: Connection, keys: Sequence[str], whys: Collection[str], limit: int
) -> list[tuple[ProposalRow, str]]:
    """Open proposals of this person that are not in force for one of these reasons, with the first of them; those that
    did not move for longest first."""
    lacking = exists().where(_LACK.c.n == _Q.c.n, _LACK.c.why.in_(whys))
    query = _proposals().where(_Q.c.n.in_(_written_by(keys)), _Q.c.state == OPEN, lacking)
    rows = _with_pages(connection, query.order_by(_Q.c.last_act_at, _Q.c.n).limit(limit))
    if not rows:
        return []
    told = select(_LACK.c.n, _LACK.c.why).where(_LACK.c.n.in_([row.n for row in rows]), _LACK.c.why.in_(whys))
    first: dict[int, str] = {}
    for n, why in connection.execute(told.order_by(_LACK.c.n, _LACK.c.place)):
        first.setdefault(n, why)
    return [(row, first[row.n]) for row in rows]


def _written_by(keys: Sequence[str]) -> Select[Any]:
    return select(_QW.c.n).where(_QW.c.key.in_(keys), _QW.c.role == "author")


def count_by(connection: Connection, keys: Sequence[str]) -> int:
    """How many proposals this person, under any of these addresses, is an author of."""
    some = select(func.count(_QW.c.n.distinct())).where(_QW.c.key.in_(keys), _QW.c.role == "author")
    return connection.execute(some).scalar() or 0


def proposals_numbered(connection: Connection, numbers: Sequence[int]) -> dict[int, ProposalRow]:
    """These proposals, by number."""
    return {row.n: row for row in _with_pages(connection, _proposals().where(_Q.c.n.in_(numbers)))}


def proposals_waiting(
    connection: Connection,
    keys: Sequence[str],
    offset: int = 0,
    limit: int = PAGE_SIZE,
    *,
    short: bool = False,
    without: Collection[int] = (),
) -> list[ProposalRow]:
    """Open proposals about whose text this person has not spoken and which they did not write, ``without`` some and
    those that only an author can bring on; those that need the fewest more endorsements first. Only those that need
    one, where they are to be ``short`` of just that."""
    query = _proposals().where(_waits_for(keys, without))
    if short:
        query = query.where(text("(needed - endorsements) = 1"))
    ordered = query.order_by(text("(needed - endorsements)"), _Q.c.last_act_at, _Q.c.n)
    return _with_pages(connection, ordered.offset(offset).limit(limit))


def waiting_among(connection: Connection, keys: Sequence[str], numbers: Collection[int]) -> list[ProposalRow]:
    """Those of these proposals that wait for this person, by number."""
    query = _proposals().where(_waits_for(keys), _Q.c.n.in_(numbers)).order_by(_Q.c.n)
    return _with_pages(connection, query) if numbers else []


def overtaken_among(connection: Connection, numbers: Collection[int]) -> frozenset[int]:
    """Those of these proposals that only an author can bring on, because a page of theirs has changed."""
    query = select(_LACK.c.n).where(_LACK.c.n.in_(numbers), _LACK.c.why == Why.OVERTAKEN.value)
    return frozenset(connection.execute(query).scalars()) if numbers else frozenset()


def count_in(connection: Connection, state: str) -> int:
    """How many proposals are in a state."""
    return connection.execute(select(func.count()).where(_Q.c.state == state)).scalar() or 0


def due(connection: Connection, now: int, limit: int = 500) -> list[int]:
    """Open proposals whose next moment has come, the earliest first."""
    query = select(_Q.c.n).where(_Q.c.due_at <= now).order_by(_Q.c.due_at).limit(limit)
    return list(connection.execute(query).scalars())


def landing(connection: Connection, n: int) -> tuple[str, int] | None:
    """With which commit of main and when (unix seconds) a proposal came into force."""
    query = select(_L.c.id, _L.c.at).join(_Q, _Q.c.landed_seq == _L.c.seq).where(_Q.c.n == n)
    row = connection.execute(query).first()
    return (row.id, row.at) if row is not None else None


def _waits_for(keys: Sequence[str] | BindParameter[Any], without: Collection[int] = ()) -> Any:
    spoken = exists().where(_QW.c.n == _Q.c.n, _QW.c.key.in_(keys), _QW.c.role != "lapsed")
    open_still = and_(_Q.c.state == OPEN, ~spoken, ~_OVERTAKEN)
    return and_(open_still, _Q.c.n.not_in(without)) if without else open_still


def _proposals() -> Select[Any]:
    told = (_W.c.shown.label("who"), _W.c.email, _OVERTAKEN.label("overtaken"))
    return select(_Q, *told).join(_W, _W.c.id == _Q.c.person_id)


def _page_of(query: Select[Any], offset: int, limit: int) -> Select[Any]:
    return query.order_by(_Q.c.last_act_at.desc(), _Q.c.n.desc()).offset(offset).limit(limit)


def _with_pages(connection: Connection, query: Select[Any]) -> list[ProposalRow]:
    rows = connection.execute(query).all()
    numbers = [row.n for row in rows]
    found = connection.execute(_ordered_paths().where(_QP.c.n.in_(numbers))) if numbers else ()
    return _rows_with(rows, _by_number(found))


def _rows_with(rows: Iterable[Any], paths: Mapping[int, list[str]]) -> list[ProposalRow]:
    return [
        ProposalRow(
            n=row.n,
            title=row.title,
            state=row.state,
            author=Person(row.who, row.email),
            opened_at=row.opened_at,
            last_act_at=row.last_act_at,
            endorsements=row.endorsements,
            needed=row.needed,
            objections=row.objections,
            earliest_at=row.earliest_at,
            overtaken=bool(row.overtaken),
            pages=tuple(name_of(path) or path for path in paths.get(row.n, ())),
        )
        for row in rows
    ]


def _ordered_paths() -> Select[Any]:
    return select(_QP.c.n, _QP.c.path).order_by(_QP.c.path)


_THERE = _QP.c.path == bindparam("path"), _Q.c.state == OPEN
_OF_ONE = Prepared(_page_of(_proposals().join(_QP, _QP.c.n == _Q.c.n).where(*_THERE), 0, PAGE_SIZE))
_NUMBERS = select(_Q.c.n).join(_QP, _QP.c.n == _Q.c.n).where(*_THERE)
_PATHS_OF_ONE = Prepared(_ordered_paths().where(_QP.c.n.in_(_NUMBERS)))
_TOUCHING_ONE = Prepared(_touching().where(_QP.c.path == bindparam("path")).order_by(_Q.c.n).limit(PAGE_SIZE))
_WAITS = _waits_for(bindparam("keys", expanding=True)), _Q.c.n.not_in(bindparam("without", expanding=True))
_WAITING = Prepared(select(func.count()).select_from(select(_Q.c.n).where(*_WAITS).limit(MOST_COUNTED).subquery()))


def _by_number(rows: Iterable[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.n, []).append(row.path)
    return found
