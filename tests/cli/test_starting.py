"""A command reads of the wiki what it needs, and a server reads it once for all its processes: to read the web takes
longer than all else that a start does. Python itself tells what is read, and every process does."""

from __future__ import annotations

import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.servers import free_port

PATIENCE = 60
QUICKLY = 20
TELLING = (sys.executable, "-X", "importtime", "-m", "wiki.cli")
HEAVY = {"authlib", "babel", "cryptography", "flask", "git", "limits", "lxml", "requests", "sqlalchemy", "tqdm"}


def read_by(told: str) -> Counter[str]:
    """How many processes read each module."""
    return Counter(re.findall(r"^import time: +\d+ \| +\d+ \| +(\S+)$", told, re.M))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["serve", "--help"], ["user", "add", "--help"]])
def test_help_comes_before_anything_heavy_is_read(wiki: Command, arguments: list[str]) -> None:
    ran = subprocess.run([*TELLING, *arguments], env=wiki.environment(), capture_output=True, text=True, check=True)
    assert "wiki.model.errors" in read_by(ran.stderr)
    assert not HEAVY & read_by(ran.stderr).keys()


def answered(port: int) -> bool:
    """Whether somebody gives out the first page."""
    with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    return False


def served_until_the_clock_has_ticked(command: Command, told: Path, **settings: str) -> Counter[str]:
    """What the processes of a server read until it has given out a page, and until its clock has begun."""
    port = free_port()
    with told.open("w") as stream:
        environment = command.environment({"WIKI_PORT": str(port), **settings})
        server = subprocess.Popen([*TELLING, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=stream)
    try:
        until = time.monotonic() + PATIENCE
        while not (answered(port) and "huey.consumer" in read_by(told.read_text())) and time.monotonic() < until:
            assert server.poll() is None
            time.sleep(0.05)
        return read_by(told.read_text())
    finally:
        server.terminate()
        server.wait(PATIENCE)


def test_a_server_reads_the_web_once_for_all_its_processes(founded: Command, tmp_path: Path) -> None:
    read = served_until_the_clock_has_ticked(founded, tmp_path / "told", WIKI_WORKERS="3")
    assert read["huey.consumer"] == 1, "the clock, in a process of its own"
    for name in ("wiki.assembly", "wiki.web", "flask", "sqlalchemy", "git", "jinja2", "mistune"):
        assert read[name] == 1, name


def test_what_few_ask_for_is_left_unread_by_the_web() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import wiki.web"]
    read = read_by(subprocess.run(command, capture_output=True, text=True, check=True).stderr)
    assert read["wiki.web"] == 1
    assert not {"authlib", "cryptography", "joserfc", "requests", "sqlalchemy.dialects.postgresql"} & read.keys()


SLOWLY = """
import os, time
from pathlib import Path
from wiki import serving
from wiki.settings import Settings

def never():
    Path(os.environ["BEGUN"]).touch()
    time.sleep(PATIENCE)

serving.create_app = never
serving.serve(Settings.load(os.environ), "127.0.0.1", int(os.environ["WIKI_PORT"]), clock=False)
"""


def test_a_server_ends_that_is_stopped_while_its_web_processes_are_being_made(founded: Command, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    environment = founded.environment({"WIKI_PORT": str(free_port()), "WIKI_WORKERS": "2", "BEGUN": str(begun)})
    with subprocess.Popen([sys.executable, "-c", SLOWLY.replace("PATIENCE", str(PATIENCE))], env=environment) as server:
        until = time.monotonic() + PATIENCE
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.05)
        server.terminate()
        assert server.wait(QUICKLY) == 0


def test_a_clock_that_is_killed_while_the_server_goes_on_is_begun_anew(founded: Command, tmp_path: Path) -> None:
    port = free_port()
    environment = founded.environment({"WIKI_PORT": str(port), "WIKI_WORKERS": "1"})
    with subprocess.Popen([*TELLING[:1], "-m", "wiki.cli", "serve"], env=environment) as server:
        try:
            until_it_ticks(founded)
            clock, *_others = children_of(server.pid)
            os.kill(clock, signal.SIGKILL)
            with closing(sqlite3.connect(founded.data / "wiki.db", timeout=PATIENCE)) as connection, connection:
                connection.execute("DELETE FROM beat")
            until_it_ticks(founded)
            assert clock not in children_of(server.pid)
            assert answered(port)
        finally:
            server.terminate()
            assert server.wait(QUICKLY) == 0


def children_of(pid: int) -> list[int]:
    """The processes that this one began, the first one first."""
    found = [task.joinpath("children").read_text("ascii").split() for task in Path(f"/proc/{pid}/task").iterdir()]
    return sorted(int(child) for some in found for child in some)


def until_it_ticks(wiki: Command) -> None:
    """Wait for a beat of the clock."""
    until = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(wiki.data / "wiki.db", timeout=PATIENCE)) as connection:
        while not connection.execute("SELECT 1 FROM beat").fetchone():
            assert time.monotonic() < until
            time.sleep(0.05)
