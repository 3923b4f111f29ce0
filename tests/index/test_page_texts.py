"""Texts of pages are read alike by one process and by several."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.index import page_texts
from wiki.index.page_texts import Asked, Said, reader, readers


def asked(world: World) -> list[Asked]:
    repository = world.wiki.repository
    files = sorted(repository.files(repository.main()))
    return [Asked(at, path, blob.id, at % 5 > 0) for at, (path, blob) in enumerate(files) if path.endswith(".md")]


def test_several_processes_read_what_one_reads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_texts, "MANY", 1)
    monkeypatch.setattr(page_texts, "_TO_ONE", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    world.propose("ana", {"notes/de": "---\nlang: de\ntitle: Häuser\n---\n\nViele Häuser, [siehe](kitchen.md).\n"})
    pages = asked(world)
    here = list(reader(world.wiki.repository, "en")(pages))
    with readers(world.wiki.repository, "en", len(pages)) as read:
        assert list(read(pages)) == here
        assert list(read(pages[:1])) == here[:1]
    assert [said.id for said in here] == [page.id for page in pages]


def test_the_text_tells_title_links_and_words_and_a_removed_page_is_not_found(world: World) -> None:
    world.propose("ana", {"notes/de": "---\nlang: de\ntitle: Häuser\n---\n\nViele Häuser, [siehe](kitchen.md).\n"})
    repository = world.wiki.repository
    blob = repository.file(repository.main(), "notes/de.md")
    assert blob is not None
    page, gone = (Asked(1, "notes/de.md", blob.id, in_force) for in_force in (True, False))
    said, of_the_past = reader(repository, "en")([page, gone])
    assert (said.summary.title, said.links) == ("Häuser", ("notes/kitchen",))
    assert said.found is not None
    assert said.found.row["language"] == "de"
    assert of_the_past == Said(1, said.summary)
