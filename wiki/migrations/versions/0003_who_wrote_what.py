"""Who wrote what: the acts of proposals, and the authors of the lines of pages.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables. They belong to the index, which fills them from git."""
    op.create_table(
        "proposal_act",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_act")),
    )
    op.create_index("ix_proposal_act_n", "proposal_act", ["n", "place"], unique=False)
    op.create_index("ix_proposal_act_person", "proposal_act", ["person_id", "at"], unique=False)
    op.create_table(
        "page_blame",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("commit", sa.String(length=40), nullable=False),
        sa.Column("hunks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", "commit", name=op.f("pk_page_blame")),
    )
