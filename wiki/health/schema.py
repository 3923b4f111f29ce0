"""The tables of health. What is in them can be lost without harm."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from wiki.database import metadata

beat = Table("beat", metadata, Column("name", String(20), primary_key=True), Column("at", BigInteger, nullable=False))
"""When something that is done again and again was last done."""

verification = Table(
    "verification",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("began_at", BigInteger, nullable=True),
    Column("ended_at", BigInteger, nullable=True),
    Column("changes", Integer, nullable=True),
    Column("acts", Integer, nullable=True),
    Column("violations", Integer, nullable=True),
    Column("told", Text, nullable=False),
)
"""A check of everything in force that somebody asked for. ``violations`` is empty where it could not be made; ``told``
are the first sentences about what is wrong, one a line."""
