"""Uploads: pictures and documents that wait to be proposed with the text that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, exists, func, insert, select, update

from wiki.database import reading, writing
from wiki.drafts.schema import sketch, upload
from wiki.model.errors import Refused
from wiki.model.words import N_

MOST_WAITING = 200
MAX_WAITING_BYTES = 100 << 20
MONTH = 30 * 86_400
DRAFTS = "/-/drafts/"
"""How the places of drafts begin."""
_ABOUT = upload.c.id, upload.c.name, upload.c.blob, upload.c.size, upload.c.made_at


@dataclass(frozen=True)
class Upload:
    """A file of one account. ``blob`` is the id that git gives these bytes, ``name`` the file name that it shall have
    beside its page. Size in bytes, time in unix seconds."""

    id: int
    name: str
    blob: str
    size: int
    made_at: int


class Uploads:
    """The waiting files of one wiki, each seen by the account that sent it alone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, account: int, place: str, name: str, blob: str, data: bytes, now: int) -> Upload:
        """Keep a file for the text that is written at ``place``; the same bytes twice are kept once. `Refused` where
        too many wait."""
        own = upload.c.account_id == account
        with writing(self.engine) as connection:
            there = select(*_ABOUT).where(own, upload.c.place == place, upload.c.blob == blob)
            same = connection.execute(there).first()
            if same is not None:
                return _upload(same)
            have, held = connection.execute(
                select(func.count(), func.coalesce(func.sum(upload.c.size), 0)).where(own)
            ).one()
            if have >= MOST_WAITING or held + len(data) > MAX_WAITING_BYTES:
                raise Refused(N_("Too many of your files wait to be proposed. Please propose or discard some drafts."))
            row = {"account_id": account, "place": place, "name": name, "blob": blob, "size": len(data),
                   "data": data, "made_at": now}  # fmt: skip
            key = connection.execute(insert(upload).values(**row)).inserted_primary_key
        assert key is not None  # noqa: S101 - the insert has just succeeded
        return Upload(int(key[0]), name, blob, len(data), now)

    def at(self, account: int, place: str) -> list[Upload]:
        """What waits at a place, in the order in which it came."""
        query = select(*_ABOUT).where(upload.c.account_id == account, upload.c.place == place).order_by(upload.c.id)
        with reading(self.engine) as connection:
            return [_upload(row) for row in connection.execute(query)]

    def data(self, account: int, blob: str) -> bytes | None:
        """The bytes of a waiting file by its blob; None where this account has none."""
        query = select(upload.c.data).where(upload.c.account_id == account, upload.c.blob == blob)
        with reading(self.engine) as connection:
            found = connection.execute(query.limit(1)).scalar()
        return bytes(found) if found is not None else None

    def move(self, account: int, place: str, new_place: str) -> None:
        """Let what waits at a place wait at another."""
        own = upload.c.account_id == account, upload.c.place == place
        with writing(self.engine) as connection:
            connection.execute(update(upload).where(*own).values(place=new_place))

    def discard(self, account: int, place: str) -> None:
        """Throw away what waits at a place."""
        with writing(self.engine) as connection:
            connection.execute(delete(upload).where(upload.c.account_id == account, upload.c.place == place))

    def sweep(self, now: int) -> int:
        """Throw away what has waited for a month where nobody is writing any more; how many files. Those of a draft go
        with the draft."""
        written = exists().where(sketch.c.account_id == upload.c.account_id, sketch.c.place == upload.c.place)
        of_draft = upload.c.place.startswith(DRAFTS, autoescape=True)
        with writing(self.engine) as connection:
            left = upload.c.made_at < now - MONTH, ~of_draft, ~written
            return connection.execute(delete(upload).where(*left)).rowcount


def _upload(row: Any) -> Upload:
    return Upload(row.id, row.name, row.blob, row.size, row.made_at)
