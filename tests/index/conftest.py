"""A wiki of its own for every test of the index."""

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


@pytest.fixture(scope="session")
def handbook_founded(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory on a real handbook with its whole history."""
    return begin(tmp_path_factory.mktemp("handbook") / "data", corpus)
