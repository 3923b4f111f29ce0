"""A disk that is full or may only be read: reading goes on, a write is refused whole, and nothing typed is lost."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house import plain_git
from tests.world import Visitor, World, copy_of, open_world

TEXT = "# Visas\n\nAsk early, and ask twice.\n"
MEGABYTE = 1 << 20


@dataclass
class Disk:
    """A place with little room that a test can fill, and make room on again."""

    place: Path
    fill: Callable[[], None]
    free: Callable[[], None]


@contextmanager
def small_disk(place: Path) -> Iterator[Disk]:
    """A file system of its own in memory. Needs the right to mount."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode().strip()}; the quota is tested all the same")
    ballast = place / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            for size in (MEGABYTE, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    try:
        yield Disk(place, fill, ballast.unlink)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def quota(place: Path) -> Iterator[Disk]:
    """No file may grow beyond a few bytes: what a quota does to git and SQLite, for any user."""
    place.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    try:
        yield Disk(place, lambda: limit(16), lambda: limit(before[0]))
    finally:
        limit(before[0])


@pytest.fixture(params=[small_disk, quota])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with request.param(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def little(founded: Path, disk: Disk) -> Iterator[World]:
    """A wiki on that disk."""
    with open_world(copy_of(founded, disk.place / "data")) as world:
        yield world


def test_on_a_full_disk_everybody_reads_and_nothing_is_half_written(little: World, disk: Disk) -> None:
    ana = little.visitor("ana")
    ana.open("/-/edit/travel/visa")
    before = little.everything()
    disk.fill()
    page = ana.submit("/-/edit/travel/visa", button="propose", text=TEXT, title="Twice", why="It helps.")
    assert_refused(ana, "full")
    assert page.typed("text") == TEXT
    assert little.everything() == before
    disk.free()
    plain_git(little.data / "content.git", "fsck", "--strict", "--no-dangling")
    ana.submit("/-/edit/travel/visa", button="propose", text=TEXT, title="Twice", why="It helps.")
    assert ana.page.status == 200
    assert "on the table" in ana.page.messages
    assert little.wiki.guidelines.count() == 1


def assert_refused(visitor: Visitor, why: str) -> None:
    """503 in the layout, with words about why and what of it; and reading goes on."""
    page = visitor.page
    assert page.status == 503
    assert why in page.main
    assert "Nothing was changed, and what you typed is kept here." in page.main
    assert page.response is not None
    assert int(page.response.headers["Retry-After"]) > 0
    assert page.tree.xpath("//header")
    for name in ("/welcome", "/travel/expenses", "/-/proposals?tab=open", "/-/changes"):
        assert visitor.client.get(name).status_code == 200


def test_what_sql_alone_keeps_is_refused_whole_and_given_back(little: World, disk: Disk) -> None:
    ana = little.visitor("ana")
    ana.open("/-/edit/travel/visa")
    disk.fill()
    page = ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert_refused(ana, "full")
    assert page.typed("text") == TEXT
    disk.free()
    assert little.wiki.drafts.of(little.people["ana"].id) == []
    ana.submit("/-/edit/travel/visa", button="draft", text=TEXT, title="Twice")
    assert "Kept. Only you can see this draft." in ana.page.messages


def test_nobody_can_sign_in_on_a_full_disk_and_is_told_why(little: World, disk: Disk) -> None:
    visitor = little.visitor()
    visitor.open("/-/sign-in")
    disk.fill()
    page = visitor.submit("/-/sign-in", email="ana@example.com", password="a calm blue morning")
    assert (page.status, "full" in page.main) == (503, True)
    disk.free()
    assert little.visitor("ana").open("/-/account").status == 200


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Nothing below may be written: by the file system for root, by its mode for anybody else."""
    if subprocess.run(["mount", "--bind", place, place], capture_output=True, check=False).returncode == 0:
        subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)
        return
    folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
    files = [path for path in place.rglob("*") if path.is_file()]
    modes = {path: path.stat().st_mode for path in [*folders, *files]}
    try:
        for path, mode in modes.items():
            path.chmod(mode & 0o555)
        if (probe := place / "probe").parent.exists() and _may_write(probe):
            pytest.skip("this is root without the right to mount: nothing is read-only to it")
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def _may_write(file: Path) -> bool:
    try:
        file.touch()
    except OSError:
        return False
    file.unlink()
    return True


def test_a_repository_that_may_only_be_read_is_read(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/travel/visa")
    with read_only(world.data / "content.git"):
        page = ana.submit("/-/edit/travel/visa", button="propose", text=TEXT, title="Twice", why="It helps.")
        assert_refused(ana, "may only be read")
        assert page.typed("text") == TEXT
    ana.submit("/-/edit/travel/visa", button="propose", text=TEXT, title="Twice", why="It helps.")
    assert "on the table" in ana.page.messages


def test_a_wiki_starts_on_a_disk_that_may_only_be_read(world: World, caplog: pytest.LogCaptureFixture) -> None:
    from wiki.assembly import start

    with read_only(world.data / "content.git"):
        start(world.wiki)
        assert "may only be read" in caplog.text
        assert world.visitor().open("/welcome").status == 200
