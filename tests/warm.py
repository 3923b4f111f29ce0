"""The `wiki` command in a process of its own that need not begin from nothing.

A server that has read the modules already forks for each command, and for whatever else is to begin in an instant. To
start Python and read them takes a second, and the tests run hundreds of commands, `wiki serve` among them. There is
one such server in each process of the tests, and what it reads beforehand is said here alone: whoever says it last
says it for all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

_BEGINNING = """
import os, sys
if apart:
    os.setsid()
os.environ.clear()
os.environ.update(environment)
for descriptor, path in enumerate(streams):
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(opened, descriptor)
    os.close(opened)
sys.stdin = open(0, encoding="utf-8", closefd=False)
sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
sys.argv = ["wiki", *arguments]
"""
_COMMAND = """
from wiki.cli import main
main(prog_name="wiki")
"""
_NOTHING = (os.devnull,) * 3
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload(["wiki.cli", "wiki.web", "wiki.serving", "wiki.clock", "granian"])
PATIENCE = 300


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


def python(
    code: str,
    *arguments: object,
    environment: Mapping[str, str] | None = None,
    streams: Sequence[str | Path] = _NOTHING,
    apart: bool = False,
) -> BaseProcess:
    """Begin to do what the code says, which finds the arguments as ``python -c`` does, reads from the first of the
    streams, and writes to the others what it says and what goes wrong; ``apart``, in a session of its own."""
    told = {
        "arguments": [str(each) for each in arguments],
        "environment": dict(os.environ if environment is None else environment),
        "streams": list(streams),
        "apart": apart,
    }
    process = SERVER.Process(target=exec, args=(_BEGINNING + code, told))
    process.start()
    return process


def ended(process: BaseProcess) -> int | None:
    """With what a process ended, when it has."""
    process.join(PATIENCE)
    return process.exitcode


def begin(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    streams: Sequence[str | Path] = _NOTHING,
    *,
    apart: bool = False,
    first: str = "",
) -> BaseProcess:
    """Begin ``wiki`` with these arguments as `python` begins code; before, it does what ``first`` says in Python."""
    return python(first + _COMMAND, *arguments, environment=environment, streams=streams, apart=apart)


def run(arguments: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> Ran:
    """Run ``wiki`` with these arguments."""
    with tempfile.TemporaryDirectory() as place:
        streams = [Path(place) / name for name in ("in", "out", "err")]
        streams[0].write_text(stdin, encoding="utf-8")
        process = begin(arguments, environment, streams)
        try:
            process.join(PATIENCE)
            assert process.exitcode is not None, f"wiki {' '.join(arguments)} did not end"
        finally:
            process.kill()
            process.join()
        return Ran(process.exitcode, *(stream.read_text(encoding="utf-8") for stream in streams[1:]))
