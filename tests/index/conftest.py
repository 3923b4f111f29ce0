"""A wiki of its own for every test of the index."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.world import World, begin, open_world


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[[Path], World]]:
    """Begins wikis with pasts: ``begun(past.done())``."""
    with ExitStack() as stack:
        count = itertools.count()

        def begun_with(past: Path) -> World:
            data = begin(tmp_path / f"begun{next(count)}", past)
            return stack.enter_context(open_world(data))

        yield begun_with
