"""The life of a proposal: withdrawn, closed when it is quiet, reopened."""

from __future__ import annotations

from wiki.guidelines.acting import one_at_a_time
from wiki.guidelines.settling import Outcome, Settling
from wiki.model.acts import Kind, Person
from wiki.model.errors import Refused
from wiki.model.words import N_
from wiki.repository import proposal_ref


class Life(Settling):
    """What ends a proposal without bringing it into force, and begins it again."""

    @one_at_a_time
    def close(self, n: int, who: Person | None, reason: str = "") -> Outcome:
        """Withdraw a proposal. ``who`` is an author, or None for the wiki itself (the quiet period)."""
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n)
            author = self.author(proposal, self._colleague(who)) if who is not None else None
            if who is not None and author is None:
                raise Refused(N_("Only an author can withdraw this proposal."))
            act = self._append(n, tip, author or self.repository.system, Kind.CLOSE, reason)
        self.written(n, None)
        return Outcome(n, act, self.weigh(n).standing.reasons)

    @one_at_a_time
    def close_if_quiet(self, n: int) -> bool:
        """Close a proposal on which nothing happened for so long as the policy says; whether that was due."""
        with self.repository.writing(proposal_ref(n)):
            weighed = self.weigh(n)
            due = weighed.standing.closes_at
            if weighed.in_force or due is None or weighed.now < due:
                return False
            self._append(n, weighed.proposal.tip.id, self.repository.system, Kind.CLOSE, "")
        self.written(n, None)
        return True

    @one_at_a_time
    def reopen(self, n: int, who: Person, reason: str = "") -> Outcome:
        """Put a closed proposal back on the table."""
        who = self._colleague(who)
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._not_in_force(n)
            author = self.author(proposal, who)
            if author is None:
                raise Refused(N_("Only an author can reopen this proposal."))
            if proposal.closed is None:
                return self._unchanged(n, proposal)
            act = self._append(n, tip, author, Kind.REOPEN, reason)
        return self._settled(n, act)
