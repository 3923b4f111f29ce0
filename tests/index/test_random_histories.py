"""Histories made by chance, against a naive account of what happened to each page."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.index.steps import again_and_step_by_step
from tests.pasts import Past, lines
from tests.world import POLICY, World, let_go
from wiki.database import reading
from wiki.index import Index, schema
from wiki.index.rows import STATUS
from wiki.model.acts import Person
from wiki.model.merge import Weighed
from wiki.model.names import name_of
from wiki.repository.founding import found

NAMES = ("a", "b", "c/d", "c/e")
WHO = ("Ana <ana@example.com>", "Bob <bob@example.com>", "Cyd <cyd@example.com>")
FREE = ("f", "g/h", "c/i")
Told = tuple[str, str, str | None]
State = dict[str, "Text"]


@dataclass
class Text:
    """What stands under a name: which page it is, and its lines."""

    page: int
    lines: list[str]


@dataclass
class Account:
    """What happened, told naively: the state of main, and the story of every page (status, name, former name)."""

    state: State = field(default_factory=dict)
    stories: dict[int, list[Told]] = field(default_factory=dict)
    removed: dict[str, list[int]] = field(default_factory=dict)
    last: dict[int, list[str]] = field(default_factory=dict)

    def become(self, new: State) -> State:
        """Main gets another state in one commit. A name in use before and after is the page that it was; a page that
        has left its name for a free one was renamed; a text that comes back under its name is its page again."""
        old = self.state
        result: State = {}
        was_at = {text.page: name for name, text in old.items()}
        stayed = {name for name in new if name in old}
        moved = {
            new[name].page: name for name in new if name not in old and was_at.get(new[name].page, name) not in new
        }
        for name, text in new.items():
            if name in stayed:
                result[name] = Text(old[name].page, text.lines)
                if old[name].lines != text.lines:
                    self._tell(old[name].page, "changed", name)
            elif text.page in was_at and moved.get(text.page) == name:
                result[name] = text
                self._tell(text.page, "renamed", name, was_at[text.page])
            else:
                page = self._again(name, text) or self._fresh()
                result[name] = Text(page, text.lines)
                self._tell(page, "added", name)
        for name, text in old.items():
            if name not in new and text.page not in moved:
                self._tell(text.page, "removed", name)
                self.removed.setdefault(name, []).append(text.page)
                self.last[text.page] = text.lines
        self.state = result
        return result

    def _again(self, name: str, text: Text) -> int | None:
        here = {each.page for each in self.state.values()}
        gone = [page for page in self.removed.get(name, ())
                if page not in here and self.stories[page][-1][:2] == ("removed", name)]  # fmt: skip
        return gone[-1] if gone and self.last[gone[-1]][0] == text.lines[0] else None

    def _fresh(self) -> int:
        return len(self.stories) + 1

    def _tell(self, page: int, status: str, name: str, old: str | None = None) -> None:
        self.stories.setdefault(page, []).append((status, name, old))


class Writer:
    """Makes a history by chance, and keeps the account of it."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self.chance = chance
        self.past = Past(place)
        self.account = Account()
        self.words = 0
        self.trunk: list[tuple[int, State]] = []
        state: State = {}
        for name in NAMES:
            state[name] = self.fresh()
        self.land(state, [])

    def fresh(self) -> Text:
        """A text that is like no other."""
        self.words += 1
        return Text(-self.words, lines(f"word{self.words}").splitlines(keepends=True))

    def write(self, state: State, parents: list[int]) -> int:
        """A commit of this state, on any branch; its number."""
        files = {f"{name}.md": "".join(text.lines) for name, text in state.items()} | {"readme.txt": "Here.\n"}
        return self.past.commit(files, "Step", parents, self.chance.choice(WHO))

    def land(self, state: State, parents: list[int]) -> None:
        """A commit of main."""
        self.trunk.append((self.write(state, parents), self.account.become(state)))

    def changed(self, state: State) -> State:
        """The state after one deed."""
        new, chance = dict(state), self.chance
        taken, free = sorted(new), [name for name in (*NAMES, *FREE) if name not in new]
        deed = chance.choice(["edit", "edit", "rename", "remove", "add", "back", "exchange", "nothing"])
        name = chance.choice(taken)
        if deed == "edit":
            new[name] = Text(new[name].page, [*new[name].lines, f"Said {chance.random()}.\n"])
        elif deed == "rename" and free:
            new[chance.choice(free)] = new.pop(name)
        elif deed == "remove" and len(new) > 2:
            del new[name]
        elif deed == "add" and free:
            new[chance.choice(free)] = self.fresh()
        elif deed == "back":
            gone = [(name, page) for name in free for page in self.account.removed.get(name, ())]
            if gone:
                name, page = chance.choice(gone)
                new[name] = Text(-1_000_000 - page, [*self.account.last[page], "Again.\n"])
        elif deed == "exchange":
            other = chance.choice(taken)
            new[name], new[other] = new[other], new[name]
        return new

    def step(self) -> None:
        """A commit on main, or a branch from somewhere that is merged."""
        at, state = self.trunk[-1]
        if self.chance.random() < 0.6:
            self.land(self.changed(state), [at])
            return
        parents = [at]
        for _ in range(self.chance.choice([1, 1, 2])):
            tip, fork = self.chance.choice(self.trunk[-4:])
            branch = fork
            for _ in range(self.chance.choice([1, 2, 3])):
                branch = self.changed(branch)
                tip = self.write(branch, [tip])
            state = merged(fork, state, branch)
            parents.append(tip)
        if self.chance.random() < 0.3:
            state = self.changed(state)
        self.land(state, parents)


def merged(fork: State, main: State, branch: State) -> State:
    """Main with what the branch did to the pages that main left as they were."""
    result = dict(main)
    ours, theirs = ({text.page: name for name, text in state.items()} for state in (main, branch))
    for name, text in fork.items():
        if ours.get(text.page) == name and main[name].lines == text.lines:
            went = theirs.get(text.page)
            if went is None:
                result.pop(name, None)
            elif went == name or went not in result:
                result.pop(name, None)
                result[went] = branch[went]
    known = {text.page for text in (*fork.values(), *main.values())}
    for name, text in branch.items():
        if text.page not in known and name not in result:
            result[name] = text
    return result


def _nothing_open(n: int) -> Weighed:
    raise AssertionError(n)


def _stories(index: Index) -> list[list[Told]]:
    told: dict[int, list[Told]] = {}
    with reading(index.engine) as connection:
        for row in connection.execute(select(schema.revision).order_by(schema.revision.c.seq)):
            name, old = name_of(row.path), name_of(row.old_path or "")
            if name is not None:
                told.setdefault(row.page_id, []).append((STATUS[row.status], name, old))
    return sorted(told.values(), key=repr)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 14))
def test_every_page_has_the_story_that_happened(world: World, seed: int, steps: int) -> None:
    with TemporaryDirectory() as folder:
        writer = Writer(Path(folder, "past"), random.Random(seed))
        for _ in range(steps):
            writer.step()
        path = Path(folder, "content.git")
        repository = found(path, writer.past.done(), POLICY, Person("Concord", "concord@localhost"), 1_700_000_000)
        index = Index(world.wiki.engine, repository, _nothing_open)
        index.rebuild()
        assert _stories(index) == sorted(writer.account.stories.values(), key=repr)
        again, step_by_step = again_and_step_by_step(world.wiki.engine, path)
        let_go(repository)
    assert step_by_step == again
