"""A wiki of its own for every test of the index."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[[Path], World]]:
    """Begins wikis with pasts: ``begun(past.done())``."""
    with ExitStack() as stack:
        count = itertools.count()

        def begun_with(past: Path) -> World:
            data = begin(tmp_path / f"begun{next(count)}", past)
            return stack.enter_context(open_world(data))

        yield begun_with
