"""Sketches: what somebody is typing in the editor at this moment, kept as it is so that another device finds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from wiki.database import reading, writing
from wiki.drafts.schema import sketch
from wiki.model.errors import Conflict, Refused
from wiki.model.words import N_

MOST_SKETCHES = 200
MAX_SKETCH_BYTES = 4 << 20


@dataclass(frozen=True)
class Sketch:
    """The fields of the editor at a ``place`` (its address), by their names. ``version`` counts from 1 with every
    saving; ``updated_at`` in unix seconds."""

    place: str
    fields: Mapping[str, str]
    version: int
    updated_at: int


class Sketches:
    """The sketches of one wiki: one for each account and place, seen by that account alone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def save(self, account: int, place: str, fields: Mapping[str, str], version: int, now: int) -> int:
        """Keep what was typed; its version. ``version`` is the one that the writer's device knows, 0 for none:
        `Conflict` where another device has saved since."""
        text = json.dumps(dict(fields), ensure_ascii=False)
        if len(text.encode("utf-8", "replace")) > MAX_SKETCH_BYTES:
            raise Refused(N_("This draft holds too much text. Please propose a part of it first."))
        own = sketch.c.account_id == account, sketch.c.place == place
        values = {"fields": text, "version": version + 1, "updated_at": now}
        with writing(self.engine) as connection:
            if (
                version
                and connection.execute(
                    update(sketch).where(*own, sketch.c.version == version).values(**values)
                ).rowcount
            ):
                return version + 1
            there = connection.execute(select(sketch.c.version).where(*own)).scalar()
            if there is not None:
                raise Conflict(N_("Another window or device of yours has saved this text meanwhile."))
            _check_room(connection, account)
            connection.execute(insert(sketch).values(account_id=account, place=place, **values))
        return version + 1

    def get(self, account: int, place: str) -> Sketch | None:
        """What this account was typing there; None for nothing."""
        query = select(sketch).where(sketch.c.account_id == account, sketch.c.place == place)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return _sketch(row) if row is not None else None

    def of(self, account: int) -> list[Sketch]:
        """Everything that this account was typing, the last touched first."""
        query = select(sketch).where(sketch.c.account_id == account).order_by(sketch.c.updated_at.desc())
        with reading(self.engine) as connection:
            return [_sketch(row) for row in connection.execute(query.limit(MOST_SKETCHES))]

    def discard(self, account: int, place: str, version: int | None = None) -> None:
        """Throw a sketch away; where ``version`` is given, only that one."""
        own = [sketch.c.account_id == account, sketch.c.place == place]
        if version is not None:
            own.append(sketch.c.version == version)
        with writing(self.engine) as connection:
            connection.execute(delete(sketch).where(*own))


def _check_room(connection: Connection, account: int) -> None:
    have = connection.execute(select(func.count()).where(sketch.c.account_id == account)).scalar() or 0
    if have >= MOST_SKETCHES:
        raise Refused(N_("You have %(most)s drafts. Please propose or discard one of them first."), most=MOST_SKETCHES)


def _sketch(row: Row[tuple[object, ...]]) -> Sketch:
    return Sketch(row.place, json.loads(row.fields), row.version, row.updated_at)
