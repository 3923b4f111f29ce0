"""Everything that the doctor looks at, in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from wiki.doctor import guidelines, place, rows, shared
from wiki.doctor.finding import Finding, carefully
from wiki.model.errors import WikiError
from wiki.repository import Repository
from wiki.settings import Settings

Clock = Callable[[], float]


def examine(
    environ: Mapping[str, str], *, everything: bool = False, clock: Clock = time.time, data: Path | None = None
) -> Iterator[Finding]:
    """Look at everything; at the whole history with ``everything``, else at the last part of it."""
    yield from carefully("git", place.git)
    try:
        settings = Settings.load(environ, data)
    except WikiError as error:
        yield Finding("settings", False, str(error))
        return
    if not settings.data.is_dir():
        yield Finding("data directory", False, f"there is none at {settings.data}; “wiki init” begins a wiki.")
        return
    yield from carefully("data directory", lambda: place.permissions(settings))
    yield from carefully("settings", lambda: place.settings_agree(settings))
    yield from carefully("disk", lambda: place.disk(settings))
    repository = _repository(settings)
    try:
        yield from _of_guidelines(settings, repository, everything, int(clock()))
        yield from carefully("database", lambda: rows.rows(settings, repository, int(clock())))
    finally:
        if repository is not None:
            repository.store.close()
    yield from carefully("redis", lambda: shared.redis(settings))
    yield from carefully("mail", lambda: rows.mail(settings))


def _repository(settings: Settings) -> Repository | None:
    try:
        return Repository(settings.content_git)
    except WikiError:
        return None


def _of_guidelines(settings: Settings, repository: Repository | None, everything: bool, now: int) -> Iterator[Finding]:
    if repository is None:
        said = f"there is none at {settings.content_git}; restore a backup, or begin with “wiki init”."
        yield Finding("repository", False, said)
        return
    yield from carefully("repository", lambda: guidelines.whole(repository))
    yield from carefully("verify", lambda: guidelines.endorsed(repository, everything))
    yield from carefully("locks", lambda: guidelines.tidy(repository, lambda: time.sleep(1)))
    yield from carefully("time", lambda: guidelines.not_from_the_future(repository, now))
