"""The `wiki` command as people run it: a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.warm import Ran, begin, run
from tests.world import check_from_outside, copy_of, write_pages


class Command:
    """The command, in a data directory of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str | Path, stdin: str = "", env: Mapping[str, str] | None = None) -> Ran:
        return run([str(each) for each in arguments], self.environment(env), stdin)

    @contextmanager
    def running(self, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[None]:
        """The command going on, as long as the block lasts."""
        going = begin(arguments, self.environment(env))
        try:
            yield
        finally:
            going.terminate()
            going.join(20)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of this process with the data directory, and nothing else of ours."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("WIKI_")}
        return {**kept, "WIKI_DATA": str(self.data), **(more or {})}


@pytest.fixture
def wiki(tmp_path: Path) -> Command:
    """The command, before anything was founded."""
    return Command(tmp_path / "data")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of Markdown."""
    return write_pages(tmp_path / "pages")


@pytest.fixture(scope="session")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a wiki that the command began, to copy."""
    place = tmp_path_factory.mktemp("begun")
    assert Command(place / "data")("init", "--from", write_pages(place / "pages")).status == 0
    return place / "data"


@pytest.fixture
def founded(wiki: Command, _begun: Path) -> Command:
    """The command, with a wiki."""
    copy_of(_begun, wiki.data)
    return wiki


@pytest.fixture
def refused() -> Callable[[Ran], str]:
    """Asserts that a command said one clear sentence and no more; the sentence."""

    def check(ran: Ran) -> str:
        assert ran.status not in {0, None}
        assert "Traceback" not in ran.err
        lines = [line for line in ran.err.strip().splitlines() if not line.startswith(("Usage:", "Try "))]
        lines = [line for line in lines if line]
        assert len(lines) == 1, ran.err
        assert lines[0].startswith("Error: ")
        return lines[0].removeprefix("Error: ")

    return check


@pytest.fixture(autouse=True)
def _verified(tmp_path: Path, request: pytest.FixtureRequest) -> object:
    yield
    repository = tmp_path / "data" / "content.git"
    if repository.exists() and "broken" not in request.node.name:
        check_from_outside(repository)
