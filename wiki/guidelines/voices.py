"""Voices: what colleagues say to the text on the table."""

from __future__ import annotations

from wiki.guidelines import again
from wiki.guidelines.acting import one_at_a_time
from wiki.guidelines.settling import Outcome, Settling, required
from wiki.model.acts import Kind, Person
from wiki.model.errors import NotFound, Refused
from wiki.model.proposal import Proposal
from wiki.model.words import N_
from wiki.repository import proposal_ref

_NOT_ON_ONES_OWN = {
    (Kind.ENDORSE, True): N_("You wrote this, so your own endorsement would not count."),
    (Kind.ENDORSE, False): N_("You wrote part of this, so your own endorsement would not count."),
    (Kind.OBJECT, True): N_("You wrote this. You can change the text, or withdraw the proposal."),
    (Kind.OBJECT, False): N_("You wrote part of this. You can change the text, or withdraw the proposal."),
}
"""What an author is told who speaks on a proposal, by whether they wrote it alone."""


class Voices(Settling):
    """Endorsing, objecting, answering, and taking it back."""

    @one_at_a_time
    def endorse(self, n: int, who: Person, change: str, *, member_since: int) -> Outcome:
        """Endorse the change that was seen. Twice the same changes nothing, but that it comes into force where a kill
        came between."""
        who = self._colleague(who)
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n)
            self._check_change(proposal, change)
            self._check_no_author(proposal, who, Kind.ENDORSE)
            act = tip
            if self._says_already(proposal, who, Kind.ENDORSE):
                self.repository.refs.confirm(proposal_ref(n))
            else:
                tip = self._one_voice(n, tip, proposal, who)
                trailers = {"Of": proposal.change, "Member-Since": str(member_since)}
                act = self._append(n, tip, who, Kind.ENDORSE, "", trailers)
        return self._settled(n, act)

    @one_at_a_time
    def object(self, n: int, who: Person, change: str, reason: str) -> Outcome:
        """Object to the change that was seen, with a reason."""
        who, text = self._colleague(who), required(reason, N_("Please say why: what would make this acceptable?"))
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n)
            self._check_change(proposal, change)
            self._check_no_author(proposal, who, Kind.OBJECT)
            if self._says_already(proposal, who, Kind.OBJECT):
                return self._unchanged(n, proposal)
            tip = self._one_voice(n, tip, proposal, who)
            act = self._append(n, tip, who, Kind.OBJECT, text, {"Of": proposal.change})
        return self._settled(n, act)

    @one_at_a_time
    def answer(self, n: int, who: Person, objection: str, text: str) -> Outcome:
        """An author answers an objection."""
        who, text = self._colleague(who), required(text, N_("Please write an answer."))
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n)
            author = self.author(proposal, who)
            if author is None:
                raise Refused(N_("Only an author of this proposal can answer an objection."))
            if not any(act.id == objection and act.kind is Kind.OBJECT for act in proposal.acts):
                raise NotFound(N_("There is no such objection to this proposal."))
            answer, act = {"To": objection}, tip
            if again.said(self.repository, proposal.tip, author, Kind.ANSWER, text, answer, self._now(tip)):
                self.repository.refs.confirm(proposal_ref(n))
            else:
                act = self._append(n, tip, author, Kind.ANSWER, text, answer)
        return self._settled(n, act)

    def _check_no_author(self, proposal: Proposal, who: Person, kind: Kind) -> None:
        """`Refused` where they wrote part of it, under whatever address."""
        author = self.author(proposal, who)
        if author is not None and author.key != who.key:
            said = N_("You wrote part of this under the address %(email)s, so you have no voice on it.")
            raise Refused(said, email=author.email)
        if author is not None:
            raise Refused(_NOT_ON_ONES_OWN[kind, len(proposal.authors) == 1])

    def _one_voice(self, n: int, tip: str, proposal: Proposal, who: Person) -> str:
        """Take back what they said under other addresses, should nobody have done so yet; the tip then."""
        for other in self.others(who):
            if other.key in proposal.voices:
                tip = self._append(n, tip, self.repository.system, Kind.RETRACT, "", {"For": other.email})
        return tip

    @one_at_a_time
    def retract(self, n: int, who: Person, *, left: str | None = None) -> Outcome:
        """Take back an endorsement or objection. With ``left``, the wiki takes back the voice of a colleague who
        has gone, by address; ``who`` is then ignored, and the proposal may be closed: it can be reopened."""
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n) if left is None else self._not_in_force(n)
            key = left.casefold() if left is not None else self._colleague(who).key
            if key not in proposal.voices:
                if left is None:
                    raise Refused(N_("You have neither endorsed this nor objected to it."))
                return self._unchanged(n, proposal)
            if left is None:
                act = self._append(n, tip, self._colleague(who), Kind.RETRACT, "")
            else:
                act = self._append(n, tip, self.repository.system, Kind.RETRACT, "", {"For": left})
        return self._settled(n, act)
