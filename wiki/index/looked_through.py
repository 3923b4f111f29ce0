"""Commits that the file ``.git-blame-ignore-revs`` lists, such as those that only set every page in another form: what
they put in the place of other words, or between the words of a sentence, stays whose that was."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from wiki.index.course import Course, Turn
from wiki.model.errors import NotFound
from wiki.repository import Repository


@dataclass
class LookedThrough:
    """What is listed in what is in force."""

    repository: Repository
    course: Course

    @cached_property
    def listed(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(self.repository.looked_through())

    def partly(self, turns: Sequence[Turn]) -> frozenset[str]:
        """The commits of main by which commits of branches that are listed came into one of these revisions of a page,
        newest first."""
        others = [each for each in sorted(self.listed) if not self.course.landed(each)]
        found = set[str]()
        oldest_first = turns[::-1]
        names = dict.fromkeys(turn.path for turn in turns)
        for commit in others:
            if self._changes(commit, list(names)):
                at = bisect_left(oldest_first, True, key=lambda turn: self.repository.is_ancestor(commit, turn.commit))
                found.update(turn.commit for turn in oldest_first[at : at + 1])
        return frozenset(found)

    def _changes(self, commit: str, names: Sequence[str]) -> bool:
        parents = self.repository.commit(commit).parents
        return any(self._blob(commit, name) != (self._blob(parents[0], name) if parents else None) for name in names)

    def _blob(self, commit: str, name: str) -> str | None:
        try:
            found = self.repository.file(commit, name)
        except NotFound:
            return None
        return found.id if found is not None else None
