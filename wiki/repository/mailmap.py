"""``.mailmap``: what people are called now, whatever name or address they once wrote under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from wiki.model.acts import Person
from wiki.repository.process import Git

MAILMAP = ".mailmap"
_UNFIT = re.compile(r"[<>\x00-\x1f]")


class Identities(Protocol):
    """Who knows of people what git does not: that somebody who wrote is called otherwise now."""

    def version(self) -> int:
        """Another number whenever there is news."""

    def called(self, person: Person) -> Person:
        """Who somebody is now."""

    def keys(self, key: str) -> Sequence[str]:
        """All keys of the colleague of this `Person.key`, that one among them."""


class AsInGit:
    """Nobody knows more of people than git."""

    def version(self) -> int:
        """There is never any news."""
        return 0

    def called(self, person: Person) -> Person:
        """Who wrote."""
        return person

    def keys(self, key: str) -> Sequence[str]:
        """That one."""
        return (key,)


def mailmapped(git: Git, commit: str, people: Sequence[Person]) -> list[Person]:
    """These people by the mailmap of a commit, as git reads it (``git check-mailmap``), in the same order."""
    asked = [f"{_UNFIT.sub(' ', one.name).strip()} <{_UNFIT.sub('', one.email)}>" for one in people]
    said = git.run(
        "-c", f"mailmap.blob={commit}:{MAILMAP}", "check-mailmap", "--stdin",
        stdin="".join(f"{line}\n" for line in asked).encode("utf-8", "replace"),
    )  # fmt: skip
    answers = said.decode("utf-8", "replace").removesuffix("\n").split("\n")
    return [
        one if line == back else Person.parse(back) or one
        for one, line, back in zip(people, asked, answers, strict=True)
    ]
