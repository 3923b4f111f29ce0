"""A wiki of its own for every fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, begin, copy_of, open_world, write_pages


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory to copy."""
    place = tmp_path_factory.mktemp("founded")
    return begin(place / "data", write_pages(place / "pages"))


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A small wiki with five colleagues."""
    with open_world(copy_of(founded, tmp_path / "data")) as opened:
        yield opened
