"""Reads: requests a second, beside a hello-world under the same server, in turns."""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORKERS = 2
CONNECTIONS = 16
PASSWORD = "a calm blue morning"


@dataclass(frozen=True)
class Rate:
    """Requests a second, the time in ms in which 99 of 100 were answered, the microseconds of a processor that the
    server and its workers took for each, and the time in ms in which half were answered."""

    per_second: float
    p99: float
    cpu: float = 0
    p50: float = 0


@dataclass(frozen=True)
class Beside:
    """The wiki and hello-world, measured in turns: medians, and the median of the ratios of each turn, of requests a
    second and of processor time."""

    ours: Rate
    hello: Rate
    ratio: float
    cpu_ratio: float


_servers: dict[str, int] = {}
"""The processes behind the addresses that are served."""


def free_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """A server in a process of its own, up when this yields its address."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env={**os.environ, **(environ or {})}, stdout=said, stderr=said)
        address = f"http://127.0.0.1:{port}"
        _servers[address] = process.pid
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address).read()
        except OSError:
            if process.poll() is not None:
                raise SystemExit(f"the server at {address} did not start") from None
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the server at {address} did not answer")


@contextmanager
def wiki(data: Path) -> Iterator[str]:
    """The wiki as people serve it."""
    port = free_port()
    environ = {"WIKI_DATA": str(data), "WIKI_WORKERS": str(WORKERS)}
    with serving([sys.executable, "-m", "wiki.cli", "serve", "--port", str(port)], port, environ) as address:
        yield address


@contextmanager
def hello() -> Iterator[str]:
    """Flask's hello-world under the same server."""
    port = free_port()
    with serving([sys.executable, "-m", "benchmarks.hello", str(port), str(WORKERS)], port) as address:
        yield address


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens at this port of loopback."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"nobody listens at port {port}")


def measure(
    address: str, paths: Sequence[str], seconds: int, headers: Mapping[str, str] | None = None, many: int = CONNECTIONS
) -> Rate:
    """Ask for the paths in turn, over so many connections, for so many seconds. `SystemExit` where anything fails."""
    rate, failed = attempt(address, paths, seconds, headers, many)
    if failed:
        raise SystemExit(f"{failed} answers of {paths[0]} were errors or did not come")
    return rate


def attempt(
    address: str, paths: Sequence[str], seconds: int, headers: Mapping[str, str] | None = None, many: int = CONNECTIONS
) -> tuple[Rate, int]:
    """The same, and how many answers were errors or did not come."""
    listed = ",".join(f'"{path}"' for path in paths)
    set_headers = "".join(f"wrk.headers[{_lua(key)}] = {_lua(value)}\n" for key, value in (headers or {}).items())
    script = (
        f"local paths = {{{listed}}}\nlocal at = 0\n{set_headers}"
        "request = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{many}",
            f"-d{seconds}s",
            "--latency",
            "--timeout",
            "30s",
            "-s",
            file.name,
            address,
        ]
        before = processor_seconds(address)
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        took = processor_seconds(address) - before
    return told_by_wrk(said, took)


def told_by_wrk(said: str, took: float) -> tuple[Rate, int]:
    """The rate, where the server took so many seconds of a processor, and how many answers were errors or did not come.
    `SystemExit` where it tells no rate."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    count = re.search(r"(\d+) requests in", said)
    if rate is None or count is None:
        raise SystemExit(said)
    wrong = re.findall(r"(?:Non-2xx or 3xx responses|Socket errors): .*", said)
    failed = sum(int(each) for line in wrong for each in re.findall(r" (\d+)\b", line))
    return Rate(float(rate[1]), _waited(said, 99), took * 1e6 / max(1, int(count[1])), _waited(said, 50)), failed


def _waited(said: str, share: int) -> float:
    """In how many ms so many of a hundred were answered."""
    found = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", said)
    if found is None:
        raise SystemExit(said)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


def processor_seconds(address: str) -> float:
    """What a server that this module began has taken of the processors, with its workers; 0 where nobody tells."""
    return sum(one.seconds for one in processes_of(address)) if address in _servers else 0


@dataclass(frozen=True)
class Process:
    """A process of a server: its number, that of its parent, the processor time in seconds and the memory in MB."""

    number: int
    parent: int
    seconds: float
    memory: float


def processes_of(address: str) -> list[Process]:
    """The processes of a server that this module began: itself, its workers and its clock."""
    found = {one.number: one for one in _processes()}
    wanted = {_servers[address]}
    for _ in range(3):
        wanted |= {one.number for one in found.values() if one.parent in wanted}
    return [found[number] for number in sorted(wanted) if number in found]


def _processes() -> Iterator[Process]:
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it is over
            continue
        used = (int(told[11]) + int(told[12])) / tick
        yield Process(int(place.name), int(told[1]), used, int(told[21]) * page / (1 << 20))


def _lua(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def median(rates: Sequence[Rate]) -> Rate:
    """The median of several rounds."""
    fields = ("per_second", "p99", "cpu")
    return Rate(*(statistics.median(getattr(rate, field) for rate in rates) for field in fields))


def warm(address: str, paths: Sequence[str], seconds: int, headers: Mapping[str, str]) -> None:
    """Ask until that gets no faster, for a minute at most."""
    before = 0.0
    for _ in range(60 // seconds):
        rate = measure(address, paths, seconds, headers).per_second
        if rate * seconds > 4 * WORKERS * len(paths) and rate < 1.2 * before:
            return
        before = rate


def beside(
    address: str, plain: str, paths: Sequence[str], headers: Mapping[str, str], rounds: int, seconds: int
) -> Beside:
    """Ask the wiki for these paths and hello-world for its own, in turns, once both workers have met them all."""
    warm(address, paths, seconds, headers)
    pairs = [(measure(plain, ["/"], seconds), measure(address, paths, seconds, headers)) for _ in range(rounds)]
    return Beside(
        median([ours for _, ours in pairs]),
        median([hello for hello, _ in pairs]),
        statistics.median(ours.per_second / hello.per_second for hello, ours in pairs),
        statistics.median(ours.cpu / hello.cpu if hello.cpu else 0 for hello, ours in pairs),
    )


def add_account(data: Path, email: str, name: str) -> None:
    """Somebody who may sign in."""
    add = [sys.executable, "-m", "wiki.cli", "user", "add", email, "--name", name, "--password-stdin"]
    environ = {**os.environ, "WIKI_DATA": str(data)}
    subprocess.run(add, input=PASSWORD, text=True, check=True, env=environ, stdout=subprocess.DEVNULL)


def sign_in(address: str, email: str) -> str:
    """The cookies of somebody who has signed in."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{address}/-/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"csrf_token": token[1], "email": email, "password": PASSWORD, "next": "/"}
    opener.open(f"{address}/-/sign-in", urllib.parse.urlencode(form).encode()).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def etag(address: str, path: str, headers: Mapping[str, str] | None = None) -> str:
    """The ETag of a page."""
    asked = urllib.request.Request(address + path, headers=dict(headers or {}))
    return str(urllib.request.urlopen(asked).headers["ETag"])
