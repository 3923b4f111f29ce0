"""Several colleagues in one process, a thread each, who begin at the same moment.

They wait for the file ``go``. Every acknowledged act goes to the file ``told`` as ``kind id number``, on disk before
the next one begins.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused
from wiki.settings import Settings

CROWD = 32


class Colleague:
    """One of the crowd, with the file that says what they were told."""

    def __init__(self, wiki: Wiki, number: int, told: Callable[[str], None]) -> None:
        self.wiki = wiki
        self.me = Person(f"Colleague {number}", f"colleague{number}@example.com")
        self.number = number
        self.told = told
        self.chance = random.Random(f"{number} {time.time_ns()}")

    def endorse(self, n: int) -> None:
        """Endorse what is on the table, again where it changed meanwhile."""
        proposal = self.wiki.guidelines.weigh(n).proposal
        said = proposal.voices.get(self.me.key)
        outcome = self.wiki.guidelines.endorse(n, self.me, proposal.change, member_since=0)
        if said is None:
            self.told(f"endorse {outcome.act} {n}")

    def on_one(self) -> None:
        """All on proposal 1: most endorse, some change their minds, some object, the author may withdraw."""
        guidelines = self.wiki.guidelines
        time.sleep(self.chance.random() * 0.3)
        if self.number == 0:
            time.sleep(self.chance.random())
            self.told(f"close {guidelines.close(1, self.me).act} 1")
            return
        self.endorse(1)
        if self.number % 8 == 1:
            self.told(f"retract {guidelines.retract(1, self.me).act} 1")
        if self.number % 8 == 2:
            change = guidelines.weigh(1).proposal.change
            self.told(f"object {guidelines.object(1, self.me, change, 'Wait.').act} 1")

    def on_many(self) -> None:
        """Each puts a change on the table, then endorses those of the others as they come."""
        guidelines = self.wiki.guidelines
        text = f"# Page\n\nBy {self.me.name}.\n"
        page = "shared.md" if self.number % 4 == 0 else f"own/{self.number}.md"
        outcome = guidelines.propose(self.me, f"Change {self.number}", "", {page: text})
        self.told(f"propose {outcome.act} {outcome.n}")
        numbers = list(range(1, CROWD + 1))
        self.chance.shuffle(numbers)
        for n in numbers[:10]:
            try:
                self.endorse(n)
            except (Refused, NotFound):
                continue  # one's own, in force already, or not there yet

    def act(self, mode: str) -> None:
        """What this mode asks."""
        try:
            (self.on_one if mode == "one" else self.on_many)()
        except Refused:
            return  # somebody was quicker


def main(data: Path, mode: str, first: int, count: int, go: Path, told: Path) -> None:
    """Let the colleagues act, each in a thread."""
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    lock = threading.Lock()
    with told.open("a", encoding="ascii") as file:

        def tell(line: str) -> None:
            with lock:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())

        crowd = [Colleague(wiki, first + nth, tell) for nth in range(count)]
        while not go.exists():
            time.sleep(0.005)
        with ThreadPoolExecutor(count) as threads:
            acting = [threads.submit(each.act, mode) for each in crowd]
        for each in acting:
            each.result()


if __name__ == "__main__":
    main(*globals()["arguments"])  # given by `actors.start`
