"""Whoever only confirmed a page did not write it; to know that costs the same however long its history is."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.database import writing
from wiki.index import confirmed, schema


def test_only_the_last_revisions_are_looked_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "---\nreview_by: 20{year}-01-01\n---\n\n# Watched\n"
    repository = world.wiki.repository
    texts = {digit * 40: text.format(year=year).encode() for digit, year in (("a", 30), ("b", 31))}
    blobs = [*texts]
    many, page, first = 3 * confirmed.MOST_REVISIONS, 9_999, 50_000
    read: list[str] = []

    def content(blob: str) -> bytes:
        read.append(blob)
        return texts[blob]

    monkeypatch.setattr(repository, "content", content)
    with writing(world.wiki.engine) as connection:
        for seq in range(first, first + many):
            blob = blobs[seq % 2]
            connection.execute(
                schema.landed.insert().values(seq=seq, id=f"{seq:040}", person_id=1, at=seq, title="T", proposal=1)
            )
            connection.execute(
                schema.revision.insert().values(
                    page_id=page, seq=seq, status="M", path="a.md", old_path=None, blob=blob, folder=""
                )
            )
        found = confirmed.confirmations(connection, repository, [page])
        connection.rollback()
    assert len(read) <= 2 * confirmed.MOST_REVISIONS
    last = first + many - 1
    assert found == {page: [last - at for at in range(0, confirmed.MOST_REVISIONS - 1, 2)]}
