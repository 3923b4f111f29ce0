"""How pages grew. Worked out when somebody asks, and kept: the next revision only adds to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.index import schema
from wiki.index.colleagues import Colleagues
from wiki.index.course import Course, Turn
from wiki.index.credits import Credit, Credited, packed_marks, unpacked_marks
from wiki.index.rows import PageRecord
from wiki.index.walk import MOST_TURNS, Known, Walk
from wiki.model.acts import Person
from wiki.model.errors import Unavailable
from wiki.prose.growth import Point, point, renamed, spread
from wiki.repository import Repository

MOST_POINTS = 40
_COUNTED = "body, by every revision, words put in looked through"
"""Which words are counted, and how; what was kept when that was otherwise is not used."""
_G = schema.growth


@dataclass(frozen=True)
class _Grown:
    """A page up to one of its revisions, by its place in the book of changes, -1 before the first: the points until
    then, whose the words of its text are, and the marks of the passages it lost."""

    seq: int
    points: tuple[Point, ...]
    credited: Credited
    lost: frozenset[int] | None = None


class Growth:
    """How the pages of one repository grew."""

    def __init__(self, engine: Engine, repository: Repository, course: Course, colleagues: Colleagues) -> None:
        self.engine = engine
        self.repository = repository
        self.course = course
        self.colleagues = colleagues

    def of(self, record: PageRecord) -> tuple[Point, ...]:
        """The words of a page in force by author, at no more than some `MOST_POINTS` of its revisions, the last one
        among them; oldest first. The walk through them ends where that of `Walk` does."""
        listed = self.repository.ignored()
        kept = self._kept(record.id, listed)
        grown = kept if kept is not None and kept.seq <= record.seq else _Grown(-1, (), [])
        if grown.seq != record.seq:
            grown = self._after(grown, record)
            self._keep(record.id, grown, listed)
        proper = self.colleagues.proper({person for each in grown.points for person, _count in each.words})
        return tuple(renamed(each, proper) for each in grown.points)

    def _after(self, grown: _Grown, record: PageRecord) -> _Grown:
        """With the revisions since; what was removed and came back has no words in between."""
        turns = self.course.until(record.id, record.seq, MOST_TURNS)[::-1]
        new = [turn for turn in turns if turn.seq > grown.seq]
        new = spread(new, [turn.at for turn in new], MOST_POINTS)
        walk = Walk(self.repository, self.course, record.id, record.seq)
        known = Known(grown.seq, grown.credited, grown.lost) if grown.credited else None
        credited = walk.credited([turn.seq for turn in new if turn.blob is not None], known)
        points = list(grown.points)
        for turn in new:
            if turn.blob is None or turn.seq in credited or not points:
                at = max(turn.at, points[-1].at) if points else turn.at
                points.append(point(at, self._text(turn), _people(credited.get(turn.seq, ()))))
        points = spread(points, [each.at for each in points], MOST_POINTS)
        return _Grown(record.seq, tuple(points), credited.get(record.seq, []), walk.lost)

    def _text(self, turn: Turn) -> str:
        return self.repository.content(turn.blob).decode("utf-8", "replace") if turn.blob is not None else ""

    def _kept(self, page_id: int, listed: str) -> _Grown | None:
        with reading(self.engine) as connection:
            query = select(_G.c.seq, _G.c.told).where(_G.c.page_id == page_id).order_by(_G.c.seq.desc()).limit(1)
            row = connection.execute(query).first()
        if row is None:
            return None
        told = json.loads(row.told)
        if told.get("counted") != _COUNTED or told["listed"] != listed:
            return None
        people = [Person(name, email) for name, email in told["people"]]
        points = (Point(at, tuple((people[who], count) for who, count in words)) for at, words in told["points"])
        credited = [(Credit("", people[who], 0), count) for who, count in told["words"]]
        return _Grown(row.seq, tuple(points), credited, unpacked_marks(told["lost"]))

    def _keep(self, page_id: int, grown: _Grown, listed: str) -> None:
        numbers: dict[Person, int] = {}

        def numbered(words: Sequence[tuple[Person, int]]) -> list[list[int]]:
            return [[numbers.setdefault(who, len(numbers)), count] for who, count in words]

        told = {
            "counted": _COUNTED,
            "listed": listed,
            "points": [[each.at, numbered(each.words)] for each in grown.points],
            "words": numbered(_people(grown.credited)),
            "lost": packed_marks(grown.lost),
            "people": [[person.name, person.email] for person in numbers],
        }
        row = {"page_id": page_id, "seq": grown.seq, "told": json.dumps(told, ensure_ascii=False)}
        try:
            with writing(self.engine) as connection:
                connection.execute(delete(_G).where(_G.c.page_id == page_id))
                connection.execute(insert(_G), row)
        except (Unavailable, IntegrityError):
            return  # it can be shown without being kept


def _people(credited: Sequence[tuple[Credit, int]]) -> list[tuple[Person, int]]:
    return [(credit.author, count) for credit, count in credited]
