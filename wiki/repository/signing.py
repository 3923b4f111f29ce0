"""Signing what the wiki puts on main with an SSH key of the server, as git does with ``gpg.format=ssh``."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wiki.model.errors import Refused, Unavailable
from wiki.model.words import N_
from wiki.repository.process import Git

_SECONDS = 20
GOOD, NONE = "G", "N"


@dataclass(frozen=True)
class Signer:
    """Signs with a private key that needs no passphrase."""

    key: Path

    def check(self) -> None:
        """Try it once; `Refused` says what is wrong with the key."""
        if not self.key.is_file():
            raise Refused(N_("The setting “signing_key” leads to no file: %(path)s"), path=self.key)
        self(b"a trial\n")

    def __call__(self, data: bytes) -> str:
        """The signature, armoured. `Unavailable` where it cannot be made just now."""
        command = ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(self.key)]
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=_SECONDS, check=False, env=_without_agent()
            )
        except FileNotFoundError:
            raise Refused(
                N_("To sign, Concord needs ssh-keygen. Please install the package “openssh-client”.")
            ) from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(N_("It cannot be signed just now: %(why)s"), why=error) from error
        said = done.stdout.decode("ascii", "replace")
        if done.returncode != 0 or not said.startswith("-----BEGIN SSH SIGNATURE-----"):
            why = done.stderr.decode("utf-8", "replace").strip() or done.returncode
            raise Refused(N_("The key at %(path)s cannot sign: %(why)s"), path=self.key, why=why)
        return said

    def public(self) -> str:
        """The public part of the key, as it stands in a file of allowed signers."""
        done = subprocess.run(
            ["ssh-keygen", "-y", "-P", "", "-f", str(self.key)], capture_output=True, timeout=_SECONDS, check=False
        )
        if done.returncode != 0:
            raise Refused(N_("The key at %(path)s cannot be read."), path=self.key)
        return " ".join(done.stdout.decode("ascii", "replace").split()[:2])


def _without_agent() -> dict[str, str]:
    """No agent and no terminal: a key that asks for a passphrase is refused and not waited for."""
    kept = {key: value for key, value in os.environ.items() if key not in {"SSH_AUTH_SOCK", "DISPLAY", "SSH_ASKPASS"}}
    return {**kept, "SSH_ASKPASS_REQUIRE": "never"}


def signatures(git: Git, commits: Iterable[str], allowed_signers: Path) -> dict[str, str]:
    """What git says of the signature of each commit: G (good), N (none), or another letter of ``%G?``."""
    if not allowed_signers.is_file():
        raise Refused(N_("There is no file of allowed signers at %(path)s."), path=allowed_signers)
    wanted = "\n".join(commits)
    _, out = git.run_with_status(
        "log", "--no-walk=unsorted", "--stdin", "--format=%H %G?", stdin=wanted.encode("ascii"),
        settings={"gpg.ssh.allowedSignersFile": str(allowed_signers.absolute()), "gpg.format": "ssh"},
    )  # fmt: skip
    rows = (line.split(" ") for line in out.decode("ascii").splitlines())
    return {row[0]: row[1] for row in rows if len(row) == 2}
