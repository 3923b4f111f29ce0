"""The tables of asking. These are not in git and cannot be made again: back them up."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from wiki.database import metadata

request = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("by_id", Integer, ForeignKey("account.id"), nullable=True),
    Column("at", BigInteger, nullable=False),
    Column("widened", Boolean, nullable=False),
    Column("because", Text, nullable=False),
    Column("fate", String(10), nullable=False),
    Column("closed_at", BigInteger, nullable=True),
    UniqueConstraint("n", "account_id", name="uq_requests_n"),
    Index("ix_requests_account", "account_id", "fate", "at"),
    Index("ix_requests_fate", "fate", "at"),
)
"""Whom somebody asked to look at a proposal, once for each. ``by_id`` is the author who asked; empty where the wiki did
so by itself (``widened``) or that author has left. ``fate`` is a `wiki.asking.requests.Fate`."""

circle = Table(
    "asking_circle",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("due_at", BigInteger, nullable=True),
    Column("owed", Integer, nullable=False),
    Index("ix_asking_circle_due", "due_at"),
)
"""When the circle of those asked about a proposal is looked at again, and how many said since that they cannot."""

choice = Table(
    "asking_choice",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("most", Integer, nullable=False),
    Column("paused_until", BigInteger, nullable=True),
)
"""How often a week somebody wants to be asked, and until when they do not want to be asked at all."""
