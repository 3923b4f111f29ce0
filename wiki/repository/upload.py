"""Letting anybody clone: git's own upload-pack, read only, with nothing shown but what belongs to the guidelines."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from wiki.model.errors import Unavailable
from wiki.model.words import N_
from wiki.repository.process import Git

SHOWN = ("refs/heads/main", "refs/proposals", "refs/talk")
PROTOCOLS = frozenset({"version=1", "version=2"})
_CHUNK = 1 << 16
_HIDING = [part for ref in ("refs", *(f"!{ref}" for ref in SHOWN)) for part in ("-c", f"transfer.hideRefs={ref}")]
_SECONDS = 600


class UploadPack:
    """Answers ``git clone`` and ``git fetch``. Up to ``slots`` are answered at once, over all processes."""

    def __init__(self, git: Git, slots: int = 1) -> None:
        self.git = git
        self.slots = slots

    def advertisement(self, protocol: str) -> bytes:
        """What git asks first: what there is."""
        head = b"" if protocol == "version=2" else _packet(b"# service=git-upload-pack\n") + b"0000"
        with self._run(protocol, b"", "--advertise-refs") as out:
            return head + out.read()

    def answer(self, protocol: str, request: bytes) -> Iterator[bytes]:
        """The objects that git asks for, in pieces. They are gathered in a file first, so that a slow reader keeps
        no process of git."""
        with self._run(protocol, request) as out:
            while piece := out.read(_CHUNK):
                yield piece

    @contextmanager
    def _run(self, protocol: str, request: bytes, *options: str) -> Iterator[IO[bytes]]:
        hidden = [
            "-c",
            "transfer.hideRefs=refs",
            *(part for ref in SHOWN for part in ("-c", f"transfer.hideRefs=!{ref}")),
        ]
        command = ["git", *hidden, "upload-pack", "--strict", "--stateless-rpc", *options, str(self.git.path)]
        environment = {**self.git.environment, "GIT_GRAFT_FILE": str(self.git.path / "no-grafts")}
        if protocol in PROTOCOLS:
            environment["GIT_PROTOCOL"] = protocol
        with self._slot(), tempfile.TemporaryFile() as out:
            try:
                done = subprocess.run(
                    command, input=request, stdout=out, stderr=subprocess.PIPE, env=environment, cwd="/",
                    timeout=_SECONDS, check=False,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                raise Unavailable(N_("The guidelines cannot be copied just now: %(why)s"), why=error) from error
            if done.returncode not in {0, 128}:
                said = done.stderr.decode("utf-8", "replace").strip()
                raise Unavailable(N_("The guidelines cannot be copied just now: %(why)s"), why=said)
            out.seek(0)
            yield out

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the places for those who copy; `Unavailable` while all are taken."""
        for nth in range(self.slots):
            handle = os.open(self.git.path / f"concord.copying{nth}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            try:
                yield
            finally:
                os.close(handle)
            return
        raise Unavailable(N_("Others are copying the guidelines just now. Please try again in a minute."))


def _packet(data: bytes) -> bytes:
    return b"%04x" % (len(data) + 4) + data
