"""Which pages left an address, to be found by it.

Revision ID: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the index."""
    moved = sa.text("old_path IS NOT NULL")
    op.create_index("ix_revision_old_path", "revision", ["old_path"], sqlite_where=moved, postgresql_where=moved)
