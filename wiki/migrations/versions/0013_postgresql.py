"""What can be found, in PostgreSQL: stems as texts, and for its index.

Revision ID: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

_WORDS = """
CREATE TABLE {kind}_words (
    id integer PRIMARY KEY, title text COLLATE "C" NOT NULL, headings text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL, marks text COLLATE "C" NOT NULL, size integer NOT NULL, words tsvector NOT NULL
)
"""
_TITLES = """
CREATE TABLE {kind}_titles (id integer PRIMARY KEY, title text COLLATE "C" NOT NULL, words tsvector NOT NULL)
"""
_INDEXES = (
    "CREATE INDEX ix_{kind}_words_words ON {kind}_words USING gin (words)",
    "CREATE INDEX ix_{kind}_words_size ON {kind}_words (size)",
    "CREATE INDEX ix_{kind}_titles_words ON {kind}_titles USING gin (words)",
)


def upgrade() -> None:
    """Make the tables, and have the index made anew. SQLite has FTS5 since 0005."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for kind in ("page", "proposal", "person"):
        for statement in (_WORDS, _TITLES, *_INDEXES):
            op.execute(statement.format(kind=kind))
    op.execute("UPDATE index_state SET value = 'none' WHERE key = 'version'")
