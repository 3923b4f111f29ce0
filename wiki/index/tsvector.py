"""The words of what can be found, in the full text search of PostgreSQL. Called by `full_text` alone.

A row keeps its stems as texts, each stem between two spaces, so that a row of words is found in them as it is; and all
of them once more as a ``tsvector`` without places (which would end at sixteen thousand), for the index: what the index
finds is what may answer, and the texts say what does. A stem of a title stands in it a second time with a sign before
it, and of scripts without spaces each two characters that stand side by side.

The best come first by the same formula as in SQLite's FTS5, so that both give the same answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

from wiki.index.words import is_character

if TYPE_CHECKING:
    from wiki.index.full_text import Question, Words

_IN_TITLE = "\ue001"
_TEXTS = {"title": 8.0, "headings": 3.0, "body": 1.0}
"""How much a word counts in each of the columns."""
_ALL = " || '/' || "
_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
_MOST_BYTES = 700_000
"""Of one row in the index; PostgreSQL takes a megabyte. What stands further down a longer text is not found."""
_PREPARED = "SELECT set_config('enable_seqscan', 'off', true), (SELECT value FROM index_state WHERE key = 'generation')"
_COUNTED = "counted"
_MOST_KEPT = 5_000
_Counts = dict[tuple[str, tuple[str, ...]], Any]
_counts: WeakKeyDictionary[Engine, tuple[str | None, _Counts]] = WeakKeyDictionary()
"""Of each engine the state of its index, and what was counted in it by kind and row of words; with the empty row, how
many entries there are and how many words they have."""
_WORDS = "id, title, headings, body, marks, size, words"
_TITLES = "id, title, words"


def create_plain(connection: Connection, kinds: Iterable[str]) -> None:
    """Make tables that hold the rows, where they are only gathered."""
    for kind in kinds:
        for table in (f"{kind}_words", f"{kind}_titles"):
            made = f"CREATE UNLOGGED TABLE IF NOT EXISTS {table} (LIKE {table}, PRIMARY KEY (id))"
            connection.exec_driver_sql(made)


def take_over(connection: Connection, gathered: str, kinds: Iterable[str]) -> None:
    """Put the rows that were gathered in another schema in place of those here."""
    for kind in kinds:
        for table, columns in ((f"{kind}_words", _WORDS), (f"{kind}_titles", _TITLES)):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            rows = f"SELECT {columns} FROM {gathered}.{table}"  # noqa: S608
            connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) {rows}")


def put(connection: Connection, kind: str, rows: Iterable[Words]) -> None:
    """Add rows, in place of those that have their numbers."""
    values = [
        {
            "id": row.id, "title": _apart(row.title), "headings": _apart(row.headings), "body": _apart(row.body),
            "marks": row.marks, "lexemes": _lexemes(row),
            "size": sum(len(each.split()) for each in (row.title, row.headings, row.body, row.marks)),
        }
        for row in rows
    ]  # fmt: skip
    if values:
        statement = (
            f"INSERT INTO {kind}_words ({_WORDS}) VALUES (:id, :title, :headings, :body, :marks, :size, "  # noqa: S608
            "array_to_tsvector(CAST(:lexemes AS text[]))) ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
            "headings = excluded.headings, body = excluded.body, marks = excluded.marks, size = excluded.size, "
            "words = excluded.words"
        )
        connection.execute(text(statement), values)


def put_titles(connection: Connection, kind: str, rows: Iterable[Words]) -> None:
    """Add the titles of rows, in place of those that have their numbers."""
    values = [
        {"id": row.id, "title": _apart(row.whole_title), "lexemes": list(dict.fromkeys(row.whole_title.split()))}
        for row in rows
    ]
    if values:
        statement = (
            f"INSERT INTO {kind}_titles ({_TITLES}) VALUES (:id, :title, array_to_tsvector(CAST(:lexemes AS text[]))) "  # noqa: S608
            "ON CONFLICT (id) DO UPDATE SET title = excluded.title, words = excluded.words"
        )
        connection.execute(text(statement), values)


def take_out(connection: Connection, kind: str, ids: Sequence[int]) -> None:
    """Remove rows."""
    for table in (f"{kind}_words", f"{kind}_titles"):
        connection.execute(text(f"DELETE FROM {table} WHERE id = ANY(:ids)"), {"ids": list(ids)})  # noqa: S608


def mark(connection: Connection, kind: str, ids: Sequence[int], marks: str) -> None:
    """Give rows other marks."""
    statement = (
        f"UPDATE {kind}_words SET words = ts_delete(words, string_to_array(marks, ' ')) || "  # noqa: S608
        "array_to_tsvector(CAST(:each AS text[])), size = size - cardinality(string_to_array(marks, ' ')) + :many, "
        "marks = :marks WHERE id = ANY(:ids)"
    )
    each = marks.split()
    connection.execute(text(statement), {"each": each, "many": len(each), "marks": marks, "ids": list(ids)})


def empty(connection: Connection, kinds: Iterable[str]) -> None:
    """Remove all rows."""
    for kind in kinds:
        for table in (f"{kind}_words", f"{kind}_titles"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608


def prepare(connection: Connection) -> None:
    """Have the rest of the transaction find by the index: PostgreSQL thinks that it is cheap to look into every row,
    and does not know that the words of each must be unpacked for that. What has been counted in this state of the index
    need not be counted again."""
    generation = connection.exec_driver_sql(_PREPARED).one()[1]
    state, counted = _counts.get(connection.engine, (None, _Counts()))
    if state != generation or len(counted) > _MOST_KEPT:
        counted = {}
        _counts[connection.engine] = generation, counted
    connection.info[_COUNTED] = counted


def some(connection: Connection, questions: Sequence[tuple[str, Question]], most: int, tried: int) -> list[list[int]]:
    """Of each question to a kind the first ``most`` answers in the order of their numbers. Where words must stand side
    by side, only the first ``tried`` that have them are looked into."""
    if not questions:
        return []
    asked, found = _Asked(), [list[int]() for _ in questions]
    each = (asked.first(kind, question, most, tried, at) for at, (kind, question) in enumerate(questions))
    for at, number in connection.execute(text(" UNION ALL ".join(each)), asked.values):
        found[at].append(number)
    return [sorted(numbers) for numbers in found]


def best(connection: Connection, kind: str, question: Question, most: int) -> list[int]:
    """The answers, the best first. Costs as much as there are answers."""
    rows = [tuple(form.split()) for forms in question.terms for form in forms]
    entries, size, having = _counted(connection, kind, rows)
    asked = _Asked()
    statement = f"SELECT id, size, {', '.join(_TEXTS)} FROM {kind}_words WHERE {asked.answers(question)}"  # noqa: S608
    worth = [max(_LEAST_IDF, math.log((entries - many + 0.5) / (many + 0.5))) if many < entries else _LEAST_IDF
             for many in having]  # fmt: skip
    usual, wanted = size / entries if entries else 1.0, [_apart(" ".join(row)) for row in rows]
    scored = [
        (-sum(_score(_often(one, texts), long, worth[at], usual) for at, one in enumerate(wanted)), number)
        for number, long, *texts in connection.execute(text(statement), asked.values)
    ]
    return [number for _, number in sorted(scored)[:most]]


def _counted(connection: Connection, kind: str, rows: Sequence[tuple[str, ...]]) -> tuple[int, int, list[int]]:
    """How many entries of a kind there are, how many words they have, and how many entries have each of these rows."""
    known: _Counts = connection.info.get(_COUNTED, {})
    asked = _Asked()
    new = [row for row in dict.fromkeys(rows) if (kind, row) not in known]
    if new or (kind, ()) not in known:
        each = "".join(f", (SELECT count(*) FROM {kind}_words WHERE {asked.has(row)})" for row in new)  # noqa: S608
        statement = f"SELECT count(*), coalesce(sum(size), 0){each} FROM {kind}_words"  # noqa: S608
        entries, size, *having = connection.execute(text(statement), asked.values).one()
        known[kind, ()] = entries, size
        known.update(((kind, row), many) for row, many in zip(new, having, strict=True))
    entries, size = known[kind, ()]
    return entries, size, [known[kind, row] for row in rows]


def _often(wanted: str, texts: Sequence[str]) -> float:
    """How often something stands in the texts of a row, by the weights of the columns."""
    return sum(weight * said.count(wanted) for weight, said in zip(_TEXTS.values(), texts, strict=True))


def _score(often: float, size: int, worth: float, usual: float) -> float:
    return worth * (often * (_K1 + 1.0)) / (often + _K1 * (1 - _B + _B * size / usual))


def beginning(connection: Connection, kind: str, rows: Sequence[str], most: int) -> list[int]:
    """As `full_text.beginning`."""
    asked = _Asked()
    each = [asked.begins(tuple(row.split())) for row in rows]
    statement = f"SELECT id FROM {kind}_titles WHERE {' AND '.join(each)} ORDER BY id + 0 LIMIT {most}"  # noqa: S608
    return list(connection.execute(text(statement), asked.values).scalars())


@dataclass
class _Asked:
    """Conditions in SQL, with the values that they name."""

    values: dict[str, Any] = field(default_factory=dict)

    def first(self, kind: str, question: Question, most: int, tried: int, at: int) -> str:
        """The first answers, each with a number that tells whose they are. Not in the order of the key, which would
        be to unpack row after row until there are enough; what the texts must say is asked of one after the other."""
        found, stands = self._parts(question)
        many = tried if stands else most
        there = f"(SELECT id FROM {kind}_words WHERE {found} ORDER BY id + 0 LIMIT {many}) AS there"  # noqa: S608
        if not stands:
            return f"SELECT {at} AS question, id FROM {there}"  # noqa: S608
        said = f"(SELECT {stands} FROM {kind}_words AS one WHERE one.id = there.id)"  # noqa: S608
        return f"(SELECT {at} AS question, id FROM {there} WHERE {said} LIMIT {most})"  # noqa: S608

    def answers(self, question: Question) -> str:
        """What answers a question."""
        return " AND ".join(filter(None, self._parts(question)))

    def _parts(self, question: Question) -> tuple[str, str]:
        """What the index can say at once, and what the texts must say then; "" for nothing."""
        sign = _IN_TITLE if question.columns else ""
        terms = [[tuple(form.split()) for form in forms] for forms in question.terms]
        joined = (" & " if question.every else " | ").join(
            f"({' | '.join(_all_of(row, sign) for row in forms)})" for forms in terms
        )
        marks = "".join(f" & {_quoted(mark)}" for mark in question.marks)
        found = f"words @@ CAST({self._value(f'({joined}){marks}')} AS tsquery)"
        if all(len(row) == 1 for forms in terms for row in forms):
            return found, ""
        each = [f"({' OR '.join(self._stands(row) for row in forms)})" for forms in terms]
        return found, _unpacked((" AND " if question.every else " OR ").join(each), ["title"] if sign else _TEXTS)

    def has(self, row: tuple[str, ...]) -> str:
        """What has a row of words."""
        found = f"words @@ CAST({self._value(_all_of(row, ''))} AS tsquery)"
        return found if len(row) == 1 else f"{found} AND {_unpacked(self._stands(row), _TEXTS)}"

    def _stands(self, row: tuple[str, ...]) -> str:
        """Whether it stands in what is `_unpacked`."""
        return f"strpos(said, {self._value(_apart(' '.join(row)))}) > 0"

    def begins(self, row: tuple[str, ...]) -> str:
        """What has a row in its title, the last word being the beginning of one."""
        wanted = " & ".join([*map(_quoted, row[:-1]), f"{_quoted(row[-1])}:*"])
        found = f"words @@ CAST({self._value(wanted)} AS tsquery)"
        return found if len(row) == 1 else f"({found} AND strpos(title, {self._value(_apart(' '.join(row))[:-1])}) > 0)"

    def _value(self, value: str) -> str:
        """The name for a value, the same for the same one."""
        name = next((name for name, known in self.values.items() if known == value), f"v{len(self.values)}")
        self.values[name] = value
        return f":{name}"


def _unpacked(condition: str, texts: Iterable[str]) -> str:
    """A condition on ``said``, which is all of these texts of a row, unpacked once for all that is asked of them."""
    return f"(SELECT {condition} FROM (SELECT {_ALL.join(texts)} AS said OFFSET 0) AS texts)"  # noqa: S608


def _apart(words: str) -> str:
    """Words with a space on each side of each."""
    return "".join(f" {word} " for word in words.split())


def _all_of(row: tuple[str, ...], sign: str) -> str:
    """What the index must have of a row of words."""
    wanted = [f"{sign}{word}" for word in row]
    wanted += () if sign else _pairs(row)
    return f"({' & '.join(_quoted(each) for each in wanted)})"


def _quoted(word: str) -> str:
    """A word that means nothing else in a query."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''").replace("\x00", "\ufffd") + "'"


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return (one + other for one, other in pairwise(words) if is_character(one) and is_character(other))


def _lexemes(row: Words) -> list[str]:
    """What the index has of a row: every stem once."""
    title = row.title.split()
    found = dict.fromkeys([*row.marks.split(), *title, *(f"{_IN_TITLE}{word}" for word in title)])
    for said in (title, row.headings.split(), row.body.split()):
        found |= dict.fromkeys(said)
        found |= dict.fromkeys(_pairs(said))
    size = 0
    for at, lexeme in enumerate(found):
        size += len(lexeme.encode()) + 2
        if size > _MOST_BYTES:
            return list(found)[:at]
    return list(found)
