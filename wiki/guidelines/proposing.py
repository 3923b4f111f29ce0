"""Putting texts on the table: proposals, and other texts for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from wiki.guidelines import again
from wiki.guidelines.acting import one_at_a_time
from wiki.guidelines.settling import Outcome, Settling
from wiki.model.acts import Kind, Person, clean_person, clean_text, clean_title, message_of
from wiki.model.errors import Conflict, Refused
from wiki.model.proposal import Proposal
from wiki.model.words import N_
from wiki.repository import Swap, proposal_ref
from wiki.wording import Edit, Wording, checked_text


class Proposing(Settling):
    """What puts a text on the table."""

    @one_at_a_time
    def propose(
        self,
        who: Person,
        title: str,
        why: str,
        edits: Mapping[str, Edit],
        *,
        co_authors: Iterable[Person] = (),
        seen: Mapping[str, str | None] | None = None,
    ) -> Outcome:
        """Put a change on the table.

        ``edits`` maps files to their new text (or bytes, for an attachment), None to take one away. ``seen`` maps
        files to the blob that the writer began from (None: there was no such file); `Conflict` where main has moved
        on since.
        """
        who, title = self._colleague(who), clean_title(title)
        repository = self.repository
        with repository.writing(who.key):
            main = repository.main()
            wording = Wording(repository, main, repository.commit(main).tree, self.limits)
            wording.check_seen(seen or {})
            tree = wording.write(edits)
            text = f"{title}\n\n{clean_text(why)}"
            message = message_of(Kind.PROPOSE, text, {"With": _names(co_authors)})
            when = self._now(main)

            def done() -> tuple[int, str] | None:
                found = again.proposed(repository, who, message, wording.files, when)
                if found is not None:
                    repository.refs.confirm(proposal_ref(found[0]))
                return found

            commit = wording.commit(who, message, tree, parents=(main,), when=when)
            n, act = done() or self._put(wording, commit, done)
        return self._settled(n, act)

    def _put(self, wording: Wording, act: str, done: Callable[[], tuple[int, str] | None]) -> tuple[int, str]:
        """Give a proposal its number, the one after the last; unless it turns out to be ``done``. Others put theirs
        on the table while this one's objects are stored."""
        refs = self.repository.refs
        self.repository.add(wording.batch)
        with refs.numbering():
            n = refs.last_number() + 1
            try:
                refs.swap([Swap(proposal_ref(n), None, act)])
            except Conflict:  # who made the last one was killed before noting its number
                last = refs.count_numbers()
                refs.remember_number(last)
                found = done()
                if found is not None:
                    return found
                n = last + 1
                refs.swap([Swap(proposal_ref(n), None, act)])
            refs.remember_number(n)
        return n, act

    @one_at_a_time
    def revise(
        self,
        n: int,
        who: Person,
        edits: Mapping[str, Edit],
        *,
        note: str = "",
        seen: str | None = None,
        onto: str | None = None,
        co_authors: Iterable[Person] = (),
        suggested_by: Iterable[Person] = (),
        accepted_by: Person | None = None,
    ) -> Outcome:
        """Put another text on the table. Endorsements of the former one lapse.

        ``seen`` is the change that the writer began from. ``onto`` is the commit of main that the writer has
        reconciled the text with, where main has moved under it. A colleague who is no author needs
        ``accepted_by``, the author who accepts the suggestion. ``suggested_by`` are colleagues whose words it takes,
        ``co_authors`` those who wrote with the author; neither can endorse it from then on.
        """
        who = self._colleague(who)
        with self.repository.writing(proposal_ref(n)):
            tip, proposal = self._open(n)
            author = self.author(proposal, who)
            if author is None and not (accepted_by and self.author(proposal, accepted_by)):
                raise Refused(N_("Only an author of this proposal can change its text."))
            wording = Wording(self.repository, tip, proposal.tip.tree, self.limits)
            when = self._now(tip, onto)
            if again.revised(self.repository, proposal, author or who, wording.held(edits), seen, when):
                return self._unchanged(n, proposal)
            self._check_change(proposal, seen)
            parent = self._brought_up(wording, proposal, onto, when) if onto else tip
            tree = wording.write(edits, reconciled=onto is not None)
            co_authors = tuple(co_authors)
            _check_silent(proposal, co_authors)
            message = message_of(Kind.REVISE, note, {"With": _names([*co_authors, *suggested_by])})
            act = wording.commit(author or who, message, tree, parents=(parent,), when=when)
            self.repository.store_and_swap(wording.batch, [Swap(proposal_ref(n), tip, act)])
        return self._settled(n, act)

    def check_text(self, path: str, text: str) -> str:
        """A text as it would be stored; `Refused` where it could not be proposed."""
        return checked_text(path, text, self.limits)

    def _brought_up(self, wording: Wording, proposal: Proposal, onto: str, when: int) -> str:
        """A refresh that keeps the proposal's own words, to stand under a `revise` that reconciles them."""
        main = self.repository.main()
        if onto != main:
            raise Conflict(N_("The page has changed again meanwhile. Please look at it once more."))
        wording.tree = self._merged_as_far_as_possible(wording, proposal, main)
        system = self.repository.system
        message = message_of(Kind.REFRESH, "")
        refresh = wording.commit(system, message, wording.tree, parents=(proposal.tip.id, main), when=when)
        self.repository.add(wording.batch)  # what is written on it is read from there
        return refresh

    def _merged_as_far_as_possible(self, wording: Wording, proposal: Proposal, main: str) -> str:
        """Main's tree with the proposal's pages: merged where that is clean, else in the proposal's own words."""
        store = self.repository.store
        merged, conflicts = self.repository.differences.merge(proposal.tip.id, main)
        self.repository.note_merged(merged, proposal.tip.id, main)
        pages = {
            touched.path: touched.after if touched.path in conflicts else store.entry(merged, touched.path)
            for touched in proposal.touched
        }
        return wording.batch.splice(self.repository.commit(main).tree, pages)


def _names(people: Iterable[Person]) -> list[str]:
    return [str(clean_person(person)) for person in people]


def _check_silent(proposal: Proposal, co_authors: Iterable[Person]) -> None:
    """Nobody's voice can be taken from them by naming them as an author."""
    for person in co_authors:
        if person.key in proposal.voices and not proposal.is_author(person):
            raise Refused(
                N_("%(name)s has endorsed this or objected to it, so only they can decide to write with you."),
                name=person.name,
            )
