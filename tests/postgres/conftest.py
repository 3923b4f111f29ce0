"""The same wiki on PostgreSQL: one server for all tests of a process, and a database of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.accounts.conftest import accounts
from tests.servers import PostgreSQL, postgresql
from tests.world import World, begin, copy_of, open_world, write_pages
from wiki.database import open_database
from wiki.versions import migrate

__all__ = ["accounts"]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """A server that ends with the tests."""
    with postgresql() as running:
        yield running


@pytest.fixture(scope="session")
def tables(server: PostgreSQL) -> str:
    """A database with empty tables, to make others like it."""
    name = server.new()
    engine = open_database(server.url(name))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def founded(server: PostgreSQL, tables: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory and a database, to copy."""
    place, name = tmp_path_factory.mktemp("founded"), server.new(tables)
    return begin(place / "data", write_pages(place / "pages"), database_url=server.url(name)), name


@pytest.fixture
def url(server: PostgreSQL, tables: str) -> Iterator[str]:
    """The address of a database with empty tables."""
    name = server.new(tables)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url)
    yield opened
    opened.dispose()


@pytest.fixture
def world(server: PostgreSQL, founded: tuple[Path, str], tmp_path: Path) -> Iterator[World]:
    """A small wiki with five colleagues."""
    data, template = founded
    name = server.new(template)
    with open_world(copy_of(data, tmp_path / "data"), database_url=server.url(name)) as opened:
        yield opened
    server.drop(name)
