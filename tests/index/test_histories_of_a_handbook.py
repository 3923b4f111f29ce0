"""The history of every file of a real handbook, and of every one that it ever had, beside ``git log --follow``."""

from __future__ import annotations

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.pasts import git
from tests.world import World, copy_of, open_world
from wiki.database import reading
from wiki.index import schema

pytestmark = [pytest.mark.corpus, pytest.mark.slow]
ALIKE, COPIED, TAKEN, ANOTHER, MOVED = "alike", "copied", "taken", "another", "moved"


KINDS = frozenset({ALIKE, COPIED, TAKEN, ANOTHER, MOVED})


@dataclass(frozen=True)
class Step:
    """A commit in the history of a file: status, path, former path."""

    commit: str
    status: str
    path: str
    old: str | None


class Told:
    """What the index and git tell of one repository."""

    def __init__(self, world: World, place: Path) -> None:
        self.repository = Path(shutil.copytree(world.data / "content.git", place))
        git(self.repository, "commit-graph", "write", "--reachable")
        self.ours: dict[int, list[Step]] = {}
        self.moved: set[tuple[str, str]] = set()
        landed, revision = schema.landed, schema.revision
        with reading(world.wiki.engine) as connection:
            pages = connection.execute(select(schema.page.c.id, schema.page.c.in_force)).all()
            query = select(revision, landed.c.id.label("commit")).join(landed, landed.c.seq == revision.c.seq)
            for row in connection.execute(query.order_by(revision.c.seq.desc())):
                self.ours.setdefault(row.page_id, []).append(Step(row.commit, row.status, row.path, row.old_path))
                if row.old_path is not None:
                    self.moved.add((row.commit, row.old_path))
        self.in_force = {row.id for row in pages if row.in_force}

    def follow(self, begin: str, path: str) -> list[Step]:
        """What git tells of a file under a name, from a commit on."""
        out = git(self.repository, "log", "--first-parent", "--follow", "-M", "--format=%x01%H", "--name-status", "-z",
                  begin, "--", path).decode()  # fmt: skip
        steps = []
        for part in out.split("\x01")[1:]:
            commit, status, *paths = (token for token in part.replace("\n", "\0").split("\0") if token)
            kind = "M" if status == "T" else status[0]
            steps.append(Step(commit, kind, paths[-1], paths[0] if len(paths) > 1 else None))
        return steps

    def difference(self, page: int) -> str:
        """How our history of a page differs from that of git, from main, or from the commit that removed it."""
        last = self.ours[page][0]
        return self._difference(self.ours[page], "main" if page in self.in_force else last.commit)

    def _difference(self, ours: list[Step], begin: str) -> str:
        """How a history differs from what git tells below a commit, where one goes on and the other ends."""
        theirs = self.follow(begin, ours[0].path)
        if ours == theirs:
            return ALIKE
        same = sum(1 for one, other in zip(ours, theirs, strict=False) if one == other)
        first = ours[same] if same < len(ours) else ours[-1]
        beyond = theirs[same] if same < len(theirs) else None
        if first.status == "R" and first.old and self._moved(first):
            rest = self._difference(ours[same + 1 :], f"{first.commit}^")
            return MOVED if rest in KINDS else rest
        if first.status != "A" or beyond is None:
            return f"{first} where git has {beyond}"
        at_once = (beyond.commit, beyond.path) == (first.commit, first.path)
        if at_once and beyond.status == "C" and self._there(first.commit, beyond.old or ""):
            return COPIED
        if at_once and beyond.status == "R" and (first.commit, beyond.old or "") in self.moved:
            return TAKEN
        if beyond.status == "D" and beyond.path == first.path and not self._returns(beyond, first):
            return ANOTHER
        return f"{first} where git has {beyond}"

    def _moved(self, step: Step) -> bool:
        """Whether a page has most of its words from where we say that it came, though git does not see it: it was
        removed there in this commit, and half of all pairs of words are the same."""
        gone = not self._there(step.commit, step.old or "")
        places = f"{step.commit}^:{step.old}", f"{step.commit}:{step.path}"
        old, new = (Counter(pairwise(git(self.repository, "cat-file", "blob", place).split())) for place in places)
        return gone and 2.5 * (old & new).total() >= max(old.total(), new.total()) - 5

    def _there(self, commit: str, path: str) -> bool:
        return bool(git(self.repository, "ls-tree", commit, "--", path))

    def _returns(self, removed: Step, added: Step) -> bool:
        """Whether half of a text, in bytes and line by line, is that of the text that was removed before."""
        one, two = (git(self.repository, "cat-file", "blob", f"{commit}:{path}") for commit, path in (
            (f"{removed.commit}^", removed.path), (added.commit, added.path)))  # fmt: skip
        left = list(one.split(b"\n"))
        shared = 0
        for line in two.split(b"\n"):
            if line in left:
                left.remove(line)
                shared += len(line) + 1
        return 2 * shared >= max(len(one), len(two)) + 2


@pytest.fixture(scope="module")
def differences(handbook_founded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """How each file's history differs from that of git, by its last path."""
    place = tmp_path_factory.mktemp("handbook")
    with open_world(copy_of(handbook_founded, place / "data")) as world:
        told = Told(world, place / "copy.git")
    with ThreadPoolExecutor(4) as crew:
        kinds = crew.map(told.difference, told.ours)
        return {f"{told.ours[page][0].path} ({page})": kind for page, kind in zip(told.ours, kinds, strict=True)}


def test_every_history_is_the_one_that_git_tells_or_differs_for_a_reason(differences: dict[str, str]) -> None:
    """Where they differ, ours goes on where git takes a page that *moved* and was wrapped anew for another; else all
    that we tell is in git's account too, and ours begins later than git's. Git goes on from the addition of a page

    - into another that was *copied*: ``--follow`` takes for a source what is still in force under its own name;
    - into another that was renamed, but is *taken*: in that commit it went elsewhere, to what it is more like;
    - into *another* that had been removed under this name, and whose text was not half the same.
    """
    unexplained = {path: kind for path, kind in differences.items() if kind not in KINDS}
    assert unexplained == {}


def test_nearly_all_histories_are_exactly_that_of_git(differences: dict[str, str]) -> None:
    counted = Counter(differences.values())
    assert counted[ALIKE] + counted[MOVED] >= 0.96 * len(differences), counted
    assert counted[MOVED] >= 100, counted
