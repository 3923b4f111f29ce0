"""Since when the same is shown of each page.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table. The index is of another version now, so it fills it itself."""
    op.create_table(
        "page_stirred",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_page_stirred")),
    )
