"""What open proposals lack, until when pages are to be looked at again, and proposals by whoever made them.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables. The index is of another version now, so it fills them itself."""
    op.create_table(
        "proposal_lack",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("n", "place", name=op.f("pk_proposal_lack")),
    )
    op.create_table(
        "page_review",
        sa.Column("page_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("review_by", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_page_review")),
    )
    op.create_index("ix_page_review_review_by", "page_review", ["review_by"])
    op.create_index("ix_proposal_person", "proposal", ["person_id", "n"])
