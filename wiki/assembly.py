"""Putting the parts together: repository, service, index and accounts as one `Wiki`.

Made once per process by the web, the command line and the demonstration. Nothing here knows Flask.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from functools import partial
from pathlib import Path

from wiki.accounts import Accounts, Administration, Former, Identities, Invitations, Own, Sessions, Tokens
from wiki.asking import Asking
from wiki.database import Database, open_database, turns, writes_all_at_once
from wiki.drafts import Drafts, Sketches, Suggestions, Uploads
from wiki.guidelines import Guidelines
from wiki.health import UPKEEP, Health
from wiki.index import Index
from wiki.index.words import language_of
from wiki.model.errors import Damaged, NotFound, Refused, Unavailable, WikiError
from wiki.model.words import N_
from wiki.notify import TELLING, Notify
from wiki.outbox import MAIL, Outbox, Parcel, Post, PostOffice, Reachable
from wiki.repository import Repository, Signer, check_git_version_once
from wiki.settings import Settings
from wiki.versions import migrate
from wiki.visits import Visits
from wiki.wording import Limits

MOST_AT_ONCE = 100
MOST_IN_A_TICK = 2_000
log = logging.getLogger(__name__)


@dataclass
class Wiki:
    """One wiki, ready to serve."""

    settings: Settings
    engine: Database
    repository: Repository
    guidelines: Guidelines
    index: Index
    accounts: Accounts
    identities: Identities
    drafts: Drafts
    suggestions: Suggestions
    sketches: Sketches
    uploads: Uploads
    visits: Visits
    health: Health
    notify: Notify
    outbox: Outbox
    asking: Asking
    own: Own
    sessions: Sessions
    tokens: Tokens
    former: Former
    clock: Callable[[], float]
    _turn: threading.local = field(default_factory=threading.local)

    def now(self) -> int:
        """The server's clock in unix seconds."""
        return int(self.clock())

    @property
    def invitations(self) -> Invitations:
        """Ways in, for those who may make them here."""
        return Invitations(self.accounts, by_members=self.settings.invite == "members")

    @property
    def administration(self) -> Administration:
        """What administrators do with accounts."""
        return Administration(self.accounts)

    @property
    def sends_mail(self) -> bool:
        """Whether letters put into the outbox will go anywhere."""
        return bool(self.settings.mail_server)

    def tick(self) -> int:
        """What the clock does: catch up with git, try every proposal whose moment has come, close what has been quiet
        for too long, and take back the voices of people who have left. How many proposals were looked at. What is to
        be done follows from git and from rows, so a tick that was killed is made good by the next; any number of
        processes may do this at once. Where a part fails, the others are done all the same."""
        with ExitStack() as others:
            others.callback(self.notify.tick)
            others.callback(self.asking.tick)
            others.callback(self._tidy)
            return self._bring_on()

    def _bring_on(self) -> int:
        self._settle(list(self.index.catch_up().affected))
        seen: set[int] = set()
        while len(seen) < MOST_IN_A_TICK:
            due = [n for n in self.index.due(self.now()) if n not in seen]
            if not due:
                break
            for n in due:
                self._due(n)
            seen.update(due)
        looked_at = len(seen) + self.take_back_voices_of_departed()
        self.health.ticked(self.now())
        return looked_at

    def _tidy(self) -> None:
        with self.tidying():
            if self.repository.refs.turn is not None:
                self.repository.refs.sweep()  # what a start left alone because it was too new
            self.repository.upkeep.settle()

    def keep_quick(self) -> bool:
        """Pack what was written into git, where there is much of it and no other machine is at it; whether that was
        done. May take minutes, in which everybody goes on reading and writing."""
        if not self.repository.upkeep.due() or not self.health.take_turn(UPKEEP, self.now()):
            return False
        try:
            return self.repository.upkeep.run(self.now())
        finally:
            self.health.end_turn(UPKEEP)

    def sweep(self) -> None:
        """What is done once a day: forget files that nobody proposed, letters that went long ago, and sessions that are
        over."""
        self.uploads.sweep(self.now())
        self.sketches.sweep(self.now())
        self.sessions.sweep(self.now())
        self.outbox.sweep(self.now())

    def _due(self, n: int) -> None:
        try:
            if not self.guidelines.close_if_quiet(n):
                self._settle([n])
        except (Refused, NotFound, Damaged) as error:
            log.warning("proposal %s cannot be brought on: %s", n, error)

    def take_back_voices_of_departed(self) -> int:
        """What deactivated colleagues said of proposals that are not in force no longer counts, and neither does what
        somebody said under an address that they gave up: nobody has two voices. The number of voices."""
        gone = self.accounts.departed()
        taken = 0
        for at in range(0, len(gone), MOST_AT_ONCE):
            for n, key in self.index.spoken_on(gone[at : at + MOST_AT_ONCE]):
                try:
                    self.guidelines.retract(n, self.repository.system, left=key)
                    taken += 1
                except (Refused, NotFound, Damaged) as error:
                    log.warning("a voice on proposal %s cannot be taken back: %s", n, error)
        return taken

    def written(self, n: int, settled_on: str | None) -> None:
        """After a write to proposal ``n``: make it visible, and try the proposals under which it moved the
        ground. What comes into force by that may move it under others; those have their turn in the same loop, or with
        the clock where that is cut off. Then people are told. ``settled_on`` as in `Outcome`."""
        tried: dict[int, str | None] | None = getattr(self._turn, "tried", None)
        if tried is not None:
            tried[n] = settled_on
            return
        affected = self._made_visible({n: settled_on})
        self._settle([other for other in affected if other != n])

    def _made_visible(self, written: Mapping[int, str | None]) -> tuple[int, ...]:
        """Index these proposals, each with what it was settled on, and tell people; which others that has moved. What
        is written stays written where it cannot be indexed just now: to say that it failed would have it done twice."""
        told = set[int]()
        tell = partial(self.notify.telling.tell_within, told) if writes_all_at_once(self.engine) else None
        try:
            affected = self.index.catch_up(written, tell).affected
        except (Unavailable, NotFound, Damaged) as error:
            log.error("proposals %s are written, and will be indexed in a minute: %s", tuple(written), error)
            return ()
        for n in written:
            self.tell(n, told=n in told)
        return affected

    @contextmanager
    def tidying(self) -> Iterator[None]:
        """Around what is only put in order after something was done: where that cannot be done, it is not."""
        try:
            yield
        except Unavailable as error:
            log.warning("something is left to be put in order: %s", error)

    def tell(self, n: int, *, told: bool = False, suggestions: bool = False) -> None:
        """Tell people what is new on a proposal where they were not ``told`` yet, and of suggestions; and settle what
        was asked of somebody about it. What was written stays written where that cannot be done just now; the clock
        does it then."""
        try:
            if suggestions:
                self.notify.telling.tell_of_suggestions()
            if not told:
                self.notify.telling.tell(n)
            self.asking.settle(n)
        except (Unavailable, NotFound, Damaged) as error:
            log.warning("people will be told of proposal %s in a minute: %s", n, error)

    def suggested(self, n: int) -> None:
        """After somebody suggested other words for proposal ``n``, or an answer was given to them."""
        self.tell(n, suggestions=True)

    def _settle(self, numbers: list[int]) -> None:
        """Try these proposals, and those under which that moves the ground. What is written to several is made visible
        at once, so that a page that all of them touch changes once."""
        left = MOST_AT_ONCE
        while numbers and left > 0:
            tried = self._turn.tried = dict[int, str | None]()
            try:
                for n in numbers[:left]:
                    self._settle_one(n)
            finally:
                self._turn.tried = None
                affected = self._made_visible(tried) if tried else ()
            left -= len(numbers)
            numbers = list(affected)

    def _settle_one(self, n: int) -> None:
        try:
            self.guidelines.settle(n)
        except (Refused, NotFound, Damaged) as error:
            log.info("proposal %s was not settled: %s", n, error)


def signer_of(settings: Settings) -> Signer | None:
    """What signs the merges, where a key is set; `Refused` where that cannot sign."""
    if not settings.signing_key:
        return None
    signer = Signer(Path(settings.signing_key))
    signer.check()
    return signer


def outbox_of(settings: Settings, engine: Database, accounts: Accounts) -> Outbox:
    """The outbox, with a sender of mail where there is a server for it."""
    outbox = Outbox(engine)
    if settings.mail_server:
        sender = Address(settings.site_name, addr_spec=settings.mail_from or settings.system_email)
        post = Post(PostOffice.parse(settings.mail_server), sender)
        outbox.senders[MAIL] = Reachable(post, lambda parcel: _may_be_sent(accounts, parcel))
    return outbox


def _may_be_sent(accounts: Accounts, parcel: Parcel) -> bool:
    """A deactivated account is told nothing more, whatever waited for it, but what becomes of the account itself."""
    account = accounts.by_email(parcel.recipient) if parcel.key.startswith(TELLING) else None
    return account is None or account.active


def open_wiki(settings: Settings, clock: Callable[[], float] = time.time) -> Wiki:
    """Open the wiki in a data directory. `Refused` where there is none, or one of a newer version."""
    check_git_version_once()
    if not settings.content_git.exists():
        raise Refused(N_("There is no wiki in %(path)s yet. Begin one with “wiki init”."), path=settings.data)
    sign = signer_of(settings)
    engine = open_database(settings.database_url)
    migrate(engine)
    repository = Repository(settings.content_git)
    repository.refs.turn = turns(engine)
    _recover(repository)
    accounts = Accounts(engine, reserved=frozenset({settings.system_email.casefold()}))
    former = repository.identities = Former(engine)
    guidelines = Guidelines(
        repository,
        clock=clock,
        active_members=lambda: accounts.active_members(int(clock())),
        limits=Limits(settings.max_page_bytes, settings.max_attachment_bytes, settings.max_attachments),
        sign=sign,
        others=former.others,
    )
    index = Index(engine, repository, guidelines.weigh, language_of(settings.content_language))
    private = Drafts(engine), Suggestions(engine), Sketches(engine), Uploads(engine), Visits(engine), Health(engine)
    outbox = outbox_of(settings, engine, accounts)
    outside = Notify(engine, guidelines, accounts, private[1], outbox, clock, settings), outbox
    asking = Asking(engine, guidelines, index, outbox, clock, settings.content_language)
    own = Own(accounts), Sessions(engine, settings.session_days), Tokens(engine), former
    all_of_people = Identities(accounts), *private, *outside, asking, *own
    wiki = Wiki(settings, engine, repository, guidelines, index, accounts, *all_of_people, clock)
    guidelines.written = wiki.written
    return wiki


def _recover(repository: Repository) -> None:
    """Do again what was written when the power failed. Where that cannot be done, one can read what there is, and
    nobody can write."""
    try:
        repository.refs.recover()
    except Unavailable as error:
        log.error("what was written last before this machine stopped may be missing: %s", error)


def start(wiki: Wiki) -> None:
    """What is done once when a server starts: sweep what a kill left behind, and catch up with git. From the first
    start on people are told of what happens. What cannot be done stops nobody from reading; the clock tries again."""
    for step in (wiki.repository.refs.sweep, lambda: wiki.repository.upkeep.sweep(wiki.now()), lambda: _begin(wiki)):
        try:
            step()
        except WikiError as error:
            log.error("the wiki starts all the same: %s", error)


def _begin(wiki: Wiki) -> None:
    if wiki.accounts.count() == 0 and wiki.guidelines.count() > 0:
        log.error(
            "There is no account, and proposals have been made here: the database is new, and the accounts of before "
            "are not in it. Stop the wiki and put back a backup of the database, or make accounts with “wiki user add”."
        )
    wiki.index.catch_up()
    wiki.notify.telling.begin()
    wiki.tick()
