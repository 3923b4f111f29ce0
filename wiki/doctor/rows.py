"""What is in SQL, and what depends on it: the database, the index, the clock, the outbox; and the mail server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from wiki.accounts import Accounts
from wiki.database import Database, damage, file_of, open_database, server_of
from wiki.doctor.finding import Finding, carefully
from wiki.health import Health
from wiki.health.bounds import is_late
from wiki.index import Index
from wiki.model.errors import Unavailable
from wiki.model.merge import Weighed
from wiki.outbox import Outbox, PostOffice
from wiki.postgresql import Server
from wiki.repository import Repository
from wiki.settings import Settings
from wiki.versions import known_versions, schema_version

_OLDEST = 130_000
"""The oldest PostgreSQL that is known to do."""
_LOST = (
    "proposals have been made here, so the database is new, and the accounts and drafts of before are not in it. Stop "
    "the wiki and put back a backup of the database, or make accounts with “wiki user add”."
)


def rows(settings: Settings, repository: Repository | None, now: int) -> Iterator[Finding]:
    """Everything that is asked of SQL. The index and what follows only where its tables are ours."""
    engine = open_database(settings.database_url)
    try:
        place = file_of(engine)
        if place is not None and not place.exists():
            yield Finding("database", False, f"there is none at {place}; restore a backup, or begin with “wiki init”.")
            return
        used = repository is not None and repository.refs.count_numbers() > 0
        findings = [*carefully("database", lambda: _database(engine, used))]
        yield from findings
        if not all(each.fine for each in findings):
            return
        yield from carefully("accounts", lambda: _accounts(engine, used))
        if repository is not None:
            yield from carefully("index", lambda: _index(engine, repository, now))
        yield from carefully("clock", lambda: _clock(engine, now))
        yield from carefully("outbox", lambda: _outbox(engine, settings, now))
    finally:
        with suppress(Unavailable):
            engine.dispose()


def _database(engine: Database, used: bool) -> Iterator[Finding]:
    problems = damage(engine)
    if problems:
        yield Finding(
            "database", False, f"it is damaged: {problems[0]}. Restore a backup of it, or try “wiki salvage”."
        )
        return
    server = server_of(engine)
    finding = _server(server) if server is not None else Finding("database", True, "whole")
    yield finding
    if not finding.fine:
        return
    there, known = schema_version(engine), known_versions()
    if there is None and used:
        yield Finding("tables", False, f"there are none: {_LOST}")
    elif there == known[-1]:
        yield Finding("tables", True, f"version {there}")
    elif there is None or there in known:
        said = f"version {there or 'none'}; the next start of the wiki brings them to {known[-1]}."
        yield Finding("tables", False, said)
    else:
        yield Finding("tables", False, f"version {there} is from a newer Concord; this one does not write it. Upgrade.")


def _server(server: Server) -> Finding:
    told = f"PostgreSQL {server.shown}"
    if server.version < _OLDEST:
        return Finding("database", False, f"{told} is too old: 13 or newer is needed.")
    if server.encoding != "UTF8":
        return Finding("database", False, f"its encoding is {server.encoding}: make one with --encoding UTF8.")
    if server.standby:
        said = f"{told} only lets read here (a standby?): “database_url” must lead to the one that is written."
        return Finding("database", False, said)
    if not server.may_rebuild:
        said = "“wiki reindex” could not make a schema there: have this role own the database."
        return Finding("database", False, said)
    return Finding("database", True, f"{told} answers, and can be written")


def _accounts(engine: Database, used: bool) -> Iterator[Finding]:
    count = Accounts(engine).count()
    none = f"none: {_LOST}" if used else "none: put back a backup of the database, or make one with “wiki user add”."
    said = f"{count}" if count else none
    yield Finding("accounts", count > 0, said)


def _index(engine: Database, repository: Repository, now: int) -> Iterator[Finding]:
    behind = Index(engine, repository, _nobody_weighs).behind(now)
    if behind:
        said = (
            f"it is {behind} s behind git. The clock brings it in step within a minute; “wiki reindex” makes it anew."
        )
        yield Finding("index", False, said)
    else:
        yield Finding("index", True, "in step with git")


def _nobody_weighs(n: int) -> Weighed:
    raise AssertionError(n)


def _clock(engine: Database, now: int) -> Iterator[Finding]:
    last = Health(engine).last_tick()
    if last is None:
        yield Finding("clock", False, "it has never run: “wiki serve” starts one, and “wiki clock” is one.")
    elif is_late(last, now):
        said = f"it last ran at {_moment(last)}, and should every minute: “wiki serve” starts one."
        yield Finding("clock", False, said)
    else:
        yield Finding("clock", True, f"last ran {max(0, now - last)} s ago")


def _outbox(engine: Database, settings: Settings, now: int) -> Iterator[Finding]:
    full = Outbox(engine).waiting(now)
    said = f"{full.waiting} wait to be sent, {full.given_up} were given up in the last week"
    if not settings.mail_server and not settings.hook:
        yield Finding("outbox", True, f"{said}; no mail is sent")
    elif is_late(full.oldest, now):
        yield Finding(
            "outbox", False, f"{said}, the first since {_moment(full.oldest or now)}. Look at the mail server."
        )
    elif full.given_up:
        yield Finding("outbox", False, f"{said}. The page Health in the wiki says why.")
    else:
        yield Finding("outbox", True, said)


def mail(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server answers, and lets the wiki in. No letter is sent."""
    if not settings.mail_server:
        yield Finding("mail", True, "none is sent: the setting “mail_server” is empty")
        return
    office = PostOffice.parse(settings.mail_server)
    try:
        office.open().close()
    except OSError as error:
        said = " ".join(str(error).split())
        yield Finding("mail", False, f"{office.host}:{office.port} cannot be used: {said}. Letters wait meanwhile.")
    else:
        yield Finding("mail", True, f"{office.host}:{office.port} answers")


def _moment(when: int) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M UTC")
