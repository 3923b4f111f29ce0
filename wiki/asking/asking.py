"""`Asking`: the whole of it, for the rooms above.

Who is asked, and when the circle widens, follows from rows that are moved in the transaction in which people are told.
So a kill loses no request and makes none twice, and any number of clocks may look at once. Asking never changes what
counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine

from wiki.accounts import Account
from wiki.asking import requests
from wiki.asking.choices import Choices
from wiki.asking.circle import CIRCLE, EXPIRES, MOST_OF_ONE, WAIT, Asked, how_many, next_look
from wiki.asking.facts import Facts, loads_of, question_of
from wiki.asking.requests import Fate, Request
from wiki.asking.whom import DAY, Candidate, Question, Suggested, whom, why_not
from wiki.database import reading, writing
from wiki.guidelines import Guidelines
from wiki.index import Index
from wiki.kept_query import KeptQuery
from wiki.model.acts import Person
from wiki.model.errors import Damaged, NotFound, Refused
from wiki.model.merge import Weighed
from wiki.model.words import N_
from wiki.notify import asked as telling
from wiki.outbox import Outbox

PAUSE = 14 * DAY
"""How long "not now" lasts, in seconds."""
log = logging.getLogger(__name__)


class Asking:
    """Asking colleagues in one wiki. ``language`` is the tag of the one that pages are written in."""

    def __init__(
        self, engine: Engine, guidelines: Guidelines, index: Index, outbox: Outbox, clock: Callable[[], float],
        language: str,
    ) -> None:  # fmt: skip
        self.engine = engine
        self.guidelines = guidelines
        self.outbox = outbox
        self.clock = clock
        self.facts = Facts(engine, index, language)
        self.choices = Choices(engine)
        self._passed = KeptQuery(engine, requests.EVER_PASSED)
        self._any_open = KeptQuery(engine, requests.ANY_OPEN)

    # Looking

    def suggest(self, weighed: Weighed) -> list[Suggested]:
        """Whom its authors may ask now, the best first; nobody while enough are asked who may still answer."""
        question = question_of(weighed)
        if question is None:
            return []
        room = self._room(self.of(weighed.n), question.now)
        return whom(self.facts.candidates(weighed, question), question, room) if room else []

    def of(self, n: int) -> list[Request]:
        """Who was asked about a proposal, in order, whatever they answered."""
        with reading(self.engine) as connection:
            return requests.of_proposal(connection, n)

    def open_of(self, who: int, n: int | None = None) -> list[Request]:
        """What somebody is asked and has not answered, the oldest first; about one proposal."""
        with reading(self.engine) as connection:
            return requests.open_of(connection, who, n)

    def passed_by(self, who: int) -> frozenset[int]:
        """The proposals on the table of which somebody who was asked said that they cannot look at them."""
        if not self._passed.value(who=who):
            return frozenset()
        with reading(self.engine) as connection:
            return frozenset(requests.passed_on(connection, who))

    def anybody_else(self, n: int) -> bool:
        """Whether there is somebody to ask about a proposal in the place of one who cannot look at it."""
        weighed = self.guidelines.weigh(n)
        question = question_of(weighed)
        if question is None:
            return False
        wanted = how_many(_asked(self.of(n), owed=1), question.voices or 1, question.now)
        return bool(wanted and whom(self.facts.candidates(weighed, question), question, wanted))

    def anybody_left(self, weighed: Weighed) -> bool | None:
        """Whether there is somebody left whom the clock could ask if it stays quiet; None where nobody needs to be
        asked."""
        question = question_of(weighed)
        if question is None:
            return None
        left = min(1, MOST_OF_ONE - len(self.of(weighed.n)))
        return left > 0 and bool(whom(self.facts.candidates(weighed, question), question, left))

    @staticmethod
    def _room(made: Sequence[Request], now: int) -> int:
        """How many more an author may ask now."""
        fresh = sum(each.fate is Fate.OPEN and each.at > now - WAIT for each in made)
        return max(0, min(CIRCLE - fresh, MOST_OF_ONE - len(made)))

    # Asking

    def ask(self, n: int, by: Account, handles: Collection[str]) -> list[Person]:
        """An author asks some of those who are suggested, by the handle of each; who was asked. `Refused` for anybody
        else."""
        weighed = self.guidelines.weigh(n)
        if self.guidelines.author(weighed.proposal, by.person) is None:
            raise Refused(N_("Only an author of this proposal can ask colleagues to look at it."))
        question = question_of(weighed)
        if question is None:
            raise Refused(N_("Nobody needs to be asked about this proposal any more."))
        candidates = {one.account: one for one in self.facts.candidates(weighed, question)}
        room = self._room(self.of(n), question.now)
        suggested = [each for each in whom(candidates.values(), question, room) if each.person.handle in handles]
        with writing(self.engine) as connection:
            chosen = self._still(connection, suggested, candidates, question)
            self._put(connection, n, chosen, by, question.now)
            self._look_again(connection, n, question.now)
        return [each.person for each in chosen]

    def _still(
        self, connection: Connection, suggested: Sequence[Suggested], candidates: dict[int, Candidate],
        question: Question,
    ) -> list[Suggested]:  # fmt: skip
        """Those who may be asked still, now that nobody else can ask them."""
        requests.lock(connection, [each.account for each in suggested])
        loads = loads_of(connection, [each.account for each in suggested], question.n, question.now)
        found = []
        for each in suggested:
            load = loads[each.account]
            now = replace(candidates[each.account], open=load.open, week=load.week, most=load.most,
                          paused=load.paused, asked=load.asked)  # fmt: skip
            if why_not(now, question) is None:
                found.append(each)
        return found

    def _put(self, connection: Connection, n: int, chosen: Sequence[Suggested], by: Account | None, now: int) -> None:
        made = []
        for each in chosen:
            because = each.reasons[0]
            word = f"{because.because}:{because.about}" if because.about else because.because.value
            number = requests.make(connection, n, each.account, by.id if by else None, word, now)
            made.append(telling.Request(number, each.account, word))
        asker = by.person if by is not None else self.guidelines.repository.system
        if made:
            telling.tell_asked(connection, n, asker, made, now)

    def _look_again(self, connection: Connection, n: int, now: int) -> None:
        requests.look_again(connection, n, next_look(_asked(requests.of_proposal(connection, n)), now))

    # Answering

    def not_me(self, n: int, who: Account) -> bool:
        """Somebody cannot look at this proposal: others are asked instead. Whether they had been asked."""
        with writing(self.engine) as connection:
            mine = requests.open_of(connection, who.id, n)
            self._close(connection, mine, Fate.DECLINED)
            self._owe(connection, mine)
        return bool(mine)

    def not_now(self, who: Account) -> int:
        """Somebody does not want to be asked for two weeks: what they are asked now goes to others. Until when, in unix
        seconds."""
        until = self._now() + PAUSE
        with writing(self.engine) as connection:
            self.choices.pause_in(connection, who.id, until)
            mine = requests.open_of(connection, who.id)
            self._close(connection, mine, Fate.LATER)
            self._owe(connection, mine)
        return until

    def paused(self, who: Account) -> int | None:
        """Until when nobody asks them (unix seconds), because they said "not now"; None where they may be asked."""
        until = self.choices.of(who.id).paused
        return until if until is not None and until > self._now() else None

    def _owe(self, connection: Connection, made: Sequence[Request]) -> None:
        for each in made:
            requests.look_again(connection, each.n, self._now(), owed=1)

    def _close(self, connection: Connection, made: Sequence[Request], fate: Fate) -> None:
        if made:
            requests.close(connection, [each.id for each in made], fate, self._now())
            over = [telling.Request(each.id, each.account, each.because) for each in made]
            telling.end_asked(connection, self.outbox, over, self._now())

    # Time

    def settle(self, n: int | None = None) -> None:
        """Close what is answered or has nothing left to answer, after a write to proposal ``n`` or everywhere."""
        if n is not None and self._any_open.value(about=n) is None:
            return
        with reading(self.engine) as connection:
            if not (requests.ended(connection, n) or requests.answered(connection, n)):
                return
        with writing(self.engine) as connection:
            self._close(connection, requests.answered(connection, n), Fate.ANSWERED)
            self._close(connection, requests.ended(connection, n), Fate.ENDED)

    def tick(self) -> int:
        """What the clock does: close what is over, and ask others where nobody answered; how many were asked."""
        now = self._now()
        self.settle()
        with reading(self.engine) as connection:
            forgotten = bool(requests.older(connection, now - EXPIRES))
            due = requests.due(connection, now)
        if forgotten:
            with writing(self.engine) as connection:
                self._close(connection, requests.older(connection, now - EXPIRES), Fate.EXPIRED)
        return sum(self._widen(n, due_at) for n, due_at in due)

    def _widen(self, n: int, due_at: int) -> int:
        try:
            weighed = self.guidelines.weigh(n)
            question = question_of(weighed)
            candidates = {one.account: one for one in self.facts.candidates(weighed, question)} if question else {}
        except (NotFound, Damaged) as error:
            log.warning("nobody else is asked about proposal %s: %s", n, error)
            question, candidates = None, {}
        now = self._now()
        with writing(self.engine) as connection:
            owed = requests.take(connection, n, due_at)
            if owed is None:
                return 0
            made = requests.of_proposal(connection, n)
            wanted = how_many(_asked(made, owed), question.voices or 1, now) if question is not None else 0
            chosen: list[Suggested] = []
            if question is not None and wanted:
                best = whom(candidates.values(), question, wanted)
                chosen = self._still(connection, best, candidates, question)
                self._put(connection, n, chosen, None, now)
            self._look_again(connection, n, now)
            if (wanted and not chosen) or (question is None and any(each.fate is Fate.OPEN for each in made)):
                requests.look_again(connection, n, now + DAY)
            return len(chosen)

    def _now(self) -> int:
        return int(self.clock())


def _asked(made: Sequence[Request], owed: int = 0) -> Asked:
    return Asked(tuple(each.at for each in made if each.fate is Fate.OPEN), len(made), owed)
