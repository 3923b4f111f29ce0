"""A colleague in a process of their own, who acts as fast as they can for some seconds.

Every acknowledged act goes to the file ``told`` as ``kind id``, on disk before the next one begins; what the wiki
refused is counted at the end, in a file beside it.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import IO

from wiki.assembly import Wiki, open_wiki
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Refused
from wiki.settings import Settings


def main(data: Path, number: int, seconds: float, told: Path) -> None:
    """Act until the time is over."""
    chance = random.Random(f"{number} {time.time_ns()}")
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    me = Person(f"Colleague {number}", f"colleague{number}@example.com")
    counts: Counter[str] = Counter()
    until = time.monotonic() + seconds
    with told.open("a", encoding="ascii") as file:
        while time.monotonic() < until:
            kind = chance.choice(["propose"] * 3 + ["endorse"] * 8 + ["object", "answer", "revise", "comment", "close"])
            try:
                acts = act(wiki, me, kind, chance, counts)
            except (Refused, NotFound) as error:
                counts[type(error).__name__] += 1
                continue
            tell(file, kind, acts)
    told.with_suffix(".counts").write_text(json.dumps(counts))


def tell(file: IO[str], kind: str, acts: list[str]) -> None:
    """Write down what was acknowledged, so that a kill cannot take it back."""
    for each in acts:
        file.write(f"{kind} {each}\n")
    file.flush()
    os.fsync(file.fileno())


def act(wiki: Wiki, me: Person, kind: str, chance: random.Random, counts: Counter[str]) -> list[str]:
    """One act of this kind on some proposal; the ids that were acknowledged."""
    guidelines = wiki.guidelines
    if kind == "propose":
        page = chance.choice(["shared", "shared", f"own/{me.name[-1]}-{chance.randrange(5)}"])
        text = f"# Page\n\n{me.name} says {chance.random()}.\n"
        return [guidelines.propose(me, "A change", "", {f"{page}.md": text}).act]
    n = max(1, guidelines.repository.refs.count_numbers() - chance.randrange(6))
    proposal = guidelines.weigh(n).proposal
    if kind == "endorse":
        before = proposal.voices.get(me.key)
        outcome = guidelines.endorse(n, me, proposal.change, member_since=0)
        counts["merged"] += outcome.in_force is not None
        return [outcome.act] if before is None else []
    if kind == "object":
        standing = proposal.voices.get(me.key)
        outcome = guidelines.object(n, me, proposal.change, "Not like this.")
        return [outcome.act] if standing is None else []
    if kind == "answer":
        objection = next((a for a in proposal.objections()), None)
        return [guidelines.answer(n, me, objection.id, f"Like that, {chance.random()}.").act] if objection else []
    if kind == "revise":
        path = proposal.touched[0].path if proposal.touched else "shared.md"
        text = f"# Page\n\nBetter: {chance.random()}.\n"
        return [guidelines.revise(n, me, {path: text}, seen=proposal.change).act]
    if kind == "comment":
        return [guidelines.comment(n, me, f"I see {chance.random()}.")]
    return [guidelines.close(n, me).act]


if __name__ == "__main__":
    main(*globals()["arguments"])  # given by `actors.start`
