"""What happened to the last proposals, step by step, so that it can be replayed under other rules.

Read from git alone: the chains, and main as far back as the oldest of them begins. `wiki.model.replay` asks what it
would have come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from wiki.model.acts import Act, Kind
from wiki.model.errors import Damaged, NotFound
from wiki.model.merge import active_members_of
from wiki.model.names import POLICY_PATH
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal, folds
from wiki.model.replay import Past, Stage
from wiki.repository import Repository, proposal_ref

MOST_STEPS = 2_000
"""How many commits of main are read back at most."""
MOST_ACTS = 300
"""Of how many acts a chain may be at most; a replay looks at each of them anew."""


@dataclass(frozen=True)
class Step:
    """A commit of main: what it changed, whether files came or went with it, and the policy from then on."""

    id: str
    when: int
    paths: frozenset[str]
    moves: bool
    policy: Policy
    policy_changed_at: int


@dataclass(frozen=True)
class Pasts:
    """The pasts of ``asked`` proposals, the last first, without those that could not be told."""

    told: tuple[Past, ...]
    asked: int


def last_pasts(
    repository: Repository, active_members: Callable[[], int], count: int, *, count_lines: bool = False
) -> Pasts:
    """What happened to the last ``count`` proposals. ``count_lines`` where a policy that they will be replayed under
    depends on how many lines a change touches. Left out are those that begin too far back on main, and chains that are
    too long."""
    chains = dict(_chains(repository, count))
    steps = _steps(repository, {acts[0].parents[0] for acts in chains.values() if len(acts) <= MOST_ACTS})
    ground = _Ground(repository, steps, count_lines or any(step.policy.counts_lines for step in steps))
    active = active_members()
    told = (ground.past(n, acts, active) for n, acts in chains.items() if len(acts) <= MOST_ACTS)
    return Pasts(tuple(past for past in told if past is not None), len(chains))


def _chains(repository: Repository, count: int) -> Iterator[tuple[int, tuple[Act, ...]]]:
    last = repository.refs.last_number()
    refs = {n: proposal_ref(n) for n in range(last, max(0, last - count), -1)}
    tips = repository.refs.several(refs.values())
    for n, ref in refs.items():
        if ref in tips:
            try:
                yield n, repository.chain(tips[ref])
            except (Damaged, NotFound):
                continue


def _steps(repository: Repository, wanted: set[str]) -> list[Step]:
    """Main from the oldest of the wanted commits on, oldest first; not further back than may be read."""
    ids: list[str] = []
    at: str | None = repository.main()
    missing = set(wanted)
    while at is not None and missing and len(ids) < MOST_STEPS:
        ids.append(at)
        missing.discard(at)
        at = next(iter(repository.commit(at).parents), None)
    steps: list[Step] = []
    for commit_id in reversed(ids):
        steps.append(_step(repository, commit_id, steps[-1] if steps else None))
    return steps


def _step(repository: Repository, commit_id: str, before: Step | None) -> Step:
    commit = repository.commit(commit_id)
    if before is None:
        changed_at = repository.policy_changed_at(commit_id)
        return Step(commit_id, commit.when, frozenset(), False, repository.policy(commit_id), changed_at)
    touched = repository.differences.touched(repository.commit(before.id).tree, commit.tree)
    paths = frozenset(each.path for each in touched)
    policy, changed_at = before.policy, before.policy_changed_at
    if POLICY_PATH in paths:
        policy, changed_at = repository.policy(commit_id), commit.when
    moves = any(each.before is None or each.after is None for each in touched)
    return Step(commit_id, commit.when, paths, moves, policy, changed_at)


class _Ground:
    """Main as it was, for proposals that stood on it."""

    def __init__(self, repository: Repository, steps: Sequence[Step], count_lines: bool) -> None:
        self.repository = repository
        self.steps = steps
        self.count_lines = count_lines
        self.places = {step.id: place for place, step in enumerate(steps)}

    def past(self, n: int, acts: tuple[Act, ...], active: int) -> Past | None:
        begins = self.places.get(acts[0].parents[0])
        if begins is None:
            return None
        merge = self.repository.merge_of(acts[-1], self.steps[-1].id)
        ends, at = len(self.steps), None
        if merge is not None:
            commit = self.repository.commit(merge)
            ends, at, active = self.places[merge], commit.when, active_members_of(commit.message)
        try:
            return Past(n, tuple(self._stages(acts, begins, ends)), active, at)
        except Damaged:
            return None

    def _stages(self, acts: tuple[Act, ...], place: int, ends: int) -> Iterator[Stage]:
        """A stage for each act, and for each commit of main that moved the ground under the proposal. Of what happened
        in the same second, acts come first, unless they say otherwise."""
        at = 0
        proposal: Proposal | None = None
        for folded in folds(acts):
            act, before = folded.tip, proposal
            brought = self.places.get(act.parents[-1], place) if act.kind is Kind.REFRESH else place
            while before is not None and place + 1 < ends and self._comes_first(place + 1, act, brought):
                place += 1
                if self._moves(self.steps[place], before):
                    at = max(at, self.steps[place].when)
                    yield self._stage(at, before, place)
            proposal = self._with_files(folded, before)
            at = max(at, act.when)
            yield self._stage(at, proposal, place)
        while proposal is not None and place + 1 < ends:
            place += 1
            if self._moves(self.steps[place], proposal):
                at = max(at, self.steps[place].when)
                yield self._stage(at, proposal, place)

    def _comes_first(self, place: int, act: Act, brought: int) -> bool:
        return self.steps[place].when < act.when or place <= brought

    def _moves(self, step: Step, proposal: Proposal) -> bool:
        """Whether anything that is weighed is otherwise from this commit on. A name can clash with what came or went
        beside it."""
        if POLICY_PATH in step.paths or any(touched.path in step.paths for touched in proposal.touched):
            return True
        return step.moves and any(touched.before is None for touched in proposal.touched)

    def _with_files(self, folded: Proposal, before: Proposal | None) -> Proposal:
        if before is not None and (folded.base, folded.tip.tree) == (before.base, before.tip.tree):
            return replace(folded, touched=before.touched, new_policy=before.new_policy)
        return self.repository.with_files(folded, count_lines=self.count_lines)

    def _stage(self, at: int, proposal: Proposal, place: int) -> Stage:
        step = self.steps[place]
        main = self.repository.view(step.id, proposal.touched, step.policy_changed_at)
        return Stage(at, proposal, main, step.policy)
