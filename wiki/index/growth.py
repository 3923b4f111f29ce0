"""How pages grew. Worked out when somebody asks, and kept: the next revision only adds to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.index import schema
from wiki.index.course import Course, Turn
from wiki.index.rows import PageRecord
from wiki.index.word_by_word import WordByWord, word_by_word
from wiki.model.acts import Person
from wiki.model.counting import words_above
from wiki.model.errors import NotFound, Unavailable
from wiki.prose.growth import Point, Words, authors_after, point, spread, stayed
from wiki.repository import GitFailed, Hunk, Repository

MOST_POINTS = 40
_COUNTED = "body, word by word, over moves"
"""Which words are counted, and how; what was kept when that was otherwise is not used."""
_G = schema.growth


@dataclass(frozen=True)
class _Grown:
    """A page up to one of its revisions: the commit and its place in the book of changes, None and -1 before the first;
    the points until then; the blob of its text and who wrote each word of it."""

    commit: str | None
    seq: int
    points: tuple[Point, ...]
    blob: str | None
    authors: Sequence[Person]


class Growth:
    """How the pages of one repository grew."""

    def __init__(self, engine: Engine, repository: Repository) -> None:
        self.engine = engine
        self.repository = repository
        self.course = Course(engine)

    def of(self, record: PageRecord) -> tuple[Point, ...]:
        """The words of a page in force by author, at no more than some `MOST_POINTS` of its revisions, the last one
        among them; oldest first."""
        kept = self._kept(record.id)
        grown = kept if kept is not None and kept.seq <= record.seq else _Grown(None, -1, (), None, ())
        turns = [turn for turn in self.course.after(record.id, grown.seq) if turn.seq <= record.seq]
        if not turns:
            return grown.points
        whole = word_by_word(self.repository, self.course, record)
        for turn in _looked_at(turns):
            grown = self._after(grown, turn, whole)
        points = spread(grown.points, [each.at for each in grown.points], MOST_POINTS)
        grown = replace(grown, points=tuple(points))
        self._keep(record.id, grown)
        return grown.points

    def _after(self, grown: _Grown, turn: Turn, whole: WordByWord) -> _Grown:
        """With one more revision; as it was where that cannot be read, such as a name that is not UTF-8. A page that
        is removed may come back, and then has the words it had."""
        at = max(turn.at, grown.points[-1].at) if grown.points else turn.at
        if turn.blob is None:
            return replace(grown, commit=turn.commit, seq=turn.seq, points=(*grown.points, Point(at, ())))
        try:
            text = self._text(turn.blob)
            authors = self._authors(grown, turn, text, whole)
        except (GitFailed, NotFound):
            return grown
        return _Grown(turn.commit, turn.seq, (*grown.points, point(at, text, authors)), turn.blob, authors)

    def _authors(self, grown: _Grown, turn: Turn, text: str, whole: WordByWord) -> list[Person]:
        """Who wrote each word of the next text. Where the page had this text before, or lines come from a branch that
        is older, and not from the text before, the whole past is asked."""
        since, above = grown.commit, words_above(text)
        if since is not None and turn.blob not in whole.returned.firsts:
            hunks = self.repository.blame_since(since, turn.commit, turn.path)
            if all(hunk.commit == since or not hunk.edge for hunk in hunks):
                before = self._text(grown.blob)
                change = [_words(hunk, since, above, words_above(before)) for hunk in hunks]
                return authors_after(change, grown.authors, stayed(before, text, grown.authors))
        hunks = whole.who_wrote(turn.commit, turn.path)
        return authors_after([_words(hunk, None, above, ()) for hunk in hunks], (), ())

    def _text(self, blob: str | None) -> str:
        return self.repository.content(blob).decode("utf-8", "replace") if blob is not None else ""

    def _kept(self, page_id: int) -> _Grown | None:
        with reading(self.engine) as connection:
            query = select(_G.c.seq, _G.c.told).where(_G.c.page_id == page_id).order_by(_G.c.seq.desc()).limit(1)
            row = connection.execute(query).first()
        if row is None:
            return None
        told = json.loads(row.told)
        if told.get("counted") != _COUNTED:
            return None
        people = [Person(name, email) for name, email in told["people"]]
        points = (Point(at, tuple((people[who], count) for who, count in words)) for at, words in told["points"])
        authors = [people[who] for who, count in told["words"] for _ in range(count)]
        return _Grown(told["commit"], row.seq, tuple(points), told["blob"], authors)

    def _keep(self, page_id: int, grown: _Grown) -> None:
        numbers: dict[Person, int] = {}

        def number(person: Person) -> int:
            return numbers.setdefault(person, len(numbers))

        told = {
            "counted": _COUNTED,
            "commit": grown.commit,
            "points": [[each.at, [[number(who), count] for who, count in each.words]] for each in grown.points],
            "blob": grown.blob,
            "words": [[number(who), len(list(run))] for who, run in groupby(grown.authors)],
            "people": [[person.name, person.email] for person in numbers],
        }
        row = {"page_id": page_id, "seq": grown.seq, "told": json.dumps(told, ensure_ascii=False)}
        try:
            with writing(self.engine) as connection:
                connection.execute(delete(_G).where(_G.c.page_id == page_id))
                connection.execute(insert(_G), row)
        except (Unavailable, IntegrityError):
            return  # it can be shown without being kept


def _looked_at(turns: Sequence[Turn]) -> list[Turn]:
    """Some `MOST_POINTS` of these revisions, and those before and after a move: git, which tells who wrote what came in
    between, may not follow the page over it."""
    chosen = {turn.seq for turn in spread(turns, [turn.at for turn in turns], MOST_POINTS)}
    moves = [pair for pair in pairwise(turns) if pair[0].path != pair[1].path][-MOST_POINTS:]
    chosen.update(turn.seq for pair in moves for turn in pair)
    return [turn for turn in turns if turn.seq in chosen]


def _words(hunk: Hunk, since: str | None, above: Sequence[int], above_before: Sequence[int]) -> Words:
    """The words of these lines. ``above`` is how many words stand above each line of the text, and of the text of
    ``since``."""
    count = hunk.words or above[hunk.first - 1 + hunk.count] - above[hunk.first - 1]
    if hunk.commit == since:
        return Words(count, None, above_before[hunk.was - 1])
    return Words(count, hunk.author)
