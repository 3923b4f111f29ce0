"""The tables of the index. Everything in them can be thrown away and made again from git."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from wiki.database import metadata

state = Table(
    "index_state",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What was indexed last: ``main`` (a commit id) and ``schema`` (the version of this room)."""

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", String(320), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("handle", String(16), nullable=False, unique=True),
    Column("shown", Text, nullable=False),
    Column("same_as", String(16), nullable=False),
    Index("ix_person_same_as", "same_as"),
)
"""Everyone who appears in git, with the name they used last. ``shown`` is what they are called by ``.mailmap``, and
``same_as`` the handle of the person who they are by it; their own where it says nothing."""

landed = Table(
    "landed",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("person_id", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("proposal", Integer, nullable=True),
    Column("endorsements", Integer, nullable=False, server_default=text("0")),
    Index("ix_landed_proposal", "proposal"),
)
"""The first-parent commits of main, in order: the book of changes."""

wrote = Table(
    "wrote",
    metadata,
    Column("person_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)
"""Whose words came into force with each commit of main."""

day = Table(
    "changes_of_day",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("changes", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
)
"""How many commits of main came into force on each day, counted from 1 January 1970 in UTC, and the last of them."""

page = Table(
    "page",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("is_page", Boolean, nullable=False),
    Column("blob", String(40), nullable=True),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False, server_default=""),
    Column("last_seq", Integer, nullable=False),
    Column("revisions", Integer, nullable=False),
    Column("provenance", Text, nullable=False, server_default="{}"),
    Index("ix_page_path_in_force", "path", unique=True, sqlite_where=text("in_force = 1")),
    Index("ix_page_path", "path"),
    Index("ix_page_name", "name"),
)  # fmt: skip
"""Every file that is or was in force. A renamed page keeps its row, a removed one too.

The migration has a path be unique among pages in force in PostgreSQL as well. To say so here would load its dialect, a
tenth of all that is imported, into every process."""

former = Table(
    "former_name",
    metadata,
    Column("name", Text, primary_key=True),
    Column("page_id", Integer, nullable=False),
    Index("ix_former_name_page", "page_id"),
)
"""Names that pages had before they were renamed."""

alias = Table(
    "page_alias",
    metadata,
    Column("name", Text, primary_key=True),
    Column("page_id", Integer, primary_key=True, autoincrement=False),
)
"""Other addresses that a page asks for in its front matter."""

revision = Table(
    "revision",
    metadata,
    Column("page_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("status", String(1), nullable=False),
    Column("path", Text, nullable=False),
    Column("old_path", Text, nullable=True),
    Column("blob", String(40), nullable=True),
    Column("folder", Text, nullable=False),
    Index("ix_revision_seq", "seq"),
    Index("ix_revision_folder", "folder", "seq"),
    Index("ix_revision_status", "status", "seq"),
    Index("ix_revision_old_path", "old_path", sqlite_where=text("old_path IS NOT NULL")),
)
"""Which pages each first-parent commit changed, renames followed. ``folder`` is the topmost one, "" for none."""

size = Table(
    "revision_size",
    metadata,
    Column("page_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("added", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)
"""How many words a revision added and removed. Worked out when somebody asks, and kept."""

authorship = Table(
    "authorship",
    metadata,
    Column("page_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, primary_key=True, autoincrement=False),
    Column("last_seq", Integer, nullable=False),
    Column("revisions", Integer, nullable=False),
)
"""Who wrote a page, and in which of its revisions last."""

rendered = Table(
    "rendered",
    metadata,
    Column("blob", String(40), primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("html", Text, nullable=False),
    Column("about", Text, nullable=False),
)
"""Rendered pages by blob, folder (relative links depend on it) and version of the renderer."""

proposal = Table(
    "proposal",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("tip", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("last_act_at", BigInteger, nullable=False),
    Column("endorsements", Integer, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("objections", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=True),
    Column("earliest_at", BigInteger, nullable=True),
    Column("landed_seq", Integer, nullable=True),
    Index("ix_proposal_state", "state", "last_act_at"),
    Index("ix_proposal_due", "due_at"),
    Index("ix_proposal_tip", "tip"),
    Index("ix_proposal_person", "person_id", "n"),
    Index("ix_proposal_waiting", "state", text("(needed - endorsements)"), "last_act_at", "n"),
)
"""Proposals with what lists show of them. ``due_at`` is the next moment at which waiting alone may change
how an open one stands, `AT_ONCE` where the clock is to look at it next; ``earliest_at`` is the one at which it comes
into force by waiting alone. What is closed counted so much when it was last written to."""

proposal_page = Table(
    "proposal_page",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, primary_key=True),
    Column("status", String(1), nullable=False),
    Column("before", String(40), nullable=True),
    Column("after", String(40), nullable=True),
    Index("ix_proposal_page_path", "path", "n"),
)
"""The files that each proposal touches, with their blobs in the text it was read against and as they would be."""

lack = Table(
    "proposal_lack",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("why", String(10), nullable=False),
    Column("about", Text, nullable=False),
    Column("until", BigInteger, nullable=True),
)
"""Why each open proposal is not in force: the reasons of `decide`, in its order. ``about`` is the file, group or act
that one speaks of, ``until`` when it passes by itself."""

relation = Table(
    "proposal_relation",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("relation", String(10), nullable=False),
    Column("other", Integer, nullable=False),
    Index("ix_proposal_relation_other", "other"),
)
"""Which earlier proposal one undoes or was adopted from."""

act = Table(
    "proposal_act",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_proposal_act_n", "n", "place"),
    Index("ix_proposal_act_person", "person_id", "kind", "at"),
)
"""Every act on a proposal, by its place in the chain."""

blamed = Table(
    "page_blame",
    metadata,
    Column("path", Text, primary_key=True),
    Column("commit", String(40), primary_key=True),
    Column("hunks", Text, nullable=False),
)
"""Who wrote each line of a page at the commit of main that brought it into force: JSON of whose (commit, name, address,
time) and of rows (first line, count, whose, and how many words of the line, 0: all), and below it the marks of the
passages that the page has lost. Worked out when somebody asks, and kept."""

growth = Table(
    "page_growth",
    metadata,
    Column("page_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("told", Text, nullable=False),
)
"""How a page grew up to one of its revisions, as JSON. Worked out when somebody asks, and kept."""

link = Table(
    "page_link",
    metadata,
    Column("page_id", Integer, primary_key=True, autoincrement=False),
    Column("target", Text, primary_key=True),
    Index("ix_page_link_target", "target"),
)
"""To which page names the text of each page leads."""

review = Table(
    "page_review",
    metadata,
    Column("page_id", Integer, primary_key=True, autoincrement=False),
    Column("review_by", String(10), nullable=False),
    Index("ix_page_review_review_by", "review_by"),
)
"""Until which day (as 2026-05-31) a page in force asks to be looked at again."""

proposal_person = Table(
    "proposal_person",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("key", String(320), primary_key=True),
    Column("role", String(10), nullable=False),
    Index("ix_proposal_person_key", "key", "n"),
)
"""Who has a part in each proposal: an author, an endorser or objector of the text on the table, or
someone whose voice was about an earlier one ("lapsed")."""

sought = Table(
    "sought",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("marks", Text, nullable=False),
    Column("headings", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_sought_key", "kind", "key", "id"),
)
"""What can be found, as plain text: pages in force (by their row, called by their name), proposals (by their number)
and people (by their first row, called by their handle). ``key`` is the folded title. The words themselves are in the
tables of `wiki.index.full_text`."""

word = Table(
    "sought_word",
    metadata,
    Column("language", String(8), primary_key=True),
    Column("word", String(64), primary_key=True),
    Column("stem", String(64), primary_key=True),
    Column("entries", Integer, nullable=False),
    Index("ix_sought_word_word", "word"),
    Index("ix_sought_word_stem", "stem"),
)
"""Which words there are, folded, with their stem in the language of the text, and in how much of what can be found
each stands."""

stirred = Table(
    "page_stirred",
    metadata,
    Column("path", Text, primary_key=True),
    Column("generation", BigInteger, nullable=False),
)
"""The generation of the index at which something else was last shown of a page, see `wiki.index.stirred`."""

INDEX_TABLES = (
    word, sought, stirred, growth, size, act, relation, link, review, lack, proposal_person, proposal_page, proposal,
    rendered, authorship, revision, alias, former, page, day, wrote, landed, person, state,
)  # fmt: skip
