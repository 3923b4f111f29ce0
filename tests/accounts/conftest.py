"""Accounts in a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest
from sqlalchemy import Engine

from tests.tables import put_tables
from wiki.accounts import Accounts
from wiki.database import open_database
from wiki.versions import migrate

QUICK = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(put_tables(tmp_path / "wiki.db"))
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def accounts(engine: Engine) -> Accounts:
    return Accounts(engine, QUICK, reserved=frozenset({"concord@localhost"}))
