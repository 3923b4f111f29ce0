"""People on their way into SQL: what they are called, and who is the same as whom, as ``.mailmap`` says."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from wiki.index import schema, search_texts
from wiki.index.upsert import upsert
from wiki.model.acts import Person
from wiki.repository import Repository


def write_people(connection: Connection, repository: Repository, names: Mapping[int, Person], anew: bool) -> None:
    """Write the rows of these people, by their id; those of everybody where ``.mailmap`` has changed."""
    table = schema.person
    if anew:
        everybody = connection.execute(select(table.c.id, table.c.name, table.c.email))
        names = {row.id: Person(row.name, row.email) for row in everybody} | dict(names)
    if not names:
        return
    proper = repository.called(list(names.values()))
    rows = [_row(number, person, called) for (number, person), called in zip(names.items(), proper, strict=True)]
    upsert(connection, table, rows, ("id",), ("name", "email", "shown", "same_as"))
    search_texts.write_people(connection, {person.handle: person.name for person in proper}, anew)


def _row(number: int, person: Person, called: Person) -> dict[str, object]:
    return {
        "id": number,
        "key": person.key,
        "name": person.name,
        "email": person.email,
        "handle": person.handle,
        "shown": called.name,
        "same_as": called.handle,
    }
