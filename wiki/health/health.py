"""`Health`: beats and checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.health.schema import beat, verification

CLOCK = "clock"
UPKEEP = "upkeep"
LONGEST_CHECK = 3600
"""After so many seconds a check that has not ended is given up, and may be begun by another process."""
KEPT = 20
Also = Callable[[Connection], None]


@dataclass(frozen=True)
class Verification:
    """A check of everything. Times in unix seconds. ``violations`` is None where it has not ended, or could not be
    made; then ``told`` says why."""

    id: int
    asked_at: int
    began_at: int | None
    ended_at: int | None
    changes: int | None
    acts: int | None
    violations: int | None
    told: tuple[str, ...]


class Health:
    """Of one wiki. Safe to use from several processes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def ticked(self, now: int) -> None:
        """The clock has done its round."""
        with writing(self.engine) as connection:
            if connection.execute(update(beat).where(beat.c.name == CLOCK).values(at=now)).rowcount == 0:
                connection.execute(insert(beat).values(name=CLOCK, at=now))

    def last_tick(self) -> int | None:
        """When the clock last did its round."""
        with reading(self.engine) as connection:
            return connection.execute(select(beat.c.at).where(beat.c.name == CLOCK)).scalar()

    def take_turn(self, name: str, now: int) -> bool:
        """Whether this process may do something that one process at a time shall do, over all machines. Until
        `end_turn`, and at most for an hour, no other may; a turn from the future was given by another clock."""
        over = or_(beat.c.at <= now - LONGEST_CHECK, beat.c.at > now)
        try:
            with writing(self.engine) as connection:
                taken = connection.execute(update(beat).where(beat.c.name == name, over).values(at=now))
                if taken.rowcount == 0:
                    connection.execute(insert(beat).values(name=name, at=now))
                return True
        except IntegrityError:
            return False

    def end_turn(self, name: str) -> None:
        """Another may."""
        with writing(self.engine) as connection:
            connection.execute(delete(beat).where(beat.c.name == name))

    def ask(self, now: int, also: Also) -> None:
        """Ask for a check of everything; nothing more where one is waited for already."""
        with writing(self.engine) as connection:
            if connection.execute(select(verification.c.id).where(verification.c.ended_at.is_(None))).first() is None:
                connection.execute(insert(verification).values(asked_at=now, told=""))
                also(connection)

    def begin(self, now: int) -> int | None:
        """Take over a check that was asked for, or that a process which is gone left unfinished; None where there is
        none, or another process has it."""
        free = or_(verification.c.began_at.is_(None), verification.c.began_at <= now - LONGEST_CHECK)
        waiting = select(verification.c.id).where(verification.c.ended_at.is_(None), free).limit(1)
        with reading(self.engine) as connection:
            number = connection.execute(waiting).scalar()
        if number is None:
            return None
        with writing(self.engine) as connection:
            mine = verification.c.id == number, verification.c.ended_at.is_(None), free
            taken = connection.execute(update(verification).where(*mine).values(began_at=now))
            return number if taken.rowcount == 1 else None

    def end(
        self, number: int, now: int, changes: int | None, acts: int | None, violations: int | None, told: list[str]
    ) -> None:
        """Keep what a check came to; checks of long ago are forgotten."""
        values = {"ended_at": now, "changes": changes, "acts": acts, "violations": violations, "told": "\n".join(told)}
        with writing(self.engine) as connection:
            connection.execute(update(verification).where(verification.c.id == number).values(**values))
            connection.execute(delete(verification).where(verification.c.id <= number - KEPT))

    def verifications(self) -> tuple[Verification | None, Verification | None]:
        """The last check that has ended, and the one that is waited for."""
        latest = select(verification).order_by(verification.c.id.desc()).limit(1)
        with reading(self.engine) as connection:
            ended = connection.execute(latest.where(verification.c.ended_at.is_not(None))).first()
            waiting = connection.execute(latest.where(verification.c.ended_at.is_(None))).first()
        return _verification(ended), _verification(waiting)


def _verification(row: Row[Any] | None) -> Verification | None:
    if row is None:
        return None
    numbers = row.changes, row.acts, row.violations
    told = tuple(row.told.split("\n")) if row.told else ()
    return Verification(row.id, row.asked_at, row.began_at, row.ended_at, *numbers, told)
