"""The language that somebody chose for the interface.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("account", sa.Column("language", sa.String(length=20), nullable=True))
