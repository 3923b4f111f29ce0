"""People on their way into SQL: what they are called, and who is the same as whom, as ``.mailmap`` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from wiki.index import schema, search_texts
from wiki.index.upsert import SOME, upsert
from wiki.model.acts import Person
from wiki.prepared import Prepared
from wiki.repository import Repository

_THERE = Prepared(select(schema.person).where(schema.person.c.id.in_(bindparam("numbers", expanding=True))))


def write_people(connection: Connection, repository: Repository, names: Mapping[int, Person], anew: bool) -> bool:
    """Write the rows of these people, by their id; those of everybody where ``.mailmap`` has changed. Whether somebody
    may be called otherwise than before."""
    table = schema.person
    if anew:
        everybody = connection.execute(select(table.c.id, table.c.name, table.c.email))
        names = {row.id: Person(row.name, row.email) for row in everybody} | dict(names)
    if not names:
        return False
    proper = repository.called(list(names.values()))
    rows = [_row(number, person, called) for (number, person), called in zip(names.items(), proper, strict=True)]
    few = len(names) <= SOME and not anew
    there = _there(connection, list(names)) if few else {}
    changed = [row for row in rows if there.get(str(row["id"])) != row]
    if changed:
        upsert(connection, table, changed, ("id",), ("name", "email", "shown", "same_as"))
        met = {str(row["same_as"]): str(row["shown"]) for row in changed}
        search_texts.write_people(connection, met, anew)
    return not few or any(str(row["id"]) in there for row in changed)


def _there(connection: Connection, numbers: Sequence[int]) -> dict[str, dict[str, object]]:
    """The rows that these people have, by their number."""
    return {str(row.id): row._asdict() for row in _THERE.rows(connection, numbers=numbers)}


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
