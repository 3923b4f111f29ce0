"""What is compiled once for all the wikis of a test run: templates, which is most of what a new application costs, and
SQL, which is most of what a new database costs."""

from __future__ import annotations

from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.engine import Compiled, Dialect

from wiki import database, prepared


class InMemory(BytecodeCache):
    """The compiled templates of this process, by their name and text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(f"{bucket.key}{bucket.checksum}")
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[f"{bucket.key}{bucket.checksum}"] = bucket.bytecode_to_string()


KEPT = InMemory()

_create_engine = database.create_engine
_first: dict[str, tuple[Dialect, Any]] = {}


def _create_sharing_engine(url: str, **options: Any) -> Engine:
    """An engine that takes what others of its kind have compiled: they know it again by the dialect, so it is one.
    That is the first that reached a database, since only then does a dialect know what it speaks to."""
    engine = _create_engine(url, **options)
    name, own = engine.dialect.name, (engine.dialect, engine._compiled_cache)
    if name in _first:
        engine.dialect, engine._compiled_cache = _first[name]
    else:
        event.listen(engine, "connect", lambda _connection, _record: _first.setdefault(name, own))
    return engine


_compile = prepared.compiled
_small: dict[object, Compiled] = {}


def _compile_once(statement: prepared.Statement, dialect: Dialect) -> Compiled:
    """A small question as another wiki has compiled it, with the same values in it."""
    known = statement._generate_cache_key()
    assert known is not None, statement
    key = dialect.name, known.key, tuple(bound.value for bound in known.bindparams)
    if key not in _small:
        _small[key] = _compile(statement, dialect)
    return _small[key]


def share_statements() -> None:
    """From now on, engines of this process share their compiled statements."""
    prepared.compiled = _compile_once
    database.create_engine = _create_sharing_engine  # type: ignore[attr-defined]
