"""Whom colleagues ask to look at a proposal, and how often somebody wants to be asked.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("widened", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_requests_account_id_account")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_requests_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("n", "account_id", name="uq_requests_n"),
    )
    op.create_index("ix_requests_account", "requests", ["account_id", "fate", "at"])
    op.create_index("ix_requests_fate", "requests", ["fate", "at"])
    op.create_table(
        "asking_circle",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_asking_circle")),
    )
    op.create_index("ix_asking_circle_due", "asking_circle", ["due_at"])
    op.create_table(
        "asking_choice",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_asking_choice_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_asking_choice")),
    )
    op.add_column("proposal", sa.Column("earliest_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_visit_name", "visit", ["name", "seen_at"])
