"""Whose the words of a page are, whatever lines they stand in.

git tells it line by line: whoever breaks the lines of a text anew, or changes one word of a long line, is given all
the words in them. Where a commit was given many words that its text had before, it is asked who wrote that text, and
each word that was there stays theirs.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from wiki.index.beginnings import Beginnings
from wiki.index.course import Course
from wiki.index.returned import Returned
from wiki.index.rows import PageRecord
from wiki.model.acts import Person
from wiki.model.counting import words_above, words_of
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.prose.growth import stayed
from wiki.repository import Hunk, Repository

FEWEST = 10
PART = 12
"""A commit is looked at where it was given this many words that are not its own, and one word in so many of the
page: what is less shows little in anybody's share, and each look is a call of git."""
MOST_TEXTS = 30
"""So many earlier texts are asked for their authors when one is; each is one call of git."""
_TOLD = "word by word, in twelfths"
"""What is kept begins with this; what was kept otherwise is not used."""


@dataclass
class WordByWord:
    """Whose words the texts of one page are made of."""

    repository: Repository
    returned: Returned
    beginnings: Beginnings
    _asked: int = 0
    _known: dict[tuple[str, str], list[Hunk]] = field(default_factory=dict)

    def who_wrote(self, commit: str, path: str) -> list[Hunk]:
        """Who wrote a text: whole lines, and words of a line where several wrote in it."""
        self._asked = 0
        return self._hunks(commit, path)

    def _hunks(self, commit: str, path: str) -> list[Hunk]:
        hunks = self.returned.credited(self.repository.blame(commit, path), path)
        lines = [words_of(line) for line in self._text(commit, path).split("\n")]
        least = max(FEWEST, sum(map(len, lines)) // PART)
        theirs: dict[tuple[str, str], list[Hunk]] = defaultdict(list)
        for hunk in hunks:
            theirs[hunk.commit, hunk.path].append(hunk)
        largest_first = sorted(theirs, key=lambda key: -sum(hunk.count for hunk in theirs[key]))
        former = {key: self._former(theirs[key], lines, least) for key in largest_first}
        return [part for hunk in hunks for part in _parts(hunk, former.get((hunk.commit, hunk.path)))]

    def _former(self, given: Sequence[Hunk], lines: Sequence[Sequence[str]], least: int) -> _Text | None:
        """The text that a commit made with whoever had written its words before; None where that commit was given
        hardly more than it wrote."""
        words = Counter(word for hunk in given for line in _of(hunk, lines) for word in line)
        if words.total() < least:
            return None
        commit, path = given[0].commit, given[0].path
        text = self._text(commit, path)
        place = given[0].before or self.beginnings.before(commit)
        before = self._text(*place) if place is not None else ""
        if place is None or (words - (Counter(words_of(text)) - Counter(words_of(before)))).total() < least:
            return None
        return _Text(words_above(text), stayed(before, text, self._wrote(place)))

    def _wrote(self, before: tuple[str, str]) -> list[Hunk]:
        """Who wrote each word of an earlier text; nobody, where too many were asked for already."""
        if before not in self._known and self._asked < MOST_TEXTS:
            self._asked += 1
            above = words_above(self._text(*before))
            self._known[before] = [
                hunk
                for hunk in self._hunks(*before)
                for _ in range(hunk.words or above[hunk.first - 1 + hunk.count] - above[hunk.first - 1])
            ]
        return self._known.get(before, [])

    def _text(self, commit: str, path: str) -> str:
        blob = self.repository.file(commit, path)
        if blob is None:
            raise NotFound(N_("There is no page “%(name)s”."), name=path)
        return self.repository.content(blob).decode("utf-8", "replace")


def word_by_word(repository: Repository, course: Course, record: PageRecord) -> WordByWord:
    """Whose words a page in force is made of, and was made of before."""
    returned = Returned(repository, course.firsts(record.id, record.seq))
    return WordByWord(repository, returned, Beginnings(lambda: course.after(record.id, -1)))


def packed(hunks: Sequence[Hunk]) -> str:
    """Who wrote a text, to be kept."""
    rows = [[h.first, h.count, h.commit, h.author.name, h.author.email, h.when, h.words] for h in hunks]
    return json.dumps([_TOLD, rows], ensure_ascii=False)


def unpacked(kept: str) -> list[Hunk] | None:
    """What was kept; None where that was told in another way."""
    told = json.loads(kept)
    if told[:1] != [_TOLD]:
        return None
    return [
        Hunk(first, count, commit, Person(name, email), when, words=words)
        for first, count, commit, name, email, when, words in told[1]
    ]


@dataclass(frozen=True)
class _Text:
    """How many words stand above each line of a text, and who had written each of its words before, in order."""

    above: Sequence[int]
    writers: Sequence[Hunk | None]

    def of(self, line: int) -> list[tuple[Hunk | None, int]]:
        """Who wrote how many words of a line (from 1). One without words goes with the word that follows."""
        start, end = self.above[line - 1 : line + 1]
        runs = groupby(self.writers[start : max(end, start + 1)], _commit)
        return [(found[0], len(found)) for _commit_, run in runs for found in (list(run),)] or [(None, 0)]


def _commit(hunk: Hunk | None) -> str:
    return hunk.commit if hunk is not None else ""


def _of(hunk: Hunk, lines: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    return lines[hunk.first - 1 : hunk.first - 1 + hunk.count]


def _parts(hunk: Hunk, text: _Text | None) -> Iterator[Hunk]:
    """The same lines, each by whoever wrote its words."""
    if text is None:
        yield hunk
        return
    at = 0
    lines = [text.of(hunk.was + place) for place in range(hunk.count)]
    for whose, run in groupby(lines, lambda line: _commit(line[0][0]) if len(line) == 1 else None):
        some = list(run)
        if whose is not None:
            yield _placed(some[0][0][0] or hunk, hunk, at, len(some))
        else:
            for place, line in enumerate(some, at):
                yield from (_placed(who or hunk, hunk, place, 1, count) for who, count in line)
        at += len(some)


def _placed(who: Hunk, hunk: Hunk, at: int, count: int, words: int = 0) -> Hunk:
    return replace(who, first=hunk.first + at, count=count, was=hunk.was + at, words=words)
