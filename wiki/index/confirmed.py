"""Which revisions of a page only confirmed that it is still right, and how often somebody did so.

Asked for pages that name a day by which somebody should look at them again; of others nothing is read. Of a page the
last revisions are looked at, so that it does not take the longer the more there are: whoever confirmed it before those,
and did nothing else, counts as one of its writers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from wiki.index import schema
from wiki.index.upsert import SOME
from wiki.markdown import moved_on
from wiki.prepared import Prepared
from wiki.repository import Repository

MOST_REVISIONS = 50
_R, _L, _O = schema.revision, schema.landed, schema.wrote
_PAGE: BindParameter[Any] = bindparam("page")
_REVISIONS = Prepared(
    select(_R.c.seq, _R.c.status, _R.c.blob, _L.c.proposal)
    .join(_L, _L.c.seq == _R.c.seq)
    .where(_R.c.page_id == _PAGE)
    .order_by(_R.c.seq.desc())
    .limit(MOST_REVISIONS)
)
_WRITERS = Prepared(select(_O).where(_O.c.seq.in_(bindparam("seqs", expanding=True))))


def confirmations(connection: Connection, repository: Repository, pages: Sequence[int]) -> dict[int, list[int]]:
    """The revisions of these pages, by their row, that changed nothing but the day of the next look, and moved it on:
    their places in the book of changes, newest first. Pages without one are left out."""
    found = {}
    for page in pages:
        revisions = _REVISIONS.rows(connection, page=page)
        seqs = [after.seq for after, before in pairwise(revisions) if _confirms(repository, before, after)]
        if seqs:
            found[page] = seqs
    return found


def _confirms(repository: Repository, before: Row[Any], after: Row[Any]) -> bool:
    if after.proposal is None or after.status != "M" or not before.blob or not after.blob:
        return False
    was, now = (repository.content(blob) for blob in (before.blob, after.blob))
    if len(was) != len(now):
        return False
    try:
        return moved_on(was.decode("utf-8"), now.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def confirming_times(connection: Connection, confirmed: Mapping[int, Collection[int]]) -> Counter[tuple[int, int]]:
    """How often each person confirmed each page, both by their rows; what was ``confirmed`` is as `confirmations`
    tells it."""
    pages: dict[int, list[int]] = {}
    for page, seqs in confirmed.items():
        for seq in seqs:
            pages.setdefault(seq, []).append(page)
    times: Counter[tuple[int, int]] = Counter()
    every = sorted(pages)
    for at in range(0, len(every), SOME):
        for row in _WRITERS.rows(connection, seqs=every[at : at + SOME]):
            times.update((page, row.person_id) for page in pages[row.seq])
    return times
