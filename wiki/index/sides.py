"""Who wrote what a revision of a page brought: one person, or several where it is a merge.

The index knows whose words came into force with each commit. Where they are of several people, the proposal, or a
branch of the imported past that is one line of commits, is walked like the page itself; of any other merge git is
asked, line by line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from wiki.index.course import Course, Turn
from wiki.model.acts import Person
from wiki.model.counting import words_above
from wiki.model.errors import NotFound
from wiki.prose.stayed import NOWHERE, Reader, Stayed
from wiki.prose.tracing import Tracer
from wiki.repository import Commit, Repository

MOST_STEPS = 100
"""So many commits of a branch are looked at."""

ALL = 1 << 40
"""All words that there are."""

Writers = list[tuple[Person | None, int]]
"""Who wrote each so many words in a row of a text; None for what its branch did not bring."""


@dataclass
class Sides:
    """The revisions of one page. ``listed`` are commits that are looked through, ``names`` what the page was called."""

    repository: Repository
    course: Course
    page_id: int
    listed: Collection[str]
    names: Sequence[str]
    read: Reader = field(default_factory=Reader)
    _known: dict[str, Writers] = field(default_factory=dict)
    _along: dict[str, Writers] = field(default_factory=dict)

    def look_at(self, turns: Sequence[Turn]) -> None:
        """Find out at once what is quickly found out: of whom all is that these revisions brought."""
        wrote = self.course.wrote(self.page_id, [turn.seq for turn in turns])
        doubtful = []
        for turn in turns:
            landed_by, people = wrote[turn.seq]
            if len(people) == 1 and (turn.proposal is not None or people[0].key == landed_by.key):
                self._known[turn.commit] = [(people[0], ALL)]
            elif len(people) == 1:
                doubtful.append(turn)
        sides = self.repository.brought([(turn.commit, turn.path) for turn in doubtful])
        for turn, blob in zip(doubtful, sides, strict=True):
            landed_by, people = wrote[turn.seq]
            if blob == turn.blob:
                self._known[turn.commit] = [(people[0], ALL)]
            elif blob is not None:
                self._known[turn.commit] = self._beside(turn, blob, people[0], landed_by)

    def of(self, turn: Turn) -> Writers:
        """Who wrote each word of the text of a revision, as far as that brought it."""
        known = self._known.get(turn.commit)
        return known if known is not None else self.along(turn)

    def along(self, turn: Turn) -> Writers:
        """The same, commit by commit of the branch that was merged."""
        if turn.commit not in self._along:
            commit = self.repository.commit(turn.commit)
            line = self._line(commit)
            told = self._by_text(turn, commit, line) if line is not None else None
            self._along[turn.commit] = told if told is not None else self._by_git(turn, commit)
        return self._along[turn.commit]

    def _beside(self, turn: Turn, blob: str, writer: Person, merger: Person) -> Writers:
        """Beside the text that was merged: what is not in that is by whoever merged it."""
        merged, whole = self.repository.content(blob), self.repository.content(turn.blob or "")
        tracer = Tracer(1, whole, self.read)
        tracer.ask(0)
        tracer.back(0, merged)
        parts = [(each.words.start, merger, each.words.length) for each in tracer.came()]
        parts += [(each.words.start, writer, each.words.length) for each in tracer.here()]
        return [(person, count) for _start, person, count in sorted(parts, key=lambda part: part[0])]

    def _line(self, merge: Commit) -> list[Commit] | None:
        """The commits of the branch that a merge brought, the last one first, where they are one line that takes in
        nothing but main."""
        if len(merge.parents) != 2:
            return None
        line: list[Commit] = []
        at = merge.parents[1]
        while not self.course.landed(at):
            commit = self.repository.commit(at)
            line.append(commit)
            if len(line) > MOST_STEPS or len(commit.parents) not in (1, 2):
                return None
            if len(commit.parents) == 2 and not self.course.landed(commit.parents[1]):
                return None
            at = commit.parents[0]
        return line

    def _changes(self, commit: Commit) -> bool:
        """Whether a commit changed the page."""
        parent = self.repository.commit(commit.parents[0])
        return parent.tree != commit.tree and self._blob(parent.id) != self._blob(commit.id)

    def _blob(self, commit: str) -> str | None:
        """The page at a commit, under any of its names; None where it was not there."""
        for name in self.names:
            try:
                found = self.repository.file(commit, name)
            except NotFound:
                return None
            if found is not None:
                return found.id
        return None

    def _by_text(self, turn: Turn, merge: Commit, line: Sequence[Commit]) -> Writers | None:
        """The same, from the texts along a branch; None where it does not have the page."""
        texts = [(each, self._text(each.id)) for each in line if self._changes(each)]
        base = self._text(line[-1].parents[0]) if line else None
        if not texts or texts[0][1] is None:
            return None
        whole = self.repository.content(turn.blob or "")
        steps = [(merge, whole), *((each, text or b"") for each, text in texts)]
        tracer = Tracer(len(steps), whole, self.read)
        tracer.ask(0)
        for nth, (commit, _text) in enumerate(steps):
            older = steps[nth + 1][1] if nth + 1 < len(steps) else base or b""
            tracer.back(len(steps) - nth - 1, older, (lambda _place: True) if commit.id in self.listed else None)
        told: dict[int, Person | None] = {}
        for came in tracer.came():
            commit, text = steps[len(steps) - came.source]
            taken = self._taken(commit, text) if len(commit.parents) == 2 and commit is not merge else None
            place = tracer.place(came)
            for nth in range(came.words.length):
                theirs = taken is not None and taken[place + nth] != NOWHERE
                told[came.words.start + nth] = None if theirs else commit.author
        for came in tracer.here():
            told.update(dict.fromkeys(range(came.words.start, came.words.start + came.words.length)))
        runs = groupby([told[place] for place in sorted(told)])
        return [(person, len(list(run))) for person, run in runs]

    def _taken(self, commit: Commit, text: bytes) -> list[int]:
        """Where each word of a text stands in that of main which was taken into a branch."""
        return Stayed(self.read(self._text(commit.parents[1]) or b""), self.read(text)).was

    def _text(self, commit: str) -> bytes | None:
        blob = self._blob(commit)
        return self.repository.content(blob) if blob is not None else None

    def _by_git(self, turn: Turn, merge: Commit) -> Writers:
        above = words_above(self.repository.content(turn.blob or "").decode("utf-8", "replace"))
        hunks = self.repository.blame_since(merge.parents[0], turn.commit, turn.path)
        return [
            (None if each.edge else each.author, above[each.first - 1 + each.count] - above[each.first - 1])
            for each in hunks
        ]
