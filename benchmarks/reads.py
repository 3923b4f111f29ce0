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
    """Requests a second, and the time in ms in which 99 of 100 were answered."""

    per_second: float
    p99: float


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


def measure(address: str, paths: Sequence[str], seconds: int, headers: Mapping[str, str] | None = None) -> Rate:
    """Ask for the paths in turn, over sixteen connections, for so many seconds."""
    listed = ",".join(f'"{path}"' for path in paths)
    set_headers = "".join(f"wrk.headers[{_lua(key)}] = {_lua(value)}\n" for key, value in (headers or {}).items())
    script = (
        f"local paths = {{{listed}}}\nlocal at = 0\n{set_headers}"
        "request = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", file.name, address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if wrong:
        raise SystemExit(f"{wrong[1]} answers of {paths[0]} were errors")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if rate is None or p99 is None:
        raise SystemExit(said)
    return Rate(float(rate[1]), float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]])


def _lua(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def median(rates: Sequence[Rate]) -> Rate:
    """The median of several rounds."""
    return Rate(statistics.median(r.per_second for r in rates), statistics.median(r.p99 for r in rates))


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


def etag(address: str, path: str) -> str:
    """The ETag of a page."""
    return str(urllib.request.urlopen(address + path).headers["ETag"])
