"""Telling: from what happened to notices, exactly once.

How far people have been told of each proposal is a row (`told`), moved in the transaction that writes the notices. So a
kill between git and the rows loses nothing, the next `catch_up` finds what is new; and nothing is told twice, because a
notice is unique by act and account. When the power fails before that is on the disk, the row is lost with the notices,
and people are told again; so nobody waits for the disk, but where the row does not move. Whoever writes calls
`tell_within` while the index catches up where one right to write is for both, else `tell` after it; the clock calls
`tell_all`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, bindparam, delete, exists, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from wiki.accounts import Accounts
from wiki.accounts.former import accounts_formerly, addresses_before
from wiki.accounts.schema import account
from wiki.database import apart, reading, writing
from wiki.drafts import Fate, Suggestions
from wiki.guidelines import Guidelines
from wiki.index import schema as index
from wiki.kept_query import KeptQuery
from wiki.model.acts import Act
from wiki.model.errors import Damaged, NotFound, Unavailable
from wiki.model.merge import Weighed
from wiki.notify.matters import Asked, Happening, Matter, Told, happenings, still_asks, suggestion_made, told_of
from wiki.notify.posting import letter_key
from wiki.notify.reach import Reach, expect_digests, reaches
from wiki.notify.rows import keep_first, put
from wiki.notify.schema import notice, told, told_state
from wiki.notify.watching import followers
from wiki.outbox import Outbox
from wiki.prepared import Prepared

MOST_TRIES = 20
MOST_AT_ONCE = 500
KEPT_SECONDS = 400 * 86400
"""How long a notice is kept."""
BEGAN, SUGGESTION = "began", "suggestion"
_TALK = "refs/talk/"
_N: BindParameter[int] = bindparam("n")
_OPEN_ASKS = notice.c.n == _N, notice.c.asks, notice.c.done_at.is_(None)
_ASKING = Prepared(
    select(notice.c.id, notice.c.matter, notice.c.act, notice.c.about, notice.c.account_id, account.c.email_key)
    .join(account, account.c.id == notice.c.account_id)
    .where(*_OPEN_ASKS)
)
_ACTIVE = Prepared(
    select(account.c.email_key, account.c.id).where(
        account.c.email_key.in_(bindparam("keys", expanding=True))
        | account.c.id.in_(bindparam("numbers", expanding=True)),
        account.c.active,
    )
)
_ASKED_FOR_GROUP = (
    select(account.c.email_key)
    .join(notice, notice.c.account_id == account.c.id)
    .where(*_OPEN_ASKS, notice.c.matter == Matter.GROUP.value)
)
_CURSOR = Prepared(select(told.c.tip, told.c.talk, told.c.state).where(told.c.n == _N).with_for_update())
_SO_FAR = Prepared(
    select(
        select(told_state.c.value).where(told_state.c.key == BEGAN).scalar_subquery().label("began"),
        *(
            select(told.c[name]).where(told.c.n == _N).scalar_subquery().label(name)
            for name in ("tip", "talk", "state")
        ),
        exists().where(*_OPEN_ASKS).label("asks"),
    )
)
"""Whether people are told at all, how far they have been of one proposal, and whether it asks something of
somebody."""
_LOST = select(told.c.n).where(~exists().where(index.proposal.c.n == told.c.n))
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cursor:
    """How far people have been told of a proposal: its last act, its last comment, its state; "" for nothing yet."""

    tip: str = ""
    talk: str = ""
    state: str = ""


@dataclass(frozen=True)
class Look:
    """A proposal as it was looked at: from where on, what was found, and up to where."""

    n: int
    since: Cursor
    until: Cursor
    weighed: Weighed
    comments: Sequence[Act]
    found: Sequence[Happening]


Besides = Callable[[Connection, Weighed, Sequence[Happening]], None]
"""What else is to be done with what happened, in the same transaction."""


def _nothing(connection: Connection, weighed: Weighed, found: Sequence[Happening]) -> None:
    return None


class Telling:
    """Tells people of what happened in one wiki. Any number of processes may do so at once."""

    def __init__(
        self, engine: Engine, guidelines: Guidelines, accounts: Accounts, suggestions: Suggestions, outbox: Outbox,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self.engine = engine
        self.guidelines = guidelines
        self.accounts = accounts
        self.suggestions = suggestions
        self.outbox = outbox
        self.clock = clock
        self.besides: Besides = _nothing
        self._so_far = KeptQuery(engine, _SO_FAR)

    def begin(self) -> bool:
        """Tell people from now on. What happened before is known; it costs one statement, however much that was. False
        where it had begun already."""
        with reading(self.engine) as connection:
            if _state(connection, BEGAN) is not None:
                return False
        now, talks, rows = int(self.clock()), self._talks(), index.proposal
        with writing(self.engine) as connection:
            if _state(connection, BEGAN) is not None:
                return False
            everything = select(rows.c.n, rows.c.tip, literal(""), rows.c.state)
            connection.execute(told.insert().from_select(["n", "tip", "talk", "state"], everything))
            for n, tip in talks.items():
                connection.execute(update(told).where(told.c.n == n).values(talk=tip))
            put(connection, told_state, {"key": SUGGESTION, "value": self.suggestions.last()}, ("key",))
            put(connection, told_state, {"key": BEGAN, "value": now}, ("key",))
        return True

    def _talks(self) -> dict[int, str]:
        refs = self.guidelines.repository.refs.below(_TALK)
        return {int(ref.removeprefix(_TALK)): tip for ref, tip in refs.items() if ref.removeprefix(_TALK).isdigit()}

    def tell_all(self) -> int:
        """Tell people of everything they were not told of; the number of notices. For the clock."""
        with reading(self.engine) as connection:
            if _state(connection, BEGAN) is None:
                return 0
            moved = _moved(connection)
            spoken = select(told.c.n, told.c.talk).where(told.c.talk != "")
            known = {row.n: row.talk for row in connection.execute(spoken)}
            lost = connection.execute(_LOST.limit(1)).first() is not None
        moved += [n for n, tip in self._talks().items() if known.get(n, "") != tip and n not in moved]
        if lost:
            self._forget_lost()
        count = sum(self._tell_or_wait(n) for n in moved[:MOST_AT_ONCE])
        self._forget_old()
        return count + self.tell_of_suggestions()

    def _tell_or_wait(self, n: int) -> int:
        try:
            return self.tell(n)
        except (Damaged, NotFound) as error:
            log.warning("nobody can be told of proposal %s: %s", n, error)
            return 0

    def tell(self, n: int) -> int:
        """Tell people what is new on one proposal, and take out of inboxes what is done; the number of notices."""
        for _ in range(MOST_TRIES):
            so_far = self._so_far.row(n=n)
            if so_far.began is None:
                return 0
            look = self._look(self.guidelines.weigh(n), so_far, lambda: self._asked_for_group(n))
            if look is None:
                return 0
            try:
                with writing(self.engine, synced=look.until == look.since) as connection:
                    if _cursor(connection, n) == look.since:
                        return self._say(connection, look)
            except IntegrityError:
                continue
        return 0

    def tell_within(self, done: set[int], connection: Connection, all_weighed: Iterable[Weighed]) -> None:
        """Tell people what is new on these proposals in the transaction in which that becomes visible, and note which
        are ``done``. What cannot be done just now is left, and it alone."""
        for weighed in all_weighed:
            try:
                with apart(connection):
                    if self._told_within(connection, weighed):
                        done.add(weighed.n)
            except (Damaged, IntegrityError, NotFound, Unavailable) as error:
                log.warning("people are told of proposal %s after it has become visible: %s", weighed.n, error)

    def _told_within(self, connection: Connection, weighed: Weighed) -> bool:
        (so_far,) = _SO_FAR.rows(connection, n=weighed.n)
        if so_far.began is None:
            return True
        look = self._look(weighed, so_far, lambda: _asked_for_group(connection, weighed.n))
        if look is not None and look.until == look.since:
            return False  # that it is done is to be on the disk, and the index need not be
        if look is not None:
            self._say(connection, look)
        return True

    def _say(self, connection: Connection, look: Look) -> int:
        """Write what was found; the number of notices."""
        if look.until != look.since:
            put(connection, told, {"n": look.n, **vars(look.until)}, ("n",))
        count = self._write(connection, look.weighed, look.found)
        self._finish(connection, look.weighed, look.comments)
        return count

    def _look(self, weighed: Weighed, so_far: Any, asked_for_group: Callable[[], set[str]]) -> Look | None:
        """What is new on a proposal; None where there is nothing to tell and nothing that may be done."""
        n, comments = weighed.n, self.guidelines.talk(weighed.n)
        since = Cursor(so_far.tip or "", so_far.talk or "", so_far.state or "")
        asked = asked_for_group() if so_far.asks else set()
        until = Cursor(weighed.proposal.tip.id, comments[-1].id if comments else "", _state_of(weighed))
        if until == since and not so_far.asks:
            return None
        new = _after(weighed.proposal.acts, since.tip)
        new_comments = _after(comments, since.talk)
        landed = weighed.in_force is not None and until.state != since.state
        found = happenings(weighed, new, comments, new_comments, landed, asked)
        return Look(n, since, until, weighed, comments, found)

    def _asked_for_group(self, n: int) -> set[str]:
        with reading(self.engine) as connection:
            return _asked_for_group(connection, n)

    def tell_of_suggestions(self) -> int:
        """Tell authors of suggestions they were not told of; the number of notices."""
        count = 0
        with reading(self.engine) as connection:
            last = _state(connection, SUGGESTION)
        for made in self.suggestions.after(last, MOST_AT_ONCE) if last is not None else []:
            try:
                weighed = self.guidelines.weigh(made.n)
            except (Damaged, NotFound):
                continue
            with writing(self.engine) as connection:
                if (_state(connection, SUGGESTION) or 0) >= made.id:
                    continue
                put(connection, told_state, {"key": SUGGESTION, "value": made.id}, ("key",))
                found = [suggestion_made(made.id, made.who, made.made_at, weighed.proposal)]
                count += self._write(connection, weighed, found if made.fate is Fate.OPEN else [])
        return count

    def _write(self, connection: Connection, weighed: Weighed, found: Sequence[Happening]) -> int:
        if not found:
            return 0
        paths = [each.path for each in weighed.proposal.touched]
        authors = frozenset(author.key for author in weighed.proposal.authors)
        who = followers(connection, weighed.n, paths, authors)
        all_told = [one for happening in found for one in told_of(happening, who)]
        people = _accounts(connection, {one.key for one in all_told})
        chosen = reaches(connection, people.values())
        rows = [_row(weighed.n, one, people[one.key], chosen) for one in all_told if one.key in people]
        keep_first(connection, notice, rows)
        digests = {int(str(row["account_id"])) for row in rows if row["mail"] == "digest" or row["asks"]}
        if digests:
            expect_digests(connection, digests, int(self.clock()))
        self.besides(connection, weighed, found)
        return len(rows)

    def _finish(self, connection: Connection, weighed: Weighed, comments: Sequence[Act]) -> None:
        """Take out of inboxes what asked for something that is done, and out of the outbox."""
        rows = _ASKING.rows(connection, n=weighed.n)
        if not rows:
            return
        suggested = any(row.matter == Matter.SUGGESTED for row in rows)
        of = self.suggestions.of(weighed.n) if suggested else []
        still_open = {str(each.id) for each in of if each.fate is Fate.OPEN}
        before = addresses_before(connection, {row.account_id for row in rows})
        done = [
            row.id
            for row in rows
            if not any(
                still_asks(Asked(key, Matter(row.matter), row.act, row.about), weighed, comments, still_open)
                for key in (row.email_key, *before.get(row.account_id, ()))
            )
        ]
        now, keys = int(self.clock()), {row.id: letter_key(row.act, row.account_id) for row in rows}
        for at in range(0, len(done), MOST_AT_ONCE):
            some = done[at : at + MOST_AT_ONCE]
            connection.execute(update(notice).where(notice.c.id.in_(some)).values(done_at=now))
            self.outbox.withdraw_in(connection, [keys[number] for number in some], now)

    def _forget_lost(self) -> None:
        """How far people were told of proposals that there are no longer: others will have their numbers."""
        with writing(self.engine) as connection:
            connection.execute(delete(told).where(told.c.n.in_(_LOST)))

    def _forget_old(self) -> None:
        old = select(notice.c.id).where(notice.c.at < int(self.clock()) - KEPT_SECONDS).limit(MOST_AT_ONCE)
        with reading(self.engine) as connection:
            if connection.execute(old.limit(1)).first() is None:
                return
        with writing(self.engine) as connection:
            connection.execute(delete(notice).where(notice.c.id.in_(old)))


def _state(connection: Connection, key: str) -> int | None:
    found = connection.execute(select(told_state.c.value).where(told_state.c.key == key)).scalar()
    return int(found) if found is not None else None


def _asked_for_group(connection: Connection, n: int) -> set[str]:
    """Who is asked already, for their group."""
    return set(connection.execute(_ASKED_FOR_GROUP, {"n": n}).scalars())


def _cursor(connection: Connection, n: int) -> Cursor:
    """How far people have been told, held until the transaction ends."""
    rows = _CURSOR.rows(connection, n=n)
    return Cursor(*rows[0]) if rows else Cursor()


def _moved(connection: Connection) -> list[int]:
    """The proposals on which something is new, as the index has them."""
    rows = index.proposal
    news = or_(told.c.n.is_(None), told.c.tip != rows.c.tip, told.c.state != rows.c.state)
    query = select(rows.c.n).outerjoin(told, told.c.n == rows.c.n).where(news)
    return list(connection.execute(query.order_by(rows.c.n).limit(MOST_AT_ONCE)).scalars())


def _after(acts: Iterable[Act], known: str) -> set[str]:
    """The acts after one that is known; none where that one is not among them, as in a repository that was put back to
    an earlier day."""
    ids = [act.id for act in acts]
    if not known:
        return set(ids)
    return set(ids[ids.index(known) + 1 :]) if known in ids else set()


def _state_of(weighed: Weighed) -> str:
    if weighed.in_force is not None:
        return "in force"
    return "closed" if weighed.proposal.closed is not None else "open"


def _accounts(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """The accounts of these people, those that can be used, by an address that they have or had."""
    wanted, found = sorted(keys), dict[str, int]()
    for at in range(0, len(wanted), MOST_AT_ONCE):
        formerly = accounts_formerly(connection, wanted[at : at + MOST_AT_ONCE])
        rows = _ACTIVE.rows(connection, keys=wanted[at : at + MOST_AT_ONCE], numbers=list(formerly.values()))
        active = {int(row.id) for row in rows}
        found |= {key: number for key, number in formerly.items() if number in active}
        found |= {row.email_key: int(row.id) for row in rows if row.email_key in keys}
    return found


def _row(n: int, one: Told, who: int, chosen: dict[int, Reach]) -> dict[str, object]:
    happening = one.happening
    return {
        "account_id": who,
        "act": happening.id,
        "n": n,
        "matter": one.matter.value,
        "asks": one.asks,
        "about": happening.about,
        "because": one.because,
        "by_name": happening.by.name,
        "by_email": happening.by.email,
        "at": happening.at,
        "mail": chosen.get(who, Reach()).mail(one.asks),
    }
