"""Which page a change of a file is a change of: names that move, go, come back and are used again.

A `Shelf` keeps the pages that it has met in memory, and writes what changed of them in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from wiki.index import schema
from wiki.index.alike import alike
from wiki.index.summary import title_from
from wiki.index.upsert import SOME, Values, insert_rows, upsert, upsert_values
from wiki.model.moves import moves
from wiki.model.names import POLICY_PATH, name_of
from wiki.prepared import Prepared
from wiki.repository import Change, Repository

UNTOLD = "{}"
"""The provenance of a page of which is yet to be told; where it was told of, its text has changed since."""
_P, _FORMER = schema.page, schema.former
_IN_FORCE_AT = Prepared(select(_P).where(_P.c.path == bindparam("here"), _P.c.in_force))
_REMOVED_AT = Prepared(select(_P).where(_P.c.path == bindparam("here"), ~_P.c.in_force))
_LEAVE = Prepared(update(_P).where(_P.c.id.in_(bindparam("pages", expanding=True))).values(in_force=False))
_NAMED = _FORMER.c.name.in_(bindparam("names", expanding=True))
_AUTHORSHIP = ("page_id", "person_id", "last_seq", "revisions")
_OF_NAME = ("path", "name", "in_force", "is_page")
_OF_TEXT = ("blob", "last_seq", "revisions", "provenance")
_ONCE, _REVIVE = Prepared(select(_FORMER).where(_NAMED)), Prepared(delete(_FORMER).where(_NAMED))


@dataclass(slots=True)
class PageState:
    """A row of `schema.page` that is being changed. ``moved`` tells whether it has come, gone or been renamed since it
    was last written; ``authors`` are the revisions that each person (by their row) wrote since then: the sequence
    number of the last one, and how many."""

    id: int
    path: str
    in_force: bool = True
    blob: str | None = None
    last_seq: int = 0
    revisions: int = 0
    is_new: bool = True
    moved: bool = False
    authors: dict[int, tuple[int, int]] = field(default_factory=dict)


class Shelf:
    """The pages of one index, for one transaction or for a whole rebuild."""

    def __init__(self, connection: Connection, repository: Repository, first: int) -> None:
        """``first`` is the row of the next page that is new."""
        self.connection = connection
        self.repository = repository
        self.changed: dict[int, PageState] = {}
        self._next = first
        self._has_pages = first > 1
        self._has_former = self._has_pages
        self._pages: dict[int, PageState] = {}
        self._by_path: dict[str, PageState | None] = {}
        self._gone: dict[str, list[PageState]] = {}
        self._former: dict[str, int] = {}
        self._revived: set[str] = set()

    def find(self, changes: Sequence[Change]) -> list[tuple[Change, PageState]]:
        """The page of each change. Renamed and removed pages leave their names first, so that names can be
        exchanged within one commit. What git takes for one page removed and another added is one that was moved, where
        it has the words of the first."""
        if len(changes) == 1 and changes[0].status == "M":
            page = self._by_path.get(changes[0].path)
            if page is not None:
                return [(changes[0], page)]
        leaving = {id(c): self._take_away(c.old_path or c.path) for c in changes if c.status in "RD"}
        changes = self._with_moves(changes, leaving)
        found = []
        for change in changes:
            page = leaving.get(id(change))
            if change.status == "D" and page is not None:
                found.append((change, page))
            elif change.status != "D":
                if page is None:
                    page = self._at(change.path) or self._brought_back(change) or self._new(change.path)
                found.append((change, page))
                self._by_path[change.path] = page
        return found

    def _with_moves(self, changes: Sequence[Change], leaving: dict[int, PageState | None]) -> Sequence[Change]:
        """The changes with those that are one move put together. ``leaving`` are the pages that leave their names, by
        the change; it is brought in step."""
        removed = {c.path: c for c in changes if c.status == "D"}
        added = {c.path: c for c in changes if c.status == "A"} if removed else {}
        gone = {path: page.blob for path, c in removed.items() if (page := leaving[id(c)]) and page.blob}
        come = {path: c.blob for path, c in added.items() if c.blob and not self._returned(c)} if gone else {}
        found = moves(gone, come, self._text) if come else {}
        if not found:
            return changes
        moved = {new: added[new]._replace(status="R", old_path=old) for new, old in found.items()}
        for new, old in found.items():
            leaving[id(moved[new])] = leaving.pop(id(removed[old]))
        put_together = set(found.values())
        return [moved.get(c.path, c) for c in changes if c.status != "D" or c.path not in put_together]

    def _returned(self, change: Change) -> bool:
        """Whether a file comes back as it was when it was removed under this name."""
        return any(page.path == change.path and not page.in_force and page.blob == change.blob
                   for page in self._removed(change.path))  # fmt: skip

    def _text(self, blob: str) -> str:
        return self.repository.content(blob).decode("utf-8", "replace")

    def revise(self, page: PageState, change: Change, seq: int) -> None:
        """Let a page be as a change of the commit ``seq`` leaves it."""
        self.changed[page.id] = page
        if page.path == change.path and page.in_force and change.status != "D" and page.revisions:
            page.blob, page.last_seq, page.revisions = change.blob, seq, page.revisions + 1
            return
        page.moved = True
        if page.path != change.path:
            old_name = name_of(page.path)
            if old_name is not None and change.status == "R":
                self._former[old_name] = page.id
            page.path = change.path
        page.in_force = change.status != "D"
        if page.in_force:
            page.blob = change.blob
            self._name_is_taken(page.path)
        else:
            self._removed(page.path).append(page)
        page.last_seq, page.revisions = seq, page.revisions + 1

    def _name_is_taken(self, path: str) -> None:
        """A name that is used again no longer leads to the page that had it before."""
        name = name_of(path)
        if name is not None:
            self._former.pop(name, None)
            if self._has_former:
                self._revived.add(name)

    def _take_away(self, path: str) -> PageState | None:
        page = self._at(path)
        if page is not None:
            self._by_path[path] = None
        return page

    def _brought_back(self, change: Change) -> PageState | None:
        """The page that was removed under this name last, where its text comes back."""
        gone = [page for page in self._removed(change.path) if page.path == change.path and not page.in_force]
        page = max(gone, key=lambda page: page.last_seq, default=None)
        if page is None or page.blob is None or change.blob is None:
            return None
        if page.blob == change.blob:
            return page
        return page if alike(*(self.repository.content(blob) for blob in (page.blob, change.blob))) else None

    def _removed(self, path: str) -> list[PageState]:
        """The pages that were ever removed under this name."""
        if path not in self._gone:
            self._gone[path] = [self._known(row, in_force=False) for row in self._rows(path, in_force=False)]
        return self._gone[path]

    def _at(self, path: str) -> PageState | None:
        if path not in self._by_path:
            row = next(iter(self._rows(path, in_force=True)), None)
            page = self._known(row, in_force=True) if row is not None else None
            self._by_path[path] = page if page is not None and page.path == path and page.in_force else None
        return self._by_path[path]

    def _rows(self, path: str, in_force: bool) -> Sequence[Row[Any]]:
        if not self._has_pages:
            return []
        return (_IN_FORCE_AT if in_force else _REMOVED_AT).rows(self.connection, here=path)

    def _known(self, row: Row[Any], in_force: bool) -> PageState:
        page = PageState(row.id, row.path, in_force, row.blob, row.last_seq, row.revisions, is_new=False)
        return self._pages.setdefault(row.id, page)

    def _new(self, path: str) -> PageState:
        page = self._pages[self._next] = PageState(self._next, path)
        self._next += 1
        return page

    def once(self, names: Sequence[str]) -> dict[str, int]:
        """The pages, by their row, that had these names before they were renamed."""
        found: dict[str, int] = {}
        for at in range(0, len(names) if self._has_former else 0, SOME):
            some = [name for name in names[at : at + SOME] if name not in self._revived]
            for row in _ONCE.rows(self.connection, names=some):
                found[row.name] = row.page_id
        return found | {name: self._former[name] for name in names if name in self._former}

    def write(self) -> None:
        """Write what changed, and forget that it did. Pages that moved leave their names first, as in `find`."""
        pages = sorted(self.changed.values(), key=lambda page: page.in_force)
        moved = [page for page in pages if page.moved and not page.is_new]
        stayed = [page for page in pages if not page.moved and not page.is_new]
        for at in range(0, len(moved), SOME):
            _LEAVE.run(self.connection, pages=[page.id for page in moved[at : at + SOME]])
        revived = sorted(self._revived)
        for at in range(0, len(revived), SOME):
            _REVIVE.run(self.connection, names=revived[at : at + SOME])
        for some, changing in ((moved, (*_OF_NAME, *_OF_TEXT)), (stayed, _OF_TEXT)):
            upsert(self.connection, schema.page, [_row(page) for page in some], ("id",), changing)
        insert_rows(self.connection, schema.page, [_row(page) for page in pages if page.is_new])
        former = [{"name": name, "page_id": page_id} for name, page_id in self._former.items()]
        upsert(self.connection, _FORMER, former, ("name",), ("page_id",))
        self._write_authors(pages)
        self.changed.clear()
        self._former.clear()
        self._revived.clear()
        self._has_former = self._has_former or bool(former)

    def _write_authors(self, pages: Iterable[PageState]) -> None:
        rows: list[Values] = []
        for page in pages:
            rows += [(page.id, person, seq, count) for person, (seq, count) in page.authors.items()]
            page.authors.clear()
            page.is_new = page.moved = False
        keys = ("page_id", "person_id")
        upsert_values(self.connection, schema.authorship, _AUTHORSHIP, rows, keys, ("last_seq",), adding=("revisions",))


def _row(page: PageState) -> dict[str, Any]:
    name = name_of(page.path)
    return {
        "id": page.id,
        "path": page.path,
        "name": name or page.path,
        "in_force": page.in_force,
        "is_page": name is not None,
        "blob": page.blob,
        "title": _first_title(page.path, name) if page.is_new else "",
        "last_seq": page.last_seq,
        "revisions": page.revisions,
        "provenance": UNTOLD,
    }


def _first_title(path: str, name: str | None) -> str:
    """What a file is called before its text has been read."""
    return "How we decide" if path == POLICY_PATH else title_from(name or path)
