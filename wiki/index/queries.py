"""Questions the index answers. Each is one query that costs the same however long the history is."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, tuple_

from wiki.index import schema
from wiki.index.proposals import OPEN
from wiki.index.rows import STATUS, ChangedPage, Origin, PageRecord, PageRow, RevisionRow
from wiki.kept_query import KeptQuery
from wiki.model.acts import Person
from wiki.model.names import PAGE_SUFFIX, name_of
from wiki.prepared import Prepared

PAGE_SIZE = 50
_P, _R, _L, _W = schema.page, schema.revision, schema.landed, schema.person
_Q, _QP, _T = schema.proposal, schema.proposal_page, schema.rendered


_OPENED = (
    select(func.count())
    .select_from(_QP.join(_Q, _Q.c.n == _QP.c.n))
    .where(_QP.c.path == _P.c.path, _Q.c.state == OPEN)
    .scalar_subquery()
)
_KEPT = and_(_T.c.blob == _P.c.blob, _T.c.folder == bindparam("folder"), _T.c.version == bindparam("renderer"))
PAGE = Prepared(
    select(
        _P.c.id,
        _P.c.title,
        _P.c.blob,
        _P.c.last_seq,
        _P.c.revisions,
        _P.c.provenance,
        _T.c.html,
        _T.c.about,
        _OPENED.label("open"),
    )
    .select_from(_P.outerjoin(_T, _KEPT))
    .where(_P.c.path == bindparam("file"), _P.c.in_force)
)
"""The page in force in a ``file``, with its text as this version of the ``renderer`` left it in its ``folder``, where
that is kept."""


def page(asked: KeptQuery, name: str, renderer: int) -> PageRecord | None:
    """The page in force under this name; `PAGE` is ``asked``."""
    row = asked.row(file=f"{name}{PAGE_SUFFIX}", folder=name.rpartition("/")[0], renderer=renderer)
    if row is None:
        return None
    told = json.loads(row.provenance)
    return PageRecord(
        id=row.id,
        name=name,
        title=row.title,
        blob=row.blob,
        html=row.html,
        about=row.about,
        revision=told.get("commit", ""),
        seq=row.last_seq,
        since=told.get("at", 0),
        revisions=row.revisions,
        authors=tuple(Person(*who) for who in told.get("authors", [])),
        authors_count=told.get("authors_count", 0),
        changed_by=tuple(Person(*who) for who in told.get("changed_by", [])),
        confirms=told.get("confirms", False),
        endorsers=tuple(Person(*who) for who in told.get("endorsers", [])),
        open_count=row.open,
        proposal=told.get("proposal"),
    )


def titles(connection: Connection) -> list[tuple[str, str]]:
    """Name and title of every page in force, by name."""
    query = select(_P.c.name, _P.c.title).where(_P.c.in_force, _P.c.is_page).order_by(_P.c.name)
    return [(row.name, row.title) for row in connection.execute(query)]


def leads(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """The first sentence of each of these pages in force, by name."""
    query = select(_P.c.name, _P.c.lead).where(_P.c.in_force, _P.c.is_page, _P.c.name.in_(names))
    return {row.name: row.lead for row in connection.execute(query)}


def some_pages(connection: Connection, offset: int, limit: int) -> list[PageRow]:
    """Some of the pages in force, by name."""
    query = select(_P.c.name, _P.c.title, _P.c.lead).where(_P.c.in_force, _P.c.is_page).order_by(_P.c.name)
    return [PageRow(row.name, row.title, row.lead) for row in connection.execute(query.offset(offset).limit(limit))]


def beneath(connection: Connection, folder: str) -> list[PageRow]:
    """The pages in force in a folder and the folders in it, by name."""
    query = select(_P.c.name, _P.c.title, _P.c.lead).where(
        _P.c.in_force, _P.c.is_page, _P.c.name.startswith(f"{folder}/", autoescape=True)
    )
    return [PageRow(row.name, row.title, row.lead) for row in connection.execute(query.order_by(_P.c.name))]


def forwarded(connection: Connection, name: str) -> str | None:
    """The page in force that was once called this, or asks to be found here; None where there is none."""
    for table in (schema.former, schema.alias):
        query = select(_P.c.name).join(table, table.c.page_id == _P.c.id).where(table.c.name == name, _P.c.in_force)
        found = connection.execute(query.order_by(_P.c.name)).scalar()
        if found is not None:
            return str(found)
    return None


def page_id(connection: Connection, name: str) -> int | None:
    """The page that has this name, or else had it last."""
    once = select(schema.former.c.page_id).where(schema.former.c.name == name).scalar_subquery()
    named = _P.c.name == name
    query = select(_P.c.id).where(or_(named, _P.c.id == once))
    query = query.order_by(and_(named, _P.c.in_force).desc(), named, _P.c.last_seq.desc())
    found = connection.execute(query.limit(1)).scalar()
    return int(found) if found is not None else None


def held_before(connection: Connection, name: str, by_page: int, most: int) -> list[RevisionRow]:
    """How other pages than this left the address that it has or had: removed, or moved away; the last first."""
    paths = [name, f"{name}{PAGE_SUFFIX}"]
    removed = select(_R.c.page_id, func.max(_R.c.seq).label("seq")).join(_P, _P.c.id == _R.c.page_id)
    removed = removed.where(_P.c.name == name, ~_P.c.in_force).group_by(_R.c.page_id)
    moved = select(_R.c.page_id, func.max(_R.c.seq)).where(_R.c.old_path.in_(paths)).group_by(_R.c.page_id)
    left = removed.union_all(moved).subquery()
    query = revisions().join(left, and_(left.c.page_id == _R.c.page_id, left.c.seq == _R.c.seq))
    query = query.where(_R.c.page_id != by_page).order_by(_R.c.seq.desc()).limit(most)
    return [as_revision(row) for row in connection.execute(query)]


def former_names(connection: Connection, of_page: int) -> list[str]:
    """The names that a page had before."""
    query = select(schema.former.c.name).where(schema.former.c.page_id == of_page)
    return list(connection.execute(query.order_by(schema.former.c.name)).scalars())


def changed_since(connection: Connection, seen: Mapping[str, int], limit: int) -> list[ChangedPage]:
    """Which of these pages, by the name they had and the sequence number of their revision then, have changed since,
    or were removed; the last to change first."""
    if not seen:
        return []
    columns = _P.c.id, _P.c.last_seq, _P.c.in_force
    former = schema.former
    direct = select(*columns, _P.c.name.label("known_as")).where(_P.c.name.in_(seen))
    moved = select(*columns, former.c.name.label("known_as")).join(former, former.c.page_id == _P.c.id)
    found: dict[int, Any] = {}
    gone: dict[int, Any] = {}
    for query in (direct, moved.where(former.c.name.in_(seen))):
        for row in connection.execute(query):
            if row.last_seq > seen[row.known_as]:
                (found if row.in_force else gone).setdefault(row.id, row)
    found |= _read_once(connection, seen, gone)
    latest = sorted(found.values(), key=lambda row: -row.last_seq)[:limit]
    if not latest:
        return []
    seqs = [row.last_seq for row in latest]
    rows = revisions().where(_R.c.seq.in_(seqs), _R.c.page_id.in_([row.id for row in latest]))
    changes = {(row.page_id, row.seq): as_revision(row) for row in connection.execute(rows)}
    return [
        ChangedPage(row.known_as, change)
        for row in latest
        if (change := changes.get((row.id, row.last_seq))) is not None
    ]


def _read_once(connection: Connection, seen: Mapping[str, int], gone: Mapping[int, Any]) -> dict[int, Any]:
    """Those of these removed pages, by their row, that were read. A name may have been that of several pages: meant is
    the one whose revision was seen."""
    read = [(page, seen[row.known_as]) for page, row in gone.items()]
    theirs = select(_R.c.page_id).where(tuple_(_R.c.page_id, _R.c.seq).in_(read))
    return {page: gone[page] for page in connection.execute(theirs).scalars()} if read else {}


def history(
    connection: Connection, of_page: int, before: int | None = None, limit: int = PAGE_SIZE
) -> list[RevisionRow]:
    """The revisions of a page, newest first, older than the sequence number ``before``."""
    query = revisions().where(_R.c.page_id == of_page).order_by(_R.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(_R.c.seq < before)
    return [as_revision(row) for row in connection.execute(query)]


def newer(connection: Connection, of_page: int, after: int, limit: int = PAGE_SIZE) -> list[int]:
    """The sequence numbers of the next ``limit`` newer revisions, oldest first."""
    query = select(_R.c.seq).where(_R.c.page_id == of_page, _R.c.seq > after).order_by(_R.c.seq).limit(limit)
    return list(connection.execute(query).scalars())


def revision(connection: Connection, commit: str, name: str) -> RevisionRow | None:
    """The revision in force at this commit of main of the page that is or was called ``name``."""
    seq = connection.execute(select(_L.c.seq).where(_L.c.id == commit)).scalar()
    if seq is None:
        return None
    paths = [name, f"{name}.md"]
    exact = revisions().where(_R.c.seq == seq, _R.c.path.in_(paths)).limit(1)
    row = connection.execute(exact).first()
    if row is None:
        last = select(_R.c.page_id).where(_R.c.path.in_(paths), _R.c.seq <= seq).order_by(_R.c.seq.desc()).limit(1)
        of_page = connection.execute(last).scalar() or page_id(connection, name)
        in_force = revisions().where(_R.c.page_id == of_page, _R.c.seq <= seq).order_by(_R.c.seq.desc()).limit(1)
        row = connection.execute(in_force).first() if of_page is not None else None
    return as_revision(row) if row is not None else None


def revision_on(connection: Connection, of_page: int, until: int) -> RevisionRow | None:
    """The revision of a page that was in force at a moment, in unix seconds."""
    query = revisions().where(_R.c.page_id == of_page, _L.c.at <= until).order_by(_R.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return as_revision(row) if row is not None else None


def following(connection: Connection, row: RevisionRow) -> RevisionRow | None:
    """The revision of the same page after this one."""
    query = revisions().where(_R.c.page_id == row.page_id, _R.c.seq > row.seq).order_by(_R.c.seq).limit(1)
    found = connection.execute(query).first()
    return as_revision(found) if found is not None else None


def first_revision(connection: Connection, of_page: int) -> RevisionRow:
    """The revision with which a page began."""
    query = revisions().where(_R.c.page_id == of_page).order_by(_R.c.seq).limit(1)
    return as_revision(connection.execute(query).one())


def whole_id(connection: Connection, beginning: str) -> str | None:
    """The commit of main whose id begins like this, where it is the only one."""
    query = select(_L.c.id).where(_L.c.id >= beginning, _L.c.id < beginning + "g").limit(2)
    found = list(connection.execute(query).scalars())
    return str(found[0]) if len(found) == 1 else None


def origins(connection: Connection, commits: Sequence[str]) -> dict[str, Origin]:
    """With what these commits came into force, be they commits of main or acts of a proposal; those on branches of
    the imported past are left out."""
    table, found = schema.act, {}
    columns = _L.c.id, _L.c.at, _L.c.title, _L.c.proposal, _L.c.endorsements
    for at in range(0, len(commits), 500):
        some = commits[at : at + 500]
        direct = select(_L.c.id.label("asked"), *columns).where(_L.c.id.in_(some))
        by_act = (
            select(table.c.id.label("asked"), *columns)
            .select_from(table.join(_Q, _Q.c.n == table.c.n).join(_L, _L.c.seq == _Q.c.landed_seq))
            .where(table.c.id.in_(some))
        )
        for query in (direct, by_act):
            for row in connection.execute(query):
                found[row.asked] = Origin(row.id, row.at, row.title, row.proposal, row.endorsements)
    return found


def act_of(connection: Connection, act: str) -> int | None:
    """The proposal that an act belongs to."""
    found = connection.execute(select(schema.act.c.n).where(schema.act.c.id == act)).scalar()
    return int(found) if found is not None else None


def previous(connection: Connection, row: RevisionRow) -> RevisionRow | None:
    """The revision of the same page before this one."""
    found = history(connection, row.page_id, before=row.seq, limit=1)
    return found[0] if found else None


def revisions() -> Select[Any]:
    """Revisions with all that a row of a list shows."""
    return (
        select(_R, _L.c.id.label("commit"), _L.c.title.label("said"), _L.c.at, _L.c.proposal, _L.c.endorsements,
               _P.c.title.label("page_title"), _P.c.is_page, _W.c.shown.label("who"), _W.c.email)
        .join(_L, _L.c.seq == _R.c.seq)
        .join(_W, _W.c.id == _L.c.person_id)
        .join(_P, _P.c.id == _R.c.page_id)
    )  # fmt: skip


def as_revision(row: Row[Any]) -> RevisionRow:
    """One of them as a value."""
    return RevisionRow(
        commit=row.commit,
        name=name_of(row.path) or row.path,
        page_title=row.page_title,
        title=row.said,
        author=Person(row.who, row.email),
        when=row.at,
        proposal=row.proposal,
        status=STATUS[row.status],
        old_name=(name_of(row.old_path) or row.old_path) if row.old_path else None,
        endorsements=row.endorsements,
        blob=row.blob,
        page_id=row.page_id,
        seq=row.seq,
        is_page=row.is_page,
    )


# Proposals


def linking_to(connection: Connection, names: Sequence[str]) -> list[PageRow]:
    """The pages in force whose text leads to any of these pages, by name."""
    some = select(schema.link.c.page_id).where(schema.link.c.target.in_(names))
    query = select(_P.c.name, _P.c.title, _P.c.lead).where(_P.c.in_force, _P.c.is_page, _P.c.id.in_(some))
    return [PageRow(row.name, row.title, row.lead) for row in connection.execute(query.order_by(_P.c.name))]


__all__ = [
    "PAGE",
    "PAGE_SIZE",
    "act_of",
    "as_revision",
    "changed_since",
    "following",
    "former_names",
    "forwarded",
    "held_before",
    "history",
    "leads",
    "linking_to",
    "newer",
    "origins",
    "page",
    "page_id",
    "previous",
    "revision",
    "revision_on",
    "revisions",
    "some_pages",
    "titles",
    "whole_id",
]
