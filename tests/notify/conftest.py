"""A wiki of its own for every test of telling people."""

from tests.web.conftest import founded, world

__all__ = ["founded", "world"]
