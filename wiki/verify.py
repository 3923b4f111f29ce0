"""The audit of a clone: was every sentence in force endorsed as the rules of its day asked?

Needs git and nothing else: no SQL, no configuration, no word of the server. Every commit of main after the
founding must be a merged proposal, and the same `decide` that merged it must agree once more, with the policy
and at the time of that merge. Called by the command line, by the web and after every test that wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from wiki.model.acts import Act, Kind, read_message
from wiki.model.decide import standing
from wiki.model.errors import Damaged, NotFound, Refused, WikiError
from wiki.model.merge import Weighed, merge_message
from wiki.model.proposal import Proposal
from wiki.model.words import N_, Sentence, say
from wiki.repository import MAIN, Commit, Repository, proposal_ref

_ALLOWED_TRAILERS = {
    Kind.PROPOSE: {"Act", "With"},
    Kind.REVISE: {"Act", "With"},
    Kind.REFRESH: {"Act"},
    Kind.ENDORSE: {"Act", "Of", "Member-Since"},
    Kind.OBJECT: {"Act", "Of"},
    Kind.ANSWER: {"Act", "To"},
    Kind.RETRACT: {"Act"},
    Kind.CLOSE: {"Act"},
    Kind.REOPEN: {"Act"},
}


class About(StrEnum):
    """What is looked at, one after the other."""

    MERGE = "merge"
    IDENTITY = "identity"
    ENOUGH = "enough"
    TEXT = "text"
    TIME = "time"
    WORDS = "words"
    NUMBER = "number"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Violation:
    """What is wrong with one commit."""

    commit: str
    sentence: Sentence
    about: About = About.MERGE

    def __str__(self) -> str:
        return f"{self.commit}: {self.sentence}"


@dataclass(frozen=True)
class Checked:
    """One commit of main, checked. ``n``, ``acts`` and ``weighed`` where it could be read as a merged proposal."""

    commit: str
    n: int | None = None
    acts: int = 0
    violations: tuple[Violation, ...] = ()
    weighed: Weighed | None = None


@dataclass
class Audit:
    """Walks main from the founding on. `len` of ``commits`` is known before the walk, for a progress bar."""

    repository: Repository
    main: str
    founding: Commit
    _in_force: set[str] = field(default_factory=set)
    _numbers: set[int] = field(default_factory=set)
    _begun: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._in_force.add(self.founding.id)

    @cached_property
    def commits(self) -> tuple[str, ...]:
        """What is on main since the founding, oldest first."""
        line = f"{self.founding.id}..{self.main}"
        out = self.repository.git.run("rev-list", "--first-parent", "--reverse", line)
        return tuple(out.decode("ascii").split())

    def __iter__(self) -> Iterator[Checked]:
        for commit_id in self.commits:
            yield self.check(commit_id)
            self._in_force.add(commit_id)

    def check(self, commit_id: str) -> Checked:
        """One commit by itself. Whether its number was used before is known only of a whole walk."""
        try:
            return self._check(self.repository.commit(commit_id))
        except WikiError as error:
            return Checked(commit_id, violations=(Violation(commit_id, error.sentence),))

    def _check(self, merge: Commit) -> Checked:
        if len(merge.parents) != 2:
            sentence = say(N_("it is no merged proposal: it was put on main directly"))
            return Checked(merge.id, violations=(Violation(merge.id, sentence),))
        before, tip = (self.repository.commit(parent) for parent in merge.parents)
        acts = self.repository.chain(tip.id)
        trailers = read_message(merge.message)[1]
        n = _number(trailers, "Proposal")
        weighed = self._weighed(merge, before, acts, n or 0, _number(trailers, "Active-Members"))
        not_enough = (say(N_("it was not enough: %(why)s"), why=reason.sentence) for reason in weighed.standing.reasons)
        found = [
            (About.IDENTITY, self._about_identity(merge, acts)),
            (About.TIME, self._about_time(merge, before, acts)),
            (About.ENOUGH, not_enough),
            (About.TEXT, self._about_text(merge, before, weighed.proposal)),
            (About.WORDS, self._about_message(merge, trailers, weighed)),
            (About.NUMBER, self._about_number(n, acts)),
        ]
        violations = (Violation(merge.id, sentence, about) for about, sentences in found for sentence in sentences)
        return Checked(merge.id, n, len(acts), tuple(violations), weighed)

    def _weighed(self, merge: Commit, before: Commit, acts: tuple[Act, ...], n: int, active: int | None) -> Weighed:
        repository = self.repository
        policy = repository.policy(before.id)
        proposal = repository.proposal_of(acts, count_lines=policy.counts_lines)
        view = repository.view(before.id, proposal.touched)
        weighed = standing(proposal, view, policy, merge.when, active or 0)
        return Weighed(n, proposal, weighed, policy, before.id, merge.when, active or 0, merge.id)

    def _about_identity(self, merge: Commit, acts: tuple[Act, ...]) -> Iterator[Sentence]:
        system = self.founding.committer.key
        if merge.committer.key != system:
            yield say(N_("it was not committed by the wiki but by %(who)s"), who=merge.committer)
        if merge.author != acts[0].author:
            yield say(N_("its author is not the colleague who proposed it"))
        for act in acts:
            if act.committer != system:
                yield say(N_("act %(id)s was not committed by the wiki"), id=act.id)
            extra = {key for key, _ in act.trailers} - _ALLOWED_TRAILERS.get(act.kind, set())
            if act.kind is Kind.RETRACT and act.by_system:
                extra.discard("For")
            if extra:
                yield say(
                    N_("act %(id)s has a trailer that is not its own: %(keys)s"), id=act.id, keys=", ".join(extra)
                )
            if act.kind is Kind.ENDORSE and act.member_since is None:
                yield say(N_("act %(id)s does not say since when the colleague is a member"), id=act.id)

    def _about_time(self, merge: Commit, before: Commit, acts: tuple[Act, ...]) -> Iterator[Sentence]:
        bases = [act.parents[-1] for act in acts if act.kind in (Kind.PROPOSE, Kind.REFRESH)]
        for base in bases:
            if not self._held(base, before):
                yield say(N_("it was read against %(id)s, which was never in force"), id=base)
        for act in acts:
            if act.kind in (Kind.PROPOSE, Kind.REFRESH) and act.when < self.repository.commit(act.parents[-1]).when:
                yield say(N_("act %(id)s is dated before the text that it was read against"), id=act.id)
        if merge.when < max(before.when, acts[-1].when):
            yield say(N_("it is dated before what it follows"))

    def _held(self, base: str, before: Commit) -> bool:
        """Whether a commit was in force at some time up to ``before``."""
        if base in self._in_force:
            return True
        oldest, at = self.repository.commit(base).when, before
        while at.id not in self._in_force and at.when >= oldest and at.parents:
            if at.id == base:
                return True
            at = self.repository.commit(at.parents[0])
        return at.id == base

    def _about_text(self, merge: Commit, before: Commit, proposal: Proposal) -> Iterator[Sentence]:
        """The same files from and to the same blobs: then the fingerprint is the same too, being a function of
        nothing else."""
        landed = {t.path: (t.before, t.after) for t in self.repository.differences.touched(before.tree, merge.tree)}
        proposed = {t.path: (t.before, t.after) for t in proposal.touched}
        for path in sorted(landed.keys() - proposed.keys()):
            yield say(N_("it changes “%(path)s”, which was not proposed"), path=path)
        for path in sorted(proposed.keys() - landed.keys()):
            yield say(N_("it does not change “%(path)s” as was proposed"), path=path)
        for path in sorted(proposed.keys() & landed.keys()):
            if proposed[path] != landed[path]:
                yield say(N_("the text of “%(path)s” is not the one that was endorsed"), path=path)

    def _about_message(
        self, merge: Commit, trailers: tuple[tuple[str, str], ...], weighed: Weighed
    ) -> Iterator[Sentence]:
        truth = merge_message(weighed)
        if merge.message.partition("\n")[0] != truth.partition("\n")[0]:
            yield say(N_("its title is not the title of the proposal"))
        said, true = Counter(trailers), Counter(read_message(truth)[1])
        for (key, value), _ in sorted((said - true).items()):
            yield say(N_("it says “%(key)s: %(value)s”, which is not true"), key=key, value=value)
        for (key, value), _ in sorted((true - said).items()):
            yield say(N_("it does not say “%(key)s: %(value)s”"), key=key, value=value)

    def _about_number(self, n: int | None, acts: tuple[Act, ...]) -> Iterator[Sentence]:
        if n is None or n < 1:
            yield say(N_("it does not say which proposal it is"))
            return
        if n in self._numbers or acts[0].id in self._begun:
            yield say(N_("proposal %(n)s had come into force before"), n=n)
        self._numbers.add(n)
        self._begun.add(acts[0].id)
        there = self.repository.refs.read(proposal_ref(n))
        if there is not None and there != acts[-1].id:
            yield say(N_("proposal %(n)s ends elsewhere than where it was merged"), n=n)


def audit(repository: Repository, founding: str | None = None) -> Audit:
    """Begin the audit of a repository: its main, or the main a clone was made from. The founding is looked for, unless
    somebody who trusts the repository says it. `Refused` for a clone that has only the end of the history: it would
    look clean."""
    if (repository.path / "shallow").exists():
        raise Refused(N_("%(path)s is a shallow clone; its history is not whole."), path=repository.path)
    for ref in (MAIN, "refs/remotes/origin/main"):
        main = repository.refs.read(ref)
        if main is not None:
            return Audit(repository, main, repository.commit(founding or repository.find_founding(main)))
    raise Damaged(N_("There is no branch “main” in %(path)s."), path=repository.path)


def open_clone(path: Path) -> Repository:
    """The repository at ``path``, bare or with a work tree."""
    inside = path / ".git"
    try:
        return Repository(inside if inside.is_dir() else path)
    except NotFound:
        raise NotFound(N_("There is no git repository at %(path)s."), path=path) from None


def _number(trailers: tuple[tuple[str, str], ...], key: str) -> int | None:
    values = [value for name, value in trailers if name == key]
    return int(values[0]) if len(values) == 1 and re.fullmatch(r"[0-9]{1,12}", values[0]) else None
