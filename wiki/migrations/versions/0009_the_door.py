"""Ways in, what administrators did, and how the wiki is.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_REFUSE_ON_SQLITE = """
CREATE TRIGGER administration_log_no_{what} BEFORE {what} ON administration_log
BEGIN SELECT RAISE(ABORT, 'the log of administrators is only added to'); END
"""
_REFUSE_ON_POSTGRESQL = (
    """
CREATE FUNCTION administration_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of administrators is only added to'; END $$
""",
    """
CREATE TRIGGER administration_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON administration_log
FOR EACH STATEMENT EXECUTE FUNCTION administration_log_only_grows()
""",
)


def upgrade() -> None:
    """Make the tables, and keep the log from being changed."""
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_key", sa.String(length=320), nullable=True),
        sa.Column("through_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["through_id"], ["invitation.id"], name=op.f("fk_invitation_through_id_invitation")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_invitation_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_email_key"), "invitation", ["email_key"], unique=False)
    op.create_index("ix_invitation_way", "invitation", ["way", "id"], unique=False)
    op.create_table(
        "administration_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration_log")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(_REFUSE_ON_SQLITE.format(what=what))
    else:
        for statement in _REFUSE_ON_POSTGRESQL:
            op.execute(statement)
    op.create_table(
        "beat",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat")),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=True),
        sa.Column("acts", sa.Integer(), nullable=True),
        sa.Column("violations", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
