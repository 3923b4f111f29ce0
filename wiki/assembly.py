"""Putting the parts together: repository, service, index and accounts as one `Wiki`.

Made once per process by the web, the command line and the demonstration. Nothing here knows Flask.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from wiki.accounts import Accounts
from wiki.database import Database, migrate, open_database
from wiki.guidelines import Guidelines
from wiki.index import Index
from wiki.model.errors import NotFound, Refused, Unavailable
from wiki.model.words import N_
from wiki.repository import Repository, check_git_version
from wiki.settings import Settings

MOST_SETTLED = 200


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

    def now(self) -> int:
        """The server's clock in unix seconds."""
        return int(self.clock())

    def tick(self) -> int:
        """What the clock does: catch up with git, and try every proposal whose moment has come. How many were
        tried. Any number of processes may do this at once."""
        self._settle_all(self.index.catch_up().affected)
        due = self.index.due(self.now())
        self._settle_all(tuple(due))
        return len(due)

    def written(self, n: int) -> None:
        """After a write to proposal ``n``: make it visible, and try the proposals that it moved the ground
        under. Each of those, if it comes into force, does the same in turn."""
        caught = self.index.catch_up(n)
        self._settle_all(tuple(other for other in caught.affected if other != n))

    def _settle_all(self, numbers: tuple[int, ...]) -> None:
        for n in numbers[:MOST_SETTLED]:
            try:
                self.guidelines.settle(n)
            except (Refused, NotFound):
                continue


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
