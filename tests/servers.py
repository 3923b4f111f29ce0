"""Real servers for tests that need them: PostgreSQL and Redis, each on a free port of this machine, with data of their
own, ended with the process that began them, however that one ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE = 30
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=127.0.0.1",
          "max_connections=200", "shared_buffers=32MB", "autovacuum=off", "unix_socket_directories=")  # fmt: skip


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A program that listens at a port. It ends when this process does."""

    command: Sequence[str]
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Begin, and wait until it answers."""
        ending = ["setpriv", "--pdeathsig", "INT", "--"]
        self.process = subprocess.Popen([*ending, *self.command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, f"{self.command[0]} ended with {self.process.returncode}"
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise AssertionError(f"{self.command[0]} does not answer at {self.port}")

    def end(self, how: int = signal.SIGINT) -> None:
        """Have it end, and wait for that."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass
class PostgreSQL:
    """A server of PostgreSQL, with databases that nobody else uses."""

    server: Server
    made: int = 0

    def url(self, name: str, user: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}@127.0.0.1:{self.server.port}/{name}"

    def wait(self) -> None:
        """Until it lets people in: it answers a little earlier."""
        import psycopg

        for _ in range(50 * PATIENCE):
            with suppress(psycopg.OperationalError):
                self.say("SELECT 1")
                return
            time.sleep(0.02)
        raise AssertionError("PostgreSQL lets nobody in")

    def say(self, *statements: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Have it carry out statements, each by itself; the rows of the last one."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def new(self, template: str = "template0") -> str:
        """The name of a new database, made like another that nobody uses just now. Its files are copied, which is a
        quarter of the work of writing every page of it into the journal."""
        self.made += 1
        name = f"wiki{self.made}"
        self.say(_parting(template), f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def part(self, name: str) -> None:
        """End all sessions of a database."""
        self.say(_parting(name))

    def drop(self, name: str) -> None:
        """Away with it, whoever uses it."""
        self.say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _parting(name: str) -> str:
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


def programs_of_postgresql() -> Path | None:
    """Where its programs are: Debian keeps them out of the way."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    somewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(somewhere).parent if somewhere else None


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server. It does not run as root, so then it does as Debian's ``postgres``, who may not look into the folders of
    pytest, but may use a folder beside them."""
    programs = programs_of_postgresql()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: scripts/need postgres")
    beside = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    data, port, other = Path(tempfile.mkdtemp(prefix="concord-postgresql-", dir=beside)), free_port(), list[str]()
    if os.geteuid() == 0:
        other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        shutil.chown(data, "postgres", "postgres")
    made = [*other, str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--no-sync", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8"]  # fmt: skip
    done = subprocess.run(made, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
    options = [part for option in _QUICK for part in ("-c", option)]
    server = Server([*other, str(programs / "postgres"), "-D", str(data), "-p", str(port), *options], port)
    try:
        server.start()
        running = PostgreSQL(server)
        running.wait()
        yield running
    finally:
        server.end()
        shutil.rmtree(data)


def redis(place: Path) -> Server:
    """A server of Redis that keeps nothing, not yet begun."""
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed: scripts/need redis")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(place)]
    return Server(["redis-server", *options], port)
