"""What is kept of one colleague about asking: all of it, and none of it any more."""

from __future__ import annotations

from sqlalchemy import Engine, select

from wiki.asking.requests import forget
from wiki.asking.schema import choice, request
from wiki.database import reading

forget_requests = forget


def requests_kept(engine: Engine, account: int) -> dict[str, list[dict[str, object]]]:
    """Every row: what they were asked, whom they asked, how they want to be asked."""
    asked = select(request).where((request.c.account_id == account) | (request.c.by_id == account))
    with reading(engine) as connection:
        return {
            "requests": [dict(row._mapping) for row in connection.execute(asked)],
            "how": [dict(r._mapping) for r in connection.execute(select(choice).where(choice.c.account_id == account))],
        }
