"""What administrators did: when, who, what, whom. Written in the same transaction as the deed, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from wiki.accounts.people import Account, Accounts
from wiki.accounts.schema import administration_log
from wiki.database import reading


class Deed(StrEnum):
    """What was done; the web says it in words."""

    ADDED = "added"
    INVITED = "invited"
    OPENED = "opened"
    REVOKED = "revoked"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    MADE_ADMINISTRATOR = "made administrator"
    UNMADE_ADMINISTRATOR = "unmade administrator"
    SENT_LINK = "sent link"
    ASKED_TO_VERIFY = "asked to verify"


@dataclass(frozen=True)
class LogRow:
    """One deed. ``who`` and ``whom`` are names and addresses as they were then; ``who`` is empty for the command
    line."""

    id: int
    at: int
    who: str
    deed: Deed
    whom: str


def record(connection: Connection, by: Account | None, deed: Deed, whom: str, now: int) -> None:
    """Add a row."""
    who = str(by.person) if by is not None else ""
    connection.execute(insert(administration_log).values(at=now, who=who, deed=deed.value, whom=whom))


def recent_deeds(accounts: Accounts, before: int | None = None, limit: int = 50) -> list[LogRow]:
    """The latest deeds, those before the row of this number where one is given."""
    query = select(administration_log).order_by(administration_log.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(administration_log.c.id < before)
    with reading(accounts.engine) as connection:
        return [LogRow(row.id, row.at, row.who, Deed(row.deed), row.whom) for row in connection.execute(query)]
