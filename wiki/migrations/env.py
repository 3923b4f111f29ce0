"""Run by Alembic, always inside a transaction that `wiki.versions.migrate` has begun."""

from __future__ import annotations

from alembic import context

from wiki.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
