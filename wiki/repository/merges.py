"""Which commit of main brought a proposal into force."""

from __future__ import annotations

from collections.abc import Callable

from wiki.model.acts import Act
from wiki.repository.objects import Commit
from wiki.repository.process import Git

_STEPS = 64
_REMEMBERED = 20_000


class Merges:
    """Looks through main from its end. A merge is never older than what it merges, and no part of main is looked
    through twice for one proposal, so that a few commits tell; git is asked where there are more."""

    def __init__(self, git: Git, commit: Callable[[str], Commit]) -> None:
        self.git = git
        self.commit = commit
        self._merges: dict[str, str] = {}
        self._searched: dict[str, str] = {}

    def merge_of(self, tip: Act, main: str) -> str | None:
        """The merge of the proposal with this last act; None while it is not in force."""
        found = self._merges.get(tip.id) or self._search(tip, main)
        kept, value = (self._merges, found) if found is not None else (self._searched, main)
        if len(kept) >= _REMEMBERED:
            kept.clear()
        kept[tip.id] = value
        return found

    def _search(self, tip: Act, main: str) -> str | None:
        searched = self._searched.get(tip.id)
        at = self.commit(main)
        for _ in range(_STEPS):
            if tip.id in at.parents[1:]:
                return at.id
            if at.id == searched or at.when < tip.when or not at.parents:
                return None
            at = self.commit(at.parents[0])
        out = self.git.run("log", "--first-parent", "--format=%H %P", f"{tip.id}..{main}").decode("ascii")
        rows = (line.split() for line in out.splitlines())
        return next((commit for commit, _, *merged in rows if tip.id in merged), None)
