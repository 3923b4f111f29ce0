"""A whole repository in one file, a git bundle: main, every proposal, all talk, as they stood together.

The configuration is not in it. It is made anew by whoever reads the bundle, because a configuration from elsewhere can
have git run programs.
"""

from __future__ import annotations

import os
from pathlib import Path

from wiki.model.errors import Damaged
from wiki.model.words import N_
from wiki.repository.founding import FILES_ALLOWED, copy_founding_note, create
from wiki.repository.process import GitFailed
from wiki.repository.refs import MAIN
from wiki.repository.repository import Repository

_HEADER = b"# v2 git bundle\n"


def write_bundle(repository: Repository, file: Path) -> dict[str, str]:
    """Write a bundle into a new file, whose owner alone may read it, and sync it; the refs that are in it.

    The refs are read while nobody writes, which takes milliseconds, so that none of them is later than another. What
    they lead to cannot change, and is packed while the wiki goes on."""
    with repository.writing():
        refs = repository.refs.below("refs/")
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(_HEADER + "".join(f"{commit} {ref}\n" for ref, commit in refs.items()).encode() + b"\n")
        wanted = "".join(f"{commit}\n" for commit in sorted(set(refs.values()))).encode("ascii")
        repository.git.run_into(
            out, "pack-objects", "--revs", "--stdout", "--delta-base-offset", "--quiet", stdin=wanted
        )
        os.fsync(out.fileno())
    return refs


def read_bundle(file: Path, path: Path) -> Repository:
    """Make a content repository at ``path`` of a bundle, every object of it checked. `Damaged` says what is wrong.

    Nothing is synced: the caller does that for all that it makes."""
    git = create(path)
    try:
        git.run_with_status(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--",
            str(file.absolute()), "+refs/*:refs/*", settings={**FILES_ALLOWED, "core.fsync": "none"},
        )  # fmt: skip
        git.run("pack-refs", "--all")
        git.run("fsck", "--strict", "--no-dangling", "--no-progress")
    except GitFailed as error:
        why = error.said.strip() or error.status
        raise Damaged(N_("The guidelines in this archive cannot be read: %(why)s"), why=why) from error
    repository = Repository(path)
    if repository.refs.read(MAIN) is None:
        raise Damaged(N_("The content repository has no main."))
    copy_founding_note(repository)
    return repository
