"""People with their handles and proper names, the book of changes by folder, kind, person and day, and what each
account has read.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables. All but the last belong to the index, which fills them from git again."""
    for table in ("person", "revision", "proposal_act"):
        op.drop_table(table)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("same_as", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
        sa.UniqueConstraint("handle", name=op.f("uq_person_handle")),
    )
    op.create_index("ix_person_same_as", "person", ["same_as"], unique=False)
    op.create_table(
        "revision",
        sa.Column("page_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("old_path", sa.Text(), nullable=True),
        sa.Column("blob", sa.String(length=40), nullable=True),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "seq", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_seq", "revision", ["seq"], unique=False)
    op.create_index("ix_revision_folder", "revision", ["folder", "seq"], unique=False)
    op.create_index("ix_revision_status", "revision", ["status", "seq"], unique=False)
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
    op.create_index("ix_proposal_act_person", "proposal_act", ["person_id", "kind", "at"], unique=False)
    op.create_index("ix_landed_proposal", "landed", ["proposal"], unique=False)
    op.create_index("ix_former_name_page", "former_name", ["page_id"], unique=False)
    op.create_table(
        "wrote",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "seq", name=op.f("pk_wrote")),
    )
    op.create_table(
        "changes_of_day",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_changes_of_day")),
    )
    op.create_table(
        "revision_size",
        sa.Column("page_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "seq", name=op.f("pk_revision_size")),
    )
    op.create_table(
        "page_growth",
        sa.Column("page_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "seq", name=op.f("pk_page_growth")),
    )
    op.create_table(
        "visit",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(length=40), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("before_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_visit")),
    )
