"""Which proposals somebody has yet to try to bring up to date: no act asks for it, so that a kill between a merge and
what it asks for would leave those that it overtook as they are for good. They are due for the clock until somebody has
tried, on the main that overtook them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from wiki.index import schema
from wiki.index.proposals import AT_ONCE
from wiki.index.state import get
from wiki.model.decide import Why
from wiki.model.merge import Weighed

_T, _LACKS = schema.proposal, schema.lack


def unsettled(weighed: Iterable[Weighed], settled_on: Mapping[int, str | None]) -> list[int]:
    """Those of these which main has overtaken, but for those that were settled on this main."""
    return [each.n for each in weighed if each.overtaken and each.main != settled_on.get(each.n)]


@dataclass(frozen=True)
class Known:
    """What an index knows of proposals that are overtaken and not due: the main that they were settled on, and the last
    act of each. An index that is made anew knows nothing of that by itself."""

    main: str | None
    tips: frozenset[tuple[int, str]]

    def unsettled(self, connection: Connection) -> list[int]:
        """Those that are overtaken in another index, as it is now, and were not settled in this one."""
        settled = self.tips if self.main == get(connection) else frozenset()
        return [n for n, tip in _overtaken(connection) if (n, tip) not in settled]


def known(connection: Connection) -> Known:
    """What the index knows before another takes its place."""
    due = set(connection.execute(select(_T.c.n).where(_T.c.due_at == AT_ONCE)).scalars())
    tips = frozenset((n, tip) for n, tip in _overtaken(connection) if n not in due)
    return Known(get(connection), tips)


def _overtaken(connection: Connection) -> list[tuple[int, str]]:
    query = select(_T.c.n, _T.c.tip).join(_LACKS, _LACKS.c.n == _T.c.n).where(_LACKS.c.why == Why.OVERTAKEN.value)
    return [(n, tip) for n, tip in connection.execute(query.distinct())]
