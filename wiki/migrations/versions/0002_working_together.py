"""Working together: drafts, suggestions, and what the index tells of links, overlaps and relations.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the new tables. What belongs to the index is made anew and filled from git."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("intent", sa.String(length=10), nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("co_authors", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_account", "draft", ["account_id", "updated_at"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index("ix_suggestion_n", "suggestion", ["n", "fate"], unique=False)
    _index_tables()


def _index_tables() -> None:
    op.drop_table("proposal_page")
    op.create_table(
        "proposal_page",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("after", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("n", "path", name=op.f("pk_proposal_page")),
    )
    op.create_index("ix_proposal_page_path", "proposal_page", ["path", "n"], unique=False)
    op.create_table(
        "proposal_relation",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_proposal_relation")),
    )
    op.create_index("ix_proposal_relation_other", "proposal_relation", ["other"], unique=False)
    op.create_table(
        "page_link",
        sa.Column("page_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "target", name=op.f("pk_page_link")),
    )
    op.create_index("ix_page_link_target", "page_link", ["target"], unique=False)
    op.create_index(
        "ix_proposal_waiting",
        "proposal",
        ["state", sa.text("(needed - endorsements)"), "last_act_at", "n"],
        unique=False,
    )
