"""The table of the outbox. It is not in git and cannot be made again: back it up."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from wiki.database import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=True),
    Column("until", BigInteger, nullable=True),
    Column("lease", String(40), nullable=True),
    Column("tries", Integer, nullable=False),
    Column("ended_at", BigInteger, nullable=True, index=True),
    Column("error", Text, nullable=True),
    Index("ix_outbox_due_at", "due_at"),
)
"""``due_at`` is when a worker may take the row next, and empty once it has ended: gone, given up, or withdrawn. A row
that has ended keeps its key, so that nothing is sent twice, and loses its content."""
