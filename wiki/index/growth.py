"""How pages grew. Worked out when somebody asks, and kept: the next revision only adds to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.index import schema
from wiki.index.course import Course, Turn
from wiki.index.returned import Returned
from wiki.index.rows import PageRecord
from wiki.model.acts import Person
from wiki.model.errors import NotFound, Unavailable
from wiki.prose.growth import Lines, Point, authors_after, point, spread
from wiki.repository import GitFailed, Hunk, Repository

MOST_POINTS = 40
_COUNTED = "body"
"""Which words are counted; what was kept when others were is not used."""
_G = schema.growth


@dataclass(frozen=True)
class _Grown:
    """A page up to one of its revisions: the commit and its place in the book of changes, None and -1 before the first;
    the points until then, and who wrote each line of its text."""

    commit: str | None
    seq: int
    points: tuple[Point, ...]
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
        grown = kept if kept is not None and kept.seq <= record.seq else _Grown(None, -1, (), ())
        turns = [turn for turn in self.course.after(record.id, grown.seq) if turn.seq <= record.seq]
        if not turns:
            return grown.points
        returned = Returned(self.repository, self.course.firsts(record.id, record.seq))
        for turn in spread(turns, [turn.at for turn in turns], MOST_POINTS):
            grown = self._after(grown, turn, returned)
        points = spread(grown.points, [each.at for each in grown.points], MOST_POINTS)
        grown = _Grown(grown.commit, grown.seq, tuple(points), grown.authors)
        self._keep(record.id, grown)
        return grown.points

    def _after(self, grown: _Grown, turn: Turn, returned: Returned) -> _Grown:
        """With one more revision; as it was where that cannot be read, such as a name that is not UTF-8."""
        text, authors = "", list[Person]()
        if turn.blob is not None:
            try:
                text = self.repository.content(turn.blob).decode("utf-8", "replace")
                authors = authors_after(self._change(grown.commit, turn, returned), grown.authors)
            except (GitFailed, NotFound):
                return grown
        at = max(turn.at, grown.points[-1].at) if grown.points else turn.at
        return _Grown(turn.commit, turn.seq, (*grown.points, point(at, text, authors)), authors)

    def _change(self, since: str | None, turn: Turn, returned: Returned) -> list[Lines]:
        """What became of the text of ``since``. Where the page had this text before, or lines come from a branch that
        is older, and not from that text, the whole past is asked."""
        if since is not None and turn.blob not in returned.firsts:
            hunks = self.repository.blame_since(since, turn.commit, turn.path)
            if all(hunk.commit == since or not hunk.edge for hunk in hunks):
                return [_lines(hunk, since) for hunk in hunks]
        hunks = returned.credited(self.repository.blame(turn.commit, turn.path), turn.path)
        return [_lines(hunk, None) for hunk in hunks]

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
        authors = [people[who] for who, count in told["lines"] for _ in range(count)]
        return _Grown(told["commit"], row.seq, tuple(points), authors)

    def _keep(self, page_id: int, grown: _Grown) -> None:
        numbers: dict[Person, int] = {}

        def number(person: Person) -> int:
            return numbers.setdefault(person, len(numbers))

        told = {
            "counted": _COUNTED,
            "commit": grown.commit,
            "points": [[each.at, [[number(who), count] for who, count in each.words]] for each in grown.points],
            "lines": [[number(who), len(list(run))] for who, run in groupby(grown.authors)],
            "people": [[person.name, person.email] for person in numbers],
        }
        row = {"page_id": page_id, "seq": grown.seq, "told": json.dumps(told, ensure_ascii=False)}
        try:
            with writing(self.engine) as connection:
                connection.execute(delete(_G).where(_G.c.page_id == page_id))
                connection.execute(insert(_G), row)
        except (Unavailable, IntegrityError):
            return  # it can be shown without being kept


def _lines(hunk: Hunk, since: str | None) -> Lines:
    return Lines(hunk.count, None if hunk.commit == since else hunk.author, hunk.was)
