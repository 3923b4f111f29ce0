"""Redis counts tries for all processes and spreads the beat of the clock; without it both go on."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huey import MemoryHuey, RedisHuey
from limits import parse

from tests import warm
from tests.conftest import founded
from tests.servers import Server, redis
from tests.world import World, close, copy_of, open_world, settings_for
from wiki import clock
from wiki.assembly import open_wiki
from wiki.clock import beat_after, beating
from wiki.doctor import examine, shared
from wiki.doctor.finding import Finding
from wiki.model.errors import Refused
from wiki.web import limits
from wiki.web.limits import Counting

__all__ = ["founded"]
TWICE = parse("2 per hour")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Server]:
    server = redis(tmp_path)
    server.start()
    yield server
    server.end()


@pytest.fixture
def world(founded: Path, cache: Server, tmp_path: Path) -> Iterator[World]:
    """A wiki that counts in Redis; signing in may be tried twice."""
    data, rule = copy_of(founded, tmp_path / "data"), "2 per 15 minutes"
    with open_world(data, redis_url=url(cache), sign_in_limit_per_account=rule) as opened:
        yield opened


def url(cache: Server) -> str:
    return f"redis://127.0.0.1:{cache.port}/0"


def hit(counting: Counting) -> bool:
    return counting.ask(lambda limiter: limiter.hit(TWICE, "ana"))


def test_tries_count_wherever_they_were_made(cache: Server) -> None:
    one, other = Counting(url(cache)), Counting(url(cache))
    assert [hit(one), hit(other), hit(one), hit(other)] == [True, True, False, False]


def test_while_it_is_away_each_process_counts_by_itself_and_says_so_once(
    cache: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = Counting(url(cache)), Counting(url(cache))
    assert hit(one)
    cache.end(signal.SIGKILL)
    with caplog.at_level(logging.WARNING):
        assert [hit(one), hit(one), hit(one)] == [True, True, False]
        assert [hit(other), hit(other), hit(other)] == [True, True, False]
    assert [record.message[:13] for record in caplog.records] == ["Redis is away"] * 2
    monkeypatch.setattr(limits, "_LOOK_AGAIN", 0)
    cache.start()
    one._look_again = other._look_again = 0
    assert [hit(one), hit(other), hit(one)] == [True, True, False]


def test_people_sign_in_read_and_write_while_it_is_away(world: World, cache: Server) -> None:
    cache.end(signal.SIGKILL)
    ana = world.visitor("ana")
    ana.open("/-/edit/notes/kitchen")
    done = ana.submit("/-/edit/notes/kitchen", "propose", text="# Kitchen\n\nWash all cups.\n", title="All cups")
    assert "in force" in done.messages
    for _ in range(3):
        tried = world.visitor()
        tried.open("/-/sign-in")
        refused = tried.submit("/-/sign-in", email="bob@example.com", password="not the right one")
    assert refused.status == 429, "it is counted all the same"


def test_the_beat_goes_through_redis_and_one_clock_spares_the_others_theirs(world: World) -> None:
    huey = beating(world.wiki)
    assert isinstance(huey, RedisHuey)
    noon = datetime(2026, 5, 12, 12, tzinfo=UTC)
    assert [task.name for task in huey.read_periodic(noon)] == ["beat"]
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nTwo sign.\n"})
    world.endorse(n, "bob", "cyd", "dee")
    assert world.wiki.health.last_tick() is None
    beat_after(world.wiki, 30)
    assert world.wiki.health.last_tick() == world.wiki.now()
    world.clock.wait(29 / 86400)
    beat_after(world.wiki, 30)
    assert world.wiki.health.last_tick() == world.wiki.now() - 29
    world.clock.wait(2)
    beat_after(world.wiki, 30)
    assert world.in_force(n)


def test_a_clock_beats_by_itself_while_redis_is_away(founded: Path, cache: Server, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    cache.end(signal.SIGKILL)
    own = {"WIKI_DATA": str(data), "WIKI_REDIS_URL": url(cache)}
    running = warm.begin(["clock"], {**os.environ, **own}, first="import wiki.clock; wiki.clock.LATE_SECONDS = 1")
    wiki = open_wiki(settings_for(data))
    try:
        seen: set[int | None] = set()
        until = time.monotonic() + 60
        while len(seen - {None}) < 3 and time.monotonic() < until:
            seen.add(wiki.health.last_tick())
            time.sleep(0.1)
        assert len(seen - {None}) >= 3
        assert running.is_alive()
    finally:
        running.kill()
        running.join()
        close(wiki)


def test_a_clock_says_in_a_line_that_redis_is_away_and_in_another_that_it_is_back(
    world: World, cache: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huey.consumer.Scheduler.periodic_task_seconds", 1)
    huey = beating(world.wiki)
    huey.periodic_task(lambda _: True, name="often")(lambda: None)
    clock.tell_of_queue(huey, world.wiki.settings)
    consumer = huey.create_consumer(workers=1, periodic=True, check_worker_health=False)
    consumer.start()
    try:
        cache.end(signal.SIGKILL)
        assert _comes(caplog, "Redis is away")
        time.sleep(3)
        cache.start()
        assert _comes(caplog, "Redis is back")
    finally:
        consumer.stop(graceful=True)
        for part in ("Worker", "Scheduler"):
            logging.getLogger(f"huey.consumer.{part}").filters.clear()
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.message[:13] for record in told] == ["Redis is away", "Redis is back"]
    assert not any(record.exc_info for record in told)


def _comes(caplog: pytest.LogCaptureFixture, sentence: str) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if any(message.startswith(sentence) for message in caplog.messages):
            return True
        time.sleep(0.05)
    return False


def test_the_doctor_says_whether_it_answers(world: World, cache: Server) -> None:
    def row() -> Finding:
        told = {"WIKI_DATA": str(world.data), "WIKI_REDIS_URL": f"redis://:secret@127.0.0.1:{cache.port}/0"}
        return next(each for each in examine(told) if each.about == "redis")

    place = f"127.0.0.1:{cache.port}"
    assert not row().fine, "it has no password"
    cache.end(signal.SIGKILL)
    assert row().said.startswith(f"{place} cannot be reached: ")
    assert "secret" not in row().said
    settings = settings_for(world.data, redis_url=url(cache))
    cache.start()
    assert list(shared.redis(settings)) == [Finding("redis", True, f"{place} answers")]
    assert list(shared.redis(settings_for(world.data))) == []


def test_on_postgresql_without_redis_no_clock_keeps_a_file(tmp_path: Path) -> None:
    huey = clock._huey(settings_for(tmp_path, database_url="postgresql://db/wiki"))
    assert isinstance(huey, MemoryHuey)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_none_of_redis_is_refused() -> None:
    with pytest.raises(Refused, match="redis_url"):
        Counting("rediss+nothing://x")
