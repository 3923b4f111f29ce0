"""What programs ask that look after the server: does it live, can it serve, how much is there."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.world import World, copy_of, open_world
from wiki.outbox import Letter
from wiki.web.counters import BOUNDS, Counters
from wiki.web.observed import Observed

PROBES = ("/-/healthz", "/-/readyz", "/-/metrics")


def told(world: World, address: str, **options: object) -> tuple[int, str]:
    """Status and words."""
    answer = world.app.test_client().get(address, **options)  # type: ignore[arg-type]
    return answer.status_code, answer.get_data(as_text=True).strip()


def numbers(world: World) -> dict[str, float]:
    """The metrics of this moment, by name and labels without the worker."""
    world.app.extensions["operating"].told = None
    status, text = told(world, "/-/metrics")
    assert status == 200
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    found = {}
    for name, _, value in lines:
        start, _, rest = name.partition('worker="')
        found[start + rest.partition('",')[2] if rest else name] = float(value)
    return found


def test_a_sound_wiki_lives_and_is_ready(world: World) -> None:
    assert told(world, "/-/healthz") == (200, "ok")
    assert told(world, "/-/readyz") == (200, "ok")
    assert told(world, "/-/health") == (200, "ok")


def test_nobody_keeps_what_they_say(world: World) -> None:
    for address in PROBES:
        answer = world.app.test_client().get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == "text/plain"
        assert "Set-Cookie" not in answer.headers


def test_pages_with_these_names_can_be_read(world: World) -> None:
    n = world.propose("ana", dict.fromkeys(("healthz", "readyz", "metrics"), "# It\n\nA page.\n"))
    world.endorse(n, "bob", "cyd")
    for name in ("healthz", "readyz", "metrics"):
        assert "A page." in world.visitor().open(f"/{name}").main


def test_without_git_it_lives_and_is_not_ready(world: World) -> None:
    (world.data / "content.git").rename(world.data / "away")
    try:
        assert told(world, "/-/readyz") == (503, "git")
        assert told(world, "/-/healthz") == (200, "ok")
        assert numbers(world)['concord_up{part="git"}'] == 0
    finally:
        (world.data / "away").rename(world.data / "content.git")


def test_without_sql_it_lives_and_is_not_ready(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        world.wiki.engine.dispose()
        kept = (world.data / "wiki.db").read_bytes()
        for file in world.data.glob("wiki.db*"):
            file.unlink()
        (world.data / "wiki.db").write_bytes(b"this is no database" * 300)
        assert told(world, "/-/readyz") == (503, "sql")
        assert told(world, "/-/healthz") == (200, "ok")
        found = numbers(world)
        assert found['concord_up{part="sql"}'] == 0
        assert 'concord_requests_total{kind="operating",status="503"}' in found
        assert "concord_acts" not in found
        (world.data / "wiki.db").write_bytes(kept)


@pytest.mark.parametrize(
    ("table", "part", "address"),
    [
        ("page", "pages", "/"),
        ("proposal", "proposals", "/-/proposals?tab=open"),
        ("sought", "search", "/-/search?q=welcome"),
    ],
)
def test_while_people_are_told_that_a_part_is_damaged_it_is_not_ready_and_names_the_part(
    founded: Path, tmp_path: Path, table: str, part: str, address: str
) -> None:
    data = copy_of(founded, tmp_path / "data")
    with open_world(data) as world:
        world.endorse(world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"}), "bob", "cyd")
        assert told(world, "/-/readyz") == (200, "ok")
    spoil(data / "wiki.db", table)
    with open_world(data) as world:
        assert world.visitor().open(address).status == 503
        assert told(world, "/-/readyz") == (503, part)


def spoil(file: Path, table: str) -> None:
    """Have nobody read this table or its indexes again."""
    with closing(sqlite3.connect(file)) as sql:
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = sql.execute("PRAGMA page_size").fetchone()
        roots = [root for (root,) in sql.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = ?", (table,))]
    assert roots
    with file.open("rb+") as held:
        for root in roots:
            held.seek((root - 1) * size)
            held.write(b"\xa5" * size)


@pytest.mark.parametrize("another", [False, True], ids=["gone", "another"])
def test_without_the_file_that_it_has_open_it_is_not_ready(founded: Path, tmp_path: Path, another: bool) -> None:
    data = copy_of(founded, tmp_path / "data")
    with open_world(data) as world:
        assert told(world, "/-/readyz") == (200, "ok")
        (data / "wiki.db").rename(data / "away")
        if another:
            (data / "wiki.db").touch()
        assert told(world, "/-/readyz") == (503, "sql")
        assert (data / "wiki.db").exists() == another, "it makes none"
        (data / "away").rename(data / "wiki.db")
        assert told(world, "/-/readyz") == (200, "ok")


def test_with_tables_of_a_newer_version_it_is_not_ready(world: World) -> None:
    with world.wiki.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert told(world, "/-/readyz") == (503, "schema")


def test_an_index_that_is_far_behind_is_not_ready(world: World) -> None:
    n = world.propose("ana", {"notes/kitchen": "# Kitchen\n\nWash two cups.\n"})
    assert world.in_force(n)
    with world.wiki.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE index_state SET value = ? WHERE key = 'main'", ("0" * 40,))
        connection.commit()
    assert told(world, "/-/readyz") == (200, "ok"), "it may be a moment behind"
    world.clock.wait(1)
    assert told(world, "/-/readyz") == (503, "index")
    assert numbers(world)["concord_index_behind_seconds"] == 86_400


def test_they_answer_under_any_name_and_where_only_members_read(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    with open_world(data, reading="members", allowed_hosts=("guidelines.example.com",)) as world:
        for address in PROBES:
            assert told(world, address, headers={"Host": "10.0.0.7:8000"})[0] == 200
        assert told(world, "/welcome", headers={"Host": "10.0.0.7:8000"})[0] == 421


# Metrics


def test_requests_are_counted_by_kind_and_status_and_timed(world: World) -> None:
    before = numbers(world)
    visitor = world.visitor()
    for address in ("/welcome", "/welcome", "/none", "/-/proposals", "/-/static/style.css"):
        visitor.open(address)
    world.app.test_client().post("/-/proposals/1/endorse")
    after = numbers(world)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more('concord_requests_total{kind="pages",status="200"}') == 2
    assert more('concord_requests_total{kind="pages",status="404"}') == 1
    assert more('concord_requests_total{kind="static",status="200"}') == 1
    assert more('concord_request_seconds_count{kind="pages"}') == 3
    assert more('concord_request_seconds_bucket{kind="pages",le="+Inf"}') == 3
    assert more('concord_request_seconds_sum{kind="pages"}') > 0


def test_each_worker_says_who_it_is(world: World) -> None:
    world.visitor().open("/welcome")
    assert f'concord_requests_total{{worker="{os.getpid()}",kind="pages",status="200"}}' in told(world, "/-/metrics")[1]


def test_how_much_there_is(world: World) -> None:
    done = world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"})
    world.endorse(done, "bob", "cyd")
    world.propose("bob", {"travel/visa": "# Visas\n\nAsk early.\n"})
    world.wiki.outbox.put(Letter("one", "ana@example.com", "Hello", "Hello."), now=world.wiki.now() - 60)
    world.wiki.tick()
    found = numbers(world)
    assert found["concord_acts"] == 4
    assert found["concord_merges"] == 1
    assert found["concord_open_proposals"] == 1
    assert found["concord_outbox_waiting"] >= 1
    assert found["concord_outbox_oldest_seconds"] == 60
    assert found["concord_index_behind_seconds"] == 0
    assert found["concord_clock_age_seconds"] == 0
    assert found['concord_up{part="git"}'] == found['concord_up{part="sql"}'] == 1


def test_every_series_is_described_once_and_the_buckets_add_up(world: World) -> None:
    world.visitor().open("/welcome")
    lines = told(world, "/-/metrics")[1].splitlines()
    types = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(set(types)) == len(types)
    for line in lines:
        if not line.startswith("#"):
            name = line.partition("{")[0].partition(" ")[0]
            assert any(name in (each, f"{each}_bucket", f"{each}_sum", f"{each}_count") for each in types), line
    buckets = [int(line.rpartition(" ")[2]) for line in lines if "bucket{" in line and 'kind="pages"' in line]
    assert len(buckets) == len(BOUNDS) + 1
    assert buckets == sorted(buckets)


@pytest.mark.parametrize(("address", "seen"), [
    ("127.0.0.1", 200), ("::1", 200), ("10.1.2.3", 200), ("2001:db8::7", 200),
    ("10.2.0.1", 404), ("192.0.2.1", 404), ("", 404), ("rubbish", 404),
])  # fmt: skip
def test_only_this_machine_and_who_is_named_may_measure(founded: Path, tmp_path: Path, address: str, seen: int) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), metrics_from=("10.1.0.0/16", "2001:db8::7")) as world:
        assert told(world, "/-/metrics", environ_base={"REMOTE_ADDR": address})[0] == seen


def test_what_comes_through_a_proxy_that_nobody_named_may_not_measure(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data")) as world:
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            assert told(world, "/-/metrics", headers={header: "127.0.0.1"})[0] == 404


def test_a_trusted_proxy_says_who_measures(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), trusted_proxies=("127.0.0.1",)) as world:
        assert told(world, "/-/metrics", headers={"X-Forwarded-For": "192.0.2.1"})[0] == 404
        assert told(world, "/-/metrics", headers={"X-Forwarded-For": "127.0.0.1"})[0] == 200


def test_counting_and_naming_a_request_costs_less_than_twenty_microseconds() -> None:
    """The fastest of several runs: what it costs, not what the machine does beside it."""

    def app(_environ: object, start: object) -> list[bytes]:
        start("200 OK", [])  # type: ignore[operator]
        return []

    def seconds(called: object) -> float:
        began = time.perf_counter()
        for _ in range(2_000):
            called({"REMOTE_ADDR": "192.0.2.1"}, lambda _line, _headers: None)  # type: ignore[operator]
        return (time.perf_counter() - began) / 2_000

    observed = Observed(app, Counters(), ("127.0.0.1",))
    cost = min(seconds(observed) - seconds(app) for _ in range(15))
    assert cost < 20e-6
