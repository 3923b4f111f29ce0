"""What can be found, on its way into SQL: pages in force, proposals and people, as words.

`catch_up` and those it calls write here whenever a text, a title, a state or a name is another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from wiki.index import full_text, schema
from wiki.index.full_text import PAGE, PERSON, PROPOSAL, folder_mark, state_mark
from wiki.index.plain_text import PlainText, plain_text
from wiki.index.upsert import insert_rows, upsert
from wiki.index.words import (
    NO_LANGUAGE,
    Spelled,
    folded_in,
    language_of,
    parts,
    spelled_in,
    spelled_of,
    stems_of,
    stretches,
)
from wiki.prepared import Prepared

DEFAULT_LANGUAGE = "en"
_AT_ONCE = 500
_S, _W = schema.sought, schema.word
_CHANGING = tuple(column.name for column in _S.columns if not column.primary_key)
_PROPOSAL_THERE = Prepared(select(_S).where(_S.c.kind == PROPOSAL, _S.c.id == bindparam("n")))
_MARK = Prepared(update(_S).where(_S.c.kind == PROPOSAL, _S.c.id == bindparam("n")).values(marks=bindparam("now")))
_THESE = _S.c.kind == bindparam("of"), _S.c.id.in_(bindparam("numbers", expanding=True))
_THERE, _GONE = Prepared(select(_S).where(*_THESE)), Prepared(delete(_S).where(*_THESE))
_CALLED = Prepared(
    select(_S.c.id, _S.c.title).where(_S.c.kind == PERSON, _S.c.id.in_(bindparam("numbers", expanding=True)))
)
_FIRST = Prepared(
    select(schema.person.c.same_as, func.min(schema.person.c.id).label("first"))
    .where(schema.person.c.same_as.in_(bindparam("handles", expanding=True)))
    .group_by(schema.person.c.same_as)
)
_LAST = Prepared(delete(_W).where(_W.c.language == bindparam("of"), _W.c.word == bindparam("gone"), _W.c.entries <= 0))


@dataclass(frozen=True)
class Entry:
    """Something that can be found. ``name`` is its address among its kind, as `schema.sought` says."""

    id: int
    name: str
    title: str
    text: PlainText
    language: str
    marks: str = ""


@dataclass(frozen=True)
class Findable:
    """An entry made ready: a row of `schema.sought`, its stems, and its words as rows of `schema.word` name them."""

    row: dict[str, object]
    words: full_text.Words
    vocabulary: frozenset[Spelled]

    def of(self, number: int) -> Findable:
        """The same, under another number."""
        words = self.words
        same = words.title, words.headings, words.body, words.marks, words.whole_title
        return Findable({**self.row, "id": number}, full_text.Words(number, *same), self.vocabulary)


def findable(entry: Entry) -> Findable:
    """Make an entry ready. Takes its time, and needs nothing else."""
    headings, body, language = entry.text.headings, entry.text.body, entry.language
    row = {"id": entry.id, "name": entry.name, "title": entry.title, "key": folded_in(entry.title),
           "language": language, "marks": entry.marks, "headings": headings, "body": body}  # fmt: skip
    texts = [stretches(each) for each in (entry.title, f"{headings}\n{entry.name}", body)]
    title, others, rest = (stems_of(text, language) for text in texts)
    words = full_text.Words(entry.id, title, others, rest, entry.marks, folded_in(entry.title))
    return Findable(row, words, spelled_of(chain.from_iterable(texts), language))


class Texts:
    """What can be found of one kind, written together, in place of what had the numbers ``replaced`` before."""

    def __init__(self, connection: Connection, kind: str, replaced: Sequence[int] = ()) -> None:
        self.connection = connection
        self.kind = kind
        self._entries: list[Findable] = []
        self._words: Counter[Spelled] = Counter()
        self._before: dict[int, Row[Any]] = {}
        for at in range(0, len(replaced), _AT_ONCE):
            rows = _THERE.rows(connection, of=kind, numbers=replaced[at : at + _AT_ONCE])
            self._before |= {row.id: row for row in rows}

    def add(self, entry: Findable) -> None:
        """Take one; many are written at a time."""
        self._entries.append(entry)
        if len(self._entries) >= _AT_ONCE:
            self._write_entries()

    def write(self) -> None:
        """Write what is left, take out what did not come back, and write which words there are."""
        self._write_entries()
        self._take_out()
        self._write_vocabulary()

    def _write_entries(self) -> None:
        fresh: list[Findable] = []
        again: list[Findable] = []
        called: list[Findable] = []
        for one in self._entries:
            before = self._before.pop(one.words.id, None)
            if before is not None and all(getattr(before, key) == value for key, value in one.row.items()):
                continue
            self._words.update(one.vocabulary)
            (fresh if before is None else again).append(one)
            if before is None or before.key != one.row["key"]:
                called.append(one)
            if before is not None:
                self._words.subtract(_vocabulary_of(before))
        insert_rows(self.connection, _S, [self._row(one) for one in fresh])
        upsert(self.connection, _S, [self._row(one) for one in again], ("kind", "id"), _CHANGING)
        full_text.put(self.connection, self.kind, [one.words for one in (*fresh, *again)])
        full_text.put_titles(self.connection, self.kind, [one.words for one in called])
        self._entries.clear()

    def _row(self, one: Findable) -> dict[str, object]:
        return {"kind": self.kind, **one.row}

    def _take_out(self) -> None:
        gone = list(self._before)
        for row in self._before.values():
            self._words.subtract(_vocabulary_of(row))
        for at in range(0, len(gone), _AT_ONCE):
            _GONE.run(self.connection, of=self.kind, numbers=gone[at : at + _AT_ONCE])
        full_text.take_out(self.connection, self.kind, gone)
        self._before.clear()

    def _write_vocabulary(self) -> None:
        each = [(*parts(spelled), count) for spelled, count in self._words.items() if count]
        rows = [{"language": language, "word": word, "stem": stem, "entries": count}
                for language, word, stem, count in each]  # fmt: skip
        upsert(self.connection, _W, rows, ("language", "word", "stem"), (), adding=("entries",))
        fewer = [{"of": language, "gone": word} for language, word, _stem, count in each if count < 0]
        if fewer:
            _LAST.run_many(self.connection, fewer)
        self._words.clear()


def _vocabulary_of(row: Row[Any]) -> frozenset[Spelled]:
    return spelled_in(f"{row.title}\n{row.name}\n{row.headings}\n{row.body}", row.language)


def page_entry(page_id: int, name: str, title: str, facts: Mapping[str, object], body: str, language: str) -> Entry:
    """A page by its front matter and its text. Its language is what the first says, else that of the site."""
    said = facts.get("lang", facts.get("language"))
    spoken = language_of(said) if isinstance(said, str) else language
    parts = name.split("/")[:-1]
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    marks = " ".join(folder_mark(folder) for folder in folders)
    return Entry(page_id, name, title, plain_text(body), spoken, marks)


@dataclass(frozen=True)
class ProposalText:
    """What a proposal is found by: its title, its reason, its state, and the folders of the files that it touches; None
    where these are as they were written before."""

    n: int
    title: str
    reason: str
    state: str
    paths: Sequence[str] | None


def write_proposal(connection: Connection, found: ProposalText, language: str, anew: bool) -> None:
    """Make a proposal findable as it is now; ``anew`` where it never was."""
    n, title = found.n, found.title
    row = next(iter(_PROPOSAL_THERE.rows(connection, n=n)), None) if not anew else None
    if found.paths is not None:
        folders = {path[:at] for path in found.paths for at, letter in enumerate(path) if letter == "/"}
        marks = " ".join([state_mark(found.state), *sorted(folder_mark(folder) for folder in folders)])
    else:
        marks = _in_state(row.marks if row is not None else "", found.state)
    entry = Entry(n, str(n), title, plain_text(found.reason), language, marks)
    words = (title, entry.text.headings, entry.text.body, language)
    if row is not None and (row.title, row.headings, row.body, row.language) == words:
        _mark_proposal(connection, n, row.marks, marks)
        return
    texts = Texts(connection, PROPOSAL, [n] if row is not None else ())
    texts.add(findable(entry))
    texts.write()


def write_state(connection: Connection, n: int, state: str) -> None:
    """Say that a proposal is in another state."""
    row = next(iter(_PROPOSAL_THERE.rows(connection, n=n)), None)
    if row is not None:
        _mark_proposal(connection, n, row.marks, _in_state(row.marks, state))


def _in_state(marks: str, state: str) -> str:
    return " ".join([state_mark(state), *(each for each in marks.split() if not each.startswith(full_text.STATE))])


def _mark_proposal(connection: Connection, n: int, before: str, marks: str) -> None:
    if marks != before:
        _MARK.run(connection, n=n, now=marks)
        full_text.mark(connection, PROPOSAL, [n], marks)


def write_people(connection: Connection, called: Mapping[str, str], anew: bool) -> None:
    """Make people findable by what they are called, by their handles; with ``anew`` nobody else is."""
    some = list(called)
    first: dict[str, int] = {}
    for at in range(0, len(some), _AT_ONCE):
        rows = _FIRST.rows(connection, handles=some[at : at + _AT_ONCE])
        first.update((row.same_as, row.first) for row in rows)
    everybody = select(_S.c.id, _S.c.title).where(_S.c.kind == PERSON)
    known = {row.id: row.title for row in connection.execute(everybody)} if anew else {}
    for at in range(0, len(some), _AT_ONCE):
        ids = [first[handle] for handle in some[at : at + _AT_ONCE]]
        known |= {row.id: row.title for row in _CALLED.rows(connection, numbers=ids)}
    changed = [handle for handle in some if known.get(first[handle]) != called[handle] or anew]
    gone = [number for number in known if anew or number in {first[handle] for handle in changed}]
    texts = Texts(connection, PERSON, gone)
    for handle in changed:
        texts.add(findable(Entry(first[handle], handle, called[handle], PlainText("", ""), NO_LANGUAGE)))
    texts.write()


__all__ = [
    "DEFAULT_LANGUAGE", "PAGE", "Entry", "Findable", "Texts", "findable", "page_entry", "write_people",
    "write_proposal", "write_state",
]  # fmt: skip
