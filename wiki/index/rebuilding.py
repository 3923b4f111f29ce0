"""The index made anew from git, beside the one that goes on serving.

It is made in a place of its own (see `beside`), a few thousand commits at a time: neither readers nor writers wait, a
rebuild that was killed goes on where it was, and memory does not grow with the history. When it is whole it takes the
place of the old one in one transaction.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter

from sqlalchemy import Column, Connection, Engine, MetaData, Table, delete, select, text
from sqlalchemy.schema import CreateIndex, CreateTable, DropIndex

from wiki.database import reading, writing
from wiki.index import full_text, proposals, schema
from wiki.index.beside import NAME, Beside, beside
from wiki.index.ledger import Ledger
from wiki.index.page_texts import NOBODY, Asked, Read, readers
from wiki.index.shelf import UNTOLD
from wiki.index.state import INDEX_VERSION, get, put
from wiki.index.telling import PAGES_AT_ONCE, Asking, ask, tell
from wiki.index.unsettled import known
from wiki.model.errors import Unavailable
from wiki.model.merge import Weighed
from wiki.model.names import name_of
from wiki.repository import Landed, Repository

Progress = Callable[[Iterable[Landed]], Iterable[Landed]]
Weigh = Callable[[Iterable[int]], Iterable[Weighed]]
Step = Callable[[], None]

COMMITS_AT_ONCE = 50_000
PROPOSALS_AT_ONCE = 200
_KEEPER = "keeper"
_OF_READERS = (schema.growth, schema.size)
_STAYING = (schema.state, schema.stirred, schema.rendered)
_MADE = tuple(table for table in schema.INDEX_TABLES if table not in (*_STAYING, *_OF_READERS))
_GROWING = (schema.landed, schema.revision, schema.wrote)
"""What is only added to while the history is read; its keys and most indexes are quicker made at the end."""
_LATE = tuple(index for table in (schema.revision, schema.wrote, schema.link) for index in table.indexes)


class Rebuilding:
    """Makes the index of one repository again. ``weigh`` tells how proposals stand, ``language`` is that of texts which
    do not say theirs."""

    def __init__(self, engine: Engine, repository: Repository, weigh: Weigh, language: str) -> None:
        self.engine = engine
        self.repository = repository
        self.weigh = weigh
        self.language = language

    def run(self, progress: Progress, then: Callable[[Connection], object]) -> int:
        """Make it again, and ``then`` bring it in step with what was written meanwhile, in the transaction that puts it
        in place. What waits for the clock goes on waiting. The number of commits read."""
        place = beside(self.engine)
        with place.alone(), _without_collecting():
            count = self._beside(place, progress)
            with place.attached() as connection:
                before = known(connection)
                _take_over(connection)
                then(connection)
                proposals.make_due(connection, before.unsettled(connection))
            place.remove()
        return count

    def _beside(self, place: Beside, progress: Progress) -> int:
        """Make it in a place of its own, or go on with what is there of it."""
        if not self._can_go_on(place):
            place.remove()
        engine = place.open()
        try:
            with writing(engine) as connection:
                _create_tables(connection)
                put(connection, _KEEPER, place.keeper())
            with engine.connect().execution_options(writes=True) as connection:
                count = self._make(connection, progress, connection.commit)
                connection.commit()
        finally:
            engine.dispose()
        return count

    def _can_go_on(self, place: Beside) -> bool:
        """Whether what was made there is the beginning of what is to be made."""
        if not place.exists():
            return False
        engine = place.open()
        try:
            with reading(engine) as connection:
                version, keeper, main = (get(connection, key) for key in ("version", _KEEPER, "main"))
        except Unavailable:
            return False
        finally:
            engine.dispose()
        repository = self.repository
        known = main is None or (repository.has(main) and repository.is_ancestor(main, repository.main()))
        return version == INDEX_VERSION and keeper == place.keeper() and known

    def _make(self, connection: Connection, progress: Progress, step: Step) -> int:
        """Everything, from where it is. ``step`` keeps what was made so far."""
        ledger = Ledger(connection, self.repository, self.language)
        with readers(self.repository, self.language, self._likely(connection)) as read:
            count = self._history(connection, ledger, progress, step)
            self._proposals(connection, ledger, step)
            ledger.write_people(anew=True)
            self._pages(connection, ledger, read, step)
        return count

    def _likely(self, connection: Connection) -> list[Asked]:
        """The pages of main of which is yet to be told, in the order in which that is done."""
        page = schema.page.c
        known = select(page.path, page.blob).where(page.in_force, page.provenance != UNTOLD)
        told = {(path, blob) for path, blob in connection.execute(known)}
        files = sorted(self.repository.files(self.repository.main()), key=itemgetter(0))
        return [Asked(NOBODY, path, blob.id, in_force=True)
                for path, blob in files if name_of(path) and (path, blob.id) not in told]  # fmt: skip

    def _history(self, connection: Connection, ledger: Ledger, progress: Progress, step: Step) -> int:
        count, last = 0, 0
        main, before = self.repository.main(), get(connection)
        for commit in progress(self.repository.landed(main, before)) if before != main else ():
            ledger.take(commit)
            count += 1
            if commit.first_parent and count - last >= COMMITS_AT_ONCE:
                last = count
                ledger.flush()
                put(connection, "main", commit.id)
                step()
        ledger.flush()
        put(connection, "main", main)
        step()
        return count

    def _proposals(self, connection: Connection, ledger: Ledger, step: Step) -> None:
        before = proposals.all_open(connection)  # weighed by one that was cut off; main may have moved since
        missing = sorted({*proposals.changed(connection, self.repository)[0], *before})
        for at in range(0, len(missing), PROPOSALS_AT_ONCE):
            for weighed in self.weigh(missing[at : at + PROPOSALS_AT_ONCE]):
                proposals.write_proposal(connection, ledger, weighed)
            ledger.flush()
            step()
        proposals.write_landings(connection)

    def _pages(self, connection: Connection, ledger: Ledger, read: Read, step: Step) -> None:
        """What is told of pages by their paths, some at a time; the texts of the next are read meanwhile."""
        page = schema.page.c
        untold = select(page.path, page.id).where(page.provenance == UNTOLD)
        pages = [row for _path, row in sorted(tuple(found) for found in connection.execute(untold))]
        parts = (pages[at : at + PAGES_AT_ONCE] for at in range(0, len(pages), PAGES_AT_ONCE))
        for asking in _one_ahead(ask(connection, part, read) for part in parts):
            tell(connection, self.repository, asking, ledger.stirred)
            step()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hundreds of thousands of rows are made, none of which leads back to itself, and go when they are written. To look
    for circles among them took a tenth of this process's time."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _one_ahead(askings: Iterable[Asking]) -> Iterator[Asking]:
    """The same, each when the one after it has been asked for."""
    before: Asking | None = None
    for asking in askings:
        if before is not None:
            yield before
        before = asking
    if before is not None:
        yield before


def _create_tables(connection: Connection) -> None:
    for table in schema.INDEX_TABLES:
        made = _without_keys(table) if table in _GROWING else table
        connection.execute(CreateTable(made, if_not_exists=True))
        for index in table.indexes.difference(_LATE):
            connection.execute(CreateIndex(index, if_not_exists=True))
    full_text.create_plain(connection)
    put(connection, "version", INDEX_VERSION)


def _without_keys(table: Table) -> Table:
    """A table with the same columns, and of its keys only the one that SQLite numbers rows by."""
    numbered = len(table.primary_key.columns) == 1
    columns = [Column(c.name, c.type, primary_key=c.primary_key and numbered) for c in table.columns]
    return Table(table.name, MetaData(), *columns)


def _take_over(connection: Connection) -> None:
    """Put what was made in the place of what was there."""
    late = _LATE if connection.dialect.name == "sqlite" else ()  # elsewhere who reads would have to wait
    for index in late:
        connection.execute(DropIndex(index))
    for table in (*_MADE, *_OF_READERS):
        connection.execute(delete(table))
    for table in _MADE:
        columns, key = (", ".join(f'"{c.name}"' for c in some) for some in (table.columns, table.primary_key))
        made = f'SELECT {columns} FROM {NAME}."{table.name}" ORDER BY {key}'  # noqa: S608 - names of ours
        connection.execute(text(f'INSERT INTO "{table.name}" ({columns}) {made}'))
    for index in late:
        connection.execute(CreateIndex(index))
    full_text.take_over(connection, NAME)
    main = connection.execute(text(f"SELECT value FROM {NAME}.{schema.state.name} WHERE key = 'main'"))  # noqa: S608
    put(connection, "main", str(main.scalar_one()))
