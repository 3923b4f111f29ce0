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
DAY = 86_400
_ASIDE = "thrown away "
"""Before the place of a sketch that can still be brought back; no address begins like that."""
_LONGEST = 600
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
        `Conflict` where another device has saved something else since."""
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
            there = connection.execute(select(sketch.c.version, sketch.c.fields).where(*own)).first()
            if there is not None and json.loads(there.fields) == dict(fields):
                return int(there.version)
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

    def of(self, account: int, thrown: bool = False) -> list[Sketch]:
        """Everything that this account was typing, the last touched first; with ``thrown`` also what can be brought
        back."""
        mine = [sketch.c.account_id == account, *([] if thrown else [sketch.c.place.not_like(f"{_ASIDE}%")])]
        query = select(sketch).where(*mine).order_by(sketch.c.updated_at.desc())
        with reading(self.engine) as connection:
            return [_sketch(row) for row in connection.execute(query.limit(MOST_SKETCHES))]

    def discard(self, account: int, place: str, version: int | None = None) -> None:
        """Throw a sketch away; where ``version`` is given, only that one."""
        own = [sketch.c.account_id == account, sketch.c.place == place]
        if version is not None:
            own.append(sketch.c.version == version)
        with writing(self.engine) as connection:
            connection.execute(delete(sketch).where(*own))

    def throw_away(self, account: int, place: str, now: int) -> Sketch | None:
        """Throw a sketch away so that it can be brought back for a day; what it was, None where there was none."""
        there = self.get(account, place)
        aside = f"{_ASIDE}{place}"[:_LONGEST]
        own = sketch.c.account_id == account
        with writing(self.engine) as connection:
            connection.execute(delete(sketch).where(own, sketch.c.place == aside))
            values = {"place": aside, "updated_at": now}
            connection.execute(update(sketch).where(own, sketch.c.place == place).values(**values))
        return there

    def thrown_away(self, account: int, place: str, now: int) -> Sketch | None:
        """What was thrown away at a place within the last day."""
        found = self.get(account, f"{_ASIDE}{place}"[:_LONGEST])
        return found if found is not None and now - found.updated_at < DAY else None

    def bring_back(self, account: int, place: str) -> bool:
        """Bring back what was thrown away at a place; False where something else has been typed there since."""
        own = sketch.c.account_id == account
        with writing(self.engine) as connection:
            if connection.execute(select(sketch.c.version).where(own, sketch.c.place == place)).first() is not None:
                return False
            aside = own, sketch.c.place == f"{_ASIDE}{place}"[:_LONGEST]
            return connection.execute(update(sketch).where(*aside).values(place=place)).rowcount == 1

    def sweep(self, now: int) -> None:
        """Forget what was thrown away more than a day ago."""
        old = sketch.c.place.like(f"{_ASIDE}%"), sketch.c.updated_at <= now - DAY
        with writing(self.engine) as connection:
            connection.execute(delete(sketch).where(*old))


def _check_room(connection: Connection, account: int) -> None:
    have = connection.execute(select(func.count()).where(sketch.c.account_id == account)).scalar() or 0
    if have >= MOST_SKETCHES:
        raise Refused(N_("You have %(most)s drafts. Please propose or discard one of them first."), most=MOST_SKETCHES)


def _sketch(row: Row[tuple[object, ...]]) -> Sketch:
    return Sketch(row.place, json.loads(row.fields), row.version, row.updated_at)
