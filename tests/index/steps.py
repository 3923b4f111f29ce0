"""The index made in one go, and commit by commit."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, delete, select

from tests.pasts import git
from wiki.database import reading
from wiki.index import Index, schema
from wiki.model.errors import NotFound
from wiki.model.merge import Weighed
from wiki.repository import Repository

TABLES = (
    schema.person, schema.landed, schema.wrote, schema.day, schema.page, schema.former, schema.alias, schema.revision,
    schema.authorship, schema.link,
)  # fmt: skip
Rows = dict[str, list[dict[str, object]]]


def rows_of(engine: Engine) -> Rows:
    """What the index knows of main, without numbers that only tell in which order it was made."""
    with reading(engine) as connection:
        people = {row.id: row.key for row in connection.execute(select(schema.person))}
        found: Rows = {}
        for table in TABLES:
            rows = [dict(row._mapping) for row in connection.execute(select(table))]
            for row in rows:
                if "person_id" in row:
                    row["person_id"] = people[row["person_id"]]
                if table is schema.person:
                    row.pop("id")
            found[table.name] = sorted(rows, key=repr)
    return found


def again_and_step_by_step(engine: Engine, path: Path) -> tuple[Rows, Rows]:
    """The rows of the index of a repository made from nothing, and caught up after every single commit of main. The
    repository is left as it was; the index is that of its last commit."""

    def weigh(n: int) -> Weighed:
        raise NotFound(str(n))

    repository = Repository(path)
    index = Index(engine, repository, weigh)
    index.rebuild()
    again = rows_of(engine)
    with engine.begin() as connection:
        for table in schema.INDEX_TABLES:
            connection.execute(delete(table))
    for commit in git(path, "rev-list", "--first-parent", "--reverse", "main").decode().split():
        git(path, "update-ref", "refs/heads/main", commit)
        index.catch_up()
    repository.store.close()
    return again, rows_of(engine)
