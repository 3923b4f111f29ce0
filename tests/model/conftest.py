"""A table to lay proposals on."""

from __future__ import annotations

import pytest

from tests.house import BEGAN
from tests.model.table import Table


@pytest.fixture
def table() -> Table:
    """An empty table at some moment."""
    return Table(now=BEGAN)
