"""A page walked back through its revisions: which of them brought each word of the texts that are asked about.

Moves of the page are walked over, and of passages in it; a text or a sentence that went away and came back is whose it
was. The walk ends where every word is found, at the beginning of the page, or at a text whose words are known. After
`MOST_TURNS` revisions or `MOST_COMPARED` words it ends as well, and git is asked once, line by line, about the oldest
text that was come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeVar

from wiki.index.course import Course, Turn
from wiki.index.credits import Credit, Credited, joined, of_hunks
from wiki.index.looked_through import LookedThrough
from wiki.index.sides import Sides
from wiki.prose.stayed import Reader
from wiki.prose.tracing import Came, Passes, Tracer
from wiki.repository import Repository

_T = TypeVar("_T")
MOST_TURNS = 500
MOST_COMPARED = 400_000
_FEW, _MANY = 8, 128
"""So many texts are read first, and so many at once after that."""


@dataclass(frozen=True)
class Known:
    """A revision, by its place in the book of changes, and whose the words of its text are. ``lost`` are the marks of
    the passages that the page lost until then, None where they are not known."""

    seq: int
    credited: Credited
    lost: frozenset[int] | None = None


class Walk:
    """The walk through the revisions of one page up to the place ``seq`` in the book of changes."""

    def __init__(self, repository: Repository, course: Course, page_id: int, seq: int) -> None:
        self.repository = repository
        self.course = course
        self.page_id = page_id
        self.seq = seq
        self._looked_through = LookedThrough(repository, course)
        self._read = Reader()
        self._turns: dict[int, Turn] = {}
        self._told: dict[int, Credited] = {}
        """Whose the words of a text are by what is known, or by git."""
        self._whole = False
        """Whether the beginning of the page was come to."""
        self.lost: frozenset[int] | None = None
        """The marks of the passages that the page lost, once the walk has ended; None where that came too early."""

    def credited(self, asked: Iterable[int], known: Known | None = None) -> dict[int, Credited]:
        """Whose words the texts of these revisions are made of, by their place in the book of changes; those that are
        older than the end of the walk, or removals, are left out. ``known`` is older than all of them."""
        past = self._past()
        tracer, came = self._traced(past, set(asked), known)
        self._sides.look_at([self._turns[seq] for seq in {each.source: None for each in came} if seq not in self._told])
        told: dict[int, list[tuple[int, Credited]]] = {}
        for each in came:
            told.setdefault(each.words.asked, []).append((each.words.start, self._whose(each, tracer)))
        return {seq: joined(each for _start, some in sorted(parts, key=lambda part: part[0]) for each in some)
                for seq, parts in told.items()}  # fmt: skip

    def _traced(
        self, past: Iterator[tuple[Turn, bytes]], wanted: set[int], known: Known | None
    ) -> tuple[Tracer, list[Came]]:
        turn, text = next(past)
        tracer, firsts = Tracer(turn.seq, text, self._read), self._firsts
        ended: list[Came] = []
        while True:
            if turn.seq in wanted:
                tracer.ask(turn.seq)
                wanted.discard(turn.seq)
            first = firsts.get(turn.blob or "")
            if known is not None and turn.seq == known.seq:
                self._told[turn.seq] = known.credited
                ended += tracer.here()
                if known.lost is not None:
                    self.lost = known.lost | tracer.lost
                    tracer.seek_only(known.lost)
            elif first is not None and first.seq < turn.seq:
                self._turns[first.seq] = first
                tracer.park(first.seq)
            if not wanted and tracer.done:
                break
            older = next(past, None) if tracer.compared < MOST_COMPARED else None
            if older is None:
                self.lost = self.lost or frozenset(tracer.lost)
                break
            tracer.back(older[0].seq, older[1], self._passes(turn))
            turn, text = older
        rest = tracer.everywhere()
        for seq in {each.source for each in rest} if not self._whole else ():
            self._told[seq] = self._by_git(self._turns[seq])
        return tracer, [*tracer.came(), *ended, *rest]

    def _past(self) -> Iterator[tuple[Turn, bytes]]:
        """The revisions with their texts, newest first, without removals."""
        turns = iter(self.revisions)
        self._turns.update((turn.seq, turn) for turn in self.revisions)
        many = _FEW
        while some := list(islice(turns, many)):
            blobs = list({turn.blob: None for turn in some})
            texts = dict(zip(blobs, self.repository.contents([blob or "" for blob in blobs]), strict=True))
            yield from ((turn, texts[turn.blob]) for turn in some)
            many = _MANY
        self._whole = not self._more

    @cached_property
    def _all(self) -> list[Turn]:
        return self.course.until(self.page_id, self.seq, MOST_TURNS + 1)

    @property
    def _more(self) -> bool:
        return len(self._all) > MOST_TURNS

    @cached_property
    def revisions(self) -> list[Turn]:
        """Those that are walked through at most, newest first, without removals."""
        return [turn for turn in self._all[:MOST_TURNS] if turn.blob is not None]

    @property
    def _firsts(self) -> dict[str, Turn]:
        """The texts that the page had more than once, by blob, each at the revision that had it first."""
        if self._more:
            return self.course.firsts(self.page_id, self.seq)
        return {turn.blob: turn for turn in self.revisions if turn.blob is not None}

    @cached_property
    def _sides(self) -> Sides:
        names = list({turn.path: None for turn in self.revisions})
        return Sides(self.repository, self.course, self.page_id, self._looked_through.listed, names, self._read)

    @cached_property
    def _partly(self) -> frozenset[str]:
        return self._looked_through.partly(self.revisions)

    def _passes(self, turn: Turn) -> Passes | None:
        """Which of its new words a revision leaves to whoever wrote what stood there before; None for none."""
        listed = self._looked_through.listed
        if turn.commit in listed:
            return lambda _place: True
        if listed and turn.commit in self._partly:
            own = [person is not None for person, count in self._sides.along(turn) for _ in range(count)]
            return lambda place: not own[place]
        return None

    def _by_git(self, turn: Turn) -> Credited:
        text = self.repository.content(turn.blob or "").decode("utf-8", "replace")
        return of_hunks(text, self.repository.blame(turn.commit, turn.path))

    def _whose(self, came: Came, tracer: Tracer) -> Credited:
        """Whose these words are."""
        if came.source in self._told:
            return list(_part(self._told[came.source], tracer.place(came), came.words.length))
        turn = self._turns[came.source]
        writers = self._sides.of(turn)
        if len(writers) == 1 and writers[0][0] is not None:
            return [(Credit(turn.commit, writers[0][0], turn.at), came.words.length)]
        otherwise = self.repository.commit(turn.commit).author
        parts = _part(writers, tracer.place(came), came.words.length)
        return [(Credit(turn.commit, person or otherwise, turn.at), count) for person, count in parts]


def _part(whose: Iterable[tuple[_T, int]], start: int, count: int) -> Iterator[tuple[_T, int]]:
    """Whose so many words in a row are, from one of them on."""
    at = 0
    for each, many in whose:
        first, last = max(at, start), min(at + many, start + count)
        if first < last:
            yield each, last - first
        at += many
