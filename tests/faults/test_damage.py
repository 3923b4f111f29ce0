"""Objects of git that are damaged: named in the log and by the doctor, while everything else is served."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.house import plain_git
from tests.world import World, copy_of, open_world
from wiki import assembly
from wiki.doctor import examine


@pytest.fixture
def data(founded: Path, tmp_path: Path) -> Path:
    """A wiki with a change in force and one on the table, whose damage is not looked at afterwards."""
    place = copy_of(founded, tmp_path / "data")
    with open_world(place) as world:
        world.endorse(world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"}), "bob", "cyd")
        world.propose("ana", {"travel/visa": "# Visas\n\nAsk very early.\n"})
        for name in ("welcome", "travel/expenses"):
            assert world.visitor().open(f"/{name}").status == 200  # and is kept, as it is for whoever came before
    return place


@contextmanager
def open_damaged(data: Path) -> Iterator[World]:
    """As `open_world`, but that nobody checks the repository afterwards."""
    finished = False
    try:
        with open_world(data) as world:
            yield world
            finished = True
    except AssertionError:
        if not finished:
            raise


def damage(file: Path) -> None:
    """Flip bytes in the middle."""
    held = bytearray(file.read_bytes())
    middle = len(held) // 2
    held[middle : middle + 8] = bytes(byte ^ 0xFF for byte in held[middle : middle + 8])
    file.chmod(0o600)
    file.write_bytes(held)


def said(data: Path, about: str) -> str:
    """What the doctor says of this; "" where it finds nothing wrong."""
    found = examine({"WIKI_DATA": str(data)}, clock=time.time)
    return " ".join(each.said for each in found if each.about == about and not each.fine)


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_whose_text_is_damaged_is_still_shown_and_the_object_is_named(
    data: Path, packed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    content = data / "content.git"
    blob = plain_git(content, "rev-parse", "main:welcome.md")
    if packed:
        plain_git(content, "repack", "-a", "-d", "-q")
        _damage_in_pack(content, blob)
    else:
        damage(content / "objects" / blob[:2] / blob[2:])
    with open_damaged(data) as world:
        assembly.start(world.wiki)
        visitor = world.visitor("ana")
        assert "Come in." in visitor.open("/welcome").main
        for name in (
            "/",
            "/travel/expenses",
            "/-/changes",
            "/-/proposals",
            "/-/proposals/2",
            "/-/history/travel/expenses",
        ):
            assert visitor.open(name).status == 200, name
        page = visitor.open("/-/edit/welcome")
        assert page.status == 500
        assert page.heading == "Something is broken"
        assert blob in caplog.text
        _write(world)
    assert blob in said(data, "repository")


@pytest.mark.parametrize(
    ("object_", "mirror"),
    [("main:welcome.md", False), ("main:travel", False), ("main^{tree}", False), ("main", False),
     ("refs/proposals/2^{tree}", True)],
)  # fmt: skip
def test_a_damaged_object_is_taken_from_a_clone_as_it_is_written_down(
    data: Path, tmp_path: Path, object_: str, mirror: bool
) -> None:
    content, clone = data / "content.git", tmp_path / "clone"
    how = ["--mirror"] if mirror else []
    plain_git(tmp_path, "clone", "--quiet", "--no-hardlinks", *how, str(content), str(clone))
    found = plain_git(content, "rev-parse", object_)
    file = content / "objects" / found[:2] / found[2:]
    damage(file)
    assert _named(data) == {found}
    moving, taking = _written_down()
    _follow(moving, data, found, clone)
    assert _named(data) == {found}, "only what is gone is named, not what leads to it"
    _follow(taking, data, found, clone)
    assert said(data, "repository") == ""
    Path(f"/tmp/damaged-{found}").unlink()


def _named(data: Path) -> set[str]:
    return set(re.findall(r"\b[0-9a-f]{40}\b", said(data, "repository")))


def _written_down() -> list[str]:
    told = (
        (CHECKOUT / "docs" / "operating" / "running.md").read_text("utf-8").partition("### A damaged object of git")[2]
    )
    return told.partition("```sh\n")[2].partition("```")[0].strip().splitlines()


def _follow(line: str, data: Path, found: str, clone: Path) -> None:
    told = {**os.environ, "ID": found, "CLONE": str(clone)}
    subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=data, env=told, capture_output=True, check=True)


def _write(world: World) -> None:
    """Beside a damaged file, others can be written."""
    n = world.propose("bob", {"travel/expenses": "# Expenses\n\nAll of them.\n"})
    world.endorse(n, "ana", "cyd")
    assert world.in_force(n)


def _damage_in_pack(content: Path, blob: str) -> None:
    pack = next((content / "objects" / "pack").glob("*.pack"))
    listed = plain_git(content, "verify-pack", "-v", str(pack.with_suffix(".idx"))).splitlines()
    row = next(line.split() for line in listed if line.startswith(blob))
    at, size = int(row[4]), int(row[3])
    held = bytearray(pack.read_bytes())
    for place in range(at + size // 2, at + size):
        held[place] ^= 0xFF
    pack.chmod(0o600)
    pack.write_bytes(held)


def test_without_its_graph_of_commits_or_with_a_damaged_one_the_wiki_serves_and_it_is_made_again(data: Path) -> None:
    content = data / "content.git"
    with open_world(data) as world:
        assert world.wiki.repository.upkeep.run(time.time())
        graph = next((content / "objects" / "info" / "commit-graphs").glob("*.graph"))
        damage(graph)
        assert world.visitor().open("/-/changes").status == 200
        world.endorse(2, "bob", "cyd")
        assert world.in_force(2)
        graph.chmod(0o600)
        for file in graph.parent.iterdir():
            file.unlink()
        assert world.visitor().open("/-/history/travel/visa").status == 200
        assert world.wiki.repository.upkeep.due()
        assert world.wiki.keep_quick()
    plain_git(content, "commit-graph", "verify")
