"""How long things take, what is stuck and what nobody looks after, in raw rows.

No question here costs more because the history is long: each looks at a window of time, and there at no more than the
last `MOST` proposals or changes; what is open and what pages there are is looked at whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, exists, func, or_, select

from wiki.database import reading
from wiki.index import proposal_queries, schema
from wiki.index.contents import TEMPLATES
from wiki.index.proposals import OPEN
from wiki.index.rows import ProposalRow
from wiki.index.upsert import SOME
from wiki.model.acts import Kind
from wiki.model.relations import Relation

MOST = 5_000
"""How many proposals or changes are looked at."""
DAY = 86400
_Q, _L, _R, _A, _W = schema.proposal, schema.landed, schema.revision, schema.act, schema.person
_P, _D, _QW, _K = schema.page, schema.day, schema.proposal_person, schema.lack


@dataclass(frozen=True)
class Agreed:
    """A change that came into force: how many seconds after it was proposed, and the topmost folders that it
    touched ("" for what is in none)."""

    n: int
    at: int
    took: int
    folders: tuple[str, ...]


@dataclass(frozen=True)
class Proposed:
    """A proposal: when it was put on the table and first endorsed (unix seconds), whether it is the first of whoever
    made it, and its state. Of a closed one, whether the wiki closed it, and whether somebody went on with it."""

    n: int
    at: int
    endorsed_at: int | None
    first: bool
    state: str
    by_wiki: bool
    adopted: bool


@dataclass(frozen=True)
class Lacking:
    """How many open proposals are not in force for a reason of `decide`; ``about`` is the group that is needed."""

    why: str
    about: str
    count: int


@dataclass(frozen=True)
class OnTable:
    """What is open: how many proposals, since when the oldest (unix seconds), the ones that have waited longest, what
    all of them lack, and how many lack nothing but time."""

    count: int
    since: int | None
    longest: tuple[ProposalRow, ...]
    lacking: tuple[Lacking, ...]
    only_time: int


@dataclass(frozen=True)
class PageAge:
    """A page in force: when it was last revised (unix seconds), and its ``review_by`` where it has one."""

    id: int
    name: str
    title: str
    revised_at: int
    review_by: str | None

    @property
    def folder(self) -> str:
        """The topmost folder that it is in; "" for none."""
        return self.name.partition("/")[0] if "/" in self.name else ""


class Doing:
    """These questions to one index. ``founding`` is the commit that the wiki began with."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def imported(self, founding: str) -> int:
        """How many commits of main are older than the wiki."""
        with reading(self.engine) as connection:
            return max(0, _place(connection, founding) - 1)

    def agreed(self, since: int, founding: str) -> list[Agreed]:
        """What came into force since the day of a moment, the last first."""
        with reading(self.engine) as connection:
            first = max(_place(connection, founding), _before(connection, since))
            query = (
                select(_L.c.seq, _L.c.at, _Q.c.n, _Q.c.opened_at)
                .join(_Q, and_(_Q.c.n == _L.c.proposal, _Q.c.landed_seq == _L.c.seq))
                .where(_L.c.seq > first)
                .order_by(_L.c.seq.desc())
                .limit(MOST)
            )
            rows = connection.execute(query).all()
            folders = _folders(connection, rows[-1].seq) if rows else {}
        return [Agreed(r.n, r.at, max(0, r.at - r.opened_at), tuple(folders.get(r.seq, ("",)))) for r in rows]

    def proposed(self, since: int, system: str) -> list[Proposed]:
        """What was put on the table since a moment, the last first. ``system`` is the key of the wiki itself."""
        earlier, same = _Q.alias("earlier"), _W.alias("same")
        again = exists().where(
            same.c.same_as == _W.c.same_as, earlier.c.person_id == same.c.id, earlier.c.n < _Q.c.n
        )  # fmt: skip
        query = (
            select(_Q.c.n, _Q.c.opened_at, _Q.c.state, again.label("again"))
            .join(_W, _W.c.id == _Q.c.person_id)
            .where(_Q.c.opened_at >= since, _Q.c.n > select(func.max(_Q.c.n)).scalar_subquery() - MOST)
            .order_by(_Q.c.n.desc())
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
            numbers = [row.n for row in rows]
            endorsed = _first_endorsed(connection, numbers)
            closed = [row.n for row in rows if row.state == "closed"]
            by_wiki, adopted = _closed_by(connection, closed, system), _adopted(connection, closed)
        return [
            Proposed(r.n, r.opened_at, endorsed.get(r.n), not r.again, r.state, r.n in by_wiki, r.n in adopted)
            for r in rows
        ]

    def endorsers(self, numbers: Sequence[int]) -> Counter[str]:
        """How many of these changes everybody endorsed, by `Person.key`."""
        found: Counter[str] = Counter()
        with reading(self.engine) as connection:
            for some in _some(numbers):
                query = (
                    select(_QW.c.key, func.count().label("many"))
                    .where(_QW.c.n.in_(some), _QW.c.role == "endorser")
                    .group_by(_QW.c.key)
                )
                found.update({row.key: row.many for row in connection.execute(query)})
        return found

    def on_table(self, now: int, longest: int) -> OnTable:
        """What is open now."""
        passed = or_(_K.c.until.is_(None), _K.c.until > now)
        group = _K.c.why == "group"
        counted = (
            select(_K.c.why, _K.c.about, func.count(_K.c.n.distinct()).label("many"))
            .where(passed, group)
            .group_by(_K.c.why, _K.c.about)
            .union_all(
                select(_K.c.why, func.min("").label("about"), func.count(_K.c.n.distinct()).label("many"))
                .where(passed, ~group)
                .group_by(_K.c.why)
            )
        )
        with reading(self.engine) as connection:
            lacking = [Lacking(row.why, row.about, row.many) for row in connection.execute(counted)]
            open_ = select(func.count().label("many"), func.min(_Q.c.opened_at).label("since"))
            of_open = connection.execute(open_.where(_Q.c.state == OPEN)).one()
            stuck = select(func.count(_K.c.n.distinct())).where(_K.c.until.is_(None))
            lasting = connection.execute(stuck).scalar() or 0
            rows = proposal_queries.longest_open(connection, longest)
        lacking.sort(key=lambda one: (-one.count, one.why, one.about))
        return OnTable(of_open.many, of_open.since, tuple(rows), tuple(lacking), max(0, of_open.many - lasting))

    def pages(self) -> list[PageAge]:
        """Every page in force."""
        table = schema.review
        query = (
            select(_P.c.id, _P.c.name, _P.c.title, _L.c.at, table.c.review_by)
            .join(_L, _L.c.seq == _P.c.last_seq)
            .outerjoin(table, table.c.page_id == _P.c.id)
            .where(_P.c.in_force, _P.c.is_page)
            .order_by(_P.c.name)
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
        return [
            PageAge(row.id, row.name, row.title, row.at, row.review_by)
            for row in rows
            if not row.name.startswith(f"{TEMPLATES}/")
        ]

    def authors(self) -> dict[str, list[int]]:
        """The pages, by their row, that each person wrote on, by `Person.key`."""
        table = schema.authorship
        query = (
            select(_W.c.key, table.c.page_id)
            .join(table, table.c.person_id == _W.c.id)
            .join(_P, _P.c.id == table.c.page_id)
            .where(_P.c.in_force)
        )
        found: dict[str, list[int]] = {}
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                found.setdefault(row.key, []).append(row.page_id)
        return found


def _place(connection: Connection, commit: str) -> int:
    return connection.execute(select(_L.c.seq).where(_L.c.id == commit)).scalar() or 0


def _before(connection: Connection, at: int) -> int:
    """The last commit of main before the day of a moment."""
    return connection.execute(select(func.max(_D.c.last_seq)).where(_D.c.day < at // DAY)).scalar() or 0


def _some(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + SOME] for at in range(0, len(numbers), SOME))


def _folders(connection: Connection, first: int) -> dict[int, list[str]]:
    """The topmost folders that each commit of main touched, from this one on. Told apart here: asked for what is
    distinct, SQL would read all there is."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(select(_R.c.seq, _R.c.folder).where(_R.c.seq >= first)):
        found.setdefault(row.seq, set()).add(row.folder)
    return {seq: sorted(folders) for seq, folders in found.items()}


def _first_endorsed(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in _some(numbers):
        query = select(_A.c.n, func.min(_A.c.at).label("at")).where(_A.c.n.in_(some), _A.c.kind == Kind.ENDORSE.value)
        found.update({row.n: row.at for row in connection.execute(query.group_by(_A.c.n))})
    return found


def _closed_by(connection: Connection, closed: Sequence[int], system: str) -> set[int]:
    """Which of these the wiki closed with their last act of closing."""
    last: dict[int, Any] = {}
    for some in _some(closed):
        query = select(_A.c.n, _W.c.key).join(_W, _W.c.id == _A.c.person_id)
        query = query.where(_A.c.n.in_(some), _A.c.kind == Kind.CLOSE.value).order_by(_A.c.n, _A.c.place)
        last.update({row.n: row.key for row in connection.execute(query)})
    return {n for n, key in last.items() if key == system}


def _adopted(connection: Connection, closed: Sequence[int]) -> set[int]:
    table = schema.relation
    found: set[int] = set()
    for some in _some(closed):
        query = select(table.c.other).where(table.c.other.in_(some), table.c.relation == Relation.ADOPTS.value)
        found.update(connection.execute(query).scalars())
    return found


def numbers_of(agreed: Iterable[Agreed]) -> list[int]:
    """The proposals that these changes were."""
    return [each.n for each in agreed]
