"""A wiki of its own for every test of asking, in which everybody was about today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, copy_of, open_world


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A small wiki with five colleagues who were here today."""
    with open_world(copy_of(founded, tmp_path / "data")) as opened:
        all_here(opened)
        yield opened


def all_here(world: World) -> None:
    """Everybody opens a page."""
    for account in world.wiki.accounts.everyone():
        world.wiki.accounts.seen(account, world.wiki.now())
