"""What is kept of one colleague about what they are told: all of it, and none of it any more."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, select

from wiki.database import reading
from wiki.notify.schema import notice, reach, watch

_KEPT = (watch, notice, reach)


def kept_of(engine: Engine, account: int) -> dict[str, list[dict[str, object]]]:
    """Every row, by the name of its table."""
    with reading(engine) as connection:
        return {
            table.name: [
                dict(row._mapping) for row in connection.execute(select(table).where(table.c.account_id == account))
            ]
            for table in _KEPT
        }


def forget_notices(connection: Connection, account: int) -> int:
    """Forget all of it, in a transaction that is given; how many rows."""
    return sum(connection.execute(delete(table).where(table.c.account_id == account)).rowcount for table in _KEPT)
