"""The history of main on its way into SQL: the book of changes, and what each entry did to which pages.

A `Ledger` takes what landed, commit by commit, and writes it in one go or in several; a hundred thousand commits and a
single merge take the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from wiki.index import schema
from wiki.index.branches import Branches, Words
from wiki.index.people import write_people
from wiki.index.shelf import PageState, Shelf
from wiki.index.stirred import Stirred
from wiki.index.upsert import Values, insert_values, upsert
from wiki.model.acts import Person, one_line, read_message
from wiki.model.names import name_of
from wiki.prepared import Prepared
from wiki.repository import MAILMAP, Change, Landed, Repository

MAX_COMMIT_TITLE = 300
_HIGHEST = Prepared(
    select(
        *(
            func.coalesce(select(func.max(column)).scalar_subquery(), 0).label(column.table.name)
            for column in (schema.landed.c.seq, schema.person.c.id, schema.page.c.id)
        ),
        select(schema.landed.c.seq)
        .where(schema.landed.c.id == bindparam("founding"))
        .scalar_subquery()
        .label("founded"),
    )
)
"""The highest numbers given so far, and that of the founding where it is indexed."""
_PERSON = Prepared(
    select(schema.person.c.id, schema.person.c.name, schema.person.c.email).where(
        schema.person.c.key == bindparam("who")
    )
)
_LANDED = ("seq", "id", "person_id", "at", "title", "proposal", "endorsements")
_REVISION = ("page_id", "seq", "status", "path", "old_path", "blob", "folder")
_WROTE = ("person_id", "seq")
_TRAILER = re.compile(r"[A-Za-z-]+: ")
DAY = 86400


@dataclass(frozen=True)
class Merged:
    """A proposal that came into force."""

    n: int
    tip: str
    seq: int


class Ledger:
    """What landed since the index was last in step. ``touched`` are the files it changed, ``merged`` the proposals it
    brought into force, ``fresh`` the pages, by their row, that read otherwise now, ``stirred`` those of which something
    else is shown; ``language`` is that of texts which do not say theirs."""

    def __init__(self, connection: Connection, repository: Repository, language: str) -> None:
        self.connection = connection
        self.language = language
        self.repository = repository
        self.touched: set[str] = set()
        self.merged: list[Merged] = []
        self.fresh: set[int] = set()
        self.stirred = Stirred()
        self._people: dict[str, int] = {}
        self._names: dict[int, Person] = {}
        """Who has another name now than their row."""
        self._rows: dict[int, Person] = {}
        self._landed: list[Values] = []
        self._revisions: list[Values] = []
        self._wrote: list[Values] = []
        self._days: dict[int, list[int]] = {}
        self._branches = Branches()
        self._new_people = 0

    @cached_property
    def _highest(self) -> Any:
        (highest,) = _HIGHEST.rows(self.connection, founding=self.repository.founding)
        return highest

    @cached_property
    def shelf(self) -> Shelf:
        """The pages that were changed."""
        return Shelf(self.connection, self.repository, self._highest.page + 1)

    @cached_property
    def _next_seq(self) -> int:
        return int(self._highest.landed) + 1

    @cached_property
    def _founded(self) -> bool:
        """Whether the founding is indexed already. What came before it is no word of the wiki, whatever its messages
        look like."""
        return self._highest.founded is not None

    def take(self, commit: Landed) -> None:
        """One commit. Those on merged branches tell only who wrote what; the rest are the book of changes."""
        if commit.first_parent:
            self._take_landed(commit)
        else:
            self._branches.add(commit)

    def _take_landed(self, commit: Landed) -> None:
        seq, self._next_seq = self._next_seq, self._next_seq + 1
        trailers = read_message(commit.message)[1] if self._founded and "\nProposal: " in commit.message else ()
        self._founded = self._founded or commit.id == self.repository.founding
        proposal, writers, endorsements = _said(trailers) if trailers else (None, (), 0)
        if proposal is not None and len(commit.parents) == 2:
            self.merged.append(Merged(proposal, commit.parents[1], seq))
        title = _title(commit.message, of_the_wiki=self._founded)
        who = self.person(commit.author)
        self._landed.append((seq, commit.id, who, commit.when, title, proposal, endorsements))
        of_day = self._days.setdefault(commit.when // DAY, [0, 0])
        of_day[0], of_day[1] = of_day[0] + 1, seq
        words = self._branches.merged(commit.parents[1:]) if len(commit.parents) > 1 else None
        if commit.changes:
            self._revise(commit, seq, writers, words)

    def _revise(self, commit: Landed, seq: int, writers: tuple[Person, ...], words: Words | None) -> None:
        found = self.shelf.find(commit.changes)
        written = self._written(found, words) if words is not None and not writers else {}
        usual = [self.person(each) for each in writers or (commit.author,)] if found else []
        wrote: set[int] = set()
        for change, page in found:
            self.shelf.revise(page, change, seq)
            self._note(page, change, seq)
            own = written.get(page.id)
            for who in [self.person(each) for each in own] if own else usual:
                count = page.authors.get(who)
                page.authors[who] = (seq, 1 if count is None else count[1] + 1)
                wrote.add(who)
        self._wrote += [(who, seq) for who in wrote]

    def _note(self, page: PageState, change: Change, seq: int) -> None:
        self.fresh.add(page.id)
        self.stirred.change(change)
        self.touched.add(change.path)
        if change.old_path:
            self.touched.add(change.old_path)
        folder, inside, _ = change.path.partition("/")
        row = (page.id, seq, change.status, change.path, change.old_path, change.blob, folder if inside else "")
        self._revisions.append(row)

    def _written(self, found: Iterable[tuple[Change, PageState]], words: Words) -> dict[int, tuple[Person, ...]]:
        """Who changed these pages on the branches that are merged, be it under a name that main has since changed."""
        names = {page.id: [change.path] for change, page in found}
        once = self.shelf.once([name for path in words.authors if (name := name_of(path)) is not None])
        for path in words.authors:
            page_id = once.get(name_of(path) or "")
            if page_id in names:
                names[page_id].append(path)
        return {page_id: words.of(*paths) for page_id, paths in names.items()}

    def person(self, who: Person) -> int:
        """The row of a person, made where there is none."""
        known = self._people.get(who.key)
        if known is None:
            known = self._people[who.key] = self._row_of(who)
        if known in self._names or self._rows.get(known) != who:
            self._names[known] = who
        return known

    def _row_of(self, who: Person) -> int:
        rows = _PERSON.rows(self.connection, who=who.key)
        if not rows:
            self._new_people += 1
            return int(self._highest.person) + self._new_people
        ((number, *written),) = rows
        self._rows[number] = Person(*written)
        return int(number)

    def flush(self) -> None:
        """Write what was taken."""
        insert_values(self.connection, schema.landed, _LANDED, self._landed)
        insert_values(self.connection, schema.revision, _REVISION, self._revisions)
        insert_values(self.connection, schema.wrote, _WROTE, self._wrote)
        days = [{"day": day, "changes": count, "last_seq": last} for day, (count, last) in self._days.items()]
        upsert(self.connection, schema.day, days, ("day",), ("last_seq",), adding=("changes",))
        if self._revisions:
            self.shelf.write()
        for written in (self._landed, self._revisions, self._wrote, self._days):
            written.clear()
        self.write_people(anew=MAILMAP in self.touched)

    def write_people(self, anew: bool) -> None:
        """Write who the people are that were met, by ``.mailmap``; ``anew`` everybody."""
        if write_people(self.connection, self.repository, self._names, anew):
            self.stirred.all()
        self._rows |= self._names
        self._names.clear()


def _said(trailers: Iterable[tuple[str, str]]) -> tuple[int | None, tuple[Person, ...], int]:
    """What a merge says of itself: the number of the proposal, who wrote it, and how many endorsed it."""
    n = next((int(value) for key, value in trailers if key == "Proposal" and value.isdigit()), None)
    writers = people_in(trailers, "Written-by") if n is not None else ()
    return n, writers, len(people_in(trailers, "Endorsed-by"))


def people_in(trailers: Iterable[tuple[str, str]], key: str) -> tuple[Person, ...]:
    """The people whom trailers of this key name."""
    people = (Person.parse(value) for name, value in trailers if name == key)
    return tuple(person for person in people if person is not None)


def _title(message: str, of_the_wiki: bool) -> str:
    """The first line of a commit message, without the number of the proposal that the merge adds. Of a merge in the
    imported past the first line below, where there is one: what was merged says more than that it was."""
    line, _, below = message.strip().partition("\n")
    if not of_the_wiki and line.startswith("Merge "):
        line = _first_words(below) or line
    if not line.isprintable():
        line = one_line(line)
    if line.endswith(")"):
        head, mark, number = line.rpartition(" (#")
        line = head if mark and number[:-1].isdigit() else line
    return line[:MAX_COMMIT_TITLE] or "…"


def _first_words(text: str) -> str | None:
    """The first line with words; None where git or a program wrote what follows, such as a list of conflicts."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if line and not line.startswith(("#", "*", "Conflicts:")) and not _TRAILER.match(line) else None
