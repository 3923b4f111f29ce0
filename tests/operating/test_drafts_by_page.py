"""Drafts that were saved before their files could be found by the path, brought forward."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine, inspect, select, text

from tests.world import World
from wiki.database import reading, writing
from wiki.drafts import Drafts
from wiki.drafts.schema import draft, held
from wiki.versions import known_versions, migrate, schema_version

FILES: dict[str, dict[str, Any]] = {
    "travel/visa.md": {"text": "# Visas\n", "seen": "1" * 40},  # as drafts were before they could hold pictures
    "gone.md": {"text": None, "seen": "2" * 40, "blob": None},
    "größe/naïve.png": {"text": None, "seen": None, "blob": "3" * 40},
    "empty.md": {"text": "", "seen": None, "blob": None},
}


def brought_forward(engine: Engine, account: int) -> Drafts:
    """Drafts of tables 0016, in today's tables."""
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE draft_file"))
        connection.execute(text("DROP INDEX ix_revision_old_path"))  # came later still
        connection.execute(text("DROP INDEX ix_account_signed_in"))
        connection.execute(text("CREATE INDEX ix_account_last_sign_in_at ON account (last_sign_in_at)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0016'"))
    before = {"account_id": account, "base": "", "intent": "", "title": "", "why": "", "co_authors": ""}
    with engine.begin() as connection:
        for number, files in ((1, FILES), (2, {}), (3, FILES)):
            row = {"id": number, "proposal": 7 if number == 3 else None, "files": json.dumps(files), "updated_at": 1}
            connection.execute(draft.insert().values(**before, **row))
    migrate(engine)
    assert schema_version(engine) == known_versions()[-1]
    return Drafts(engine)


def test_drafts_of_before_are_found_by_the_path(world: World) -> None:
    engine, account = world.wiki.engine, world.people["ana"].id
    drafts = brought_forward(engine, account)
    found = {path: drafts.holding(account, path) for path in FILES}
    assert {path: [each.id for each in holding] for path, holding in found.items()} == {path: [1] for path in FILES}
    assert [path for path in FILES if found[path][0].goes] == ["gone.md"]
    assert [each.id for each in drafts.holding(account, "gone.md", 7)] == [3]
    with reading(engine) as connection:
        rows = connection.execute(select(held.c.draft_id, held.c.path)).all()
    assert sorted(rows) == sorted((number, path) for number in (1, 3) for path in FILES)
    columns = {column["name"] for column in inspect(engine).get_columns("draft_file")}
    assert columns == {column.name for column in held.columns}
    assert {"ix_draft_file_path"} <= {index["name"] for index in inspect(engine).get_indexes("draft_file")}
