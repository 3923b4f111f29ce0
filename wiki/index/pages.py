"""Pages and their revisions on their way from the history of main into SQL.

A `Ledger` takes what landed, commit by commit, keeps what it touches in memory and writes it in one go; a
hundred thousand commits and a single merge take the same way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, bindparam, delete, func, insert, select, update

from wiki.index import schema
from wiki.index.people import write_people
from wiki.index.summary import summarise, title_from
from wiki.index.upsert import upsert
from wiki.markdown import links_in
from wiki.model.acts import Person, read_message
from wiki.model.names import POLICY_PATH, name_of
from wiki.repository import MAILMAP, Change, Landed, Repository

SHOWN_AUTHORS = 5
MAX_COMMIT_TITLE = 300
MAX_LINKS = 1_000
DAY = 86400
_BATCH = 5_000


@dataclass
class PageState:
    """A row of `schema.page` that is being changed."""

    id: int
    path: str
    in_force: bool = True
    blob: str | None = None
    last_seq: int = 0
    revisions: int = 0
    is_new: bool = True
    fresh_text: bool = False
    authors: dict[int, list[int]] = field(default_factory=dict)
    endorsers: tuple[Person, ...] = ()
    landing: Landed | None = None
    proposal: int | None = None


@dataclass(frozen=True)
class Merged:
    """A proposal that came into force."""

    n: int
    tip: str
    seq: int


class Ledger:
    """What landed since the index was last in step, for one transaction."""

    def __init__(self, connection: Connection, repository: Repository) -> None:
        self.connection = connection
        self.repository = repository
        self.touched: set[str] = set()
        self.merged: list[Merged] = []
        self._pages: dict[int, PageState] = {}
        self._by_path: dict[str, PageState | None] = {}
        self._people: dict[str, int] = {}
        self._names: dict[int, Person] = {}
        self._landed: list[dict[str, object]] = []
        self._wrote: set[tuple[int, int]] = set()
        self._days: dict[int, list[int]] = {}
        self._revisions: list[dict[str, object]] = []
        self._former: dict[str, int] = {}
        self._pending: dict[str, dict[str, Person]] = {}
        self._next_seq = self._after(schema.landed.c.seq)
        self._next_page = self._after(schema.page.c.id)
        self._next_person = self._after(schema.person.c.id)
        self._founded = self._has_landed(repository.founding)

    def _has_landed(self, commit: str) -> bool:
        """Whether a commit of main is indexed already. What came before the founding is no word of the wiki,
        whatever its messages look like."""
        return (
            self.connection.execute(select(schema.landed.c.seq).where(schema.landed.c.id == commit)).first() is not None
        )

    def _after(self, column: Column[int]) -> int:
        highest = self.connection.execute(select(func.max(column))).scalar()
        return int(highest or 0) + 1

    def take(self, commit: Landed) -> None:
        """One commit. Those on merged branches tell only who wrote what; the rest are the book of changes."""
        if commit.first_parent:
            self._take_landed(commit)
            return
        for change in commit.changes:
            authors = self._pending.setdefault(change.path, {})
            authors[commit.author.key] = commit.author

    def _take_landed(self, commit: Landed) -> None:
        trailers = read_message(commit.message)[1] if self._founded and "\nProposal: " in commit.message else ()
        self._founded = self._founded or commit.id == self.repository.founding
        proposal = next((int(value) for key, value in trailers if key == "Proposal" and value.isdigit()), None)
        endorsers = _people(trailers, "Endorsed-by")
        seq, self._next_seq = self._next_seq, self._next_seq + 1
        if proposal is not None and len(commit.parents) == 2:
            self.merged.append(Merged(proposal, commit.parents[1], seq))
        writers = _people(trailers, "Written-by") if proposal is not None else ()
        self._landed.append(
            {
                "seq": seq,
                "id": commit.id,
                "person_id": self.person(commit.author),
                "at": commit.when,
                "title": _title(commit.message),
                "proposal": proposal,
                "endorsements": len(endorsers),
            }
        )
        of_day = self._days.setdefault(commit.when // DAY, [0, 0])
        of_day[0], of_day[1] = of_day[0] + 1, seq
        for change, page in self._find(commit.changes):
            self._revise(page, change, seq)
            page.landing, page.endorsers, page.proposal = commit, endorsers, proposal
            written = self._pending.pop(change.path, {}) if len(commit.parents) > 1 else {}
            for author in writers or tuple(written.values()) or (commit.author,):
                who = self.person(author)
                self._wrote.add((who, seq))
                count = page.authors.setdefault(who, [seq, 0])
                count[0], count[1] = seq, count[1] + 1
        if len(commit.parents) > 1:
            self._pending.clear()
        if len(self._revisions) >= _BATCH:
            self._write_history()

    def _find(self, changes: Iterable[Change]) -> list[tuple[Change, PageState]]:
        """The page of each change. Renamed and removed pages leave their names first, so that names can be
        exchanged within one commit."""
        changes = list(changes)
        leaving = {id(c): self._take_away(c.old_path or c.path) for c in changes if c.status in "RD"}
        found = []
        for change in changes:
            page = leaving.get(id(change))
            if change.status == "D" and page is not None:
                found.append((change, page))
            elif change.status != "D":
                if page is None:
                    page = self._at(change.path) or self._new_page(change.path)
                found.append((change, page))
                self._by_path[change.path] = page
        return found

    def _take_away(self, path: str) -> PageState | None:
        page = self._at(path)
        if page is not None:
            self._by_path[path] = None
        return page

    def _revise(self, page: PageState, change: Change, seq: int) -> None:
        self.touched.update(path for path in (change.path, change.old_path) if path)
        if page.path != change.path:
            old_name = name_of(page.path)
            if old_name is not None and change.status == "R":
                self._former[old_name] = page.id
            page.path = change.path
        page.in_force = change.status != "D"
        page.blob = change.blob if change.status != "D" else page.blob
        page.fresh_text = True
        page.last_seq, page.revisions = seq, page.revisions + 1
        self._revisions.append(
            {
                "page_id": page.id,
                "seq": seq,
                "status": change.status,
                "path": change.path,
                "old_path": change.old_path,
                "blob": change.blob,
                "folder": change.path.partition("/")[0] if "/" in change.path else "",
            }
        )

    def _at(self, path: str) -> PageState | None:
        if path not in self._by_path:
            self._by_path[path] = self._load(path)
        return self._by_path[path]

    def _load(self, path: str) -> PageState | None:
        table = schema.page
        row = self.connection.execute(select(table).where(table.c.path == path, table.c.in_force)).first()
        if row is None:
            return None
        page = self._pages.get(row.id)
        if page is None:
            page = PageState(row.id, row.path, True, row.blob, row.last_seq, row.revisions, is_new=False)
            self._pages[row.id] = page
        return page if page.path == path and page.in_force else None

    def _new_page(self, path: str) -> PageState:
        page = PageState(self._next_page, path)
        self._next_page += 1
        self._pages[page.id] = page
        return page

    def person(self, who: Person) -> int:
        """The row of a person, made where there is none."""
        known = self._people.get(who.key)
        if known is None:
            row = self.connection.execute(select(schema.person.c.id).where(schema.person.c.key == who.key)).first()
            known = row.id if row is not None else self._next_person
            if row is None:
                self._next_person += 1
            self._people[who.key] = known
        self._names[known] = who
        return known

    def write(self) -> None:
        """Write everything that was taken."""
        self._write_history()
        write_people(self.connection, self.repository, self._names, anew=MAILMAP in self.touched)
        self._write_pages()
        self._write_authors()
        self._write_summaries()

    def _write_history(self) -> None:
        if self._landed:
            self.connection.execute(insert(schema.landed), self._landed)
        if self._revisions:
            self.connection.execute(insert(schema.revision), self._revisions)
        if self._wrote:
            self.connection.execute(insert(schema.wrote), [{"person_id": who, "seq": at} for who, at in self._wrote])
        days = [{"day": day, "changes": count, "last_seq": last} for day, (count, last) in self._days.items()]
        upsert(self.connection, schema.day, days, ("day",), ("last_seq",), adding=("changes",))
        self._landed, self._revisions, self._wrote = [], [], set()
        self._days.clear()

    def _write_pages(self) -> None:
        table = schema.page
        pages = sorted(self._pages.values(), key=lambda page: page.in_force)
        leaving = [page.id for page in pages if not page.is_new]
        if leaving:
            self.connection.execute(update(table).where(table.c.id.in_(leaving)).values(in_force=False))
        self._revive_names([page.path for page in pages if page.in_force])
        rows = [
            {
                "id": page.id,
                "path": page.path,
                "name": name_of(page.path) or page.path,
                "in_force": page.in_force,
                "is_page": name_of(page.path) is not None,
                "blob": page.blob,
                "title": _first_title(page.path),
                "last_seq": page.last_seq,
                "revisions": page.revisions,
            }
            for page in pages
        ]
        changing = ("path", "name", "in_force", "is_page", "blob", "last_seq", "revisions")
        upsert(self.connection, table, rows, ("id",), changing)
        former = [{"name": name, "page_id": page_id} for name, page_id in self._former.items()]
        upsert(self.connection, schema.former, former, ("name",), ("page_id",))

    def _revive_names(self, paths: list[str]) -> None:
        """A name that is used again no longer leads to the page that had it before."""
        names = [name for path in paths if (name := name_of(path)) is not None and name not in self._former]
        for at in range(0, len(names), 500):
            some = names[at : at + 500]
            self.connection.execute(delete(schema.former).where(schema.former.c.name.in_(some)))

    def _write_authors(self) -> None:
        rows = [
            {"page_id": page.id, "person_id": person, "last_seq": seq, "revisions": count}
            for page in self._pages.values()
            for person, (seq, count) in page.authors.items()
        ]
        upsert(self.connection, schema.authorship, rows, ("page_id", "person_id"), ("last_seq",), adding=("revisions",))

    def _write_summaries(self) -> None:
        table = schema.page
        fresh = [page for page in self._pages.values() if page.fresh_text]
        updates: list[dict[str, object]] = []
        aliases: list[dict[str, object]] = []
        links: list[dict[str, object]] = []
        for page in fresh:
            name = name_of(page.path)
            if name is None or page.blob is None:
                continue
            text = self.repository.content(page.blob).decode("utf-8", "replace")
            summary = summarise(name, text)
            updates.append({"id_": page.id, "title": summary.title, "lead": summary.lead})
            if page.in_force:
                aliases += [{"name": alias, "page_id": page.id} for alias in summary.aliases]
                targets = links_in(text, name.rpartition("/")[0])
                links += [{"page_id": page.id, "target": target} for target in sorted(targets)[:MAX_LINKS]]
        bind = (
            update(table).where(table.c.id == bindparam("id_")).values(title=bindparam("title"), lead=bindparam("lead"))
        )
        if updates:
            self.connection.execute(bind, updates)
        ids = [page.id for page in fresh if not page.is_new]
        for at in range(0, len(ids), 500):
            for table_of_page in (schema.alias, schema.link):
                gone = table_of_page.c.page_id.in_(ids[at : at + 500])
                self.connection.execute(delete(table_of_page).where(gone))
        for table_of_page, rows in ((schema.alias, aliases), (schema.link, links)):
            if rows:
                self.connection.execute(insert(table_of_page), rows)
        self._write_provenance(fresh)

    def _write_provenance(self, pages: list[PageState]) -> None:
        table = schema.page
        rows = [{"id_": page.id, "provenance": self._provenance(page) if page.in_force else "{}"} for page in pages]
        if rows:
            statement = update(table).where(table.c.id == bindparam("id_")).values(provenance=bindparam("provenance"))
            self.connection.execute(statement, rows)

    def _provenance(self, page: PageState) -> str:
        """What a page says of itself in its margin, as JSON: its last authors, how many there are, who endorsed
        the last change."""
        if page.is_new:
            ranked = sorted(page.authors.items(), key=lambda item: -item[1][0])
            count = len(ranked)
            people = [self._names[person] for person, _ in ranked[:SHOWN_AUTHORS]]
        else:
            people, count = self._stored_authors(page.id)
        landing = page.landing
        return json.dumps(
            {
                "authors": [[p.name, p.email] for p in people],
                "authors_count": count,
                "endorsers": [[p.name, p.email] for p in page.endorsers],
                "commit": landing.id if landing else "",
                "at": landing.when if landing else 0,
                "proposal": page.proposal,
            },
            ensure_ascii=False,
        )

    def _stored_authors(self, page_id: int) -> tuple[list[Person], int]:
        by, who = schema.authorship, schema.person
        query = select(who.c.name, who.c.email).join(by, by.c.person_id == who.c.id).where(by.c.page_id == page_id)
        rows = self.connection.execute(query.order_by(by.c.last_seq.desc()).limit(SHOWN_AUTHORS)).all()
        count = self.connection.execute(select(func.count()).where(by.c.page_id == page_id)).scalar() or 0
        return [Person(row.name, row.email) for row in rows], count


def _first_title(path: str) -> str:
    """What a file is called before its text has been read."""
    return "How we decide" if path == POLICY_PATH else title_from(name_of(path) or path)


def _people(trailers: Iterable[tuple[str, str]], key: str) -> tuple[Person, ...]:
    people = (Person.parse(value) for name, value in trailers if name == key)
    return tuple(person for person in people if person is not None)


def _title(message: str) -> str:
    """The first line of a commit message, without the number of the proposal that the merge adds."""
    line = message.strip().partition("\n")[0]
    head, mark, number = line.rpartition(" (#")
    return (head if mark and number[:-1].isdigit() and number.endswith(")") else line)[:MAX_COMMIT_TITLE] or "…"
