"""What a text says of its page: title, first sentence, other addresses, links, and the words it is found by.

Read from nothing but the text, page by page, so that many can be read in several processes.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryFile

from wiki.calm import stand_back
from wiki.index.read_ahead import Pile, Place, ReadAhead
from wiki.index.search_texts import Findable, findable, page_entry
from wiki.index.summary import Summary, summarise
from wiki.markdown import links_in, review_date, split_front_matter
from wiki.model.names import name_of
from wiki.repository import Repository

MAX_LINKS = 1_000
MANY = 2_000
"""From how many pages on several processes read them: to start one costs as much as some hundred pages."""
_MOST_READERS = 4
_CALM = 19
"""By how much they stand back: what they read is asked for last, and what they do not come to is read here."""
NOBODY = 0
"""In the place of a row that is not known yet."""
_TO_ONE = 250
"""How many texts are held at once."""


@dataclass(frozen=True)
class Asked:
    """A page to read: its row, its file and the text by its blob; removed pages are not found and lead nowhere."""

    id: int
    path: str
    blob: str
    in_force: bool

    def of(self, page_id: int) -> Asked:
        """The same of another page, or of `NOBODY`."""
        return Asked(page_id, self.path, self.blob, self.in_force)


@dataclass(frozen=True)
class Said:
    """What the text of a page says. ``links`` are the names of pages, sorted; ``review_by`` is an
    ISO date."""

    id: int
    summary: Summary
    links: tuple[str, ...] = ()
    review_by: str | None = None
    found: Findable | None = None

    def of(self, page_id: int) -> Said:
        """The same, said by another page with this text and this path."""
        found = self.found.of(page_id) if self.found is not None else None
        return Said(page_id, self.summary, self.links, self.review_by, found)


Read = Callable[[Sequence[Asked]], Iterable[Said]]


def reader(repository: Repository, language: str) -> Read:
    """Reads pages here, one after another. ``language`` is that of texts which do not say theirs."""

    def read(pages: Sequence[Asked]) -> Iterator[Said]:
        for some in _parts(pages):
            texts = repository.contents([page.blob for page in some])
            yield from (_said(page, text, language) for page, text in zip(some, texts, strict=True))

    return read


def _parts(pages: Sequence[Asked]) -> list[Sequence[Asked]]:
    return [pages[at : at + _TO_ONE] for at in range(0, len(pages), _TO_ONE)]


@contextmanager
def readers(repository: Repository, language: str, likely: Sequence[Asked]) -> Iterator[Read]:
    """Reads pages as `reader` does, in several processes where many are ``likely`` to be asked for: those (all of
    `NOBODY`) are read from now on in their order, others from when they are asked for, while this process does
    something else."""
    cores = os.cpu_count() or 1
    if len(likely) < MANY or cores == 1:
        yield reader(repository, language)
        return
    with TemporaryFile(dir=repository.path.parent) as file:
        pile = Pile(file.fileno())
        begun = (repository.path, language, pile)
        with ProcessPoolExecutor(min(cores, _MOST_READERS), get_context(_way_to_start()), _begin, begun) as pool:
            ahead: ReadAhead[Asked, Said] = ReadAhead(pool, _read_ahead, _parts(likely), pile)
            here = reader(repository, language)
            try:
                yield lambda pages: _read_by(pool, ahead, here, pages)
            finally:
                pool.shutdown(cancel_futures=True)


def _way_to_start() -> str:
    """A process that is forked has all that was loaded, and is there at once; beside other threads it could wait for
    ever for one that is not in it."""
    alone = threading.active_count() == 1
    return "fork" if alone and sys.platform == "linux" else "spawn"


def _read_by(pool: Executor, ahead: ReadAhead[Asked, Said], here: Read, pages: Sequence[Asked]) -> Iterator[Said]:
    """What these pages say. Those that are not read ahead are being read from now on; what the others could not read
    is read ``here``."""
    likely = [page.of(NOBODY) for page in pages]
    others = _parts([page for page, key in zip(pages, likely, strict=True) if key not in ahead])
    read = _by_others([(part, _begun(pool, part)) for part in others], here)
    return (_from(ahead, here, page, key) if key in ahead else next(read)
            for page, key in zip(pages, likely, strict=True))  # fmt: skip


def _begun(pool: Executor, part: Sequence[Asked]) -> Future[list[Said]] | None:
    try:
        return pool.submit(_read, part)
    except BrokenExecutor:
        return None


def _by_others(parts: Sequence[tuple[Sequence[Asked], Future[list[Said]] | None]], here: Read) -> Iterator[Said]:
    for part, reading in parts:
        try:
            said: Iterable[Said] = reading.result() if reading is not None else here(part)
        except BrokenExecutor:  # one of them was killed
            said = here(part)
        yield from said


def _from(ahead: ReadAhead[Asked, Said], here: Read, page: Asked, key: Asked) -> Said:
    said = ahead.get(key, here)
    return said.of(page.id) if said is not None else next(iter(here([page])))


_here: Read
_pile: Pile


def _begin(path: Path, language: str, pile: Pile) -> None:
    global _here, _pile
    stand_back(_CALM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever it reads for is told as well, and ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here, _pile = reader(Repository(path), language), pile


def _end_with_parent() -> None:
    """End when the process has ended that this one reads for, be it by a kill."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read(pages: Sequence[Asked]) -> list[Said]:
    return list(_here(pages))


def _read_ahead(pages: Sequence[Asked]) -> list[Place]:
    return _pile.add(_here(pages))


def _said(page: Asked, content: bytes, language: str) -> Said:
    name = name_of(page.path) or page.path
    text = content.decode("utf-8", "replace")
    front, body = split_front_matter(text)
    summary = summarise(name, front, body)
    if not page.in_force:
        return Said(page.id, summary)
    links = sorted(links_in(text, name.rpartition("/")[0]))[:MAX_LINKS]
    entry = page_entry(page.id, name, summary.title, front, body, language)
    return Said(page.id, summary, tuple(links), review_date(front), findable(entry))
