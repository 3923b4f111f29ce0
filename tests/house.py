"""A house of guidelines: a founded repository, a clock that the test moves, and five colleagues.

Used by the tests of the service, of the repository and of the audit. Git is real; nothing of ours is mocked.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wiki.guidelines import Guidelines, Outcome
from wiki.model.acts import Person
from wiki.model.decide import Why
from wiki.model.merge import Weighed
from wiki.repository import Repository
from wiki.verify import Violation, audit, open_clone

BEGAN = 1_780_000_000
HOUR = 3600
DAY = 24 * HOUR

SYSTEM = Person("Concord", "concord@localhost")
ANA = Person("Ana Souza", "ana@example.com")
BOB = Person("Bob Reyes", "bob@example.com")
CYD = Person("Cyd Laurent", "cyd@example.com")
DEE = Person("Dee Okonkwo", "dee@example.com")
ZED = Person("Zed Okafor", "zed@example.com")
PEOPLE = (ANA, BOB, CYD, DEE, ZED)

POLICY = """\
[objection]
hold = "3d"
weigh = 2

[[rule]]
pages = "**"
endorse = 2
"""

LONG = "".join(f"Line {n} of the page.\n" for n in range(1, 31))
PAGES = {
    "welcome.md": "# Welcome\n\nThis is how we work.\n",
    "travel/expenses.md": f"# Expenses\n\n{LONG}",
    "travel/visa.md": "# Visas\n\nAsk early.\n",
    "legal/contracts.md": "# Contracts\n\nOnly the board signs contracts.\n",
}


@dataclass
class Clock:
    """A clock that stands still until the test moves it."""

    at: float = BEGAN

    def __call__(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds


@dataclass
class House:
    """One content repository and its service. ``damaged`` is set by a test that breaks it on purpose; then nobody
    checks it afterwards."""

    path: Path
    clock: Clock = field(default_factory=Clock)
    active: int = 5
    damaged: bool = False

    def __post_init__(self) -> None:
        self.repository = Repository(self.path)
        self.guidelines = Guidelines(self.repository, clock=self.clock, active_members=lambda: self.active)

    def again(self) -> House:
        """The same repository, opened by somebody who remembers nothing."""
        return House(self.path, self.clock, self.active)

    def close(self) -> None:
        """Let go of the git process that this thread keeps."""
        self.repository.store.close()

    # What colleagues do

    def propose(self, who: Person, edits: Mapping[str, str | None], title: str = "A change") -> int:
        """Propose; the number."""
        return self.guidelines.propose(who, title, "Because it is better.", edits).n

    def endorse(self, n: int, *people: Person) -> Outcome:
        """Endorse what is on the table, one after the other; how the last one ended."""
        for who in people:
            outcome = self.guidelines.endorse(n, who, self.change(n), member_since=BEGAN - 100 * DAY)
        return outcome

    def object(self, n: int, who: Person, reason: str = "Not like this.") -> str:
        """Object to what is on the table; the id of the objection."""
        return self.guidelines.object(n, who, self.change(n), reason).act

    def bring_into_force(self, who: Person, edits: Mapping[str, str | None], *people: Person) -> int:
        """Propose and endorse; asserts that it is in force."""
        n = self.propose(who, edits)
        self.endorse(n, *people)
        assert self.in_force(n), self.why_not(n)
        return n

    # What there is

    def weigh(self, n: int) -> Weighed:
        return self.guidelines.weigh(n)

    def change(self, n: int) -> str:
        """The change on the table."""
        return self.weigh(n).proposal.change

    def in_force(self, n: int) -> bool:
        return self.weigh(n).in_force is not None

    def why_not(self, n: int) -> list[Why]:
        """The kinds of reasons for which a proposal is not in force."""
        return [reason.why for reason in self.weigh(n).standing.reasons]

    def endorsers(self, n: int) -> set[str]:
        """The first names of whose endorsement counts."""
        return {act.author.name.split()[0] for act in self.weigh(n).standing.valid}

    def text(self, path: str) -> str | None:
        """The text of a file in force, None where there is none."""
        blob = self.repository.file(self.repository.main(), path)
        return self.repository.content(blob).decode("utf-8") if blob is not None else None

    def kinds(self, n: int) -> list[str]:
        """The kinds of the acts of a proposal, oldest first."""
        return [act.kind.value for act in self.repository.chain(self.guidelines.tip(n))]

    # The same seen with plain git

    def git(self, *arguments: str, stdin: str = "") -> str:
        """The output of a git command on the repository."""
        return plain_git(self.path, *arguments, stdin=stdin)

    def clone(self, place: Path, *options: str) -> Path:
        """A plain clone."""
        plain_git(place.parent, "clone", "-q", *options, str(self.path), str(place))
        return place


def plain_git(where: Path, *arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> str:
    """Git as anybody runs it, without configuration of their own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-C", str(where), *arguments],
        input=stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin,
        env={**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C.UTF-8", **(env or {})},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, (arguments, done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


_KEPT_BESIDE = {
    "core.commitGraph": ("info/commit-graph", "info/commit-graphs"),
    "core.multiPackIndex": ("pack/multi-pack-index",),
}
"""What git keeps beside the objects, and checks in a process for each, also where there is none."""


def fsck(path: Path) -> None:
    """Git's own word that all is well in a bare repository."""
    objects = path / "objects"
    assert objects.is_dir(), f"{path} is no bare repository"
    none = [key for key, places in _KEPT_BESIDE.items() if not any((objects / place).exists() for place in places)]
    options = [part for key in none for part in ("-c", f"{key}=false")]
    plain_git(path, *options, "fsck", "--strict", "--no-dangling", "--no-progress")


def violations(path: Path) -> list[Violation]:
    """What the audit says of the repository or clone at ``path``."""
    repository = open_clone(path)
    try:
        return [violation for checked in audit(repository) for violation in checked.violations]
    finally:
        repository.store.close()


def check_from_outside(path: Path, place: Path) -> None:
    """What anybody can check: git's own word, and that everything in force was endorsed, here and in a clone."""
    fsck(path)
    assert [str(violation) for violation in violations(path)] == []
    plain_git(place, "clone", "-q", "--no-checkout", str(path), str(place / "fresh"))
    assert [str(violation) for violation in violations(place / "fresh")] == []
