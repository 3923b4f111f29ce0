"""Runs a program under the filter of system calls of a unit: ``python tests/filtered.py UNIT COMMAND…``.

Made as systemd makes it: the groups are those of `systemd-analyze`, and libseccomp puts them into the kernel.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_LIBRARY = "libseccomp.so.2"
_NO_NEW_PRIVILEGES = 38


def why_not() -> str:
    """What is missing here; "" where a filter can be set."""
    if shutil.which("systemd-analyze") is None:
        return "systemd is not installed: scripts/need systemd"
    try:
        ctypes.CDLL(_LIBRARY)
    except OSError:
        return "libseccomp is not installed: scripts/need systemd"
    return ""


@cache
def group(name: str) -> frozenset[str]:
    """The system calls of a group such as ``@resources``, and of the groups in it; of any other name that alone."""
    if not name.startswith("@"):
        return frozenset({name})
    command = ["systemd-analyze", "syscall-filter", name]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    return frozenset().union(*(group(line.strip()) for line in lines if line.strip() and "#" not in line))


def let_through(unit: Path) -> frozenset[str]:
    """What a unit lets through whose first line is a list of that: later ones add to it, or with ``~`` take away."""
    allowed = group("@default")
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit.read_text("utf-8"), re.M):
        named = frozenset[str]().union(*(group(name) for name in line.removeprefix("~").split()))
        allowed = allowed - named if line.startswith("~") else allowed | named
    return allowed


def otherwise(unit: Path) -> int:
    """What becomes of any other call: an error where the unit names one, else the end of the process."""
    named = re.search(r"^SystemCallErrorNumber=(\w+)$", unit.read_text("utf-8"), re.M)
    return _ERROR | getattr(errno, named[1]) if named else _KILL


def confine(unit: Path) -> None:
    """Put this process under the filter, and all that it begins."""
    library = ctypes.CDLL(_LIBRARY)
    library.seccomp_init.restype = ctypes.c_void_p
    made = ctypes.c_void_p(library.seccomp_init(_ERROR | errno.ENOSYS))
    allowed, other = let_through(unit), otherwise(unit)
    for name in group("@known") | allowed:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            assert library.seccomp_rule_add(made, _ALLOW if name in allowed else other, number, 0) == 0, name
    assert ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    assert library.seccomp_load(made) == 0


if __name__ == "__main__":
    confine(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
