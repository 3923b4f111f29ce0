"""Drafts: changes that somebody is still writing, over one page or several."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, insert, select, update

from wiki.database import reading, writing
from wiki.drafts.schema import draft, held
from wiki.kept_query import KeptQuery
from wiki.model.errors import NotFound, Refused
from wiki.model.words import N_
from wiki.prepared import Prepared

MOST = 100
MAX_BYTES = 8 << 20
MOST_HOLDING = 3
_HIGHEST = 2**31 - 1
_HOLDING = Prepared(
    select(draft.c.id, draft.c.title, draft.c.updated_at, held.c.goes)
    .join(draft, draft.c.id == held.c.draft_id)
    .where(held.c.account_id == bindparam("account"), held.c.path == bindparam("path"))
    .where(draft.c.proposal.is_not_distinct_from(bindparam("n")))
    .order_by(draft.c.updated_at.desc(), draft.c.id.desc())
    .limit(MOST_HOLDING)
)


class Intent(StrEnum):
    """What a draft is for, where it began with somebody's proposal: to reverse what it did, or to take it over from
    authors who have gone."""

    PLAIN = ""
    UNDO = "undo"
    ADOPT = "adopt"


@dataclass(frozen=True)
class DraftFile:
    """One file as it shall be: its text, or for an attachment the ``blob`` that it shall have; neither where it shall
    go. ``seen`` is the blob that the writer began from, None where there was no such file."""

    text: str | None
    seen: str | None
    blob: str | None = None

    @property
    def goes(self) -> bool:
        """Whether the file shall be taken away."""
        return self.text is None and self.blob is None


@dataclass(frozen=True)
class Draft:
    """A change in the making. ``proposal`` and ``base`` are set where it would revise one: its number and the change
    it was begun from; ``about`` is the proposal that the ``intent`` speaks of. ``updated_at`` in unix seconds."""

    account: int
    id: int = 0
    proposal: int | None = None
    base: str = ""
    intent: Intent = Intent.PLAIN
    about: int | None = None
    title: str = ""
    why: str = ""
    co_authors: tuple[str, ...] = ()
    files: Mapping[str, DraftFile] = field(default_factory=dict)
    updated_at: int = 0

    @property
    def seen(self) -> dict[str, str | None]:
        """What each file was when its writer began."""
        return {path: file.seen for path, file in self.files.items()}

    def with_files(self, files: Mapping[str, DraftFile]) -> Draft:
        """The draft with these files put in. A file that is as it was begun and one that was added and taken away
        again are no part of it."""
        together = {**self.files, **files}
        kept = {path: file for path, file in together.items() if not file.goes or file.seen is not None}
        return replace(self, files=kept)

    def without(self, path: str) -> Draft:
        """The draft with one file left as it is in force."""
        return replace(self, files={each: file for each, file in self.files.items() if each != path})


@dataclass(frozen=True)
class Holding:
    """A draft that holds some file, by its number; whether the file ``goes`` there. ``updated_at`` in unix seconds."""

    id: int
    title: str
    updated_at: int
    goes: bool


class Drafts:
    """All drafts of one wiki. Each is seen and changed by its author alone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._holding = KeptQuery(engine, _HOLDING)

    def save(self, what: Draft, now: int) -> Draft:
        """Keep a draft, a new one where its id is 0. `Refused` where somebody has too many, or one is too large."""
        row = _row(what, now)
        if len(row["files"]) > MAX_BYTES:
            raise Refused(N_("This draft holds too much text. Please propose a part of it first."))
        with writing(self.engine) as connection:
            number = _change(connection, what, row) if what.id else _add(connection, what, row)
            connection.execute(delete(held).where(held.c.draft_id == number))
            if what.files:
                files = [{"path": path, "goes": file.goes} for path, file in what.files.items()]
                connection.execute(insert(held).values(draft_id=number, account_id=what.account), files)
        return replace(what, id=number, updated_at=now)

    def get(self, number: int, account: int) -> Draft:
        """A draft of this account; `NotFound` for anybody else's."""
        if not 0 < number <= _HIGHEST:
            raise NotFound(_GONE)
        with reading(self.engine) as connection:
            row = connection.execute(select(draft).where(draft.c.id == number, draft.c.account_id == account)).first()
        if row is None:
            raise NotFound(_GONE)
        return _draft(row)

    def of(self, account: int) -> list[Draft]:
        """Somebody's drafts, the last touched first."""
        query = select(draft).where(draft.c.account_id == account).order_by(draft.c.updated_at.desc(), draft.c.id)
        with reading(self.engine) as connection:
            return [_draft(row) for row in connection.execute(query.limit(MOST))]

    def holding(self, account: int, path: str, n: int | None = None) -> list[Holding]:
        """Somebody's drafts that hold this file, the last touched first: those of a proposal to come, or those that
        would revise the proposal ``n``. No text is looked through."""
        rows = self._holding.rows(account=account, path=path, n=n)
        return [Holding(row.id, row.title, row.updated_at, bool(row.goes)) for row in rows]

    def count(self, account: int) -> int:
        """How many drafts somebody has."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).where(draft.c.account_id == account)).scalar() or 0

    def discard(self, number: int, account: int) -> None:
        """Throw a draft away; once is as good as twice."""
        with writing(self.engine) as connection:
            connection.execute(delete(held).where(held.c.draft_id == number, held.c.account_id == account))
            connection.execute(delete(draft).where(draft.c.id == number, draft.c.account_id == account))


_GONE = N_("There is no such draft of yours. Perhaps it was proposed or discarded in another window.")


def _add(connection: Connection, what: Draft, row: Mapping[str, Any]) -> int:
    """A new draft; its number."""
    have = connection.execute(select(func.count()).where(draft.c.account_id == what.account)).scalar() or 0
    if have >= MOST:
        raise Refused(N_("You have %(most)s drafts. Please propose or discard one of them first."), most=MOST)
    key = connection.execute(insert(draft).values(**row)).inserted_primary_key
    assert key is not None  # noqa: S101 - the insert has just succeeded
    return int(key[0])


def _change(connection: Connection, what: Draft, row: Mapping[str, Any]) -> int:
    """A draft as it is now; its number."""
    own = draft.c.id == what.id, draft.c.account_id == what.account
    if connection.execute(update(draft).where(*own).values(**row)).rowcount == 0:
        raise NotFound(_GONE)
    return what.id


def _row(what: Draft, now: int) -> dict[str, Any]:
    return {
        "account_id": what.account,
        "proposal": what.proposal,
        "base": what.base,
        "intent": what.intent.value,
        "about": what.about,
        "title": what.title,
        "why": what.why,
        "co_authors": "\n".join(what.co_authors),
        "files": json.dumps({path: asdict(file) for path, file in what.files.items()}, ensure_ascii=False),
        "updated_at": now,
    }


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        account=row.account_id,
        id=row.id,
        proposal=row.proposal,
        base=row.base,
        intent=Intent(row.intent),
        about=row.about,
        title=row.title,
        why=row.why,
        co_authors=tuple(row.co_authors.split("\n")) if row.co_authors else (),
        files={path: DraftFile(**file) for path, file in json.loads(row.files).items()},
        updated_at=row.updated_at,
    )
