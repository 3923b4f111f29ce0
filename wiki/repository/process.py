"""Running git: one environment, argument lists only, hostile configuration switched off.

Every process of git that the wiki starts goes through here. What a person typed reaches git by standard
input or after ``--`` only.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from wiki.calm import stand_back
from wiki.model.errors import Refused, Unavailable, WikiError
from wiki.model.words import N_, say

OLDEST_GIT = (2, 38)
_CALM = 10
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.attributesFile": "/dev/null",
    "core.quotePath": "false",
    "core.fsync": "all",
    "core.fsyncMethod": "fsync",
    "core.fsmonitor": "false",
    "core.commitGraph": "true",
    "attr.tree": EMPTY_TREE,
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "transfer.fsckObjects": "true",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
    "gc.auto": "0",
    "advice.graftFileDeprecated": "false",
}


class GitFailed(WikiError):
    """A git command ended with an error. ``status`` is its exit status, ``said`` what it printed to say why, and
    ``printed`` what it had answered until then."""

    def __init__(self, command: list[str], status: int, said: str, printed: str = "") -> None:
        said = said or (signal.strsignal(-status) or "" if status < 0 else "")
        self.status = status
        self.said = said
        self.printed = printed
        super().__init__(N_("git %(command)s failed: %(said)s"), command=command[0], said=said.strip() or status)


def environment(path: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a git process on the repository at ``path``.

    Nothing of the caller's own git configuration or GIT_* variables is let through.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    every = {**_SETTINGS, **(settings or {})}
    counted = {"GIT_CONFIG_COUNT": str(len(every))}
    for at, (key, value) in enumerate(every.items()):
        counted[f"GIT_CONFIG_KEY_{at}"] = key
        counted[f"GIT_CONFIG_VALUE_{at}"] = value
    return {
        **kept,
        **counted,
        **_places(path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C.UTF-8",
    }


def _places(path: Path) -> dict[str, str]:
    """Where git looks, said in full: GitPython adds to the caller's variables and cannot take one away."""
    return {
        "GIT_DIR": str(path),
        "GIT_COMMON_DIR": str(path),
        "GIT_OBJECT_DIRECTORY": str(path / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_SHALLOW_FILE": str(path / "shallow"),
        "GIT_NAMESPACE": "",
        "GIT_CONFIG_PARAMETERS": "",
    }


class Git:
    """Starts git processes on one repository."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = environment(path)

    def run(self, *arguments: str, stdin: bytes = b"", accept: tuple[int, ...] = (0,)) -> bytes:
        """The output of one command. Raises `GitFailed` for an exit status that is not in ``accept``."""
        return self.run_with_status(*arguments, stdin=stdin, accept=accept)[1]

    def run_with_status(
        self,
        *arguments: str,
        stdin: bytes = b"",
        accept: tuple[int, ...] = (0,),
        settings: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Exit status and output of one command."""
        command = ["git", *arguments]
        env = environment(self.path, settings) if settings else self.environment
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, env=env, cwd="/", check=False)
        except OSError as error:
            raise Unavailable(N_("git could not be started: %(problem)s"), problem=error) from error
        if done.returncode not in accept:
            said, printed = (out.decode("utf-8", "replace") for out in (done.stderr, done.stdout))
            raise GitFailed(list(arguments), done.returncode, said, printed)
        return done.returncode, done.stdout

    def run_calmly(self, *arguments: str, settings: Mapping[str, str], lent: tuple[int, ...]) -> None:
        """One command that may take long and leaves the processor to whoever is waited for. ``lent`` are open
        files that git keeps open as long as it runs, whatever happens to this process."""
        command, env = ["git", *arguments], environment(self.path, settings)
        nothing, told = subprocess.DEVNULL, subprocess.PIPE
        try:
            with subprocess.Popen(
                command, stdin=nothing, stdout=nothing, stderr=told, env=env, cwd="/", pass_fds=lent
            ) as process:
                stand_back(_CALM, process.pid)
                said = process.communicate()[1].decode("utf-8", "replace")
        except OSError as error:
            raise Unavailable(N_("git could not be started: %(problem)s"), problem=error) from error
        if process.returncode != 0:
            raise GitFailed(list(arguments), process.returncode, said)

    def run_into(self, file: IO[bytes], *arguments: str, stdin: bytes = b"") -> None:
        """One command whose output goes into an open file, from where that stands."""
        file.flush()
        try:
            done = subprocess.run(
                ["git", *arguments], input=stdin, stdout=file, stderr=subprocess.PIPE, env=self.environment, cwd="/",
                check=False,
            )  # fmt: skip
        except OSError as error:
            raise Unavailable(N_("git could not be started: %(problem)s"), problem=error) from error
        if done.returncode != 0:
            raise GitFailed(list(arguments), done.returncode, done.stderr.decode("utf-8", "replace"))

    @contextmanager
    def stream(self, *arguments: str) -> Iterator[IO[bytes]]:
        """The output of a long command, to read piece by piece. The exit status is checked at the end, so that
        a damaged repository is not taken for a short one."""
        nothing, told = subprocess.DEVNULL, subprocess.PIPE
        env = {**self.environment, "GIT_FLUSH": "0"}  # in large pieces, not each commit by itself
        try:
            begun = subprocess.Popen(["git", *arguments], stdin=nothing, stdout=told, stderr=told, env=env, cwd="/")
        except OSError as error:
            raise Unavailable(N_("git could not be started: %(problem)s"), problem=error) from error
        with begun as process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            assert process.stderr is not None  # noqa: S101 - so is this
            yield process.stdout
            left = process.stdout.read(1)
            said = b"" if left else process.stderr.read()
            if left:
                process.kill()
            elif process.wait() != 0:
                raise GitFailed(list(arguments), process.returncode, said.decode("utf-8", "replace"))


def git_version() -> str:
    """The version of the git of this machine, such as ``2.39.5``; `Refused` where there is no git."""
    try:
        done = subprocess.run(["git", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise Refused(N_("Concord needs git, and it is not installed. Please install the package “git”.")) from None
    said = done.stdout.decode("utf-8", "replace").split()
    return said[2] if len(said) > 2 else ""


def check_git_version() -> None:
    """Raise `Refused` where git is missing or older than the wiki needs."""
    found = git_version()
    if tuple(int(part) for part in found.split(".")[:2] if part.isdigit()) < OLDEST_GIT:
        raise Refused(
            N_("Concord needs git %(oldest)s or newer; this machine has %(found)s."),
            oldest=".".join(map(str, OLDEST_GIT)),
            found=found or say(N_("none")),
        )


@cache
def check_git_version_once() -> None:
    """The same for whoever opens one wiki after another: in each process git is asked until it is new enough."""
    check_git_version()
