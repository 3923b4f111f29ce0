"""The tables of telling people. These are not in git and cannot be made again: back them up."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from wiki.database import metadata

watch = Table(
    "watch",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("target", String(400), primary_key=True),
    Column("muted", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Index("ix_watch_target", "kind", "target"),
)
"""What somebody watches: a page or folder by its name, a proposal by its number; or a proposal that they have muted."""

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("act", String(60), nullable=False),
    Column("n", Integer, nullable=False),
    Column("matter", String(10), nullable=False),
    Column("asks", Boolean, nullable=False),
    Column("about", String(60), nullable=False),
    Column("because", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("by_email", String(320), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("read_at", BigInteger, nullable=True),
    Column("done_at", BigInteger, nullable=True),
    Column("mail", String(6), nullable=False),
    UniqueConstraint("act", "account_id", name="uq_notice_act"),
    Index("ix_notice_inbox", "account_id", "read_at", "done_at", "asks", "id"),
    Index("ix_notice_n", "n", "asks", "done_at"),
    Index("ix_notice_mail", "mail", "account_id"),
    Index("ix_notice_at", "at"),
)
"""What somebody is told. ``act`` is the act, the merge or ``suggestion:7``; ``mail`` is how it reaches them besides:
"now", "digest" or "none", and "sent" afterwards."""

told = Table(
    "told",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("tip", String(40), nullable=False),
    Column("talk", String(40), nullable=False),
    Column("state", String(10), nullable=False),
)
"""How far people have been told of each proposal: its last act, its last comment ("" for none), and its state."""

told_state = Table(
    "told_state",
    metadata,
    Column("key", String(20), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""``began``: since when people are told (unix seconds); ``suggestion``: the last suggestion they were told of."""

reach = Table(
    "reach",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("zone", String(60), nullable=False, server_default=""),
    Column("rhythm", String(6), nullable=False, server_default="daily"),
    Column("asks", String(6), nullable=False, server_default="now"),
    Column("digest_at", BigInteger, nullable=True),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("stopped", Text, nullable=False, server_default=""),
    Index("ix_reach_digest_at", "digest_at"),
)
"""How somebody wants to be reached: their time zone ("" while they chose none), how often a digest comes (daily,
weekly, never), and what asks something of them (now, digest, never). ``digest_at`` is when the next digest is due,
where there is something to put in it; ``refusals`` how often in a row their mail server refused, ``stopped`` what it
said last."""
