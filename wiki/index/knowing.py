"""Who knows a page: whose words would change, who wrote and endorsed there before, who is about.

Each question looks at the latest of what there is, so many at most, and costs the same however long the history is.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, Select, select

from wiki.database import reading
from wiki.index import queries, schema
from wiki.index.proposals import IN_FORCE
from wiki.index.rows import PageRecord
from wiki.kept_query import KeptQuery
from wiki.markdown import RENDERER_VERSION

LATEST = 40
"""How many changes back is looked."""
MOST = 100
"""How many colleagues are found in one way."""
_MOST_VOICES = 1_000
_W, _L, _R, _A = schema.person, schema.landed, schema.revision, schema.authorship
_QP, _QW = schema.proposal_page, schema.proposal_person


class Knowing:
    """Finds colleagues by what they did, as `Person.key`, those of late first."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._page = KeptQuery(engine, queries.PAGE)

    def record(self, name: str) -> PageRecord | None:
        """The page in force under this name, as far as it is in rows."""
        return queries.page(self._page, name, RENDERER_VERSION)

    def writers(self, pages: Sequence[int]) -> list[str]:
        """Who wrote any of these pages, by the number of their row."""
        query = select(_W.c.key).join(_A, _A.c.person_id == _W.c.id).where(_A.c.page_id.in_(pages))
        return self._keys(query.order_by(_A.c.last_seq.desc(), _W.c.id).limit(MOST)) if pages else []

    def endorsers(self, paths: Sequence[str]) -> list[str]:
        """Whose endorsements counted when these files changed last."""
        state = schema.proposal.c.state == IN_FORCE
        touched = select(_QP.c.n).join(schema.proposal, schema.proposal.c.n == _QP.c.n)
        touched = touched.where(_QP.c.path.in_(paths), state).distinct().order_by(_QP.c.n.desc()).limit(LATEST)
        with reading(self.engine) as connection:
            return _voices(connection, list(connection.execute(touched).scalars())) if paths else []

    def nearby(self, folders: Sequence[str]) -> list[str]:
        """Who wrote or endorsed the latest changes under these topmost folders."""
        query = select(_L.c.seq, _L.c.proposal, _L.c.person_id).join(_R, _R.c.seq == _L.c.seq)
        query = query.where(_R.c.folder.in_(folders)).distinct().order_by(_L.c.seq.desc()).limit(LATEST)
        return self._around(query) if folders else []

    def lately(self) -> list[str]:
        """Who wrote or endorsed what came into force last, wherever that was."""
        return self._around(select(_L.c.seq, _L.c.proposal, _L.c.person_id).order_by(_L.c.seq.desc()).limit(LATEST))

    def _around(self, query: Select[tuple[int, int | None, int]]) -> list[str]:
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
            voices = _voices(connection, [row.proposal for row in rows if row.proposal is not None])
            theirs = select(_W.c.key).where(_W.c.id.in_({row.person_id for row in rows})).order_by(_W.c.id)
            return list(dict.fromkeys([*voices, *connection.execute(theirs).scalars()]))[: 2 * MOST]

    def _keys(self, query: Select[tuple[str]]) -> list[str]:
        with reading(self.engine) as connection:
            return list(dict.fromkeys(str(key) for key in connection.execute(query).scalars()))


def _voices(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Who endorsed these proposals, in the order of the numbers that are given."""
    query = select(_QW.c.n, _QW.c.key).where(_QW.c.n.in_(numbers), _QW.c.role == "endorser")
    rows = connection.execute(query.order_by(_QW.c.n.desc(), _QW.c.key).limit(_MOST_VOICES)).all() if numbers else []
    return list(dict.fromkeys(row.key for row in rows))[:MOST]
