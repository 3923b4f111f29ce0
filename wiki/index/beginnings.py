"""Where the words came from of a file that, as git has it, began with a commit.

A page that was removed may come back changed, and one that is moved may be set in other lines by the same commit, so
that git sees no likeness. The course of the page knows both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from wiki.index.course import Turn


class Beginnings:
    """The beginnings of one page. ``turns`` tells its revisions, oldest first."""

    def __init__(self, turns: Callable[[], Sequence[Turn]]) -> None:
        self._asked = turns

    @cached_property
    def _turns(self) -> Sequence[Turn]:
        return self._asked()

    def before(self, commit: str) -> tuple[str, str] | None:
        """The commit and the path of the text that the one of a commit, which began a file, was made from."""
        at = next((at for at, turn in enumerate(self._turns) if turn.commit == commit), 0)
        held = [turn for turn in self._turns[:at] if turn.blob is not None]
        return (held[-1].commit, held[-1].path) if held else None
