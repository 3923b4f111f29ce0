"""A crowd of readers beside those who write: what each of them meets, and what is told of it."""

from __future__ import annotations

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks import reads
from benchmarks.crowded import Crowded, Memory, table
from benchmarks.editors import begin_wiki
from benchmarks.readers import Reader, Waited, apart, at_a_pace, served
from benchmarks.writers import beside_writers
from wiki.assembly import open_wiki
from wiki.settings import Settings

WELL = """Running 1s test @ http://127.0.0.1:8080
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.20ms  300.00us   9.00ms   90.00%
    Req/Sec    13.00k     1.00k   14.00k    80.00%
  Latency Distribution
     50%    1.10ms
     75%    1.30ms
     90%    1.50ms
     99%    2.50ms
  2000 requests in 1.00s, 10.00MB read
{}Requests/sec:   2000.00
Transfer/sec:     10.00MB
"""
ALONE = reads.Rate(500, 4, p50=0.5)
MEMORY = Memory([100, 110], [118, 120], [119, 121])


class Trouble(BaseHTTPRequestHandler):
    """Answers one address well, another badly, and goes away at a third."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/gone":
            self.close_connection = True
            return
        self.send_response(200 if self.path == "/well" else 500)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


def test_a_reader_notes_answers_that_are_errors_and_those_that_do_not_come() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Trouble) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        waited = Waited()

        async def read() -> None:
            for path in ("/well", "/bad", "/gone", "/well"):
                reader = Reader(server.server_port, [path], "")
                await reader.read(waited)
                reader.leave()
            await asyncio.sleep(0)

        apart(read())
        server.shutdown()
    assert [error.partition(":")[0] for error in waited.errors] == ["/bad", "/gone"]
    assert len(waited.times) == 3


def test_a_crowd_reads_where_a_loop_runs_already() -> None:
    async def outer() -> float:
        return apart(asyncio.sleep(0, 0.5))

    assert apart(outer()) == 0.5


def test_what_wrk_could_not_get_is_counted_and_not_taken_for_an_answer() -> None:
    assert reads.told_by_wrk(WELL.format(""), 0.5) == (reads.Rate(2000, 2.5, 250, 1.1), 0)
    trouble = "  Socket errors: connect 1, read 2, write 0, timeout 30\n  Non-2xx or 3xx responses: 400\n"
    assert reads.told_by_wrk(WELL.format(trouble), 0.5)[1] == 433
    with pytest.raises(SystemExit, match="unable to connect"):
        reads.told_by_wrk("unable to connect to 127.0.0.1:8080 Connection refused", 0)


def told(**other: object) -> list[str]:
    """The rows of aims."""
    fine = {"idle": 0.5, "alone": ALONE, "beside": reads.Rate(480, 9.5, p50=0.7), "acts": 2_100, "failed": 0}
    one = Crowded(**{**fine, "errors": [], "memory": MEMORY, **other})  # type: ignore[arg-type]
    return table("246 pages", 500, 60, {"a page every 1 s each": one}).splitlines()


def test_a_crowd_that_meets_every_aim() -> None:
    assert told()[2:6] == [
        "| idle: half wait no longer than | 0.5 ms |",
        "| nobody writes | 500 pages/s; half wait 0.5 ms, one of a hundred 4.0 ms |",
        "| beside 20 writers, 60 s | 480 pages/s; half wait 0.7 ms, one of a hundred 9.5 ms; 35 acts/s |",
        "| workers in MB: before, after 30 s, at the end | 100 and 110; 118 and 120; 119 and 121 |",
    ]
    assert told()[-4:] == [
        "| errors | 0 | 0 |",
        "| one of a hundred waits, times the idle | < 20 | 19 |",
        "| memory of a worker at most, in MB | < 150 | 121 |",
        "| at the end, beside half of the time before | ≤ 1.05 | 1.01 |",
    ]


@pytest.mark.parametrize(
    ("row", "other"),
    [
        (-4, {"failed": 7, "errors": ["/a: 500"]}),
        (-3, {"beside": reads.Rate(480, 10.5, p50=0.7)}),
        (-2, {"memory": Memory([100], [151], [150])}),
        (-1, {"memory": Memory([100], [120, 110], [120, 127])}),
    ],
)
def test_an_aim_that_is_missed_is_told_as_such(row: int, other: dict[str, object]) -> None:
    assert [nth - 4 for nth, each in enumerate(told(**other)[-4:]) if "**missed**" in each] == [row]


def test_what_went_wrong_is_told_in_words() -> None:
    assert "| **error** | /a: 500 |" in told(failed=1, errors=["/a: 500"])


def test_writers_write_while_others_read_and_what_goes_wrong_with_them_is_told(tmp_path: Path) -> None:
    data = begin_wiki(tmp_path / "data", None)
    wiki = open_wiki(Settings.load({"WIKI_DATA": str(data)}))
    before = wiki.repository.main()
    read, acts, errors = beside_writers(data, ["page0", "page1"], 1, 0.2, lambda: "read")
    assert (read, errors) == ("read", [])
    assert acts > 0
    assert wiki.repository.main() != before
    assert len(wiki.repository.refs.below("refs/proposals/")) > 0
    assert beside_writers(data, ["../nowhere"], 0.1, 0.2, lambda: None)[2] != []


def test_each_way_to_read_has_a_copy_and_a_server_of_its_own(tmp_path: Path) -> None:
    data, names = begin_wiki(tmp_path / "data", None), [f"page{nth}" for nth in range(8)]
    held = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    with served(data, names, 1) as one, served(data, names, 1) as other:
        assert one.address != other.address
        found = at_a_pace(one, 2, 1, 1)
        repositories = [open_wiki(Settings.load({"WIKI_DATA": str(each.data)})).repository for each in (one, other)]
        assert repositories[0].refs.below("refs/proposals/")
        assert not repositories[1].refs.below("refs/proposals/")
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == held
    assert (found.failed, found.errors) == (0, [])
    assert found.acts > 0
    memory = found.memory
    assert [len(moment) for moment in (memory.beginning, memory.halfway, memory.end)] == [reads.WORKERS] * 3
    assert 20 < memory.most < 500
