"""The book of changes: all that came into force, filtered, by day, with the size of each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, exists, func, select
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.index import queries, schema
from wiki.index.colleagues import people_of
from wiki.index.queries import PAGE_SIZE, as_revision, revisions
from wiki.index.rows import STATUS, Filter, RevisionRow
from wiki.index.upsert import insert_missing
from wiki.model.errors import Unavailable
from wiki.model.names import is_attachment
from wiki.prose import words_changed
from wiki.repository import Repository, is_text

_R, _L, _V, _D, _S, _P = schema.revision, schema.landed, schema.wrote, schema.day, schema.size, schema.page
_LETTER = {name: letter for letter, name in STATUS.items()}
ALL = Filter()
FEW = 8
"""So many pages are told of a change that touched many."""
COUNTED = 1_000
"""Up to so many pages of one change are counted."""
_ROWS = 100
"""With so many rows a page of the book is full, however few commits they are of."""


def _folders_with_pages() -> Select[tuple[str]]:
    """Of the folders that changes were in those that hold pages. Each is found from the one before it: what this costs
    are the folders, not the changes or the pages."""
    first = select(func.min(_R.c.folder).label("name")).where(_R.c.folder != "").cte("found", recursive=True)
    after = select(func.min(_R.c.folder)).where(_R.c.folder > first.c.name).scalar_subquery()
    found = first.union_all(select(after).where(first.c.name.is_not(None)))
    inside = _P.c.in_force, _P.c.path >= found.c.name + "/", _P.c.path < found.c.name + "0"
    return select(found.c.name).where(found.c.name.is_not(None), exists().where(*inside))


_FOLDERS = _folders_with_pages()


class Book:
    """The book over one index."""

    def __init__(self, engine: Engine, repository: Repository) -> None:
        self.engine = engine
        self.repository = repository

    def changes(self, before: int | None = None, limit: int = PAGE_SIZE, only: Filter = ALL) -> list[RevisionRow]:
        """What came into force, newest first: one row for each page that a commit of main changed, of at most ``limit``
        commits older than the sequence number ``before``. Of a commit that changed many these are `FEW`, as they lie:
        to order them would be to read them all. `touched` says how many there are."""
        column = (_R if only else _L).c.seq
        with reading(self.engine) as connection:
            query = _matching(connection, only).order_by(column.desc()).limit(limit)
            if before is not None:
                query = query.where(column < before)
            counts = _counts(connection, list(connection.execute(query).scalars()), only)
            small = [seq for seq in _as_many_as_fit(counts) if counts[seq] <= FEW + 1]
            wanted = [_only(revisions().where(_R.c.seq.in_(small)), only)] if small else []
            wanted += [_only(revisions().where(_R.c.seq == seq), only).limit(FEW)
                       for seq in _as_many_as_fit(counts) if counts[seq] > FEW + 1]  # fmt: skip
            found = [row for each in wanted for row in connection.execute(each)]
            return [as_revision(row) for row in sorted(found, key=lambda row: (-row.seq, row.path))]

    def newer(self, after: int, limit: int = PAGE_SIZE, only: Filter = ALL) -> list[int]:
        """The sequence numbers of the next newer commits that `changes` shows at once, oldest first, for turning
        pages."""
        with reading(self.engine) as connection:
            column = (_R if only else _L).c.seq
            query = _matching(connection, only).where(column > after).order_by(column).limit(limit)
            return _as_many_as_fit(_counts(connection, list(connection.execute(query).scalars()), only))

    def touched(self, rows: Sequence[RevisionRow], only: Filter = ALL) -> dict[int, int]:
        """How many pages the commits of these rows changed, by sequence number, counted up to `COUNTED`."""
        with reading(self.engine) as connection:
            return _counts(connection, list(dict.fromkeys(row.seq for row in rows)), only)

    def pages_of(self, seq: int, offset: int, limit: int) -> list[RevisionRow]:
        """Some of the pages that one commit of main changed, by path."""
        some = select(_R.c.page_id).where(_R.c.seq == seq).order_by(_R.c.path).offset(offset).limit(limit)
        with reading(self.engine) as connection:
            pages = list(connection.execute(some).scalars())
            rows = revisions().where(_R.c.seq == seq, _R.c.page_id.in_(pages)).order_by(_R.c.path)
            return [as_revision(row) for row in connection.execute(rows)]

    def seq_of(self, commit: str) -> int | None:
        """The place of a commit of main in the book; None for any other."""
        with reading(self.engine) as connection:
            return connection.execute(select(_L.c.seq).where(_L.c.id == commit)).scalar()

    def days(self, since: int) -> dict[int, int]:
        """How many changes came into force on each day, counted from 1 January 1970 in UTC; days without are left
        out."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(_D.c.day, _D.c.changes).where(_D.c.day >= since))
            return {row.day: row.changes for row in rows}

    def extent(self) -> tuple[int, int] | None:
        """The days on which the first and the last change came into force; None where there is none yet."""
        with reading(self.engine) as connection:
            row = connection.execute(select(func.min(_D.c.day).label("first"), func.max(_D.c.day).label("last"))).one()
            return None if row.first is None else (row.first, row.last)

    def last_until(self, day: int) -> int | None:
        """The sequence number of the last change that came into force up to the end of a day."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.max(_D.c.last_seq)).where(_D.c.day <= day)).scalar()

    def folders(self) -> list[str]:
        """The topmost folders that hold pages, by name."""
        with reading(self.engine) as connection:
            return [row.name for row in connection.execute(_FOLDERS)]

    def sizes(self, rows: Sequence[RevisionRow]) -> dict[int, tuple[int, int]]:
        """How many words revisions of one page, newest first, added and removed, by sequence number. Worked out once,
        and kept."""
        if not rows:
            return {}
        page = rows[0].page_id
        with reading(self.engine) as connection:
            some = select(_S).where(_S.c.page_id == page, _S.c.seq.in_([row.seq for row in rows]))
            known = {row.seq: (row.added, row.removed) for row in connection.execute(some)}
            missing = {row.seq for row in rows} - known.keys()
            last = queries.previous(connection, rows[-1]) if rows[-1].seq in missing else None
        if not missing:
            return known
        older = [*rows[1:], last]
        found = {row.seq: self._size(before, row) for row, before in zip(rows, older, strict=True)
                 if row.seq in missing}  # fmt: skip
        values = [{"page_id": page, "seq": seq, "added": a, "removed": r} for seq, (a, r) in found.items()]
        try:
            with writing(self.engine) as connection:
                insert_missing(connection, _S, values)
        except (Unavailable, IntegrityError):
            pass  # they can be shown without being kept
        return known | found

    def _size(self, before: RevisionRow | None, row: RevisionRow) -> tuple[int, int]:
        if is_attachment(row.name):
            return 0, 0
        old, new = (self._content(one.blob) if one is not None else b"" for one in (before, row))
        if not (is_text(old) and is_text(new)):
            return 0, 0
        return words_changed(old.decode("utf-8", "replace"), new.decode("utf-8", "replace"))

    def _content(self, blob: str | None) -> bytes:
        return self.repository.content(blob) if blob is not None else b""


def _matching(connection: Connection, only: Filter) -> Select[Any]:
    """The sequence numbers of the commits that are asked for."""
    if not only:
        return select(_L.c.seq).where(exists().where(_R.c.seq == _L.c.seq))
    query = _only(select(_R.c.seq).distinct(), only)
    if only.person:
        theirs = people_of(connection, only.person)
        query = query.where(_R.c.seq.in_(select(_V.c.seq).where(_V.c.person_id.in_(theirs))))
    return query


def _counts(connection: Connection, seqs: Sequence[int], only: Filter) -> dict[int, int]:
    """How many of the pages that are asked for each commit changed, in this order, counted up to `COUNTED`."""
    inside = _only(select(_R.c.page_id).where(_R.c.seq == _L.c.seq), only).correlate(_L).limit(COUNTED).subquery()
    count = select(func.count()).select_from(inside).scalar_subquery()
    rows = connection.execute(select(_L.c.seq, count.label("pages")).where(_L.c.seq.in_(seqs)))
    found = {row.seq: row.pages for row in rows}
    return {seq: found[seq] for seq in seqs}


def _as_many_as_fit(counts: Mapping[int, int]) -> list[int]:
    """The first of these commits, until a page of the book is full."""
    rows, fitting = 0, []
    for seq, count in counts.items():
        if rows >= _ROWS:
            break
        rows += min(count, FEW)
        fitting.append(seq)
    return fitting


def _only(query: Select[Any], only: Filter) -> Select[Any]:
    if only.folder:
        query = query.where(_R.c.folder == only.folder.partition("/")[0])
        if "/" in only.folder:
            query = query.where(_R.c.path.startswith(only.folder + "/", autoescape=True))
    if only.kind:
        query = query.where(_R.c.status == _LETTER[only.kind])
    return query
