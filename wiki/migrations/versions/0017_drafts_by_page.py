"""Which files a draft holds, to be found by the path.

Revision ID: 0017
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table, and fill it from the drafts that there are."""
    held = op.create_table(
        "draft_file",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("goes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_file_account_id_account")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_file_draft_id_draft")),
        sa.PrimaryKeyConstraint("draft_id", "path", name=op.f("pk_draft_file")),
    )
    op.create_index("ix_draft_file_path", "draft_file", ["account_id", "path"], unique=False)
    connection = op.get_bind()
    numbers = connection.execute(sa.text("SELECT id FROM draft ORDER BY id")).scalars().all()
    for number in numbers:
        rows = list(_files(connection, number))
        if rows:
            connection.execute(sa.insert(held), rows)


def _files(connection: sa.Connection, number: int) -> Iterator[dict[str, Any]]:
    """The files of a draft, one draft after another, for each may hold megabytes."""
    query = sa.text("SELECT account_id, files FROM draft WHERE id = :number")
    account, files = connection.execute(query, {"number": number}).one()
    for path, file in json.loads(files).items():
        goes = file["text"] is None and file.get("blob") is None
        yield {"draft_id": number, "path": path, "account_id": account, "goes": goes}
