"""The tables of accounts. These are not in git and cannot be made again: back them up."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)  # fmt: skip

from wiki.database import metadata

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=True),
    Column("session_key", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_sign_in_at", BigInteger, nullable=True),
    Column("active", Boolean, nullable=False),
    Column("administrator", Boolean, nullable=False),
    Column("language", String(20), nullable=True),
    Index("ix_account_signed_in", "last_sign_in_at", "active"),
)
"""The index answers how many were active of late, which each act asks, without a look at the accounts."""

one_time_link = Table(
    "one_time_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=True),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("way", String(20), nullable=False),
    Column("email", String(320), nullable=True),
    Column("email_key", String(320), nullable=True, index=True),
    Column("through_id", Integer, ForeignKey("invitation.id"), nullable=True),
    Column("made_by", Integer, ForeignKey("account.id"), nullable=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("revoked_at", BigInteger, nullable=True),
    Index("ix_invitation_way", "way", "id"),
)
"""Ways in. ``way`` is a `wiki.accounts.invitations.Way`; ``made_by`` is empty for the command line and for who asks to
join; ``through_id`` is the open link through which an address was given that is still to be confirmed."""

administration_log = Table(
    "administration_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("deed", String(40), nullable=False),
    Column("whom", Text, nullable=False),
)
"""What administrators did, as it was called then. Rows are only added; triggers refuse the rest. ``who`` is empty for
the command line."""
session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("began_at", BigInteger, nullable=False, index=True),
    Column("seen_at", BigInteger, nullable=False),
    Column("browser", String(40), nullable=False),
    Column("system", String(40), nullable=False),
    Column("address", String(60), nullable=False),
)
"""Who is signed in where. ``key_hash`` is the SHA-256 of what the signed cookie holds, ``address`` only the network
that somebody came from."""

former_identity = Table(
    "former_identity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("key", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_former_identity_key", "kind", "key"),
)
"""Names and addresses that an account no longer uses, as they were written and by the key that tells them apart."""

pending_address = Table(
    "pending_address",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("email", String(320), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
"""The address that somebody wants to have from now on, until they open the link that was sent there."""

program_token = Table(
    "program_token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("may_propose", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=True),
)
"""Keys that colleagues gave to programs of theirs. ``token_hash`` is a SHA-256; the token itself is kept nowhere."""
identity = Table(
    "identity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("issuer", String(255), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("email", String(320), nullable=False),
    Column("told_groups", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

introduction = Table(
    "introduction",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("issuer", String(255), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("email", String(320), nullable=False),
    Column("email_verified", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("told_groups", Text, nullable=False),
    Column("proof_hash", String(64), nullable=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
