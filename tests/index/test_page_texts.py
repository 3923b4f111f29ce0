"""Texts of pages are read alike by one process and by several."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any

import pytest

from tests.warm import SERVER
from tests.world import World
from wiki.index import page_texts
from wiki.index.page_texts import NOBODY, Asked, Said, reader, readers
from wiki.index.read_ahead import Pile, Place, ReadAhead
from wiki.model.errors import NotFound
from wiki.model.words import N_
from wiki.repository import repository as rooms


def asked(world: World) -> list[Asked]:
    repository = world.wiki.repository
    files = sorted(repository.files(repository.main()))
    return [Asked(at, path, blob.id, at % 5 > 0) for at, (path, blob) in enumerate(files) if path.endswith(".md")]


def likely(pages: Sequence[Asked]) -> list[Asked]:
    return [page.of(NOBODY) for page in pages if page.in_force]


def in_several_processes(monkeypatch: pytest.MonkeyPatch, to_one: int = 2) -> None:
    """As beside other threads, where nothing is forked, but from a process that has read the modules already."""
    monkeypatch.setattr(page_texts, "MANY", 1)
    monkeypatch.setattr(page_texts, "_TO_ONE", to_one)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr(page_texts, "_way_to_start", SERVER.get_start_method)


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_several_processes_read_what_one_reads(world: World, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    in_several_processes(monkeypatch)
    monkeypatch.setattr(page_texts, "_way_to_start", lambda: way)
    world.propose("ana", {"notes/de": "---\nlang: de\ntitle: Häuser\n---\n\nViele Häuser, [siehe](kitchen.md).\n"})
    pages = asked(world)
    here = list(reader(world.wiki.repository, "en")(pages))
    for some in (likely(pages), likely(pages)[::-2], [page.of(NOBODY) for page in pages]):
        with readers(world.wiki.repository, "en", some) as read:
            assert list(read(pages)) == here
            assert list(read(pages[:1])) == here[:1]
    assert [said.id for said in here] == [page.id for page in pages]


def test_beside_other_threads_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    for threads, way in ((1, "fork"), (2, "spawn")):
        monkeypatch.setattr("threading.active_count", lambda threads=threads: threads)
        assert page_texts._way_to_start() == (way if sys.platform == "linux" else "spawn")


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


def test_what_is_likely_is_read_before_anybody_asks_for_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_several_processes(monkeypatch)
    pages = asked(world)
    asked_for: list[Sequence[Asked]] = []
    read_by = page_texts._read_by

    def watched(pool: Any, ahead: Any, here: Any, some: Sequence[Asked]) -> Iterator[Said]:
        asked_for.append([page for page in some if page.of(NOBODY) not in ahead])
        return read_by(pool, ahead, here, some)

    monkeypatch.setattr(page_texts, "_read_by", watched)
    with readers(world.wiki.repository, "en", likely(pages)) as read:
        assert [said.id for said in read(pages)] == [page.id for page in pages]
    assert asked_for == [[page for page in pages if not page.in_force]]


def test_what_could_not_be_kept_is_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_several_processes(monkeypatch)
    pages = asked(world)
    here = list(reader(world.wiki.repository, "en")(pages))
    with Path("/dev/full").open("rb+", buffering=0) as full:
        monkeypatch.setattr(page_texts, "TemporaryFile", lambda **_: full)
        with readers(world.wiki.repository, "en", likely(pages)) as read:
            assert list(read(pages)) == here


def test_what_a_killed_process_was_to_read_is_read_here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_several_processes(monkeypatch)
    pages = asked(world)
    here = list(reader(world.wiki.repository, "en")(pages))
    for some in (likely(pages), likely(pages)[:3]):
        before = set(active_children())
        with readers(world.wiki.repository, "en", some) as read:
            assert list(read(pages[:1])) == here[:1]
            for child in set(active_children()) - before:
                child.kill()
                child.join()
            assert list(read(pages)) == here
            assert list(read(pages)) == here


def test_who_gives_up_does_not_wait_for_what_is_read_ahead(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_several_processes(monkeypatch, to_one=1)
    begun: list[ReadAhead[Asked, Said]] = []

    def ahead(*arguments: Any) -> ReadAhead[Asked, Said]:
        begun.append(ReadAhead(*arguments))
        return begun[0]

    monkeypatch.setattr(page_texts, "ReadAhead", ahead)
    blob = asked(world)[0].blob
    many = [Asked(NOBODY, f"notes/{at}.md", blob, in_force=True) for at in range(3_000)]
    with pytest.raises(KeyboardInterrupt), readers(world.wiki.repository, "en", many):
        raise KeyboardInterrupt
    reading = [begun[0]._part[page][0].reading for page in many]
    assert sum(each.cancelled() for each in reading) > 2_000


def test_what_the_others_have_not_come_to_is_read_here() -> None:
    come, go_on = Event(), Event()
    begun: list[Sequence[int]] = []

    def others(keys: Sequence[int]) -> list[Place]:
        begun.append(keys)
        come.set()
        assert go_on.wait(20)
        return pile.add(f"others {key}" for key in keys)

    def here(keys: Sequence[int]) -> Iterator[str]:
        begun.append(keys)
        if 7 in keys:
            raise NotFound(N_("gone"))
        return (f"here {key}" for key in keys)

    with TemporaryFile() as file:
        pile, pool = Pile(file.fileno()), ThreadPoolExecutor(1)
        ahead = ReadAhead[int, str](pool, others, [[1, 2], [3, 4], [5, 6], [7, 8], [9]], pile)
        assert come.wait(20)
        assert [ahead.get(key, here) for key in (4, 3, 4)] == ["here 4", "here 3", None]
        assert [ahead.get(key, here) for key in (8, 7)] == [None, None]
        go_on.set()
        assert [ahead.get(key, here) for key in (1, 2, 2)] == ["others 1", "others 2", "others 2"]
        pool.shutdown()
        assert ahead.get(9, here) == "others 9"
    assert begun[:3] == [[1, 2], [3, 4], [7, 8]]
    assert sorted(begun) == [[1, 2], [3, 4], [5, 6], [7, 8], [9]]


def test_what_several_processes_keep_does_not_get_mixed_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_several_processes(monkeypatch, to_one=1)
    blobs = [page.blob for page in asked(world)]
    many = [Asked(at, f"notes/{at}.md", blobs[at % len(blobs)], in_force=True) for at in range(400)]
    with readers(world.wiki.repository, "en", likely(many)) as read:
        assert list(read(many[::-1])) == list(reader(world.wiki.repository, "en")(many[::-1]))


@pytest.mark.parametrize("processes", [1, 3])
def test_a_text_that_is_missing_is_named_and_the_others_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    in_several_processes(monkeypatch)
    monkeypatch.setattr("os.cpu_count", lambda: processes)
    pages = asked(world)
    missing = Asked(len(pages), "notes/lost.md", "1" * 40, in_force=True)
    for some in (likely(pages), likely([*pages, missing])):
        with readers(world.wiki.repository, "en", some) as read:
            with pytest.raises(NotFound, match="1" * 40):
                list(read([*pages, missing]))
            assert len(list(read(pages))) == len(pages)


def test_many_files_are_read_with_one_question_and_say_what_each_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = world.wiki.repository
    blobs = [blob.id for _, blob in repository.files(repository.main())] * 3
    one_by_one = [repository.content(blob) for blob in blobs]
    monkeypatch.setattr(rooms, "_MANY", 1)
    assert repository.contents(blobs) == one_by_one
    for wrong in ("1" * 40, repository.main(), "no id", "--all"):
        with pytest.raises(NotFound):
            repository.contents([*blobs, wrong])


def test_readers_end_with_who_started_them_however_that_ended(world: World, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    script = tmp_path / "reads.py"
    script.write_text(
        "import pathlib, sys, time\n"
        "from wiki.index import page_texts\n"
        "from wiki.repository import Repository\n"
        "if __name__ == '__main__':\n"
        "    page_texts.MANY, page_texts._MOST_READERS, page_texts.os.cpu_count = 1, 1, lambda: 2\n"
        "    some = [page_texts.Asked(0, 'a.md', '1' * 40, True)]\n"
        "    with page_texts.readers(Repository(pathlib.Path(sys.argv[1])), 'en', some) as read:\n"
        "        list(read([]))\n"
        "        time.sleep(1)\n"
        "        import multiprocessing\n"
        "        pathlib.Path(sys.argv[2]).write_text(str(multiprocessing.active_children()[0].pid))\n"
        "        time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, str(script), str(world.wiki.repository.path), str(begun)])
    for _ in range(600):
        if begun.exists() and begun.read_text():
            break
        time.sleep(0.1)
    child = int(begun.read_text())
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    for _ in range(200):
        if not _runs(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("a reader goes on though nobody will ask it")


def _runs(pid: int) -> bool:
    """Whether a process is there that is more than an entry whose parent has not asked how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
