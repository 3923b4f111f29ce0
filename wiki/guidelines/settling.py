"""Weighing a proposal, bringing it up to date and into force; and what every act needs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from wiki.guidelines.acting import one_at_a_time
from wiki.model.acts import Act, Kind, Person, clean_person, clean_text, message_of, one_line
from wiki.model.decide import Reason, standing
from wiki.model.errors import Conflict, NotFound, Refused, Unavailable
from wiki.model.merge import Weighed, active_members_of, merge_message
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal
from wiki.model.words import N_
from wiki.repository import MAIN, Kept, Repository, Swap, proposal_ref, talk_ref
from wiki.wording import Limits

MAX_TRIES = 20
_WEIGHED = 32
"""So many answers are kept: whoever writes, indexes and tells asks the same within a moment."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What an act led to. ``act`` is its commit, ``in_force`` the merge where it came into force with it,
    ``settled_on`` the commit of main on which there were these reasons, once it had been tried to bring it up to
    date."""

    n: int
    act: str
    reasons: tuple[Reason, ...] = ()
    in_force: str | None = None
    settled_on: str | None = None


class Asked(NamedTuple):
    """All that it depends on how a proposal stands: its last act, main, the clock in unix seconds, and how many people
    are active."""

    n: int
    tip: str
    main: str
    at: int
    active_members: int


class Settling:
    """One content repository, and what is on its table.

    ``clock`` gives unix seconds, ``active_members`` the number of people who signed in of late, ``written`` is
    told the number of the proposal after every write and what it was ``settled_on`` then, see `Outcome`, ``limits``
    are how large texts and files may be, ``sign`` signs what is put on main, ``others`` names the same colleague under
    the other addresses that they have or had.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        clock: Callable[[], float] = time.time,
        active_members: Callable[[], int] = lambda: 0,
        written: Callable[[int, str | None], None] = lambda n, settled_on: None,
        limits: Limits = Limits(),  # noqa: B008 - it never changes
        sign: Callable[[bytes], str] | None = None,
        others: Callable[[Person], Iterable[Person]] = lambda person: (),
    ) -> None:
        self.repository = repository
        self.sign = sign
        self.others = others
        self.clock = clock
        self.active_members = active_members
        self.written = written
        self.limits = limits
        self.acting = threading.RLock()
        self._weighed = Kept(self._weigh_anew, _WEIGHED)

    # Coming into force

    @one_at_a_time
    def settle(self, n: int) -> Outcome:
        """Bring the proposal up to date and into force if that is due. Called after every act and by the
        clock; any number may call it at once."""
        tip = self.tip(n)
        return self._settled(n, tip)

    def _settled(self, n: int, act: str) -> Outcome:
        for _ in range(MAX_TRIES):
            try:
                outcome = self._try_to_merge(n, act)
                break
            except Conflict:
                continue
            except Unavailable as error:
                log.error("proposal %s has its act, and will be weighed by the clock: %s", n, error)
                outcome = Outcome(n, act)
                break
        else:
            outcome = Outcome(n, act)
        self.written(n, outcome.settled_on)
        return outcome

    def _try_to_merge(self, n: int, act: str) -> Outcome:
        weighed = self.weigh(n)
        if weighed.in_force:
            return Outcome(n, act, in_force=weighed.in_force)
        main = weighed.main
        if weighed.overtaken and weighed.proposal.closed is None:
            weighed = self._refreshed(n, weighed)
        if weighed.standing.reasons:
            return Outcome(n, act, weighed.standing.reasons, settled_on=main)
        with self.repository.writing(proposal_ref(n), MAIN):
            weighed = self.weigh(n)
            if weighed.in_force or weighed.standing.reasons:
                return Outcome(n, act, weighed.standing.reasons, weighed.in_force)
            return Outcome(n, act, in_force=self._merge(weighed))

    def _refreshed(self, n: int, weighed: Weighed) -> Weighed:
        try:
            with self.repository.writing(proposal_ref(n)):
                tip, proposal = self._open(n)
                self._refresh(n, tip, proposal)
        except Refused:
            return weighed
        return self.weigh(n)

    def _merge(self, weighed: Weighed) -> str:
        """The only commit point: main and the proposal are what was weighed, or nothing happens."""
        repository, proposal, main = self.repository, weighed.proposal, weighed.main
        batch = repository.batch()
        touched = {each.path: each.after for each in proposal.touched}
        merge = batch.commit(
            tree=batch.splice(repository.commit(main).tree, touched),
            parents=(main, proposal.tip.id),
            author=proposal.acts[0].author,
            committer=repository.system,
            when=weighed.now,
            message=merge_message(weighed),
            sign=self.sign,
        )
        swaps = [Swap(MAIN, main, merge), Swap(proposal_ref(weighed.n), proposal.tip.id, proposal.tip.id)]
        repository.store_and_swap(batch, swaps)
        return merge

    @one_at_a_time
    def refresh(self, n: int) -> Outcome:
        """Bring main into the proposal where it has moved under a touched page. `Conflict` where the same
        passage was changed: then an author must decide the words."""
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n)
            act = self._refresh(n, tip, proposal)
        return self._settled(n, act)

    def _refresh(self, n: int, tip: str, proposal: Proposal) -> str:
        main = self.repository.main()
        if not self._weigh(n, tip, main).overtaken:
            return tip
        tree, conflicts = self.repository.differences.merge(tip, main)
        if conflicts:
            raise Conflict(
                N_("The same passage of “%(path)s” has changed meanwhile; an author must decide the words."),
                path=conflicts[0],
            )
        self.repository.note_merged(tree, tip, main)
        batch = self.repository.batch()
        system = self.repository.system
        act = batch.commit(
            tree=tree,
            parents=(tip, main),
            author=system,
            committer=system,
            when=self._now(tip, main),
            message=message_of(Kind.REFRESH, ""),
        )
        self.repository.store_and_swap(batch, [Swap(proposal_ref(n), tip, act)])
        return act

    # Looking

    def tip(self, n: int) -> str:
        """The last act of a proposal; `NotFound` where there is no such proposal."""
        tip = self.repository.refs.read(proposal_ref(n)) if n > 0 else None
        if tip is None:
            raise NotFound(N_("There is no proposal %(n)s."), n=n)
        return tip

    def count(self) -> int:
        """How many proposals there are, in whatever state."""
        return self.repository.refs.count_numbers()

    def talk(self, n: int) -> tuple[Act, ...]:
        """The comments on a proposal, oldest first."""
        self.tip(n)
        tip = self.repository.refs.read(talk_ref(n))
        return self.repository.chains.talk(tip) if tip is not None else ()

    def weigh(self, n: int) -> Weighed:
        """The proposal as it stands now, by the one function that decides."""
        tip = self.tip(n)
        return self._weigh(n, tip, self.repository.main())

    def _weigh(self, n: int, tip: str, main: str) -> Weighed:
        return self._weighed(Asked(n, tip, main, int(self.clock()), self.active_members()))

    def _weigh_anew(self, asked: Asked) -> Weighed:
        repository, n, main, active = self.repository, asked.n, asked.main, asked.active_members
        proposal = repository.proposal(asked.tip)
        merge = repository.merge_of(proposal.tip, main)
        if merge is not None:
            main = repository.commit(merge).parents[0]
            active = active_members_of(repository.commit(merge).message)
        policy = repository.policy(main)
        if policy.counts_lines:
            proposal = repository.proposal_of(proposal.acts, count_lines=True)
        when = repository.commit(merge or main).when
        now = when if merge is not None else max(asked.at, when, proposal.tip.when)
        view = repository.view(main, proposal.touched)
        weighed = standing(proposal, view, policy, now, active)
        return Weighed(n, proposal, weighed, policy, main, now, active, merge)

    def weigh_under(self, n: int, policy: Policy, changed_at: int) -> tuple[Weighed, Weighed]:
        """An open proposal as it stands now, and as it would under another policy that came into force at
        ``changed_at`` (unix seconds)."""
        today = self.weigh(n)
        proposal = today.proposal
        if policy.counts_lines:
            proposal = self.repository.proposal_of(proposal.acts, count_lines=True)
        view = replace(self.repository.view(today.main, proposal.touched), policy_changed_at=changed_at)
        then = standing(proposal, view, policy, max(today.now, changed_at), today.active_members)
        return today, replace(today, proposal=proposal, standing=then, policy=policy)

    # What the methods above share

    def _now(self, *after: str | None) -> int:
        """The server's clock, but never earlier than the commits that it follows."""
        times = [self.repository.commit(commit).when for commit in after if commit is not None]
        return max(int(self.clock()), *times)

    def _colleague(self, who: Person) -> Person:
        """The person as git will know them. The wiki itself has no voice: what it writes is done without asking."""
        who = clean_person(who)
        if who.key == self.repository.system.key:
            raise Refused(N_("The wiki itself has no voice. Please use an account of your own."))
        return who

    def author(self, proposal: Proposal, who: Person) -> Person | None:
        """Who this colleague is among the authors of a proposal: themselves, perhaps under an address that they have
        given up since; None where they are none. An author goes on under the address that they wrote under."""
        for each in (who, *self.others(who)):
            found = next((author for author in proposal.authors if author.key == each.key), None)
            if found is not None:
                return who if each.key == who.key else found
        return None

    def _not_in_force(self, n: int) -> tuple[str, Proposal]:
        tip = self.tip(n)
        proposal = self.repository.proposal(tip)
        if self.repository.merge_of(proposal.tip, self.repository.main()) is not None:
            raise Refused(N_("This proposal is in force already."))
        return tip, proposal

    def _open(self, n: int) -> tuple[str, Proposal]:
        tip, proposal = self._not_in_force(n)
        if proposal.closed is not None:
            raise Refused(N_("This proposal is closed. An author can reopen it."))
        return tip, proposal

    def _check_change(self, proposal: Proposal, seen: str | None) -> None:
        if seen is not None and seen != proposal.change:
            raise Conflict(N_("The text of this proposal has changed since you opened it. Please look at it again."))

    def _says_already(self, proposal: Proposal, who: Person, kind: Kind) -> bool:
        voice = proposal.voices.get(who.key)
        return voice is not None and voice.kind is kind and voice.of == proposal.change

    def _unchanged(self, n: int, proposal: Proposal) -> Outcome:
        """Of what was done before. While `writing`."""
        self.repository.refs.confirm(proposal_ref(n))
        return Outcome(n, proposal.tip.id, self.weigh(n).standing.reasons)

    def _append(
        self, n: int, tip: str, who: Person, kind: Kind, text: str, trailers: Mapping[str, str] | None = None
    ) -> str:
        """Append an act that leaves the text as it is."""
        batch = self.repository.batch()
        act = batch.commit(
            tree=self.repository.commit(tip).tree,
            parents=(tip,),
            author=who,
            committer=self.repository.system,
            when=self._now(tip),
            message=message_of(kind, text, trailers),
        )
        self.repository.store_and_swap(batch, [Swap(proposal_ref(n), tip, act)])
        return act


def required(text: str, otherwise: str) -> str:
    cleaned = clean_text(text)
    if not one_line(cleaned):
        raise Refused(otherwise)
    return cleaned
