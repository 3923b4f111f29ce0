"""Making a wiki of an archive, in a data directory that is new and, where SQL is to be on a server, an empty database.

An archive is hostile until it is checked: it may come from anywhere. Nothing in it says where a file goes or how large
one may get; of the repository only objects and refs are taken, and every object is checked. Accounts are as the archive
has them, so whoever can change an archive can let people in: keep it as safe as the wiki.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from wiki import carrying
from wiki.archive.manifest import CONTENT, DATABASE, LARGEST_MANIFEST, MANIFEST, Manifest, Part
from wiki.assembly import open_wiki
from wiki.checking import check
from wiki.database import Database, damage, open_database
from wiki.model.errors import Damaged, Refused, Unavailable, WikiError
from wiki.model.words import N_
from wiki.repository import Repository
from wiki.repository.bundle import read_bundle
from wiki.repository.files import sync, sync_folder
from wiki.settings import Settings
from wiki.versions import known_versions, migrate, schema_version

_CHUNK = 1 << 20
_PLACE_OF_SQL = ("WIKI_DATABASE_URL", "WIKI_DATABASE_URL_FILE")
_HEADERS = 1 << 16
"""What tar itself takes, in bytes, at most; our archives take some six thousand."""


@dataclass(frozen=True)
class Restored:
    """What was made: how many changes are in force, and how many accounts there are, None where SQL was not in the
    archive. ``elsewhere`` tells that SQL went into a database on a server, ``unlike`` that the settings in the archive
    lead to another database than the one it went into."""

    manifest: Manifest
    changes: int
    accounts: int | None
    elsewhere: bool = False
    unlike: bool = False


def restore(file: Path, environ: Mapping[str, str], data: Path) -> Restored:
    """Make the data directory ``data`` of an archive. It appears when all of it is checked and on the disk; nothing is
    left behind where it fails. SQL goes into a file there, or into the database on a server to which
    ``WIKI_DATABASE_URL`` leads. `Refused` where something is there already, or the archive is none of ours."""
    data = data.absolute()
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Refused(
            N_("There is something at %(path)s already. A wiki is restored into a new data directory only."), path=data
        )
    making = data.with_name(f".{data.name}.{secrets.token_hex(4)}.restoring")
    server = _server(environ, data)
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        making.mkdir(mode=0o700)
        return _restore(file, environ, making, data, server)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise Unavailable(N_("%(path)s cannot be restored: %(why)s"), path=file, why=error) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
        if server is not None:
            server.dispose()


def _server(environ: Mapping[str, str], data: Path) -> Database | None:
    """The database on a server that the environment leads to; it must be empty."""
    engine = open_database(Settings.load(environ, data).database_url)
    if not carrying.on_a_server(engine):
        engine.dispose()
        return None
    try:
        carrying.check_empty(engine)
    except WikiError:
        engine.dispose()
        raise
    return engine


def _restore(file: Path, environ: Mapping[str, str], making: Path, data: Path, server: Database | None) -> Restored:
    manifest = _unpack(file, making)
    if manifest.schema is not None and not any(environ.get(key) for key in _PLACE_OF_SQL):
        _check_place_of_sql(making)
    changes = _check_guidelines(manifest, making)
    if manifest.schema is None:
        _put_in_place(making, data)
        return Restored(manifest, changes, None)
    _check_database(making / DATABASE, manifest.schema)
    if server is None:
        accounts = _bring_to_life(making, environ, f"sqlite:///{making / DATABASE}")
        _put_in_place(making, data)
        return Restored(manifest, changes, accounts, unlike=_unlike(data, f"sqlite:///{data / DATABASE}"))
    url = Settings.load(environ, data).database_url
    _carry(making, data, server)
    try:
        accounts = _bring_to_life(data, environ, url)
    except WikiError as error:
        raise Unavailable(
            N_("Everything is restored but the index: %(why)s. The next start of the wiki makes it."),
            why=error.sentence,
        ) from error
    return Restored(manifest, changes, accounts, True, _unlike(data, url))


def _check_place_of_sql(making: Path) -> None:
    """Where SQL goes is said by who restores, for a wiki may still be there where the archive comes from."""
    engine = open_database(Settings.load({}, making).database_url)
    engine.dispose()
    if carrying.on_a_server(engine):
        raise Refused(
            N_("By the settings in this archive SQL is on a server. Say where it is to go: set WIKI_DATABASE_URL to an "
               "empty database on a server, or to the file wiki.db in the new data directory (sqlite:////…/wiki.db).")
        )  # fmt: skip


def _unlike(data: Path, url: str) -> bool:
    """Whether the settings in a data directory name another database. Where they name none, the environment decides."""
    return Settings.load({}, data).database_url not in {url, f"sqlite:///{data / DATABASE}"}


def _carry(making: Path, data: Path, server: Database) -> None:
    """Put what is in the file of SQL into a database on a server, and everything else in its place: both or neither."""
    file = making / DATABASE
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    try:
        with carrying.carried_in(file, server):
            for each in making.glob(f"{DATABASE}*"):
                each.unlink()
            _put_in_place(making, data)
    except BaseException:
        if not making.exists():
            data.rename(making)
        raise


def _put_in_place(making: Path, data: Path) -> None:
    _sync(making)
    making.rename(data)
    sync_folder(str(data.parent))


class _Bounded:
    """Reads what is unpacked, for tarfile, and refuses to unpack a bomb: ``most`` bytes in all, and never much at once,
    because a header may claim any size and is read whole."""

    def __init__(self, packed: gzip.GzipFile, most: int) -> None:
        self.packed = packed
        self.most = most

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _CHUNK or self.packed.tell() + size > self.most:
            raise _strange()
        return self.packed.read(size)

    def seek(self, place: int) -> int:
        if place > self.most:
            raise _strange()
        return self.packed.seek(place)

    def tell(self) -> int:
        return self.packed.tell()


def _strange() -> Refused:
    return Refused(N_("This archive holds what “wiki backup” never puts there; nothing of it was used."))


def _unpack(file: Path, making: Path) -> Manifest:
    """Write the parts into the folder, each with the size and the sum that the manifest says."""
    with file.open("rb") as raw, gzip.GzipFile(fileobj=raw, mode="rb") as packed:
        bounded = _Bounded(packed, LARGEST_MANIFEST + _HEADERS)
        with tarfile.open(fileobj=bounded, mode="r:") as tar:  # type: ignore[call-overload]
            first = _next(tar)
            if first is None or first.name != MANIFEST or not 0 <= first.size <= LARGEST_MANIFEST:
                raise _strange()
            manifest = Manifest.read(_content(tar, first).read(first.size))
            _check(manifest, making)
            bounded.most += manifest.size
            for part in manifest.parts:
                _write(tar, part, making)
            if _next(tar) is not None:
                raise _strange()
    return manifest


def _check(manifest: Manifest, making: Path) -> None:
    known = known_versions()
    if manifest.schema is not None and manifest.schema not in known:
        raise Refused(
            N_("This archive was made by a newer version of Concord (%(version)s). Please upgrade."),
            version=manifest.schema,
        )
    needed, free = 2 * manifest.size, shutil.disk_usage(making).free
    if free < needed:
        raise Refused(
            N_("There is not room enough at %(path)s: the archive may need %(needed)s MB while it is restored, and "
               "%(free)s MB are free."),
            path=making.parent, needed=-(-needed // 10**6), free=free // 10**6,
        )  # fmt: skip


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    """The next file of the archive; `Refused` for anything that is not a plain file. Whoever asks looks at its name,
    which must be the one expected, and takes nothing but its content."""
    member = tar.next()
    if member is not None and (member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse()):
        raise _strange()
    return member


def _write(tar: tarfile.TarFile, part: Part, making: Path) -> None:
    member = _next(tar)
    if member is None or (member.name, member.size) != (part.name, part.size):
        raise _strange()
    content, sum_, left = _content(tar, member), hashlib.sha256(), part.size
    handle = os.open(making / part.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while left:
            piece = content.read(min(left, _CHUNK))
            if not piece:
                raise EOFError("it was cut off")
            sum_.update(piece)
            left -= out.write(piece)
    if sum_.hexdigest() != part.sha256:
        raise Damaged(
            N_("“%(name)s” in this archive is not what was put there: its sum is another one. Take another archive."),
            name=part.name,
        )


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise _strange()
    return content


def _check_guidelines(manifest: Manifest, making: Path) -> int:
    bundle = making / CONTENT
    repository = read_bundle(bundle, making / "content.git")
    bundle.unlink()
    return _verified(manifest, repository)


def _bring_to_life(data: Path, environ: Mapping[str, str], url: str) -> int:
    """Bring tables and index in step; the number of accounts."""
    settings = Settings.load({**environ, "WIKI_DATA": str(data)}, data)
    wiki = open_wiki(replace(settings, database_url=url, signing_key=""))
    try:
        if wiki.index.begun():
            wiki.index.catch_up()
        else:
            wiki.index.rebuild()
        return wiki.accounts.count()
    finally:
        wiki.engine.dispose()
        wiki.repository.store.close()


def _verified(manifest: Manifest, repository: Repository) -> int:
    """How many changes are in force, each of which was endorsed as the rules of its day asked."""
    try:
        if repository.main() != manifest.main or len(repository.refs.below("refs/")) != manifest.refs:
            raise _strange()
        report, walk = check(repository.path)
        for _ in walk:
            pass
    finally:
        repository.store.close()
    if report.violations:
        raise Damaged(
            N_("The guidelines in this archive were changed outside the wiki: %(why)s"),
            why=str(report.violations[0][1]),
        )
    return report.merges


def _check_database(file: Path, schema: str) -> None:
    engine = open_database(f"sqlite:///{file}")
    try:
        problems, there = damage(engine), schema_version(engine)
    except WikiError as error:
        raise Damaged(N_("The database in this archive cannot be read: %(why)s"), why=error.sentence) from error
    finally:
        engine.dispose()
    if problems:
        raise Damaged(N_("The database in this archive cannot be read: %(why)s"), why=problems[0])
    if there != schema:
        raise _strange()


def _sync(place: Path) -> None:
    """Everything below a folder, on the disk."""
    for folder, _, files in os.walk(place):
        for name in files:
            sync(str(Path(folder) / name))
        sync_folder(folder)
