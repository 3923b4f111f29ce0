"""Which processes are begun while something is done, GitPython's as well: Python itself tells of each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Begun:
    """A process that was begun."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]


_heard: list[Begun] | None = None


def _hear(event: str, details: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and _heard is not None:
        _program, arguments, _cwd, env = details
        listed: Sequence[object] = [arguments] if isinstance(arguments, (str, bytes)) else list(arguments)  # type: ignore[call-overload]
        _heard.append(Begun(tuple(os.fsdecode(each) for each in listed), dict(env or os.environ)))  # type: ignore[arg-type, call-overload]


sys.addaudithook(_hear)


@contextmanager
def listening() -> Iterator[list[Begun]]:
    """Every process that is begun meanwhile."""
    global _heard
    _heard = []
    try:
        yield _heard
    finally:
        _heard = None
