"""Where the words came from of a file that, as git has it, began with a commit.

A page that was removed may come back changed, and one that is renamed may be set in other lines by the same commit, so
that git sees no likeness. The one is known from the course of the page; for the other, the files that the commit
removed are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

from wiki.index.course import Turn
from wiki.model.counting import words_of
from wiki.model.names import PAGE_SUFFIX
from wiki.model.proposal import Blob
from wiki.repository import Repository

MOST_REMOVED = 30
"""So many files that one commit removed are looked at; those of the same name before others."""


class Beginnings:
    """The beginnings of one page. ``turns`` tells its revisions, oldest first."""

    def __init__(self, repository: Repository, turns: Callable[[], Sequence[Turn]]) -> None:
        self.repository = repository
        self._asked = turns

    @cached_property
    def _turns(self) -> Sequence[Turn]:
        return self._asked()

    def before(self, commit: str, path: str, text: str) -> tuple[str, str] | None:
        """The commit and the path of the text that this one, which began with a commit, was made from."""
        at = next((at for at, turn in enumerate(self._turns) if turn.commit == commit), 0)
        held = [turn for turn in self._turns[:at] if turn.blob is not None]
        return (held[-1].commit, held[-1].path) if held else self._removed(commit, path, text)

    def _removed(self, commit_id: str, path: str, text: str) -> tuple[str, str] | None:
        """The file that the commit removed in whose words the text is most like it: half of the words of either at
        least."""
        commit = self.repository.commit(commit_id)
        if not commit.parents:
            return None
        parent = self.repository.commit(commit.parents[0])
        touched = self.repository.differences.touched(parent.tree, commit.tree)
        removed = [(each.path, each.before) for each in touched if each.after is None and each.before is not None]
        removed = [(old, blob) for old, blob in removed if old.endswith(PAGE_SUFFIX)]
        removed.sort(key=lambda one: one[0].rpartition("/")[2] != path.rpartition("/")[2])
        words = Counter(words_of(text))
        alike = {old: self._alike(words, blob) for old, blob in removed[:MOST_REMOVED]}
        best = max(alike, key=lambda old: alike[old], default=None)
        return (parent.id, best) if best is not None and alike[best] >= 0.5 else None

    def _alike(self, words: Counter[str], blob: Blob) -> float:
        other = Counter(words_of(self.repository.content(blob).decode("utf-8", "replace")))
        return (words & other).total() / max(words.total(), other.total(), 1)
