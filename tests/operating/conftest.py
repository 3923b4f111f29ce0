"""A small wiki with some history, and archives of it: real ones, and ones that somebody has made up."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.world import World, begin, copy_of, open_world, settings_for, write_pages
from wiki.archive import back_up
from wiki.model.errors import WikiError
from wiki.settings import Settings


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory to copy: one change in force, one proposal on the table, with talk."""
    place = tmp_path_factory.mktemp("founded")
    data = begin(place / "data", write_pages(place / "pages"))
    with open_world(data) as world:
        act_a_little(world)
    data.chmod(0o700)
    (data / "secret-key").write_text("k" * 64, encoding="ascii")
    (data / "secret-key").chmod(0o600)
    return data


def act_a_little(world: World) -> None:
    """A change that comes into force, a proposal, and a word about it."""
    done = world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"})
    world.endorse(done, "bob", "cyd")
    assert world.in_force(done)
    n = world.propose("bob", {"travel/visa": "# Visas\n\nAsk very early.\n"})
    world.wiki.guidelines.comment(n, world.person("dee"), "Why very?")


@pytest.fixture
def data(founded: Path, tmp_path: Path) -> Path:
    """A data directory of one's own."""
    return copy_of(founded, tmp_path / "data")


@pytest.fixture
def settings(data: Path) -> Settings:
    """As the environment of a server would give them: the secret key is in the data directory."""
    return settings_for(data, secret_key="")


@pytest.fixture(scope="session")
def archive(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive, to read."""
    file = tmp_path_factory.mktemp("archive") / "wiki.backup"
    back_up(settings_for(founded, secret_key=""), file, "0.1.0")
    return file


def unpacked(archive: Path) -> dict[str, bytes]:
    """What is in an archive, by name."""
    with tarfile.open(archive, "r:gz") as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


Member = tuple[tarfile.TarInfo, bytes]


def plain(name: str, content: bytes) -> Member:
    """A file of an archive."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    return member, content


def packed(file: Path, members: list[Member]) -> Path:
    """An archive of these files, in this order."""
    with gzip.open(file, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    return file


Forge = Callable[..., Path]


@pytest.fixture
def forge(archive: Path, tmp_path: Path) -> Forge:
    """Makes an archive like the real one with other contents, whose manifest says so, or says something else."""

    def make(contents: Mapping[str, bytes] | None = None, **manifest: Any) -> Path:
        import hashlib

        parts = {**unpacked(archive), **(contents or {})}
        told = json.loads(parts.pop("manifest.json"))
        told["parts"] = [
            {"name": name, "size": len(held), "sha256": hashlib.sha256(held).hexdigest()}
            for name, held in parts.items()
        ]
        told.update(manifest)
        listed = [plain("manifest.json", json.dumps(told).encode()), *(plain(*part) for part in parts.items())]
        return packed(tmp_path / "forged.backup", listed)

    return make


@contextmanager
def refused(place: Path, words: str = "") -> Iterator[None]:
    """The block ends with an error of ours that says these words, and leaves nothing new in the folder."""
    before = sorted(place.iterdir())
    with pytest.raises(WikiError) as caught:
        yield
    assert words in str(caught.value)
    assert sorted(place.iterdir()) == before
