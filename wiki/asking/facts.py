"""What is known of colleagues and a proposal, for `whom`.

A bounded number of questions, each about the latest so many: the cost grows neither with the history nor with the
number of accounts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, or_, select

from wiki.accounts.former import accounts_formerly
from wiki.accounts.schema import account
from wiki.asking.schema import choice, request
from wiki.asking.whom import ACTIVE_SECONDS, WEEK, Candidate, Question
from wiki.database import reading
from wiki.index import Index
from wiki.model.acts import Person
from wiki.model.merge import Weighed
from wiki.model.names import PAGE_SUFFIX, name_of
from wiki.model.proposal import Blob, Touched
from wiki.model.turns import Task, whose_turn
from wiki.notify.matters import PROPOSAL
from wiki.notify.schema import watch
from wiki.prose import changed_lines
from wiki.visits.schema import visit

MOST_PAGES = 5
MOST_FOUND = 100
MOST_WANTED = 3
"""How often a week somebody is asked who did not say."""
_AT_ONCE = 500
_BUSY_WITH_TEXT = {Task.MEND, Task.RECONCILE}


@dataclass
class Found:
    """Colleagues by what they have to do with it, as `Person.key`; ``readers`` and ``about`` by their account."""

    wrote: set[str] = field(default_factory=set)
    endorsed: set[str] = field(default_factory=set)
    page: set[str] = field(default_factory=set)
    nearby: set[str] = field(default_factory=set)
    lately: set[str] = field(default_factory=set)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    readers: set[int] = field(default_factory=set)
    about: set[int] = field(default_factory=set)

    def keys(self) -> set[str]:
        """Everybody who is known by an address."""
        members = [key for keys in self.groups.values() for key in sorted(keys)[:MOST_FOUND]]
        return {*self.wrote, *self.endorsed, *self.page, *self.nearby, *self.lately, *members}


@dataclass(frozen=True)
class Load:
    """How much somebody is asked already."""

    open: int = 0
    week: int = 0
    asked_at: int | None = None
    most: int = MOST_WANTED
    paused: int | None = None
    asked: bool = False


def question_of(weighed: Weighed) -> Question | None:
    """What a proposal lacks that colleagues could give; None where it lacks nothing of that kind, or its authors must
    mend the text first."""
    if weighed.in_force is not None or weighed.proposal.closed is not None:
        return None
    turns = whose_turn(weighed.proposal, weighed.standing, weighed.policy)
    voices = max(0, weighed.standing.needed - len(weighed.standing.valid))
    groups = tuple(turn.about for turn in turns if turn.task is Task.ENDORSE_FOR_GROUP)
    if not (voices or groups) or any(turn.task in _BUSY_WITH_TEXT for turn in turns):
        return None
    return Question(weighed.n, weighed.now, voices, groups, weighed.policy.members_since)


class Facts:
    """Finds out about colleagues. ``language`` is the tag of the one that pages are written in."""

    def __init__(self, engine: Engine, index: Index, language: str) -> None:
        self.engine = engine
        self.index = index
        self.language = language.partition("-")[0]

    def candidates(self, weighed: Weighed, question: Question) -> list[Candidate]:
        """Who could be asked, and what speaks for and against it."""
        found = self._found(weighed, question)
        with reading(self.engine) as connection:
            rows = _accounts(connection, found.keys(), found.readers | found.about)
            loads = loads_of(connection, list(rows), weighed.n, question.now)
        return [self._candidate(row, loads[row.id], found, weighed) for row in rows.values()]

    def _found(self, weighed: Weighed, question: Question) -> Found:
        touched = [each for each in weighed.proposal.touched if each.before is not None][:MOST_PAGES]
        paths = [each.path for each in touched]
        names = [name for path in paths if (name := name_of(path)) is not None]
        folders = sorted({_folder(each.path) for each in weighed.proposal.touched})[:MOST_PAGES]
        wrote, pages = self._wrote(touched)
        knowing = self.index.knowing
        with reading(self.engine) as connection:
            readers = _readers(connection, names, question.now)
            about = _about(connection)
        return Found(
            wrote=wrote,
            endorsed=set(knowing.endorsers(paths)),
            page=set(knowing.writers(pages)),
            nearby=set(knowing.nearby(folders)),
            lately=set(knowing.lately()),
            groups={group: weighed.policy.groups.get(group, frozenset()) for group in question.groups},
            readers=readers,
            about=about,
        )

    def _wrote(self, touched: Sequence[Touched]) -> tuple[set[str], list[int]]:
        """Whose words would change, and the rows of the pages."""
        keys: set[str] = set()
        pages: list[int] = []
        for each in touched:
            name = each.path.removesuffix(PAGE_SUFFIX)
            record = self.index.knowing.record(name) if each.path.endswith(PAGE_SUFFIX) else None
            if record is None:
                continue
            pages.append(record.id)
            if each.before is not None and each.before.id == record.blob:
                lines = changed_lines(self._text(each.before), self._text(each.after))
                hunks = self.index.who_wrote(record)
                keys |= {hunk.author.key for hunk in hunks for some in lines if _meet(some, hunk.first, hunk.count)}
        return keys, pages

    def _text(self, blob: Blob | None) -> str:
        return self.index.repository.content(blob).decode("utf-8", "replace") if blob is not None else ""

    def _candidate(self, row: Row[Any], load: Load, found: Found, weighed: Weighed) -> Candidate:
        proposal, person = weighed.proposal, Person(row.name, row.email)
        keys = frozenset(self.index.repository.identities.keys(person.key))
        chosen = None if row.language is None else row.language.partition("-")[0] == self.language
        return Candidate(
            account=row.id,
            person=person,
            member_since=row.created_at,
            seen_at=row.last_sign_in_at,
            active=bool(row.active),
            author=any(author.key in keys for author in proposal.authors),
            spoke=not keys.isdisjoint(proposal.voices),
            asked=load.asked,
            wrote=not keys.isdisjoint(found.wrote),
            endorsed=not keys.isdisjoint(found.endorsed),
            page=not keys.isdisjoint(found.page),
            nearby=not keys.isdisjoint(found.nearby),
            reads=row.id in found.readers,
            groups=frozenset(group for group, members in found.groups.items() if person.key in members),
            language=chosen,
            open=load.open,
            week=load.week,
            most=load.most,
            paused=load.paused,
            asked_at=load.asked_at,
        )


def _folder(path: str) -> str:
    first, slash, _rest = path.partition("/")
    return first if slash else ""


def _meet(some: range, first: int, count: int) -> bool:
    return some.start < first + count and first < some.stop


def _readers(connection: Connection, names: Sequence[str], now: int) -> set[int]:
    late = visit.c.name.in_(names), visit.c.seen_at > now - ACTIVE_SECONDS
    query = select(visit.c.account_id).where(*late).order_by(visit.c.seen_at.desc(), visit.c.account_id)
    return set(connection.execute(query.limit(MOST_FOUND)).scalars()) if names else set()


def _about(connection: Connection) -> set[int]:
    """Who was here last."""
    query = select(account.c.id).where(account.c.active, account.c.last_sign_in_at.is_not(None))
    return set(connection.execute(query.order_by(account.c.last_sign_in_at.desc()).limit(MOST_FOUND)).scalars())


def _accounts(connection: Connection, keys: Iterable[str], numbers: Iterable[int]) -> dict[int, Row[Any]]:
    wanted, ids = sorted(keys), set(numbers)
    found: dict[int, Row[Any]] = {}
    columns = (account.c.id, account.c.name, account.c.email, account.c.created_at, account.c.last_sign_in_at,
               account.c.active, account.c.language)  # fmt: skip
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        ids.update(accounts_formerly(connection, some).values())
        rows = connection.execute(select(*columns).where(account.c.email_key.in_(some)))
        found.update({row.id: row for row in rows})
    rest = sorted(ids - found.keys())
    for at in range(0, len(rest), _AT_ONCE):
        rows = connection.execute(select(*columns).where(account.c.id.in_(rest[at : at + _AT_ONCE])))
        found.update({row.id: row for row in rows})
    return dict(sorted(found.items()))


def loads_of(connection: Connection, whose: Collection[int], n: int, now: int) -> dict[int, Load]:
    """How much each of these accounts is asked, and whether it is done with proposal ``n``: asked before, or muted
    it."""
    loads = {number: Load() for number in whose}
    wanted = sorted(loads)
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        counted = _counted(connection, some, now)
        chosen = {
            row.account_id: row for row in connection.execute(select(choice).where(choice.c.account_id.in_(some)))
        }
        done = _done_with(connection, some, n)
        for number in some:
            mine, own = counted.get(number), chosen.get(number)
            loads[number] = Load(
                open=mine.open if mine else 0,
                week=mine.week if mine else 0,
                asked_at=mine.last if mine else None,
                most=own.most if own else MOST_WANTED,
                paused=own.paused_until if own else None,
                asked=number in done,
            )
    return loads


def _counted(connection: Connection, some: Sequence[int], now: int) -> dict[int, Row[Any]]:
    since = now - ACTIVE_SECONDS
    query = select(
        request.c.account_id,
        func.count().filter(request.c.fate == "open").label("open"),
        func.count().filter(request.c.at > now - WEEK).label("week"),
        func.max(request.c.at).label("last"),
    )
    recent = or_(request.c.fate == "open", request.c.at > since)
    query = query.where(request.c.account_id.in_(some), recent).group_by(request.c.account_id)
    return {row.account_id: row for row in connection.execute(query)}


def _done_with(connection: Connection, some: Sequence[int], n: int) -> set[int]:
    asked = select(request.c.account_id).where(request.c.n == n, request.c.account_id.in_(some))
    muted = select(watch.c.account_id).where(
        watch.c.kind == PROPOSAL, watch.c.target == str(n), watch.c.muted, watch.c.account_id.in_(some)
    )
    return {*connection.execute(asked).scalars(), *connection.execute(muted).scalars()}
