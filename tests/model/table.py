"""Chains of acts without git: ids are counted, times are given."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.house import ANA, SYSTEM
from wiki.model.acts import CHANGES_TEXT, Act, Kind, Person
from wiki.model.decide import Main, Standing, standing
from wiki.model.names import Neighbours
from wiki.model.policy import Policy, parse_policy
from wiki.model.proposal import PLAIN_FILE, Blob, Proposal, Touched, fold

RULES = '[objection]\nhold = "3d"\nweigh = 2\n[[rule]]\npages = "**"\nendorse = 2\n'
BASE = "b" * 40


def blob(nth: int, mode: str = PLAIN_FILE) -> Blob:
    """A file's content, numbered."""
    return Blob(mode, f"{nth:040x}")


PAGE = Touched("travel/visa.md", blob(1), blob(2), 4)


@dataclass
class Table:
    """A proposal on the table: what has been done to it, what it touches, and what is in force."""

    now: int = 0
    touched: tuple[Touched, ...] = (PAGE,)
    policy: Policy = field(default_factory=lambda: parse_policy(RULES))
    new_policy: str | None = None
    active: int = 5
    policy_changed_at: int = 0
    blobs: dict[str, Blob | None] | None = None
    neighbours: dict[str, frozenset[tuple[str, bool]]] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)

    def act(self, kind: Kind, who: Person = ANA, *trailers: tuple[str, str], kept: bool = False, text: str = "") -> Act:
        """Append an act, now."""
        nth = len(self.acts) + 1
        tree = f"tree {nth}" if kind in CHANGES_TEXT else self.acts[-1].tree
        parents = (self.acts[-1].id,) if self.acts else (BASE,)
        if kind is Kind.REFRESH:
            who, parents = SYSTEM, (*parents, f"{nth:x}".rjust(40, "c"))
        act = Act(
            id=f"{nth:x}".rjust(40, "a"), kind=kind, author=who, when=self.now, text=text, parents=parents, tree=tree,
            by_system=who.key == SYSTEM.key, committer=SYSTEM.key, trailers=(("Act", kind.value), *trailers), kept=kept,
        )  # fmt: skip
        self.acts.append(act)
        return act

    def propose(self, who: Person = ANA, *co_authors: Person) -> Act:
        return self.act(Kind.PROPOSE, who, *(("With", str(person)) for person in co_authors))

    def revise(self, who: Person = ANA, *co_authors: Person) -> Act:
        return self.act(Kind.REVISE, who, *(("With", str(person)) for person in co_authors))

    def refresh(self, *, kept: bool) -> Act:
        return self.act(Kind.REFRESH, SYSTEM, kept=kept)

    def endorse(self, *people: Person, of: str | None = None, since: int | None = None) -> None:
        for who in people:
            joined = str(self.now - 1_000_000 if since is None else since)
            self.act(Kind.ENDORSE, who, ("Of", of or self.proposal.change), ("Member-Since", joined.lstrip("-")))

    def object(self, who: Person, of: str | None = None) -> Act:
        return self.act(Kind.OBJECT, who, ("Of", of or self.proposal.change), text="No.")

    def answer(self, who: Person, objection: Act) -> Act:
        return self.act(Kind.ANSWER, who, ("To", objection.id), text="Because.")

    def retract(self, who: Person, left: str | None = None) -> Act:
        return self.act(Kind.RETRACT, who, *([("For", left)] if left else []))

    @property
    def proposal(self) -> Proposal:
        return fold(self.acts, self.touched, self.new_policy)

    @property
    def main(self) -> Main:
        blobs = self.blobs if self.blobs is not None else {each.path: each.before for each in self.touched}
        return Main(BASE, 0, blobs, self.policy_changed_at, Neighbours(self.neighbours))

    @property
    def standing(self) -> Standing:
        return standing(self.proposal, self.main, self.policy, self.now, self.active)

    @property
    def why_not(self) -> list[str]:
        """The kinds of reasons for which it may not come into force; empty: it may."""
        return [reason.why.value for reason in self.standing.reasons]
