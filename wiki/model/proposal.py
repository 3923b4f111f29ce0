"""A proposal: what a chain of acts adds up to.

`fold` reads the chain once, in order; `decide` (next door) judges what it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from wiki.model.acts import CHANGES_TEXT, Act, Kind, Person
from wiki.model.errors import Damaged
from wiki.model.words import N_

PLAIN_FILE = "100644"


@dataclass(frozen=True)
class Blob:
    """A file in a tree: its mode as git writes it ("100644") and its object id."""

    mode: str
    id: str


@dataclass(frozen=True)
class Touched:
    """One file that the change touches, as it was in the text it was read against and as it would be.

    ``lines`` is added plus removed lines as ``git diff --numstat`` counts them; 0 where nobody asked.
    """

    path: str
    before: Blob | None
    after: Blob | None
    lines: int = 0


@dataclass(frozen=True)
class Proposal:
    """A folded chain.

    ``change`` is the act whose text is on the table and ``change_at`` its time; ``base`` the commit of main it
    is read against; ``opened_at`` the time of the last reopen (of the first act where there is none).
    ``voices`` holds the one standing act of each colleague, an endorsement or an objection, by
    `Person.key`; ``answers`` the answers by the id of the objection. ``new_policy`` is the text
    of policy.toml where the change touches it. ``departed`` holds the endorsements that the wiki took back because
    their makers have left.
    """

    acts: tuple[Act, ...]
    change: str
    change_at: int
    base: str
    opened_at: int
    authors: tuple[Person, ...]
    voices: Mapping[str, Act]
    answers: Mapping[str, tuple[Act, ...]]
    closed: Act | None
    touched: tuple[Touched, ...] = ()
    new_policy: str | None = None
    departed: tuple[Act, ...] = ()

    @property
    def tip(self) -> Act:
        """The last act."""
        return self.acts[-1]

    @property
    def title(self) -> str:
        """The first line of the first act."""
        return self.acts[0].title

    def is_author(self, person: Person) -> bool:
        """Whether this person made any of the text, ever."""
        return any(author.key == person.key for author in self.authors)

    @property
    def versions(self) -> tuple[Act, ...]:
        """The acts that put a text on the table, oldest first; the last is the change."""
        return tuple(act for act in self.acts if act.kind in CHANGES_TEXT and not act.kept)

    def endorsements(self) -> list[Act]:
        """Each colleague's standing endorsement, of whatever change, in the order they were made."""
        return self._voices(Kind.ENDORSE)

    def objections(self) -> list[Act]:
        """Each colleague's latest objection that was not taken back, of whatever change."""
        return self._voices(Kind.OBJECT)

    def _voices(self, kind: Kind) -> list[Act]:
        standing = {voice.id for voice in self.voices.values() if voice.kind is kind}
        return [act for act in self.acts if act.id in standing]


def fold(acts: Iterable[Act], touched: tuple[Touched, ...] = (), new_policy: str | None = None) -> Proposal:
    """Read a chain, oldest act first. Raises `Damaged` where it breaks the grammar of acts."""
    chain, state = _begun(acts)
    for act in chain:
        state.take(act)
    return replace(state.proposal(chain), touched=touched, new_policy=new_policy)


def folds(acts: Iterable[Act]) -> Iterator[Proposal]:
    """What a chain added up to after each of its acts, the oldest first; without the files that it touches."""
    chain, state = _begun(acts)
    for place, act in enumerate(chain, start=1):
        state.take(act)
        yield state.proposal(chain[:place])


def _begun(acts: Iterable[Act]) -> tuple[tuple[Act, ...], _Fold]:
    chain = tuple(acts)
    if not chain:
        raise Damaged(N_("A proposal has at least one act."))
    _check(chain)
    return chain, _Fold(chain[0])


class _Fold:
    def __init__(self, first: Act) -> None:
        self.change = first
        self.base = first.parents[0]
        self.opened_at = first.when
        self.authors: dict[str, Person] = {}
        self.voices: dict[str, Act] = {}
        self.departed: dict[str, Act] = {}
        self.answers: dict[str, list[Act]] = {}
        self.closed: Act | None = None

    def proposal(self, chain: tuple[Act, ...]) -> Proposal:
        """What was taken so far."""
        return Proposal(
            acts=chain,
            change=self.change.id,
            change_at=self.change.when,
            base=self.base,
            opened_at=self.opened_at,
            authors=tuple(self.authors.values()),
            voices=MappingProxyType(dict(self.voices)),
            answers=MappingProxyType({to: tuple(acts) for to, acts in self.answers.items()}),
            closed=self.closed,
            departed=tuple(self.departed.values()),
        )

    def take(self, act: Act) -> None:
        match act.kind:
            case Kind.PROPOSE | Kind.REVISE:
                self.change = act
                for person in (act.author, *act.co_authors):
                    self.authors.setdefault(person.key, person)
            case Kind.REFRESH:
                self.base = act.parents[1]
                if not act.kept:
                    self.change = act
            case Kind.ENDORSE | Kind.OBJECT:
                self._speak(act)
            case Kind.RETRACT:
                self._take_back(act)
            case Kind.ANSWER:
                self.answers.setdefault(act.to or "", []).append(act)
            case Kind.CLOSE:
                self._may_only_author(act, or_system=True)
                self.closed = self.closed or act
            case Kind.REOPEN:
                self._may_only_author(act)
                self.closed = None
                self.opened_at = act.when
            case Kind.COMMENT:
                raise Damaged(N_("Act %(id)s is a comment; comments are kept apart from the chain."), id=act.id)

    def _speak(self, act: Act) -> None:
        standing = self.voices.get(act.author.key)
        if standing is None or (standing.kind, standing.of) != (act.kind, act.of):
            self.voices[act.author.key] = act
        self.departed.pop(act.author.key, None)

    def _take_back(self, act: Act) -> None:
        said = self.voices.pop(act.speaks_for, None)
        if act.by_system and said is not None and said.kind is Kind.ENDORSE:
            self.departed[act.speaks_for] = said

    def _may_only_author(self, act: Act, *, or_system: bool = False) -> None:
        if act.author.key not in self.authors and not (or_system and act.by_system):
            raise Damaged(N_("Act %(id)s is by somebody who is not an author of the proposal."), id=act.id)


def _check(chain: tuple[Act, ...]) -> None:
    before: Act | None = None
    for act in chain:
        if (act.kind is Kind.PROPOSE) != (before is None):
            raise Damaged(N_("A chain begins with its one “propose” (act %(id)s)."), id=act.id)
        parents = 2 if act.kind is Kind.REFRESH else 1
        if len(act.parents) != parents or (before is not None and act.parents[0] != before.id):
            raise Damaged(N_("Act %(id)s does not follow the act before it."), id=act.id)
        if before is not None and act.when < before.when:
            raise Damaged(N_("Act %(id)s is dated before the act it follows."), id=act.id)
        if before is not None and act.kind not in CHANGES_TEXT and act.tree != before.tree:
            raise Damaged(N_("Act %(id)s changes the text, which its kind must not."), id=act.id)
        if act.kind is Kind.REFRESH and not act.by_system:
            raise Damaged(N_("Act %(id)s is a refresh by somebody else than the wiki."), id=act.id)
        before = act
