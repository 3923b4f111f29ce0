"""Commits on branches, until the merge that brings them into main: whose words a merge carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wiki.model.acts import Person
from wiki.repository import Landed


@dataclass
class Words:
    """Who changed which file on what a merge brings in, and what each file was called there before."""

    authors: dict[str, set[Person]] = field(default_factory=dict)
    former: dict[str, set[str]] = field(default_factory=dict)

    def add(self, commit: Landed) -> None:
        """The changes of one commit."""
        for change in commit.changes:
            self.authors.setdefault(change.path, set()).add(commit.author)
            if change.old_path is not None:
                self.former.setdefault(change.path, set()).add(change.old_path)

    def of(self, *paths: str) -> tuple[Person, ...]:
        """Whoever changed a file under any of these names, or under one that it had before; each person once, in an
        order that does not depend on that of the commits."""
        seen, more = set(paths), list(paths)
        while more:
            older = self.former.get(more.pop(), set()) - seen
            seen |= older
            more += older
        people = {person for path in seen for person in self.authors.get(path, ())}
        return tuple({one.key: one for one in sorted(people, key=lambda one: (one.key, one.name))}.values())


class Branches:
    """What is on branches and not yet on main. Commits of several branches, and of main, may come in any order in which
    parents precede their children."""

    def __init__(self) -> None:
        self._waiting: dict[str, Landed] = {}

    def add(self, commit: Landed) -> None:
        """A commit that is no first parent of main."""
        self._waiting[commit.id] = commit

    def merged(self, parents: Iterable[str]) -> Words:
        """What a merge with these further parents brings in; it no longer waits."""
        words, more = Words(), list(parents)
        while more:
            commit = self._waiting.pop(more.pop(), None)
            if commit is not None:
                words.add(commit)
                more += commit.parents
        return words
