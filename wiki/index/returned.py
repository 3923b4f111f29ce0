"""Whose words are that went away and came back: they stay those of whoever wrote them first.

git gives every line of a text that somebody went back to, to whoever went back. Where a page reads, byte for byte, as
it did at an earlier revision, its lines are by those who had written them then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wiki.index.course import Turn
from wiki.model.errors import NotFound
from wiki.repository import Hunk, Repository

MOST_TEXTS = 20
"""So many earlier texts of one page are asked for their authors; each is one call of git."""


@dataclass
class Returned:
    """The texts that a page had more than once, by blob, each at the revision that had it first."""

    repository: Repository
    firsts: Mapping[str, Turn]
    _known: dict[str, list[Hunk]] = field(default_factory=dict)

    def credited(self, hunks: Sequence[Hunk], path: str) -> list[Hunk]:
        """The same lines, those of texts that came back with their former authors."""
        if not self.firsts:
            return list(hunks)
        return [part for hunk in hunks for part in self._parts(hunk, path)]

    def _parts(self, hunk: Hunk, path: str) -> list[Hunk]:
        names = dict.fromkeys((path, *(first.path for first in self.firsts.values())))
        blob = next((blob for name in names if (blob := self._blob(hunk.commit, name)) in self.firsts), None)
        former = self._former(blob) if blob is not None else []
        parts = _cut(former, hunk)
        return parts if sum(part.count for part in parts) == hunk.count else [hunk]

    def _blob(self, commit: str, path: str) -> str:
        """A file at a commit; "" where it was not there."""
        try:
            found = self.repository.file(commit, path)
        except NotFound:
            return ""
        return found.id if found is not None else ""

    def _former(self, blob: str) -> list[Hunk]:
        """Who wrote a text when the page had it first. While that is worked out, git's word stands for it."""
        if blob not in self._known and len(self._known) < MOST_TEXTS:
            first = self.firsts[blob]
            self._known[blob] = self.repository.blame(first.commit, first.path)
            self._known[blob] = self.credited(self._known[blob], first.path)
        return self._known.get(blob, [])


def _cut(former: Sequence[Hunk], hunk: Hunk) -> list[Hunk]:
    """The former authors of just the lines of ``hunk``, as lines of the text that it stands in."""
    parts = []
    for each in former:
        first, last = max(each.first, hunk.was), min(each.first + each.count, hunk.was + hunk.count)
        if first < last:
            place = hunk.first + first - hunk.was
            parts.append(replace(each, first=place, count=last - first, was=each.was + first - each.first))
    return parts
