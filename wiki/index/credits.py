"""Whose words a text is made of: word by word in the order of the text, and as lines."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from wiki.model.acts import Person
from wiki.model.counting import words_of
from wiki.repository import Hunk

_TOLD = "by every revision, words put in looked through"
"""What is kept begins with this; what was kept otherwise is not used."""


class Credit(NamedTuple):
    """Whose words they are: the commit that brought them, who wrote them, and when they came (unix seconds)."""

    commit: str
    author: Person
    when: int


Credited = list[tuple[Credit, int]]
"""Whose each so many words in a row are."""


def joined(credited: Iterable[tuple[Credit, int]]) -> Credited:
    """The same, those of one side by side in one."""
    return [(whose, sum(count for _, count in run)) for whose, run in groupby(credited, lambda each: each[0])]


def hunks_of(text: str, credited: Sequence[tuple[Credit, int]], otherwise: Credit) -> list[Hunk]:
    """The lines of a text by whose words are in them: whole lines, and words of one where several wrote in it. A line
    without words goes with the word that follows; ``otherwise`` is whose a text without words is."""
    lines = list(_lines(text, credited))
    after = otherwise if not credited else credited[-1][0]
    whose: list[list[tuple[Credit, int]]] = []
    for line in reversed(lines):
        after = line[0][0] if line else after
        whose.append(line or [(after, 0)])
    return list(_hunks(whose[::-1]))


def _lines(text: str, credited: Sequence[tuple[Credit, int]]) -> Iterator[Credited]:
    rest = iter(credited)
    credit, left = next(rest, (None, 0))
    for line in text.split("\n"):
        missing = len(words_of(line))
        found: Credited = []
        while missing and credit is not None:
            count = min(missing, left)
            found.append((credit, count))
            missing, left = missing - count, left - count
            if not left:
                credit, left = next(rest, (None, 0))
        yield joined(found)


def _hunks(lines: Sequence[Credited]) -> Iterator[Hunk]:
    number = 1
    for whole, run in groupby(lines, lambda line: line[0][0] if len(line) == 1 else None):
        some = list(run)
        if whole is not None:
            yield _hunk(number, len(some), whole)
        else:
            for nth, line in enumerate(some, number):
                yield from (_hunk(nth, 1, whose, count) for whose, count in line)
        number += len(some)


def of_hunks(text: str, hunks: Iterable[Hunk]) -> Credited:
    """Whose words a text is made of, where that is told line by line."""
    counts = [len(words_of(line)) for line in text.split("\n")]
    return joined(
        (Credit(each.commit, each.author, each.when), count)
        for each in hunks
        if (count := each.words or sum(counts[each.first - 1 : each.first - 1 + each.count]))
    )


def packed(hunks: Sequence[Hunk], listed: str, lost: frozenset[int] | None) -> str:
    """Who wrote a text, to be kept; ``listed`` stands for the commits that were looked through, ``lost`` are the marks
    of the passages that were lost until then. Those stand on a line of their own: few ask for them."""
    numbers: dict[Credit, int] = {}
    rows = []
    for each in hunks:
        credit = Credit(each.commit, each.author, each.when)
        rows.append([each.first, each.count, numbers.setdefault(credit, len(numbers)), each.words])
    whose = [[each.commit, each.author.name, each.author.email, each.when] for each in numbers]
    return f"{json.dumps([_TOLD, listed, whose, rows], ensure_ascii=False)}\n{packed_marks(lost)}"


def unpacked(kept: str, listed: str) -> list[Hunk] | None:
    """What was kept; None where that was told in another way, or other commits were looked through."""
    told = json.loads(kept.partition("\n")[0])
    if told[:2] != [_TOLD, listed]:
        return None
    whose = [Credit(commit, Person(name, email), when) for commit, name, email, when in told[2]]
    return [_hunk(first, count, whose[number], words) for first, count, number, words in told[3]]


def packed_marks(lost: frozenset[int] | None) -> str:
    """Marks as a line of text."""
    if lost is None:
        return "?"
    return b64encode(b"".join(mark.to_bytes(3, "big") for mark in sorted(lost))).decode("ascii")


def unpacked_marks(kept: str) -> frozenset[int] | None:
    """The marks of such a line."""
    if kept == "?":
        return None
    marks = b64decode(kept)
    return frozenset(int.from_bytes(marks[at : at + 3], "big") for at in range(0, len(marks), 3))


def _hunk(first: int, count: int, whose: Credit, words: int = 0) -> Hunk:
    return Hunk(first, count, whose.commit, whose.author, whose.when, words=words)
