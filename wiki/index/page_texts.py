"""What a text says of its page: title, first sentence, other addresses, links, and the words it is found by.

Read from nothing but the text, page by page, so that many can be read in several processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from wiki.index.search_texts import Findable, findable, page_entry
from wiki.index.summary import Summary, summarise
from wiki.markdown import links_in, review_date, split_front_matter
from wiki.model.names import name_of
from wiki.repository import Repository

MAX_LINKS = 1_000
MANY = 2_000
"""From how many pages on several processes read them: to start one costs as much as some hundred pages."""
_MOST_READERS = 4
_TO_ONE = 100
"""How many texts are held at once."""


@dataclass(frozen=True)
class Asked:
    """A page to read: its row, its file and the text by its blob; removed pages are not found and lead nowhere."""

    id: int
    path: str
    blob: str
    in_force: bool


@dataclass(frozen=True)
class Said:
    """What the text of a page says. ``links`` are the names of pages, sorted; ``review_by`` is an
    ISO date."""

    id: int
    summary: Summary
    links: tuple[str, ...] = ()
    review_by: str | None = None
    found: Findable | None = None


Read = Callable[[Sequence[Asked]], Iterable[Said]]


def reader(repository: Repository, language: str) -> Read:
    """Reads pages here, one after another. ``language`` is that of texts which do not say theirs."""

    def read(pages: Sequence[Asked]) -> Iterator[Said]:
        for at in range(0, len(pages), _TO_ONE):
            some = pages[at : at + _TO_ONE]
            texts = repository.contents([page.blob for page in some])
            yield from (_said(page, text, language) for page, text in zip(some, texts, strict=True))

    return read


@contextmanager
def readers(repository: Repository, language: str, many: int) -> Iterator[Read]:
    """Reads pages as `reader` does, in several processes where they are ``many``: then they are read from when they are
    asked for, while this one does something else, and start while it does."""
    most = min((os.cpu_count() or 1) - 1, _MOST_READERS)
    if many < MANY or most < 1:
        yield reader(repository, language)
        return
    with ProcessPoolExecutor(most, get_context("spawn"), _begin, (repository.path, language)) as pool:
        for _ in range(most):
            pool.submit(os.getpid)

        def read(pages: Sequence[Asked]) -> Iterator[Said]:
            parts = pool.map(_read, [pages[at : at + _TO_ONE] for at in range(0, len(pages), _TO_ONE)])
            return (said for some in parts for said in some)

        yield read


_here: Read


def _begin(path: Path, language: str) -> None:
    global _here
    Thread(target=_end_with_parent, daemon=True).start()
    _here = reader(Repository(path), language)


def _end_with_parent() -> None:
    """End when the process has ended that this one reads for, be it by a kill."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read(pages: Sequence[Asked]) -> list[Said]:
    return list(_here(pages))


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
