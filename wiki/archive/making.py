"""Making an archive while the wiki serves.

SQL is copied first, git after it. What SQL says must be there in git: drafts, suggestions and the index name commits,
and an index that is ahead of its repository cannot be brought in step. The other way round nothing is missing: an act
that came between the two is in git, and the index learns of it when the restored wiki starts, exactly as after a crash
between git and SQL. Commits name people by themselves and need no row of an account. So everything that was
acknowledged before the archive was begun is in both.

SQL is a file of SQLite in the archive. Of a wiki on PostgreSQL it has the rows that one snapshot shows, and no index.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import secrets
import shutil
import tarfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from wiki import carrying
from wiki.archive.manifest import BANNER, CONTENT, DATABASE, KEY, MANIFEST, SETTINGS, Manifest, Part
from wiki.database import Database, copy_into, file_of, open_database, turns
from wiki.model.errors import Refused, Unavailable
from wiki.model.words import N_
from wiki.repository import MAIN, GitFailed, Repository, git_version
from wiki.repository.bundle import write_bundle
from wiki.repository.store import repository_exists
from wiki.settings import Settings
from wiki.versions import schema_version

_CHUNK = 1 << 20
_LEVEL = 3
Clock = Callable[[], float]


def back_up(settings: Settings, file: Path, version: str, *, force: bool = False, clock: Clock = time.time) -> Manifest:
    """Make one archive of the wiki in the data directory, by this ``version`` of the program. It appears under its name
    when it is whole and on the disk, readable by its owner alone; what was there is replaced only by ``force``. Nothing
    is left behind where it fails."""
    if not repository_exists(settings.content_git):
        raise Refused(N_("There is no wiki in %(path)s yet. Begin one with “wiki init”."), path=settings.data)
    if not force and os.path.lexists(file):
        raise _there(file)
    if file.is_dir():
        raise Refused(N_("%(path)s is a folder. Give the archive a name in it."), path=file)
    making = file.absolute().with_name(f".{file.name}.{secrets.token_hex(4)}.making")
    engine = open_database(settings.database_url)
    try:
        making.mkdir(mode=0o700)
        _check_room(settings, engine, making)
        manifest = _collect(settings, engine, making, version, clock)
        archive = _pack(making, manifest)
        _name(archive, file.absolute(), force)
    except (OSError, GitFailed) as error:
        raise Unavailable(N_("The archive cannot be made: %(why)s"), why=_why(error)) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
        engine.dispose()
    return manifest


def _there(file: Path) -> Refused:
    return Refused(N_("There is something at %(path)s already. Choose another name, or say --force."), path=file)


def _why(error: OSError | GitFailed) -> object:
    if isinstance(error, GitFailed):
        return error.said.strip() or error
    return error.strerror or error


def _check_room(settings: Settings, engine: Database, making: Path) -> None:
    """The parts lie beside the archive until it is whole."""
    needed, free = 2 * (_bytes_in(settings.content_git) + _size_of(engine)), shutil.disk_usage(making).free
    if free < needed:
        raise Refused(
            N_("There is not room enough at %(path)s: the archive may need %(needed)s MB while it is made, and "
               "%(free)s MB are free."),
            path=making.parent, needed=-(-needed // 10**6), free=free // 10**6,
        )  # fmt: skip


def _bytes_in(folder: Path) -> int:
    """How much is in it; what goes meanwhile, as files do that are being made, is nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(f"{place}/{name}").st_size
    return total


def _size_of(engine: Database) -> int:
    place = file_of(engine)
    if place is None:
        return carrying.room_for_rows(engine)
    return sum(file.stat().st_size for file in (place, place.with_name(f"{place.name}-wal")) if file.exists())


def _collect(settings: Settings, engine: Database, making: Path, version: str, clock: Clock) -> Manifest:
    """Copy every part into the folder; the order is said above."""
    sql_at, schema = int(clock()), _copy_database(engine, making / DATABASE)
    git_at, repository = int(clock()), Repository(settings.content_git)
    repository.refs.turn = turns(engine)
    refs = write_bundle(repository, making / CONTENT)
    for name in (SETTINGS, KEY, BANNER):
        if (settings.data / name).is_file():
            shutil.copyfile(settings.data / name, making / name)
    names = [name for name in (CONTENT, DATABASE, SETTINGS, KEY, BANNER) if (making / name).exists()]
    parts = tuple(_part(making / name) for name in names)
    return Manifest(version, git_version(), schema, sql_at, git_at, refs[MAIN], len(refs), parts)


def _copy_database(engine: Database, file: Path) -> str:
    """The version of the tables that were copied."""
    place = file_of(engine)
    if place is None:
        return carrying.carry_out(engine, file)
    if not place.exists():
        raise Refused(N_("There is no database at %(path)s."), path=place)
    copy_into(engine, file)
    copied = open_database(f"sqlite:///{file}")
    try:
        version = schema_version(copied)
    finally:
        copied.dispose()
    if version is None:
        raise Refused(N_("There is no database at %(path)s."), path=place)
    carrying.check_of_today(version)
    return version


def _part(file: Path) -> Part:
    with file.open("rb") as content:
        return Part(file.name, file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest())


def _pack(making: Path, manifest: Manifest) -> Path:
    """The archive, whole and on the disk, beside its parts."""
    archive, data = making / "archive", manifest.written()
    handle = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=_LEVEL, mtime=manifest.git_at) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
        ):
            _add(tar, MANIFEST, len(data), io.BytesIO(data), manifest.git_at)
            for part in manifest.parts:
                with (making / part.name).open("rb") as content:
                    _add(tar, part.name, part.size, content, manifest.git_at)
        out.flush()
        os.fsync(out.fileno())
    return archive


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes], when: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, when
    tar.addfile(member, content)


def _name(archive: Path, file: Path, force: bool) -> None:
    """Give the archive its name, where nobody else was quicker."""
    if force:
        archive.replace(file)
    else:
        try:
            file.hardlink_to(archive)
        except FileExistsError:
            raise _there(file) from None
        except OSError:  # a file system without links
            if os.path.lexists(file):
                raise _there(file) from None
            archive.rename(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
