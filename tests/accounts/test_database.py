"""SQL as the wiki uses it: one writer at a time, nothing lost, never half a migration."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select

from tests.warm import ended, python
from wiki import database
from wiki.database import Database, metadata, open_database, reading, writing
from wiki.drafts import schema as _drafts  # noqa: F401 - its tables are declared there
from wiki.index import schema
from wiki.index.full_text import KINDS
from wiki.model.errors import Refused, Unavailable
from wiki.outbox import schema as _outbox  # noqa: F401 - its tables are declared there
from wiki.versions import known_versions, migrate
from wiki.visits import schema as _visits  # noqa: F401 - its tables are declared there

FULL_TEXT = tuple(f"{kind}_{what}" for kind in KINDS for what in ("words", "titles"))
"""How tables of FTS5 begin, which the metadata knows nothing of."""

WRITER = """
import sys
from wiki.accounts.schema import account
from wiki.database import open_database, writing
from wiki.versions import migrate
from sqlalchemy import select

def insert(engine, nth):
    values = {"email": f"{nth}@x.org", "email_key": f"{nth}@x.org", "name": str(nth), "name_key": str(nth)}
    with writing(engine) as connection:
        connection.execute(select(account.c.id)).all()  # a write that reads first, as ours do
        connection.execute(
            account.insert().values(session_key="k", created_at=0, active=True, administrator=False, **values)
        )

url, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
engine = open_database(url)
migrate(engine)
for nth in range(first, first + count):
    insert(engine, nth)
    print(nth, flush=True)
"""


def _writer(url: str, first: int, count: int, told: Path) -> BaseProcess:
    """Another process that writes ``count`` accounts and says of each when it is acknowledged."""
    told.touch()
    return python(WRITER, url, first, count, streams=(os.devnull, told))


def _emails(place: Path) -> list[str]:
    with sqlite3.connect(place) as connection:
        return [row[0] for row in connection.execute("SELECT email FROM account")]


def test_eight_processes_write_at_once_and_nobody_is_locked_out(engine: Engine, tmp_path: Path) -> None:
    writers = [_writer(str(engine.url), nth * 100, 25, tmp_path / f"told{nth}") for nth in range(8)]
    assert [ended(writer) for writer in writers] == [0] * 8
    assert len(_emails(tmp_path / "wiki.db")) == 200


def test_a_kill_loses_nothing_that_was_acknowledged(engine: Engine, tmp_path: Path) -> None:
    told = tmp_path / "told"
    writer = _writer(str(engine.url), 0, 100_000, told)
    try:
        deadline = time.monotonic() + 30
        while told.stat().st_size < 200 and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        writer.kill()
        ended(writer)
    acknowledged = {f"{line}@x.org" for line in told.read_text().split()}
    assert len(acknowledged) > 10
    assert acknowledged <= set(_emails(tmp_path / "wiki.db"))
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO index_state VALUES ('after', 'the kill')")


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with reading(engine) as connection:
        before = connection.execute(select(schema.state)).all()
        with writing(engine) as other:
            other.exec_driver_sql("INSERT INTO index_state VALUES ('a', 'b')")
        assert connection.execute(select(schema.state)).all() == before
    with reading(engine) as connection:
        assert len(connection.execute(select(schema.state)).all()) == len(before) + 1


def _note(engine: Engine, key: str, value: str = "") -> None:
    with writing(engine) as connection:
        connection.execute(schema.state.insert().values(key=key, value=value))


def test_a_fork_takes_no_connection_with_it(engine: Engine, tmp_path: Path) -> None:
    _note(engine, "before")
    child = os.fork()
    if child == 0:
        for nth in range(20):
            _note(engine, f"child {nth}")
        os._exit(0)
    for nth in range(20):
        _note(engine, f"parent {nth}")
    assert os.waitpid(child, 0)[1] == 0
    with sqlite3.connect(tmp_path / "wiki.db") as connection:
        assert connection.execute("SELECT count(*) FROM index_state WHERE key LIKE '% %'").fetchone() == (40,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_refuses_the_write_whole_and_lets_people_read(engine: Engine) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, before[1]))
    try:
        with pytest.raises(Unavailable):
            _note(engine, "large", "x" * (1 << 20))
        with reading(engine) as connection:
            assert not connection.execute(select(schema.state).where(schema.state.c.key == "large")).all()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    _note(engine, "large", "x" * (1 << 20))


def test_a_database_that_others_hold_for_too_long_is_said_to_be_unavailable(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    holder = sqlite3.connect(tmp_path / "wiki.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="something else is writing"):
        _note(engine, "late")
    holder.execute("COMMIT")
    holder.close()
    _note(engine, "late")


def test_who_has_waited_long_to_write_waits_no_longer_than_needed(engine: Engine, tmp_path: Path) -> None:
    """SQLite by itself would sleep on for 78 ms after these 250."""
    late = []
    for nth in range(3):
        holder = sqlite3.connect(tmp_path / "wiki.db", isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        threading.Timer(0.25, holder.execute, ["COMMIT"]).start()
        began = time.monotonic()
        _note(engine, f"late {nth}")
        late.append(time.monotonic() - began - 0.25)
        holder.close()
    assert min(late) < 0.06


def test_a_database_that_may_not_be_written_can_be_read(engine: Engine, tmp_path: Path) -> None:
    protected = open_database(f"sqlite:///file:{tmp_path / 'wiki.db'}?mode=ro&uri=true")
    with pytest.raises(Unavailable, match="may only be read"):
        _note(protected, "never")
    with reading(protected) as connection:
        assert connection.execute(select(schema.state).where(schema.state.c.key == "never")).all() == []
    protected.dispose()


def test_durable_means_synced(engine: Engine) -> None:
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_failed_write_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO index_state VALUES ('a', 'b')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with sqlite3.connect(tmp_path / "wiki.db") as connection:
        assert connection.execute("SELECT count(*) FROM index_state WHERE key = 'a'").fetchone() == (0,)


def test_four_processes_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    writers = [_writer(url, nth, 1, tmp_path / f"told{nth}") for nth in range(4)]
    assert [ended(writer) for writer in writers] == [0] * 4
    assert len(_emails(tmp_path / "new.db")) == 4


def test_a_database_of_a_newer_version_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused, match="newer version"):
        migrate(engine)


def test_migrating_again_does_nothing_and_does_not_even_load_what_migrates(engine: Engine) -> None:
    code = (
        "import sys; from wiki import database, versions\n"
        "versions.migrate(database.open_database(sys.argv[1])); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(engine.url)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_migrations_are_called_after_their_versions() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
    assert known_versions() == [revision.revision for revision in scripts.walk_revisions()][::-1]


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_what_the_code_declares(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with reading(engine) as connection:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'").scalars()
        declared = {index.name for table in metadata.tables.values() for index in table.indexes}
        assert declared <= set(names)
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        others = {name for name in tables if not name.startswith(FULL_TEXT)} - set(metadata.tables)
        assert others == {"alembic_version"}


def test_a_database_that_cannot_be_read_is_said_to_be_unavailable(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"this is no database, and it is long enough to be seen as none" * 20)
    with pytest.raises(Unavailable):
        migrate(open_database(f"sqlite:///{tmp_path / 'bad.db'}"))


def test_the_log_is_put_into_place_after_many_acts_and_not_after_few(tmp_path: Path) -> None:
    engine, log = open_database(f"sqlite:///{tmp_path / 'wiki.db'}"), tmp_path / "wiki.db-wal"
    migrate(engine)
    sizes = []
    for nth in range(60):
        _note(engine, f"large {nth}", "x" * (1 << 20))
        sizes.append(log.stat().st_size)
    assert 12 << 20 < max(sizes) < 24 << 20
    engine.dispose()


def test_only_what_heals_by_itself_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'wiki.db'}")

    def waits(**how: bool) -> bool:
        with writing(engine, **how) as connection:
            return connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL

    assert [waits(), waits(heals=True), waits()] == [True, False, True]
    with pytest.raises(RuntimeError):
        _fail(engine)
    assert waits(), "after a write that failed too"
    engine.dispose()


def test_only_what_takes_the_place_of_much_is_not_overwritten_on_the_disk(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'wiki.db'}")
    other = tmp_path / "other.db"

    def told(connection: Connection) -> list[object]:
        return [connection.exec_driver_sql(f"PRAGMA main.{name}").scalar() for name in ("secure_delete", "cache_size")]

    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        before = told(connection)
    with database.attached(engine, other, "other") as connection:
        assert told(connection)[0] == 0
    with pytest.raises(RuntimeError), database.attached(engine, other, "other"):
        raise RuntimeError("it was cut off")
    with reading(engine) as connection:
        assert told(connection) == before
        assert before[0] == 1
    engine.dispose()


FULL = 2


def _fail(engine: Database) -> None:
    with writing(engine, heals=True):
        raise RuntimeError("the act failed")
