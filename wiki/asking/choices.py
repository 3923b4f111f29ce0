"""How somebody wants to be asked: so often a week, or not at all until a day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from wiki.asking.facts import MOST_WANTED
from wiki.asking.schema import choice
from wiki.database import reading, writing
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.notify.rows import keep_first, put

OFFERED = (1, 3, 5)


@dataclass(frozen=True)
class Choice:
    """At most so often a week; ``paused`` until then (unix seconds)."""

    most: int = MOST_WANTED
    paused: int | None = None


class Choices:
    """Everybody's choices."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def of(self, who: int) -> Choice:
        """What somebody chose; the defaults for somebody who did not."""
        with reading(self.engine) as connection:
            row = connection.execute(select(choice).where(choice.c.account_id == who)).first()
        return Choice(row.most, row.paused_until) if row is not None else Choice()

    def choose(self, who: int, most: int) -> None:
        """At most so often a week."""
        if most not in OFFERED:
            raise Refused(N_("Please choose one of what there is to choose from."))
        with writing(self.engine) as connection:
            put(connection, choice, {"account_id": who, "most": most}, ("account_id",))

    def resume(self, who: int) -> None:
        """Somebody may be asked again."""
        with writing(self.engine) as connection:
            connection.execute(choice.update().where(choice.c.account_id == who).values(paused_until=None))

    @staticmethod
    def pause_in(connection: Connection, who: int, until: int) -> None:
        """Nobody asks them until then, in a transaction that is given."""
        keep_first(connection, choice, [{"account_id": who, "most": MOST_WANTED, "paused_until": None}])
        connection.execute(choice.update().where(choice.c.account_id == who).values(paused_until=until))
