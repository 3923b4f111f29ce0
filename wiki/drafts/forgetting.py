"""What somebody was writing goes with them. Edits that they suggested stay: those were given to others."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from wiki.drafts.schema import draft, held, sketch, upload


def forget_drafts(connection: Connection, account: int) -> None:
    """Throw away all that an account was writing, in a transaction that is given."""
    for table in (held, draft, sketch, upload):
        connection.execute(delete(table).where(table.c.account_id == account))
