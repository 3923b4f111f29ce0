"""What can be found: titles, plain texts, words and their stems.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WORDS = "CREATE VIRTUAL TABLE {kind}_words USING fts5(title, headings, body, marks, tokenize = 'ascii')"
_TITLES = "CREATE VIRTUAL TABLE {kind}_titles USING fts5(words, tokenize = 'ascii', prefix = '1 2 3 4')"


def upgrade() -> None:
    """Make the tables; the index fills them from git. The words are kept by FTS5, which only SQLite has."""
    op.create_table(
        "sought",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_sought")),
    )
    op.create_index("ix_sought_key", "sought", ["kind", "key", "id"], unique=False)
    op.create_table(
        "sought_word",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("stem", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", "stem", name=op.f("pk_sought_word")),
    )
    op.create_index("ix_sought_word_word", "sought_word", ["word"], unique=False)
    op.create_index("ix_sought_word_stem", "sought_word", ["stem"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for kind in ("page", "proposal", "person"):
            op.execute(_WORDS.format(kind=kind))
            op.execute(_TITLES.format(kind=kind))
