"""What can be found, on its way into SQL: pages in force, proposals and people, as words.

`catch_up` and those it calls write here whenever a text, a title, a state or a name is another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, select, update

from wiki.index import full_text, schema
from wiki.index.full_text import PAGE, PERSON, PROPOSAL, folder_mark, state_mark
from wiki.index.plain_text import PlainText, plain_text
from wiki.index.upsert import insert_rows, upsert
from wiki.index.words import NO_LANGUAGE, folded_in, language_of, spelled_in, stems_in

DEFAULT_LANGUAGE = "en"
_AT_ONCE = 500
_S, _W = schema.sought, schema.word


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
    vocabulary: tuple[tuple[str, str, str], ...]


def findable(entry: Entry) -> Findable:
    """Make an entry ready. Takes its time, and needs nothing else."""
    headings, body, language = entry.text.headings, entry.text.body, entry.language
    row = {"id": entry.id, "name": entry.name, "title": entry.title, "key": folded_in(entry.title),
           "language": language, "marks": entry.marks, "headings": headings, "body": body}  # fmt: skip
    words = _vocabulary(_all_of(entry.title, entry.name, headings, body), language)
    return Findable(row, _words_of(entry), tuple(sorted(words)))


class Texts:
    """What can be found of one kind, written together. What had these numbers before is ``replaced``."""

    def __init__(self, connection: Connection, kind: str, replaced: Sequence[int] = ()) -> None:
        self.connection = connection
        self.kind = kind
        self._entries: list[Findable] = []
        self._words: Counter[tuple[str, str, str]] = Counter()
        for at in range(0, len(replaced), _AT_ONCE):
            self._take_out(replaced[at : at + _AT_ONCE])

    def add(self, entry: Findable) -> None:
        """Take one; many are written at a time."""
        self._entries.append(entry)
        if len(self._entries) >= _AT_ONCE:
            self._write_entries()

    def write(self) -> None:
        """Write what is left, and which words there are."""
        self._write_entries()
        rows = [{"language": language, "word": word, "stem": stem, "entries": count}
                for (language, word, stem), count in self._words.items() if count]  # fmt: skip
        upsert(self.connection, _W, rows, ("language", "word", "stem"), (), adding=("entries",))
        fewer = [{"of": language, "gone": word} for (language, word, _), count in self._words.items() if count < 0]
        if fewer:
            these = _W.c.language == bindparam("of"), _W.c.word == bindparam("gone"), _W.c.entries <= 0
            self.connection.execute(delete(_W).where(*these), fewer)
        self._words.clear()

    def _take_out(self, ids: Sequence[int]) -> None:
        those = _S.c.kind == self.kind, _S.c.id.in_(ids)
        there = self.connection.execute(select(_S).where(*those)).all()
        for row in there:
            self._words.subtract(_vocabulary(_all_of(row.title, row.name, row.headings, row.body), row.language))
        if there:
            self.connection.execute(delete(_S).where(*those))
            full_text.take_out(self.connection, self.kind, [row.id for row in there])

    def _write_entries(self) -> None:
        for one in self._entries:
            self._words.update(one.vocabulary)
        insert_rows(self.connection, _S, [{"kind": self.kind, **one.row} for one in self._entries])
        full_text.put(self.connection, self.kind, [one.words for one in self._entries])
        self._entries.clear()


def _words_of(entry: Entry) -> full_text.Words:
    language = entry.language
    headings = f"{entry.text.headings}\n{entry.name}"
    return full_text.Words(
        entry.id, stems_in(entry.title, language), stems_in(headings, language), stems_in(entry.text.body, language),
        entry.marks, folded_in(entry.title),
    )  # fmt: skip


def _all_of(title: str, name: str, headings: str, body: str) -> str:
    return f"{title}\n{name}\n{headings}\n{body}"


def _vocabulary(text: str, language: str) -> list[tuple[str, str, str]]:
    return [(language, word, stem) for word, stem in spelled_in(text, language)]


def page_entry(page_id: int, name: str, title: str, facts: Mapping[str, object], body: str, language: str) -> Entry:
    """A page by its front matter and its text. Its language is what the first says, else that of the site."""
    said = facts.get("lang", facts.get("language"))
    spoken = language_of(said) if isinstance(said, str) else language
    parts = name.split("/")[:-1]
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    marks = " ".join(folder_mark(folder) for folder in folders)
    return Entry(page_id, name, title, plain_text(body), spoken, marks)


def write_proposal(connection: Connection, n: int, reason: str, language: str) -> None:
    """Make a proposal findable by its title and its reason, by its state and the folders that it touches. It has been
    written to its own tables before."""
    this = select(schema.proposal.c.title, schema.proposal.c.state).where(schema.proposal.c.n == n)
    title, state = connection.execute(this).one()
    paths = connection.execute(select(schema.proposal_page.c.path).where(schema.proposal_page.c.n == n)).scalars()
    folders = {path[:at] for path in paths for at, letter in enumerate(path) if letter == "/"}
    marks = " ".join([state_mark(state), *sorted(folder_mark(folder) for folder in folders)])
    entry = Entry(n, str(n), title, plain_text(reason), language, marks)
    query = select(_S.c.title, _S.c.headings, _S.c.body, _S.c.marks, _S.c.language)
    row = connection.execute(query.where(_S.c.kind == PROPOSAL, _S.c.id == n)).first()
    if row is not None and tuple(row) == (title, entry.text.headings, entry.text.body, marks, language):
        return
    texts = Texts(connection, PROPOSAL, [n] if row is not None else ())
    texts.add(findable(entry))
    texts.write()


def write_state(connection: Connection, n: int, state: str) -> None:
    """Say that a proposal is in another state."""
    this = _S.c.kind == PROPOSAL, _S.c.id == n
    before = connection.execute(select(_S.c.marks).where(*this)).scalar()
    if before is None:
        return
    marks = " ".join([state_mark(state), *(each for each in before.split() if not each.startswith(full_text.STATE))])
    if marks != before:
        connection.execute(update(_S).where(*this).values(marks=marks))
        full_text.mark(connection, PROPOSAL, [n], marks)


def write_people(connection: Connection, called: Mapping[str, str], anew: bool) -> None:
    """Make people findable by what they are called, by their handles; with ``anew`` nobody else is."""
    table = schema.person
    query = select(table.c.same_as, func.min(table.c.id)).group_by(table.c.same_as)
    some = list(called)
    first: dict[str, int] = {}
    for at in range(0, len(some), _AT_ONCE):
        rows = connection.execute(query.where(table.c.same_as.in_(some[at : at + _AT_ONCE])))
        first.update((handle, number) for handle, number in rows)
    there = select(_S.c.id, _S.c.title).where(_S.c.kind == PERSON)
    known = {row.id: row.title for row in connection.execute(there)} if anew else {}
    for at in range(0, len(some), _AT_ONCE):
        ids = [first[handle] for handle in some[at : at + _AT_ONCE]]
        known |= {row.id: row.title for row in connection.execute(there.where(_S.c.id.in_(ids)))}
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
