"""A log of git that ends in the middle is taken for no history."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.world import World
from wiki.model.errors import Unavailable, WikiError
from wiki.repository import Landed, Repository


def landed_of(repository: Repository) -> tuple[list[Landed], WikiError | None]:
    """What comes of the history, and the error that ends it."""
    found: list[Landed] = []
    try:
        for commit in repository.landed(repository.main()):
            found.append(commit)
    except WikiError as error:
        return found, error
    return found, None


def test_what_a_git_that_ends_early_has_half_said_is_not_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.propose("ana", {"notes/änderung": "# Größe\n\nOne.\n", "welcome": None}, "Grüße\n\x01 und mehr")
    world.endorse(1, "bob", "cyd")
    whole, _ = landed_of(world.wiki.repository)
    git = tmp_path / "git"
    git.write_text(
        f'#!/bin/sh\nif [ "$1" = log ]; then {shutil.which("git")} "$@" | head -c $CUT; exit 1; fi\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for cut in range(40, 1200, 70):
        monkeypatch.setenv("CUT", str(cut))
        found, error = landed_of(Repository(world.wiki.repository.path))
        assert error is not None
        assert found == whole[: len(found)]
        assert len(found) < len(whole)


def test_a_git_that_cannot_be_started_is_said_to_be_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    main = world.wiki.repository.main()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Unavailable, match="could not be started"):
        list(Repository(world.wiki.repository.path).landed(main))
