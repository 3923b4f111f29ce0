"""Of which pages something else is shown now, so that what is shown of all others may be kept.

A write to the index stirs each page whose text, proposals or mentions it changes. Where it changes what is shown on
any page (names and titles of pages, the policy, what people are called) it stirs every page at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, union_all

from wiki.index import schema
from wiki.index.contents import FOLDER_PAGES
from wiki.index.state import EVERY_PAGE, put
from wiki.index.upsert import SOME, upsert
from wiki.model.names import PAGE_SUFFIX, POLICY_PATH
from wiki.prepared import Prepared
from wiki.repository import MAILMAP, Change

MOST = 200
"""Whoever stirs more pages than this stirs every one."""
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_ONCE_CALLED = Prepared(
    union_all(
        *(
            select(schema.page.c.path).join(table, table.c.page_id == schema.page.c.id).where(table.c.name.in_(_NAMES))
            for table in (schema.former, schema.alias)
        )
    )
)


class Stirred:
    """The pages that one write has stirred so far, by their paths; ``every`` where it is all of them."""

    def __init__(self) -> None:
        self.every = False
        self.paths: set[str] = set()

    def change(self, change: Change) -> None:
        """What is in force has changed. A file that came, went or moved may stand in any page's tree or links."""
        if change.status != "M" or change.path in (POLICY_PATH, MAILMAP):
            self.all()
        self.pages([change.path])

    def pages(self, paths: Iterable[str]) -> None:
        """Something else is shown of these."""
        if not self.every:
            self.paths.update(paths)
            if len(self.paths) > MOST:
                self.all()

    def all(self) -> None:
        """Something else is shown of every page."""
        self.every = True
        self.paths.clear()

    def mentions(self, connection: Connection, names: Collection[str]) -> None:
        """Other pages lead to these names now, or no longer do: to pages, folders, or what was called so once."""
        if len(names) > SOME:
            self.all()
        if self.every or not names:
            return
        self.pages(f"{name}{PAGE_SUFFIX}" for name in names)
        self.pages(f"{name}/{own}{PAGE_SUFFIX}" for name in names for own in FOLDER_PAGES)
        self.pages(row.path for row in _ONCE_CALLED.rows(connection, names=list(names)))

    def write(self, connection: Connection, generation: str) -> None:
        """Note that it was at this generation of the index."""
        if self.every:
            put(connection, EVERY_PAGE, generation)
        rows = [{"path": path, "generation": int(generation)} for path in sorted(self.paths)]
        upsert(connection, schema.stirred, rows, ("path",), ("generation",))
