"""Putting the parts together: repository, service, index and accounts as one `Wiki`.

Made once per process by the web, the command line and the demonstration. Nothing here knows Flask.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wiki.accounts import Accounts
from wiki.database import Database, migrate, open_database
from wiki.guidelines import Guidelines
from wiki.index import Index
from wiki.model.errors import NotFound, Refused, Unavailable
from wiki.model.words import N_
from wiki.repository import Repository, check_git_version
from wiki.settings import Settings

MOST_AT_ONCE = 100
log = logging.getLogger(__name__)


@dataclass
class Wiki:
    """One wiki, ready to serve."""

    settings: Settings
    engine: Database
    repository: Repository
    guidelines: Guidelines
    index: Index
    accounts: Accounts
    clock: Callable[[], float]
    _turn: threading.local = field(default_factory=threading.local)

    def now(self) -> int:
        """The server's clock in unix seconds."""
        return int(self.clock())

    def tick(self) -> int:
        """What the clock does: catch up with git, and try every proposal whose moment has come. How many were
        tried. Any number of processes may do this at once."""
        numbers = [*self.index.catch_up().affected[:MOST_AT_ONCE], *self.index.due(self.now())]
        self._settle(numbers)
        return len(numbers)

    def written(self, n: int) -> None:
        """After a write to proposal ``n``: make it visible, and try the proposals under which it moved the
        ground. What comes into force by that may move it under others; those have their turn in the same loop."""
        affected = [other for other in self.index.catch_up(n).affected if other != n]
        self._settle(affected[:MOST_AT_ONCE])

    def _settle(self, numbers: list[int]) -> None:
        waiting: deque[int] | None = getattr(self._turn, "waiting", None)
        if waiting is not None:
            waiting.extend(n for n in numbers if n not in waiting)
            return
        waiting = self._turn.waiting = deque(numbers)
        try:
            for _ in range(MOST_AT_ONCE):
                if not waiting:
                    break
                self._settle_one(waiting.popleft())
        finally:
            self._turn.waiting = None

    def _settle_one(self, n: int) -> None:
        try:
            self.guidelines.settle(n)
        except (Refused, NotFound) as error:
            log.info("proposal %s was not settled: %s", n, error)


def open_wiki(settings: Settings, clock: Callable[[], float] = time.time) -> Wiki:
    """Open the wiki in a data directory. `Refused` where there is none, or one of a newer version."""
    check_git_version()
    if not settings.content_git.exists():
        raise Refused(N_("There is no wiki in %(path)s yet. Begin one with “wiki init”."), path=settings.data)
    engine = open_database(settings.database_url)
    migrate(engine)
    repository = Repository(settings.content_git)
    accounts = Accounts(engine, reserved=frozenset({settings.system_email.casefold()}))
    guidelines = Guidelines(
        repository,
        clock=clock,
        active_members=lambda: accounts.active_members(int(clock())),
        max_page_bytes=settings.max_page_bytes,
    )
    index = Index(engine, repository, guidelines.weigh)
    wiki = Wiki(settings, engine, repository, guidelines, index, accounts, clock)
    guidelines.written = wiki.written
    return wiki


def start(wiki: Wiki) -> None:
    """What is done once when a server starts: sweep locks that a kill left behind, and catch up with git."""
    wiki.repository.refs.sweep()
    try:
        wiki.tick()
    except Unavailable:
        return
