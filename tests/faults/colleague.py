"""A colleague, or the clock, in a process of its own that is killed at any moment.

What a colleague is about to do goes to the file ``told`` as ``begin word kind n``, and what the wiki acknowledged as
``done word kind id``, on disk before the next begins. The ``word`` stands in what they write, and nowhere else.
"""

from __future__ import annotations

import os
import random
import time
from contextlib import suppress
from pathlib import Path

from wiki.accounts.passwords import Passwords
from wiki.assembly import Wiki, open_wiki
from wiki.drafts import Draft
from wiki.model.acts import Person
from wiki.model.errors import Conflict, NotFound, Refused
from wiki.outbox import Letter
from wiki.settings import Settings

KINDS = ["propose"] * 3 + ["endorse"] * 6 + ["object", "answer", "revise", "comment", "retract", "close", "reopen"]
ROWS = ["account", "draft", "letter"]


def act(wiki: Wiki, me: Person, kind: str, word: str, n: int) -> str | None:
    """One act; the id that was acknowledged, None where nothing was to be done. `Refused` and its like where the rules
    do not let it be."""
    guidelines = wiki.guidelines
    text = {f"page{len(word) % 3}.md": f"# Page\n\n{word}\n"}
    if kind == "propose":
        return guidelines.propose(me, f"Say {word}", "", text).act
    if kind in ROWS:
        return _row(wiki, kind, word)
    proposal = guidelines.weigh(n).proposal
    if kind == "endorse":
        there = proposal.voices.get(me.key)
        outcome = guidelines.endorse(n, me, proposal.change, member_since=0)
        return outcome.act if there is None else None
    if kind == "object":
        there = proposal.voices.get(me.key)
        outcome = guidelines.object(n, me, proposal.change, word)
        return outcome.act if there is None else None
    if kind == "answer":
        objection = next(iter(proposal.objections()), None)
        return guidelines.answer(n, me, objection.id, word).act if objection else None
    if kind == "revise":
        path = proposal.touched[0].path if proposal.touched else "page0.md"
        return guidelines.revise(n, me, {path: f"# Page\n\n{word}\n"}, note=word, seen=proposal.change).act
    if kind == "comment":
        return guidelines.comment(n, me, word)
    if kind == "reopen" and proposal.closed is None:
        return None
    ways = {"retract": guidelines.retract, "close": guidelines.close, "reopen": guidelines.reopen}
    return ways[kind](n, me).act


def _row(wiki: Wiki, kind: str, word: str) -> str:
    """Something that SQL alone keeps."""
    now = wiki.now()
    if kind == "account":
        return f"account-{wiki.accounts.add(f'{word}@example.com', word, 'a calm blue morning', now).id}"
    if kind == "letter":
        wiki.outbox.put(Letter(word, "ana@example.com", word, "Hello."), now=now)
        return f"letter-{word}"
    account = wiki.accounts.everyone(1)[0]
    return f"draft-{wiki.drafts.save(Draft(account.id, title=word), now).id}"


def me(number: int) -> Person:
    """Who this colleague is."""
    return Person(f"Colleague {number}", f"colleague{number}@example.com")


def main(data: Path, number: int, seed: str, told: Path) -> None:
    """Act until killed."""
    os.setpgid(0, 0)
    import argon2

    chance = random.Random(seed)
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    wiki.accounts.passwords = Passwords(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    if number == 0:
        while True:
            keep_the_clock(wiki)
    with told.open("a", encoding="ascii") as file:
        for nth in range(1_000_000):
            kind, word = chance.choice(KINDS * 3 + ROWS), f"word{seed.replace(' ', 'x')}x{nth}"
            n = max(1, wiki.guidelines.repository.refs.last_number() - chance.randrange(5))
            say(file, f"begin {word} {kind} {n}")
            try:
                done = act(wiki, me(number), kind, word, n)
            except (Refused, NotFound, Conflict):
                done = None
            say(file, f"done {word} {kind} {done or '-'}")


def keep_the_clock(wiki: Wiki) -> None:
    """What the clock does in an hour, at once."""
    with suppress(Refused, NotFound):
        wiki.tick()
        wiki.outbox.deliver(wiki.now)
        wiki.repository.upkeep.run(time.time())
        wiki.sweep()


def say(file: object, line: str) -> None:
    """Write a line down, so that a kill cannot take it back."""
    file.write(f"{line}\n")  # type: ignore[attr-defined]
    file.flush()  # type: ignore[attr-defined]
    os.fsync(file.fileno())  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*globals()["arguments"])  # given by `actors.start`
