"""Watching: pages, folders and proposals that somebody wants to hear of, and proposals they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, bindparam, delete, func, or_, select

from wiki.accounts.schema import account
from wiki.database import reading, writing
from wiki.index import schema as index
from wiki.kept_query import KeptQuery
from wiki.model.errors import Refused
from wiki.model.names import name_of
from wiki.model.words import N_
from wiki.notify.matters import FOLDER, PAGE, PROPOSAL, Followers
from wiki.notify.rows import put
from wiki.notify.schema import notice, watch
from wiki.prepared import Prepared

KINDS = (PAGE, FOLDER, PROPOSAL)
MOST_WATCHED = 2_000
_NAMES_AT_ONCE = 200
_CLOSEST_FIRST = {PROPOSAL: 0, PAGE: 1, FOLDER: 2}
_ONE = Prepared(select(watch).where(*(watch.c[key] == bindparam(key) for key in ("account_id", "kind", "target"))))
_WATCHERS = Prepared(
    select(watch.c.kind, watch.c.target, watch.c.muted, account.c.email_key)
    .join(account, account.c.id == watch.c.account_id)
    .where(
        account.c.active,
        or_(*(and_(watch.c.kind == of, watch.c.target.in_(bindparam(of, expanding=True))) for of in KINDS)),
    )
)
_FORMER = Prepared(
    select(index.former.c.name)
    .join(index.page, index.page.c.id == index.former.c.page_id)
    .where(index.page.c.name.in_(bindparam("names", expanding=True)), index.page.c.in_force)
)


@dataclass(frozen=True)
class Watched:
    """Something that somebody watches, since when (unix seconds): a page or folder by its name, a proposal by its
    number; or a proposal that they have ``muted``."""

    kind: str
    target: str
    since: int
    muted: bool = False


class Watches:
    """Everybody's watches. Every method takes the account whose they are."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._one = KeptQuery(engine, _ONE)

    def begin(self, who: int, kind: str, target: str, now: int) -> None:
        """Watch something from now on; a proposal that was muted is heard of again."""
        self._put(who, Watched(kind, target, now))

    def mute(self, who: int, n: int, now: int) -> None:
        """Hear nothing more of a proposal; what was told of it already counts as read."""
        self._put(who, Watched(PROPOSAL, str(n), now, muted=True))
        mine = notice.c.account_id == who, notice.c.n == n, notice.c.read_at.is_(None)
        with writing(self.engine) as connection:
            connection.execute(notice.update().where(*mine).values(read_at=now))

    def _put(self, who: int, watched: Watched) -> None:
        row = {"account_id": who, "kind": watched.kind, "target": watched.target, "muted": watched.muted,
               "since": watched.since}  # fmt: skip
        with writing(self.engine) as connection:
            have = connection.execute(select(func.count()).where(watch.c.account_id == who)).scalar() or 0
            if have >= MOST_WATCHED:
                raise Refused(N_("You watch %(most)s things already. Stop watching some of them first."),
                              most=MOST_WATCHED)  # fmt: skip
            put(connection, watch, row, ("account_id", "kind", "target"))

    def end(self, who: int, kind: str, target: str) -> bool:
        """Stop watching something, or hear of it again where it was muted; whether there was anything to end."""
        mine = watch.c.account_id == who, watch.c.kind == kind, watch.c.target == target
        with writing(self.engine) as connection:
            return connection.execute(delete(watch).where(*mine)).rowcount == 1

    def of(self, who: int) -> list[Watched]:
        """What somebody watches and has muted: pages, folders, then proposals, by name."""
        mine = select(watch).where(watch.c.account_id == who).order_by(watch.c.kind, watch.c.target)
        with reading(self.engine) as connection:
            found = [Watched(row.kind, row.target, row.since, row.muted) for row in connection.execute(mine)]
        return sorted(found, key=lambda one: (KINDS.index(one.kind), int(one.target) if one.kind == PROPOSAL else 0))

    def count(self, names: Iterable[str]) -> int:
        """How many people watch any of these pages, or a folder that one of them is in. Nobody is told who."""
        pages = sorted(set(names))
        with reading(self.engine) as connection:
            called = {*pages, *_former(connection, pages)}
            inside = [target for _kind, target in _folders(called)]
            wanted = or_(
                and_(watch.c.kind == PAGE, watch.c.target.in_(called)),
                and_(watch.c.kind == FOLDER, watch.c.target.in_(inside)),
            )
            query = (
                select(func.count(watch.c.account_id.distinct()))
                .join(account, account.c.id == watch.c.account_id)
                .where(account.c.active, ~watch.c.muted, wanted)
            )
            return connection.execute(query).scalar() or 0

    def get(self, who: int, kind: str, target: str) -> Watched | None:
        """Whether somebody watches this, or has muted it; None where they do neither."""
        row = self._one.row(account_id=who, kind=kind, target=target)
        return Watched(row.kind, row.target, row.since, bool(row.muted)) if row is not None else None


def followers(connection: Connection, n: int, paths: Iterable[str], authors: frozenset[str]) -> Followers:
    """Who follows a proposal that touches these files. Only those concerned are asked for, of however many people."""
    names = sorted({name for path in paths if (name := name_of(path)) is not None})
    pages = {*names, *_former(connection, names)}
    targets = [(PROPOSAL, str(n)), *((PAGE, name) for name in sorted(pages)), *_folders(pages)]
    watching: dict[str, str] = {}
    muted: set[str] = set()
    for kind, target, key, silent in sorted(_watchers(connection, targets), key=_closest):
        if silent:
            muted.add(key)
        else:
            watching.setdefault(key, f"{kind}:{target}")
    return Followers(authors, watching, frozenset(muted))


def _closest(found: tuple[str, str, str, bool]) -> tuple[int, int]:
    kind, target, _key, _muted = found
    return _CLOSEST_FIRST[kind], -len(target)


def _folders(names: Iterable[str]) -> list[tuple[str, str]]:
    """Every folder that one of these pages is in, and the pages that are folders themselves."""
    found = set(names)
    for name in names:
        parts = name.split("/")
        found.update("/".join(parts[:depth]) for depth in range(1, len(parts)))
    return [(FOLDER, name) for name in sorted(found)]


def _former(connection: Connection, names: list[str]) -> list[str]:
    """What pages that are called this now were called before: whoever watched them then still does."""
    found: list[str] = []
    for at in range(0, len(names), _NAMES_AT_ONCE):
        found += [row.name for row in _FORMER.rows(connection, names=names[at : at + _NAMES_AT_ONCE])]
    return found


def _watchers(connection: Connection, targets: list[tuple[str, str]]) -> Iterator[tuple[str, str, str, bool]]:
    for at in range(0, len(targets), _NAMES_AT_ONCE):
        some = targets[at : at + _NAMES_AT_ONCE]
        asked = {of: [target for kind, target in some if kind == of] for of in KINDS}
        for row in _WATCHERS.rows(connection, **asked):
            yield row.kind, row.target, row.email_key, bool(row.muted)
