"""Former names and addresses: git knows people by them for ever, so nobody else may have them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from wiki.accounts.schema import account, former_identity
from wiki.database import reading
from wiki.kept_query import KeptQuery
from wiki.model.acts import Person
from wiki.prepared import Prepared

EMAIL, NAME = "email", "name"
NAMES_KEPT = 5
"""So many former names stay those of an account. Addresses stay for ever."""
_F = former_identity
_FORMERLY = Prepared(
    select(_F.c.key, _F.c.account_id).where(_F.c.kind == EMAIL, _F.c.key.in_(bindparam("keys", expanding=True)))
)


@dataclass(frozen=True)
class FormerIdentity:
    """A name or an address (``kind``) as it was written, in use until then (unix seconds)."""

    kind: str
    text: str
    until: int


class Former:
    """Who is the same as whom, for those who changed their name or address. Kept in memory until somebody does."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._asked = KeptQuery(engine, f"SELECT max(id) FROM {_F.name}")  # noqa: S608 - a name of ours
        self._known: tuple[int, Mapping[str, tuple[Person, ...]]] = 0, {}

    def version(self) -> int:
        """Another number whenever somebody has changed their name or address, 0 before; in microseconds."""
        return int(self._asked.value() or 0)

    def called(self, person: Person) -> Person:
        """Who somebody is now."""
        selves = self._selves().get(person.key)
        return selves[0] if selves is not None else person

    def others(self, person: Person) -> tuple[Person, ...]:
        """The same colleague under the other addresses that they have or had."""
        return tuple(each for each in self._selves().get(person.key, ()) if each.key != person.key)

    def keys(self, key: str) -> tuple[str, ...]:
        """All keys of the colleague of this `Person.key`, that one among them."""
        selves = self._selves().get(key)
        return tuple(each.key for each in selves) if selves is not None else (key,)

    def of(self, number: int) -> list[FormerIdentity]:
        """What an account was called before, the latest first."""
        query = select(_F).where(_F.c.account_id == number).order_by(_F.c.id.desc())
        with reading(self.engine) as connection:
            return [FormerIdentity(row.kind, row.text, row.until) for row in connection.execute(query)]

    def _selves(self) -> Mapping[str, tuple[Person, ...]]:
        """By address, casefolded: the colleague as they are now, then under each former address."""
        version = self.version()
        if self._known[0] != version:
            self._known = version, self._read()
        return self._known[1]

    def _read(self) -> Mapping[str, tuple[Person, ...]]:
        query = select(account.c.id, account.c.name, account.c.email, _F.c.kind, _F.c.text)
        query = query.join(_F, _F.c.account_id == account.c.id).order_by(_F.c.id)
        selves: dict[int, list[Person]] = {}
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                found = selves.setdefault(row.id, [Person(row.name, row.email)])
                if row.kind == EMAIL:
                    found.append(Person(row.name, row.text))
        return {each.key: tuple(people) for people in selves.values() for each in people}


def note(connection: Connection, number: int, kind: str, old: tuple[str, str], key: str, now: int) -> None:
    """An account gives up a name or address, ``old`` as its key and as it was written, for the one of ``key``. What
    it takes up again is no longer a former one."""
    values = {"account_id": number, "kind": kind, "key": old[0], "text": old[1], "until": now}
    made = connection.execute(insert(_F).values(**values)).inserted_primary_key
    assert made is not None  # noqa: S101 - the insert has just succeeded
    same = _F.c.account_id == number, _F.c.kind == kind, _F.c.id != made[0]
    connection.execute(delete(_F).where(*same, _F.c.key.in_([key, old[0]])))
    if kind == NAME:
        kept = select(_F.c.id).where(_F.c.account_id == number, _F.c.kind == NAME)
        connection.execute(delete(_F).where(*same, _F.c.id.not_in(kept.order_by(_F.c.id.desc()).limit(NAMES_KEPT))))


def taken(connection: Connection, kind: str, key: str, but: int | None) -> bool:
    """Whether this name or address once was that of another account than ``but``."""
    query = select(_F.c.account_id).where(_F.c.kind == kind, _F.c.key == key)
    return any(number != but for number in connection.execute(query).scalars())


def former_addresses(connection: Connection) -> list[str]:
    """All addresses that somebody no longer uses, casefolded."""
    return list(connection.execute(select(_F.c.key).where(_F.c.kind == EMAIL).order_by(_F.c.id)).scalars())


def accounts_formerly(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """The accounts that had these addresses, by address."""
    return {row.key: row.account_id for row in _FORMERLY.rows(connection, keys=keys)} if keys else {}


def addresses_before(connection: Connection, numbers: Collection[int]) -> dict[int, list[str]]:
    """The former addresses of these accounts, casefolded."""
    found: dict[int, list[str]] = {}
    query = select(_F.c.account_id, _F.c.key).where(_F.c.kind == EMAIL, _F.c.account_id.in_(numbers))
    for row in connection.execute(query):
        found.setdefault(row.account_id, []).append(row.key)
    return found
