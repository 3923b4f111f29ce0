"""How much there is, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from wiki.index import schema


@dataclass(frozen=True)
class Tallies:
    """Acts on proposals, changes that came into force by one, and proposals that are on the table."""

    acts: int
    merges: int
    open: int


def tallies(connection: Connection) -> Tallies:
    """Counted along indexes: some ten milliseconds for a hundred thousand acts, so ask now and then."""

    def count(*wanted: object) -> int:
        return connection.execute(select(func.count()).where(*wanted)).scalar() or 0  # type: ignore[arg-type]

    acts = connection.execute(select(func.count(schema.act.c.n))).scalar() or 0
    return Tallies(acts, count(schema.landed.c.proposal.is_not(None)), count(schema.proposal.c.state == "open"))
