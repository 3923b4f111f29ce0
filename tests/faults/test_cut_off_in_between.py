"""Two processes of one wiki, within one second, interrupted by each other and cut off between any two statements.

What `test_torture` finds in half an hour by chance is sought here step by step: a process is cut off at the n-th
statement, before or after a commit, a swap of a ref, or between an act and what it asks for; and the other acts
wherever one holds nothing. Then the clock ticks, the index is what one made anew would be, and nothing is left to do.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import event

from tests.index.test_rebuilding import assert_same, what_is_kept
from tests.world import World, close, until_nothing_is_due
from wiki import assembly, prepared
from wiki.assembly import Wiki, open_wiki
from wiki.guidelines import Guidelines
from wiki.index import Index, catch_up
from wiki.model.errors import WikiError
from wiki.repository import Repository

SEEDS = int(os.environ.get("CUT_OFF_SEEDS", "4"))
"""More of them seek longer."""
ACTS = 50
FEW = 3
"""How many proposals a writer sees to here; the others are left to the clock."""
PARTS = tuple("abcdefghij")
LONG = "# Long\n\n" + "\n\n".join(f"## {part}\n\nAs ever." for part in PARTS) + "\n"
"""What is said in its parts is far enough apart to be merged."""
_POLICY = '[objection]\nhold = "3d"\nweigh = 1\n\n[[rule]]\npages = "**"\nendorse = {endorse}\nopen = "{open}"\n'


class CutOff(BaseException):
    """The process ends here."""


@dataclass
class Moments:
    """Counts the moments at which a process may be cut off, or the other may act."""

    chance: random.Random
    until: int | None = None
    between: Callable[[], None] | None = None

    def any(self) -> None:
        """A moment at which a process may be cut off. After that it does nothing any more, whoever catches it."""
        if self.until is not None:
            self.until -= 1
            if self.over:
                raise CutOff

    @property
    def over(self) -> bool:
        """Whether the process was cut off."""
        return self.until is not None and self.until < 0

    def free(self) -> None:
        """The same, where it holds no lock."""
        self.any()
        between, self.between = self.between, None
        if between is not None and self.chance.random() < 0.7:
            between()
        elif between is not None:
            self.between = between


def around(real: Callable[..., Any], moment: Callable[[], None]) -> Callable[..., Any]:
    def both(*arguments: Any, **named: Any) -> Any:
        moment()
        result = real(*arguments, **named)
        moment()
        return result

    return both


def before(real: Callable[..., Any], moment: Callable[[], None]) -> Callable[..., Any]:
    def then(*arguments: Any, **named: Any) -> Any:
        moment()
        return real(*arguments, **named)

    return then


@contextmanager
def watched(moments: Moments) -> Iterator[None]:
    """Every moment of both processes is noticed while this lasts."""
    free, held = moments.free, moments.any
    with ExitStack() as stack:
        for owner, name, wrapped in (
            (prepared, "say", before(prepared.say, held)),
            (prepared, "say_many", before(prepared.say_many, held)),
            (Repository, "store_and_swap", around(Repository.store_and_swap, held)),
            (Guidelines, "_settled", before(Guidelines._settled, free)),
            (Guidelines, "_try_to_merge", around(Guidelines._try_to_merge, free)),
            (Wiki, "_settle_one", before(Wiki._settle_one, free)),
            (Wiki, "tell", before(Wiki.tell, free)),
            (Index, "catch_up", around(Index.catch_up, free)),
        ):
            stack.enter_context(patch.object(owner, name, wrapped))
        yield


@dataclass
class Two:
    """Two processes of one wiki, and what colleagues do in them."""

    world: World
    chance: random.Random
    moments: Moments = field(init=False)
    wikis: list[Wiki] = field(init=False)
    cut_off: int = 0

    def __post_init__(self) -> None:
        self.moments = Moments(self.chance)
        self.wikis = [self._listened(self.world.wiki), self._opened()]

    def _opened(self) -> Wiki:
        return self._listened(open_wiki(self.world.wiki.settings, self.world.clock))

    def _listened(self, wiki: Wiki) -> Wiki:
        engine = wiki.engine
        event.listen(engine, "before_cursor_execute", lambda *_: self.moments.any())
        commit = engine.dialect.do_commit
        engine.dialect.do_commit = around(commit, self.moments.any)  # type: ignore[method-assign]
        return wiki

    def act(self) -> None:
        """One of them acts: to its end, with the other in between, or until it is cut off."""
        one = self.chance.randrange(2)
        self.world.clock.wait(self.chance.choice([0, 0, 0, 0, 0.1, 1]))
        if self.chance.random() < 0.3:
            self.moments.between = lambda: self._do(self.wikis[1 - one])
        if self.chance.random() < 0.3:
            self.moments.until = self.chance.randrange(self.chance.choice([15, 40, 120]))
        with suppress(CutOff):
            self._do(self.wikis[one])
        cut_off = self.moments.over
        self.moments.until = self.moments.between = None
        if cut_off:
            self._begin_again(one)

    def _begin_again(self, one: int) -> None:
        self.cut_off += 1
        for each in (0, 1):
            close(self.wikis[each])
            self.wikis[each] = self._opened()
        if self.chance.random() < 0.5:
            assembly.start(self.wikis[one])

    def _do(self, wiki: Wiki) -> None:
        guidelines, chance = wiki.guidelines, self.chance
        ana, *others = (self.world.person(who) for who in ("ana", "bob", "cyd", "dee"))
        last = max(1, guidelines.count())
        n = max(1, last - chance.randrange(8))
        who = chance.choice(others)

        def change() -> str:
            return guidelines.weigh(n).proposal.change

        deeds: list[Callable[[], object]] = [
            *[lambda: guidelines.propose(ana, f"Change {last}", "", self._edits(wiki))] * 5,
            *[lambda: guidelines.endorse(n, who, change(), member_since=0)] * 9,
            lambda: guidelines.object(n, who, change(), "No."),
            lambda: guidelines.answer(n, ana, guidelines.weigh(n).standing.objections[0].id, "Yes."),
            lambda: guidelines.retract(n, who),
            lambda: guidelines.revise(n, ana, self._edits(wiki), seen=change()),
            lambda: guidelines.comment(n, who, f"I see {chance.random()}."),
            lambda: guidelines.close(n, ana),
            lambda: guidelines.reopen(n, ana),
            wiki.tick,
            lambda: wiki.index.rebuild(),
        ]
        with suppress(WikiError, IndexError):
            chance.choice(deeds)()

    def _edits(self, wiki: Wiki) -> dict[str, str | None]:
        chance = self.chance
        if chance.random() < 0.15:
            bars = {"endorse": chance.choice([1, 2, 3]), "open": chance.choice(["0h", "1d"])}
            return {"policy.toml": _POLICY.format(**bars)}
        blob = wiki.repository.file(wiki.repository.main(), "long.md")
        lines = wiki.repository.content(blob).decode().splitlines() if blob is not None else LONG.splitlines()
        lines[lines.index(f"## {chance.choice(PARTS)}") + 2] = f"Otherwise {chance.randrange(3)}."
        return {"long.md": "\n".join(lines) + "\n"}

    def end(self) -> None:
        """Let go of both."""
        for wiki in self.wikis:
            close(wiki)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers see to few other proposals."""
    monkeypatch.setattr(catch_up, "MOST_AT_ONCE", FEW)
    monkeypatch.setattr(assembly, "MOST_AT_ONCE", FEW)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_cut_off_between_any_two_statements_nothing_stands_otherwise_or_is_left_undone(world: World, seed: int) -> None:
    world.endorse(world.propose("ana", {"long": LONG}), "bob", "cyd")
    two = Two(world, random.Random(seed))
    with watched(two.moments):
        for _ in range(ACTS):
            two.act()
    wiki = world.wiki = two.wikis[0]
    until_nothing_is_due(wiki)
    rows = _kept(world)
    wiki.index.rebuild()
    assert_same(rows, _kept(world))
    _nothing_is_left(wiki)
    two.end()


def _kept(world: World) -> dict[str, list[dict[str, object]]]:
    """What is kept. A closed proposal is weighed no more when the policy changes, so what it needed is not compared."""
    found = what_is_kept(world)
    for row in found["proposal"]:
        if row["state"] == "closed":
            row |= dict.fromkeys(("endorsements", "needed", "objections"))
    return found


def _nothing_is_left(wiki: Wiki) -> None:
    """The clock looks at no proposal again that it could bring on."""
    before = wiki.repository.refs.below("refs/")
    for n in range(1, wiki.guidelines.count() + 1):
        wiki.guidelines.settle(n)
    assert wiki.repository.refs.below("refs/") == before
