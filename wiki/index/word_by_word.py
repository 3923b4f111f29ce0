"""Who wrote a page, word by word: worked out when somebody asks, and kept. The next revision costs its difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from wiki.database import reading, writing
from wiki.index import schema
from wiki.index.colleagues import Colleagues
from wiki.index.course import Course, Turn
from wiki.index.credits import Credit, hunks_of, of_hunks, packed, unpacked, unpacked_marks
from wiki.index.rows import PageRecord
from wiki.index.walk import Known, Walk
from wiki.model.errors import NotFound, Unavailable
from wiki.model.names import PAGE_SUFFIX
from wiki.model.words import N_
from wiki.repository import Hunk, Repository

_LATELY = 8
"""Among so many revisions one is looked for whose words are known."""
_B = schema.blamed


@dataclass
class WordByWord:
    """Who wrote the pages of one repository."""

    engine: Engine
    repository: Repository
    course: Course
    colleagues: Colleagues

    def of(self, record: PageRecord) -> list[Hunk]:
        """Who wrote the lines of a page in force, and the words of those in which several wrote."""
        path, listed = record.name + PAGE_SUFFIX, self.repository.ignored()
        hunks = self._kept(path, record.revision, listed)
        if hunks is None:
            hunks, lost = self._worked_out(record, listed)
            self._keep(path, record.revision, packed(hunks, listed, lost))
        proper = self.colleagues.proper({hunk.author for hunk in hunks})
        return [
            hunk if (author := proper[hunk.author]) == hunk.author else replace(hunk, author=author) for hunk in hunks
        ]

    def _worked_out(self, record: PageRecord, listed: str) -> tuple[list[Hunk], frozenset[int] | None]:
        walk = Walk(self.repository, self.course, record.id, record.seq)
        turns = walk.revisions
        if not turns or turns[0].blob != record.blob:
            raise NotFound(N_("There is no page “%(name)s”."), name=record.name)
        credited = walk.credited([turns[0].seq], self._known(turns[1 : _LATELY + 1], listed)).get(turns[0].seq, [])
        last = Credit(turns[0].commit, self.repository.commit(turns[0].commit).author, turns[0].at)
        return hunks_of(self._text(record.blob), credited, last), walk.lost

    def _known(self, turns: Sequence[Turn], listed: str) -> Known | None:
        """The last of these revisions, newest first, of which is kept who wrote it."""
        with reading(self.engine) as connection:
            query = select(_B.c.path, _B.c.commit, _B.c.hunks).where(
                _B.c.path.in_({turn.path for turn in turns}), _B.c.commit.in_([turn.commit for turn in turns])
            )
            kept = {(row.path, row.commit): row.hunks for row in connection.execute(query)}
        for turn in turns:
            hunks = unpacked(kept[turn.path, turn.commit], listed) if (turn.path, turn.commit) in kept else None
            if hunks is not None and turn.blob is not None:
                lost = unpacked_marks(kept[turn.path, turn.commit].partition("\n")[2])
                return Known(turn.seq, of_hunks(self._text(turn.blob), hunks), lost)
        return None

    def _text(self, blob: str) -> str:
        return self.repository.content(blob).decode("utf-8", "replace")

    def _kept(self, path: str, commit: str, listed: str) -> list[Hunk] | None:
        with reading(self.engine) as connection:
            query = select(_B.c.hunks).where(_B.c.path == path, _B.c.commit == commit)
            kept = connection.execute(query).scalar()
        return unpacked(kept, listed) if kept is not None else None

    def _keep(self, path: str, commit: str, hunks: str) -> None:
        try:
            with writing(self.engine, heals=True, waits=False) as connection:
                connection.execute(delete(_B).where(_B.c.path == path))
                connection.execute(insert(_B), {"path": path, "commit": commit, "hunks": hunks})
        except (Unavailable, IntegrityError):
            return  # it can be shown without being kept
