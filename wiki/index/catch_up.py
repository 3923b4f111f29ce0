"""Catching up: the one place where what is in git becomes visible.

`Index.catch_up` compares the refs with what was indexed last and reads only what is new, in one transaction. A
writer calls it before it answers, start-up calls it, the clock calls it; a crash between git and SQL heals here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection, Engine

from wiki.database import reading, writing
from wiki.index import proposals
from wiki.index.generation import after
from wiki.index.ledger import Ledger
from wiki.index.page_texts import reader
from wiki.index.rebuilding import Progress, Rebuilding
from wiki.index.state import GENERATION, INDEX_VERSION, everything, get, put_all
from wiki.index.telling import tell_of
from wiki.index.unsettled import unsettled
from wiki.model.errors import Damaged, NotFound
from wiki.model.merge import Weighed
from wiki.model.names import POLICY_PATH
from wiki.model.proposal import Touched
from wiki.model.words import N_
from wiki.repository import Change, Landed, Repository

MOST_AT_ONCE = 100
"""How many proposals a writer weighs again while somebody waits; the clock sees to the others."""
_SHORT = 32
IDENTITIES = "identities"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caught:
    """What was new: files of main that changed, proposals that came into force, open proposals that may now stand
    otherwise; of many only the first. The rest are due for the clock, and so are those that main has overtaken until
    somebody has tried to bring them up to date. ``weighed`` is how those stand that were asked for."""

    touched: frozenset[str] = frozenset()
    merged: tuple[int, ...] = ()
    affected: tuple[int, ...] = ()
    weighed: tuple[Weighed, ...] = ()


Besides = Callable[[Connection, Sequence[Weighed]], None]
"""What else is to be written in the same transaction of the proposals that were asked for."""


class CatchUp:
    """Brings the index in step with one repository. ``weigh`` tells how a proposal stands, ``language``
    is what texts are written in that do not say."""

    def __init__(self, engine: Engine, repository: Repository, weigh: Callable[[int], Weighed], language: str) -> None:
        self.engine = engine
        self.repository = repository
        self.weigh = weigh
        self.language = language

    def begun(self) -> bool:
        """Whether anything has ever been indexed."""
        with reading(self.engine) as connection:
            return get(connection) is not None

    def in_step(self) -> bool:
        """Whether main is what was indexed."""
        with reading(self.engine) as connection:
            return get(connection) == self.repository.main()

    def behind(self, now: int) -> int:
        """For how many seconds main has held what is not indexed; 0 where it is in step."""
        return 0 if self.in_step() else max(1, now - self.repository.commit(self.repository.main()).when)

    def some(self, written: Mapping[int, str | None], besides: Besides | None) -> Caught:
        """After a write to these proposals: main, and them."""
        with writing(self.engine, heals=True) as connection:
            caught = self._bring(connection, list(written), written)
            if besides is not None:
                besides(connection, caught.weighed)
            return caught

    def everything(self) -> Caught:
        """Main and every ref of a proposal."""
        with reading(self.engine) as connection:
            outdated = get(connection, "version") not in (None, INDEX_VERSION)
        if outdated:
            self.rebuild()
            return Caught()
        try:
            with writing(self.engine, heals=True) as connection:
                numbers, lost = proposals.changed(connection, self.repository)
                if not lost:
                    return self._bring(connection, numbers)
        except proposals.Rewritten:
            lost = []
        log.warning("the index knew of main or of proposals %s what is not in git: it is made anew", lost)
        self.rebuild()
        return Caught()

    def _anew(self, connection: Connection) -> Caught:
        return self._bring(connection, proposals.changed(connection, self.repository)[0], anew=True)

    def rebuild(self, progress: Progress = lambda commits: commits) -> int:
        """Throw the index away and make it again; readers see the old one until then. The number of commits that were
        read: fewer than there are, where one that was interrupted went on."""
        return Rebuilding(self.engine, self.repository, self._weigh_all, self.language).run(progress, self._anew)

    def _bring(
        self,
        connection: Connection,
        numbers: list[int],
        settled_on: Mapping[int, str | None] = MappingProxyType({}),
        anew: bool = False,
    ) -> Caught:
        ledger = Ledger(connection, self.repository, self.language)
        noted, main = everything(connection), self.repository.main()
        before = noted.get("main")
        for commit in self._landed(main, before) if before != main else ():
            ledger.take(commit)
        asked_for = self._write_proposals(connection, ledger, numbers)
        affected = self._affected(connection, ledger.touched) if before is not None else []
        weighed = asked_for + self._write_proposals(
            connection, ledger, [n for n in affected[:MOST_AT_ONCE] if n not in numbers]
        )
        self._write_landings(connection, ledger, weighed, numbers)
        proposals.make_due(connection, [*unsettled(weighed, settled_on), *affected[MOST_AT_ONCE:]])
        identities = str(self.repository.identities.version())
        if noted.get(IDENTITIES, "0") != identities:
            ledger.write_people(anew=True)  # somebody is called otherwise now, though nothing in git says so
        read = reader(self.repository, self.language)
        tell_of(connection, self.repository, ledger.fresh, read, ledger.stirred)
        if anew or before is None:
            ledger.stirred.all()
        generation = after(noted.get(GENERATION))
        ledger.stirred.write(connection, generation)
        now = {"main": main, "version": INDEX_VERSION, GENERATION: generation, IDENTITIES: identities}
        put_all(connection, {key: value for key, value in now.items() if noted.get(key) != value})
        moved = tuple(m.n for m in ledger.merged), tuple(affected[:MOST_AT_ONCE])
        return Caught(frozenset(ledger.touched), *moved, tuple(asked_for))

    def _write_proposals(self, connection: Connection, ledger: Ledger, numbers: list[int]) -> list[Weighed]:
        weighed = self._weigh_all(numbers)
        for each in weighed:
            proposals.write_proposal(connection, ledger, each)
        return weighed

    def _write_landings(
        self, connection: Connection, ledger: Ledger, weighed: list[Weighed], numbers: list[int]
    ) -> None:
        """Write what came into force, be it beside those that were weighed: these ``numbers`` and what they moved."""
        ledger.flush()
        proposals.write_merged(connection, ledger.merged)
        proposals.write_landings(connection, [each.n for each in weighed if each.in_force])
        elsewhere = [merged.n for merged in ledger.merged if merged.n not in numbers]
        ledger.stirred.pages(proposals.files_of(connection, elsewhere))

    def _affected(self, connection: Connection, touched: set[str]) -> list[int]:
        if POLICY_PATH in touched:
            return proposals.all_open(connection)
        return proposals.open_touching(connection, touched) if touched else []

    def _weigh_all(self, numbers: Iterable[int]) -> list[Weighed]:
        found = []
        for n in numbers:
            try:
                found.append(self.weigh(n))
            except (Damaged, NotFound):
                continue
        return found

    def _landed(self, main: str, before: str | None) -> Iterable[Landed]:
        if before is None:
            return self.repository.landed(main)
        short = self._few(main, before)
        if short is not None:
            return short
        if not self.repository.has(before) or not self.repository.is_ancestor(before, main):
            raise proposals.Rewritten(N_("main was rewritten since it was indexed; please run “wiki reindex”."))
        return self.repository.landed(main, before)

    def _few(self, main: str, before: str) -> list[Landed] | None:
        """A few merges made by the wiki, read without starting git; None where the long way must be taken."""
        steps: list[Landed] = []
        at = main
        while at != before:
            commit = self.repository.commit(at)
            by_wiki = len(commit.parents) == 2 and "\nProposal: " in commit.message
            if not by_wiki or len(steps) == _SHORT:
                return None
            parent = self.repository.commit(commit.parents[0])
            touched = self.repository.differences.touched(parent.tree, commit.tree)
            if any(t.before is None for t in touched) and any(t.after is None for t in touched):
                return None
            changes = tuple(_change(t) for t in touched)
            landed = Landed(at, commit.parents, commit.author, commit.when, commit.message, True, changes)
            steps.append(landed)
            at = parent.id
        return steps[::-1]


def _change(touched: Touched) -> Change:
    if touched.after is None:
        return Change("D", touched.path, "000000", None)
    return Change("A" if touched.before is None else "M", touched.path, touched.after.mode, touched.after.id)
