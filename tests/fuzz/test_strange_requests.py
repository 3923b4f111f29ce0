"""Every address, asked in every way that it should not be: no answer is a fault, and nothing is half written.

`make fuzz` sends 20,000 of them, ``FUZZ_REQUESTS`` and ``FUZZ_SEED`` change how many and which. A short run is a
test like any other.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz.asked import field_names, requests
from tests.fuzz.sent import Fuzzer
from tests.world import World, copy_of, open_world

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
"""Where a form with a file breaks off, the parser leaves the file to be closed by Python."""
SEED = int(os.environ.get("FUZZ_SEED", "20261126"))
COUNT = int(os.environ.get("FUZZ_REQUESTS", "1000"))
FRESH = 2_500
"""After so many requests another wiki is taken, so that the time of a request stays the same."""
MOST_FAULTS = 20
MANY = 10_000
"""So many requests reach every address, whatever the seed; fewer may miss some."""
GENEROUS = "1000000 per minute"


@pytest.fixture(autouse=True)
def told_as_before() -> Iterator[None]:
    """Faults, which the fuzzer listens to, are logged as ever afterwards."""
    log = logging.getLogger("wiki.web.errors")
    handlers, propagates = list(log.handlers), log.propagate
    yield
    log.handlers[:], log.propagate = handlers, propagates


@contextmanager
def _wiki(founded: Path, place: Path) -> Iterator[World]:
    limits = {"sign_in_limit_per_account": GENEROUS, "sign_in_limit_per_address": GENEROUS}
    with open_world(copy_of(founded, place), development=True, **limits) as world:
        world.propose("ana", {"travel/expenses": "# Expenses\n\nShorter.\n"})
        world.propose("bob", {"notes/kitchen": "# Kitchen\n\nWash it.\n"})
        world.propose("ana", {"legal/contracts": "# Contracts\n\nTwo sign.\n", "welcome": "# W\n\nHello.\n"})
        yield world


def test_no_request_however_strange_is_answered_by_a_fault(founded: Path, tmp_path: Path) -> None:
    print(f"\nFUZZ_SEED={SEED} FUZZ_REQUESTS={COUNT}")  # noqa: T201 - so that it can be repeated
    faults: list[str] = []
    reached: set[str] = set()
    done = 0
    while done < COUNT and len(faults) < MOST_FAULTS:
        with _wiki(founded, tmp_path / f"data{done}") as world:
            fuzzer = Fuzzer(world)
            for asked in islice(requests(world.app, SEED, COUNT), done, min(done + FRESH, COUNT)):
                fuzzer.send(asked)
            faults += fuzzer.faults
            reached |= set(fuzzer.endpoints)
            print(f"{min(done + FRESH, COUNT)}: {dict(sorted(fuzzer.statuses.items()))}")  # noqa: T201
            every = {rule.endpoint for rule in world.app.url_map.iter_rules()}
        done += FRESH
    assert not faults, f"FUZZ_SEED={SEED}: {len(faults)} faults\n\n" + "\n\n".join(faults[:20])
    missed = every - reached
    assert len(missed) <= (0 if COUNT >= MANY else len(every) // 20), missed


def test_the_same_seed_gives_the_same_requests(founded: Path, tmp_path: Path) -> None:
    with _wiki(founded, tmp_path / "one") as one, _wiki(founded, tmp_path / "two") as two:
        first = list(requests(one.app, 7, 400))
        assert first == list(requests(two.app, 7, 400))
        assert first != list(requests(two.app, 8, 400))


def test_fields_are_found_in_the_source(founded: Path) -> None:
    assert {"text", "title", "csrf_token", "email", "before", "next", "file", "place", "proposal"} <= set(field_names())


def test_a_fault_is_noticed(founded: Path, tmp_path: Path) -> None:
    with _wiki(founded, tmp_path / "data") as world:

        def broken() -> str:
            raise ZeroDivisionError

        world.app.view_functions["site.health"] = broken
        fuzzer = Fuzzer(world)
        for asked in requests(world.app, 3, 1_200):
            fuzzer.send(asked)
        assert any("ZeroDivisionError" in fault for fault in fuzzer.faults)
