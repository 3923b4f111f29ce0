"""The table of visits. It is not in git and cannot be made again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from wiki.database import metadata

visit = Table(
    "visit",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("seen", String(40), nullable=False),
    Column("seen_seq", Integer, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("before", String(40), nullable=True),
    Column("before_at", BigInteger, nullable=True),
    Index("ix_visit_name", "name", "seen_at"),
)
"""Which revision of a page somebody has seen last (a commit of main, and its place in the book of changes), and since
when; and which one they knew before, until they have taken note of the difference."""
