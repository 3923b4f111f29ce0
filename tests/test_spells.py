"""What is away is told of in few lines: when it goes, once a minute meanwhile, and when it is back."""

from __future__ import annotations

import logging
import sqlite3
import time

import pytest

from tests.world import World
from wiki import clock, logs
from wiki.clock import send
from wiki.model.errors import Unavailable
from wiki.spells import Spell, Tried

log = logging.getLogger("wiki.tests")


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that passes; its last value is now."""
    told = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: told[-1])
    return told


def test_a_line_when_it_goes_one_a_minute_and_one_when_it_is_back(
    minutes: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    spell = Spell(log, "it is back")
    spell.here()
    for second in range(130):
        minutes.append(float(second))
        spell.away("it is away: %s", "on two\nlines")
    spell.here()
    spell.here()
    assert caplog.messages == ["it is away: on two lines"] * 3 + ["it is back"]


def test_of_what_is_tried_no_calls_are_logged_and_of_anything_else_they_are(caplog: pytest.LogCaptureFixture) -> None:
    tried = Tried(Spell(log, "it is back"), "it is away: %s", (OSError, sqlite3.Error))
    loud = logging.getLogger("wiki.tests.loud")
    loud.addFilter(tried)
    try:
        for error in (sqlite3.OperationalError("database or disk is full"), OSError("no"), KeyError("a fault")):
            try:
                raise error
            except (sqlite3.Error, OSError, KeyError):
                loud.exception("Error reading from queue")
    finally:
        loud.removeFilter(tried)
    assert caplog.messages == ["it is away: database or disk is full", "Error reading from queue"]
    assert [record.exc_info is not None for record in caplog.records] == [False, True]


def test_the_outbox_of_a_database_that_is_away_is_told_of_once_a_minute(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_now: object) -> int:
        raise Unavailable("The database is away.")

    spell = clock._of_outbox()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(world.wiki.outbox, "deliver", away)
        for _ in range(30):
            assert send(world.wiki, spell) == 0
    send(world.wiki, spell)
    assert caplog.messages == [
        "the outbox will be looked at again: The database is away.",
        "the outbox is looked at again",
    ]


class OperationalError(Exception):
    """As drivers of databases have it."""


@pytest.mark.parametrize(
    ("error", "logged"), [(OperationalError("the connection is closed"), False), (KeyError(), True)]
)
def test_that_a_connection_is_gone_is_not_told_with_all_its_calls(error: Exception, logged: bool) -> None:
    record = logging.LogRecord(
        "sqlalchemy.pool.impl.QueuePool", logging.ERROR, "", 1, "Exception during reset or similar", None,
        (type(error), error, None),
    )  # fmt: skip
    handler = logs.configuration(logs.TEXT, access=False)["handlers"]["stderr"]
    assert handler["filters"] == ["gone"]
    assert bool(logs.NotOfWhatIsGone().filter(record)) == logged
