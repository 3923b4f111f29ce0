"""The content repository: whether it is whole, endorsed, tidy, and not from the future."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from wiki.checking import check
from wiki.doctor.finding import Finding
from wiki.model.words import counted
from wiki.repository import GitFailed, Repository
from wiki.verify import audit

LAST = 200
"""How many merges are verified where nobody asks for all."""
MANY_LOOSE, MANY_LOOSE_REFS = 120_000, 30_000
"""The clock packs long before."""
_MOST_NAMED = 3
_DAMAGED = re.compile(r"^(?:error|missing|fatal)\b.*?\b([0-9a-f]{40})\b", re.M)
_OBJECT_FILE = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{38})")


def whole(repository: Repository) -> Iterator[Finding]:
    """What `git fsck` says. Objects that are damaged are named."""
    try:
        repository.git.run("fsck", "--strict", "--no-dangling", "--no-progress")
    except GitFailed as error:
        told = f"{error.said}\n{error.printed}"
        files = ["".join(pair) for pair in _OBJECT_FILE.findall(told)]
        named = list(dict.fromkeys([*files, *_DAMAGED.findall(told)]))
        first = told.strip().splitlines() or ["git fsck failed"]
        objects = ", ".join(named[:_MOST_NAMED]) + (" and more" if len(named) > _MOST_NAMED else "")
        what = f"damaged: {objects}" if named else first[0]
        said = (
            f"{what}. Take them from a clone, as docs/operating/running.md tells, or restore a backup; then look again."
        )
        yield Finding("repository", False, said)
    else:
        yield Finding("repository", True, "git fsck finds nothing")


def endorsed(repository: Repository, everything: bool) -> Iterator[Finding]:
    """Whether what is in force was endorsed as the rules of its day asked: of late, or all of it."""
    if everything:
        report, walk = check(repository.path)
        violations = [violation for checked in walk for violation in checked.violations]
        told = _endorsed("all", report.merges)
    else:
        found = audit(repository, repository.founding)
        last = found.commits[-LAST:]
        violations = [violation for commit in last for violation in found.check(commit).violations]
        told = _endorsed("the last", len(last)) if last else "no change has come into force yet"
    if violations:
        yield Finding("verify", False, f"{violations[0]} “wiki verify” tells everything.")
    else:
        yield Finding("verify", True, told)


def _endorsed(which: str, number: int) -> str:
    return "the one change in force was endorsed" if number == 1 else f"{which} {number} changes in force were endorsed"


def tidy(repository: Repository, patience: Callable[[], None]) -> Iterator[Finding]:
    """Locks that a kill left behind, and objects that want to be packed. A lock that is still there after ``patience``
    is no one's."""
    locks = repository.refs.left_behind()
    if locks:
        patience()
        locks = [lock for lock in repository.refs.left_behind() if lock in locks]
    if locks:
        said = f"{', '.join(locks[:_MOST_NAMED])} was left behind by a kill; the next start of the wiki removes it."
        yield Finding("locks", False, said)
    else:
        yield Finding("locks", True, "none is left behind")
    found = repository.upkeep.clutter()
    counts = (found.objects, "loose object"), (found.packs, "pack"), (found.refs, "loose ref")
    said = ", ".join(counted(number, what) for number, what in counts)
    many = found.objects > MANY_LOOSE or found.refs > MANY_LOOSE_REFS
    if many:
        said += ": many. The clock packs them within minutes; look at its log where it does not."
    elif not found.graph:
        said += "; the clock makes a graph of commits"
    yield Finding("objects", not many, said)


def not_from_the_future(repository: Repository, now: int) -> Iterator[Finding]:
    """Whether the machine's clock is later than everything that was written."""
    newest = repository.git.run(
        "for-each-ref", "--sort=-committerdate", "--count=1", "--format=%(committerdate:unix)", "refs/"
    )
    last = int(newest.strip() or b"0")
    if now < last:
        said = f"this machine says {_moment(now)}, and something was written at {_moment(last)}. Set its clock (NTP)."
        yield Finding("time", False, said)
    else:
        yield Finding("time", True, f"{_moment(now)}, after everything that was written")


def _moment(when: int) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
