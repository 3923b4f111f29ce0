"""What people watch, what they are told, and how they want to be reached.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "watch",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=400), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_watch_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "kind", "target", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_target", "watch", ["kind", "target"])
    _make_notices()
    op.create_table(
        "told",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tip", sa.String(length=40), nullable=False),
        sa.Column("talk", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_told")),
    )
    op.create_table(
        "told_state",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told_state")),
    )
    op.create_table(
        "reach",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), server_default="", nullable=False),
        sa.Column("rhythm", sa.String(length=6), server_default="daily", nullable=False),
        sa.Column("asks", sa.String(length=6), server_default="now", nullable=False),
        sa.Column("digest_at", sa.BigInteger(), nullable=True),
        sa.Column("refusals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stopped", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reach_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_reach")),
    )
    op.create_index("ix_reach_digest_at", "reach", ["digest_at"])


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=10), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("by_email", sa.String(length=320), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("mail", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("act", "account_id", name="uq_notice_act"),
    )
    op.create_index("ix_notice_inbox", "notice", ["account_id", "read_at", "done_at", "asks", "id"])
    op.create_index("ix_notice_n", "notice", ["n", "asks", "done_at"])
    op.create_index("ix_notice_mail", "notice", ["mail", "account_id"])
    op.create_index("ix_notice_at", "notice", ["at"])
