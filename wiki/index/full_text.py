"""The words of what can be found, in the full text search of the database: the one file of this room that knows which.

SQLite keeps them in FTS5 tables, one for each kind: ``page_words`` and so on for stems, ``page_titles`` for titles as
they begin. The words come here folded, stemmed and apart (see `words.py`), so the plainest tokenizer does. For
PostgreSQL `tsvector` does the same with tables of the same names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from wiki import prepared
from wiki.index import tsvector

PAGE, PROPOSAL, PERSON = "page", "proposal", "person"
KINDS = (PAGE, PROPOSAL, PERSON)
_COLUMNS = {"words": "title, headings, body, marks", "titles": "words"}
_TABLES = tuple(f"{kind}_{what}" for kind in KINDS for what in _COLUMNS)
_WEIGHTS = "bm25(8.0, 3.0, 1.0, 0.0)"
"""A word of a title counts as eight of the text, one of a heading as three."""
_MARK = "\ue000"
"""Begins every mark, and no word of any text."""
STATE = f"{_MARK}s"


@dataclass(frozen=True)
class Words:
    """One row: stems of a title, of headings and of the text, marks to filter by, and the title folded."""

    id: int
    title: str
    headings: str
    body: str
    marks: str
    whole_title: str


@dataclass(frozen=True)
class Question:
    """What to look for: all of these terms (or any), each in one of its forms, a form being words side by side;
    in one column or anywhere; among what has all the marks."""

    terms: tuple[tuple[str, ...], ...]
    every: bool = True
    columns: str = ""
    marks: tuple[str, ...] = ()


def put(connection: Connection, kind: str, rows: Iterable[Words]) -> None:
    """Add rows, in place of those that have their numbers."""
    if connection.dialect.name != "sqlite":
        tsvector.put(connection, kind, rows)
        return
    all_rows = list(rows)
    if not all_rows:
        return
    words = [(row.id, row.title, row.headings, row.body, row.marks) for row in all_rows]
    statement = f"INSERT OR REPLACE INTO {kind}_words (rowid, title, headings, body, marks) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
    prepared.say_many(connection, statement, words)


def put_titles(connection: Connection, kind: str, rows: Iterable[Words]) -> None:
    """Add the titles of rows, in place of those that have their numbers."""
    if connection.dialect.name != "sqlite":
        tsvector.put_titles(connection, kind, rows)
        return
    titles = [(row.id, row.whole_title) for row in rows]
    if titles:
        prepared.say_many(connection, f"INSERT OR REPLACE INTO {kind}_titles (rowid, words) VALUES (?, ?)", titles)  # noqa: S608


def take_out(connection: Connection, kind: str, ids: Sequence[int]) -> None:
    """Remove rows."""
    if connection.dialect.name != "sqlite":
        tsvector.take_out(connection, kind, ids)
        return
    if ids:
        for what in ("words", "titles"):
            statement = f"DELETE FROM {kind}_{what} WHERE rowid = ?"  # noqa: S608
            prepared.say_many(connection, statement, [(each,) for each in ids])


def mark(connection: Connection, kind: str, ids: Sequence[int], marks: str) -> None:
    """Give rows other marks."""
    if connection.dialect.name != "sqlite":
        tsvector.mark(connection, kind, ids, marks)
        return
    if ids:
        statement = f"UPDATE {kind}_words SET marks = ? WHERE rowid = ?"  # noqa: S608
        prepared.say_many(connection, statement, [(marks, each) for each in ids])


def empty(connection: Connection) -> None:
    """Remove all rows: the tables are made anew, for FTS5 would take every word out by itself."""
    if connection.dialect.name != "sqlite":
        tsvector.empty(connection, KINDS)
        return
    names = ", ".join(f"'{table}'" for table in _TABLES)
    made = connection.exec_driver_sql(f"SELECT name, sql FROM sqlite_master WHERE name IN ({names})").all()  # noqa: S608
    for name, statement in made:
        connection.exec_driver_sql(f"DROP TABLE {name}")
        connection.exec_driver_sql(statement)


def create_plain(connection: Connection) -> None:
    """Make tables that hold the rows and find nothing, where they are only gathered."""
    if connection.dialect.name != "sqlite":
        tsvector.create_plain(connection, KINDS)
        return
    for kind in KINDS:
        for what, columns in _COLUMNS.items():
            connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {kind}_{what} ({columns})")


def take_over(connection: Connection, gathered: str) -> None:
    """Put the rows that were gathered in another database, attached under this name (in PostgreSQL: in a schema of this
    name), in place of those here."""
    if connection.dialect.name != "sqlite":
        tsvector.take_over(connection, gathered, KINDS)
        return
    empty(connection)
    for kind in KINDS:
        for what, columns in _COLUMNS.items():
            table, every = f"{kind}_{what}", f"rowid, {columns}"
            rows = f"SELECT {every} FROM {gathered}.{table} ORDER BY rowid"  # noqa: S608 - names of ours
            connection.exec_driver_sql(f"INSERT INTO main.{table} ({every}) {rows}")


def prepare(connection: Connection) -> None:
    """To be called before something is looked for in a transaction that only reads."""
    if connection.dialect.name != "sqlite":
        tsvector.prepare(connection)


def some(
    connection: Connection, questions: Sequence[tuple[str, Question]], most: int, tried: int = 1_000_000
) -> list[list[int]]:
    """Of each question to a kind the first ``most`` answers in the order of their numbers. Costs what it finds, however
    much there is. In PostgreSQL only the first ``tried`` are looked into for words that must stand side by side."""
    if connection.dialect.name != "sqlite":
        return tsvector.some(connection, questions, most, tried)
    found = []
    for kind, question in questions:
        statement = f"SELECT rowid FROM {kind}_words WHERE {kind}_words MATCH ? LIMIT ?"  # noqa: S608
        found.append([row[0] for row in connection.exec_driver_sql(statement, (_match(question), most))])
    return found


def best(connection: Connection, kind: str, question: Question, most: int) -> list[int]:
    """The answers, the best first. Costs as much as there are answers."""
    if connection.dialect.name != "sqlite":
        return tsvector.best(connection, kind, question, most)
    statement = (
        f"SELECT rowid FROM {kind}_words WHERE {kind}_words MATCH ? AND rank MATCH ? ORDER BY rank, rowid LIMIT ?"  # noqa: S608
    )
    return [row[0] for row in connection.exec_driver_sql(statement, (_match(question), _WEIGHTS, most))]


def beginning(connection: Connection, kind: str, rows: Sequence[str], most: int) -> list[int]:
    """The first ``most`` of which the title has, for each of these rows of folded words, the row, its last word being
    the beginning of one."""
    if connection.dialect.name != "sqlite":
        return tsvector.beginning(connection, kind, rows, most)
    statement = f"SELECT rowid FROM {kind}_titles WHERE {kind}_titles MATCH ? LIMIT ?"  # noqa: S608
    asked = " AND ".join(f"{_quoted(row)} *" for row in rows)
    return [found[0] for found in connection.exec_driver_sql(statement, (asked, most))]


def folder_mark(folder: str) -> str:
    """The mark of what lies in a folder or below it."""
    return f"{_MARK}f" + hashlib.blake2b(folder.encode("utf-8", "replace"), digest_size=8).hexdigest()


def state_mark(state: str) -> str:
    """The mark of a proposal in this state."""
    return f"{STATE}{state.replace(' ', '')}"


def _match(question: Question) -> str:
    each = [" OR ".join(_quoted(form) for form in forms) for forms in question.terms]
    terms = (" AND " if question.every else " OR ").join(f"({forms})" for forms in each)
    marks = "".join(f" AND marks : {_quoted(mark)}" for mark in question.marks)
    return f"{question.columns + ' : ' if question.columns else ''}({terms}){marks}"


def _quoted(row: str) -> str:
    """A row of words that means nothing else to FTS5."""
    return '"' + row.replace('"', '""').replace("\x00", " ") + '"'
