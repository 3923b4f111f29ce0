"""Whole file systems: all that was written to one comes to the disk at once.

To sync ten thousand small files one after the other takes twenty times as long, and whoever waits for the disk
meanwhile waits behind them.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

_KEEP_THEIR_WORD = {"ext2", "ext3", "ext4", "f2fs", "xfs"}
"""On disks of this machine. Others, such as those of a network, may take it as done when somebody else has it."""
_MOUNTED = Path("/proc/self/mountinfo")


def synced_whole(folders: Iterable[str]) -> bool:
    """Have on the disk all that was written to the file systems of these folders; False, and nothing is done, where
    that is not to be relied on. `OSError` where it fails."""
    opened = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) for folder in folders]
    try:
        of_devices = {os.fstat(each).st_dev: each for each in opened}
        if not of_devices.keys() <= _relied_on():
            return False
        return all(_synced(each) for each in of_devices.values())
    finally:
        for each in opened:
            os.close(each)


def _synced(opened: int) -> bool:
    try:
        sync = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return False
    if sync(opened) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True


def _relied_on() -> set[int]:
    """The devices that are mounted here whose file systems keep their word."""
    found = set()
    try:
        lines = _MOUNTED.read_text("utf-8", "replace").splitlines()
    except OSError:
        return set()
    for line in lines:
        about, _, kind = line.partition(" - ")
        major, _, minor = about.split(" ")[2].partition(":")
        if kind.partition(" ")[0] in _KEEP_THEIR_WORD:
            found.add(os.makedev(int(major), int(minor)))
    return found
