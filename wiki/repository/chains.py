"""Chains of acts: commits read as what colleagues did."""

from __future__ import annotations

from dataclasses import replace

from wiki.model.acts import Act, Kind, read_message
from wiki.model.errors import Damaged
from wiki.model.words import N_
from wiki.repository.differences import Differences
from wiki.repository.objects import Commit
from wiki.repository.store import Kept, Store


class Chains:
    """Reads chains of one repository. An act never changes, so each is read once."""

    def __init__(self, store: Store, differences: Differences) -> None:
        self.store = store
        self.differences = differences
        self._chains = Kept(self._read, 512)

    def chain(self, tip: str) -> tuple[Act, ...]:
        """The acts from ``propose`` to ``tip``. `Damaged` where a commit on the way is no act."""
        return self._chains(tip)

    def talk(self, tip: str) -> tuple[Act, ...]:
        """The comments that end at ``tip``, oldest first."""
        acts = []
        at: str | None = tip
        while at is not None:
            commit = self.store.commit(at)
            acts.append(act_of(commit))
            at = commit.parents[0] if commit.parents else None
        return tuple(reversed(acts))

    def _read(self, tip: str) -> tuple[Act, ...]:
        known, new = self._back_from(tip)
        acts = list(known)
        for act in reversed(new):
            if act.kind is Kind.REFRESH and len(act.parents) == 2 and acts:
                act = self._with_kept(act, _base(acts))
            acts.append(act)
        return tuple(acts)

    def _back_from(self, tip: str) -> tuple[tuple[Act, ...], list[Act]]:
        """The longest part of the chain that was read before, and the acts after it, the last one first."""
        new: list[Act] = []
        at = tip
        while True:
            act = act_of(self.store.commit(at))
            new.append(act)
            if act.kind is Kind.PROPOSE:
                if len(act.parents) != 1:
                    raise Damaged(N_("Act %(id)s does not follow the act before it."), id=act.id)
                return (), new
            if not act.parents:
                raise Damaged(N_("A chain begins with its one “propose” (act %(id)s)."), id=act.id)
            at = act.parents[0]
            known = self._chains.peek(at)
            if known is not None:
                return known, new

    def _with_kept(self, refresh: Act, base: str) -> Act:
        tip, main = refresh.parents
        trees = [self.store.commit(commit).tree for commit in (base, tip, main)]
        before = self.differences.fingerprint((trees[0], trees[1]))
        after = self.differences.fingerprint((trees[2], refresh.tree))
        return replace(refresh, kept=before == after)


def _base(acts: list[Act]) -> str:
    """The commit of main that the text is read against after these acts."""
    refreshed = (act.parents[1] for act in reversed(acts) if act.kind is Kind.REFRESH)
    return next(refreshed, acts[0].parents[0])


def act_of(commit: Commit) -> Act:
    """Read a commit as an act. `Damaged` where it is none."""
    text, trailers = read_message(commit.message)
    kinds = [value for key, value in trailers if key == "Act"]
    try:
        kind = Kind(kinds[0]) if len(kinds) == 1 else None
    except ValueError:
        kind = None
    if kind is None:
        raise Damaged(N_("Commit %(id)s is not an act."), id=commit.id)
    return Act(
        id=commit.id,
        kind=kind,
        author=commit.author,
        when=commit.when,
        text=text,
        parents=commit.parents,
        tree=commit.tree,
        by_system=commit.author.key == commit.committer.key,
        committer=commit.committer.key,
        trailers=trailers,
    )
