"""The tables of drafts, sketches, uploads and suggestions. These are not in git and cannot be made again: back them
up."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from wiki.database import metadata

draft = Table(
    "draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("proposal", Integer, nullable=True),
    Column("base", String(40), nullable=False),
    Column("intent", String(10), nullable=False),
    Column("about", Integer, nullable=True),
    Column("title", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("co_authors", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_draft_account", "account_id", "updated_at"),
)
"""Changes that somebody is still writing. ``files`` is JSON: path to text and the blob it was begun from."""

held = Table(
    "draft_file",
    metadata,
    Column("draft_id", Integer, ForeignKey("draft.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("goes", Boolean, nullable=False),
    Index("ix_draft_file_path", "account_id", "path"),
)
"""Which files a draft holds, and whether it takes them away: what ``files`` says, to be found by the path."""

suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("change", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fate", String(10), nullable=False),
    Column("answer", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=True),
    Index("ix_suggestion_n", "n", "fate"),
)
"""Other words for a page of a proposal, by somebody who is not an author of it."""

sketch = Table(
    "sketch",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("place", String(600), primary_key=True),
    Column("fields", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
"""What somebody is typing in the editor at a place, its address. ``fields`` is JSON: name to value."""

upload = Table(
    "upload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("place", String(600), nullable=False),
    Column("name", String(200), nullable=False),
    Column("blob", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Index("ix_upload_place", "account_id", "place"),
    Index("ix_upload_blob", "account_id", "blob"),
)
"""Files that wait to be proposed. ``place`` is where they are written about: an address of the editor, or a draft."""
