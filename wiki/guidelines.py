"""The service: what colleagues can do with the guidelines. The only caller of writes.

Every method appends at most one act to a chain by compare-and-swap and then tries whether the proposal may
come into force. The web, the command line and the clock call it; it calls the model and the repository.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from wiki.model.acts import Act, Kind, Person, clean_person, clean_text, clean_title, message_of
from wiki.model.decide import Reason, standing
from wiki.model.errors import Conflict, NotFound, Refused
from wiki.model.merge import Weighed, active_members_of, merge_message
from wiki.model.policy import Policy
from wiki.model.proposal import Proposal
from wiki.model.words import N_
from wiki.repository import MAIN, Repository, Swap, proposal_ref, talk_ref
from wiki.repository.process import EMPTY_TREE
from wiki.wording import MAX_PAGE_BYTES, Wording, checked_text

MAX_TRIES = 20


@dataclass(frozen=True)
class Outcome:
    """What an act led to. ``act`` is its commit, ``in_force`` the merge where it came into force with it."""

    n: int
    act: str
    reasons: tuple[Reason, ...] = ()
    in_force: str | None = None


class Guidelines:
    """The guidelines of one content repository.

    ``clock`` gives unix seconds, ``active_members`` the number of people who signed in of late, ``written`` is
    told the number of the proposal after every write, ``max_page_bytes`` is the size of the largest page, ``sign``
    signs what is put on main.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        clock: Callable[[], float] = time.time,
        active_members: Callable[[], int] = lambda: 0,
        written: Callable[[int], None] = lambda n: None,
        max_page_bytes: int = MAX_PAGE_BYTES,
        sign: Callable[[bytes], str] | None = None,
    ) -> None:
        self.repository = repository
        self.sign = sign
        self.clock = clock
        self.active_members = active_members
        self.written = written
        self.max_page_bytes = max_page_bytes

    # Proposing and revising

    def propose(
        self,
        who: Person,
        title: str,
        why: str,
        edits: Mapping[str, str | None],
        *,
        co_authors: Iterable[Person] = (),
        seen: Mapping[str, str | None] | None = None,
    ) -> Outcome:
        """Put a change on the table.

        ``edits`` maps files to their new text, None to take one away. ``seen`` maps files to the blob that the
        writer began from (None: there was no such file); `Conflict` where main has moved on since.
        """
        who, title = self._colleague(who), clean_title(title)
        repository = self.repository
        with repository.writing():
            main = repository.main()
            wording = Wording(repository, main, repository.commit(main).tree, self.max_page_bytes)
            wording.check_seen(seen or {})
            tree = wording.write(edits)
            text = f"{title}\n\n{clean_text(why)}"
            message = message_of(Kind.PROPOSE, text, {"With": _names(co_authors)})
            act = wording.commit(who, message, tree, parents=(main,), when=self._now(main))
            n = self._number(wording, act)
        return self._settled(n, act)

    def _number(self, wording: Wording, act: str) -> int:
        refs = self.repository.refs
        self.repository.store.add(wording.batch)
        last = refs.last_number()
        if last and refs.read(proposal_ref(last)) == act:
            return last  # the same proposal by the same person in the same second: a button pressed twice
        n = last + 1
        try:
            refs.swap([Swap(proposal_ref(n), None, act)])
        except Conflict:
            n = refs.count_numbers() + 1
            refs.swap([Swap(proposal_ref(n), None, act)])
        refs.remember_number(n)
        return n

    def revise(
        self,
        n: int,
        who: Person,
        edits: Mapping[str, str | None],
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
        with self.repository.writing():
            tip, proposal = self._open(n)
            if not proposal.is_author(who) and not (accepted_by and proposal.is_author(accepted_by)):
                raise Refused(N_("Only an author of this proposal can change its text."))
            self._check_change(proposal, seen)
            wording = Wording(self.repository, tip, proposal.tip.tree, self.max_page_bytes)
            when = self._now(tip, onto)
            parent = self._brought_up(wording, proposal, onto, when) if onto else tip
            tree = wording.write(edits, reconciled=onto is not None)
            co_authors = tuple(co_authors)
            _check_silent(proposal, co_authors)
            message = message_of(Kind.REVISE, note, {"With": _names([*co_authors, *suggested_by])})
            act = wording.commit(who, message, tree, parents=(parent,), when=when)
            self.repository.store_and_swap(wording.batch, [Swap(proposal_ref(n), tip, act)])
        return self._settled(n, act)

    def check_text(self, path: str, text: str) -> str:
        """A text as it would be stored; `Refused` where it could not be proposed."""
        return checked_text(path, text, self.max_page_bytes)

    def _brought_up(self, wording: Wording, proposal: Proposal, onto: str, when: int) -> str:
        """A refresh that keeps the proposal's own words, to stand under a `revise` that reconciles them."""
        main = self.repository.main()
        if onto != main:
            raise Conflict(N_("The page has changed again meanwhile. Please look at it once more."))
        wording.tree = self._merged_as_far_as_possible(wording, proposal, main)
        system = self.repository.system
        message = message_of(Kind.REFRESH, "")
        refresh = wording.commit(system, message, wording.tree, parents=(proposal.tip.id, main), when=when)
        self.repository.store.add(wording.batch)  # what is written on it is read from there
        return refresh

    def _merged_as_far_as_possible(self, wording: Wording, proposal: Proposal, main: str) -> str:
        """Main's tree with the proposal's pages: merged where that is clean, else in the proposal's own words."""
        store = self.repository.store
        merged, conflicts = self.repository.differences.merge(proposal.tip.id, main)
        pages = {
            touched.path: touched.after if touched.path in conflicts else store.entry(merged, touched.path)
            for touched in proposal.touched
        }
        return wording.batch.splice(self.repository.commit(main).tree, pages)

    # Voices

    def endorse(self, n: int, who: Person, change: str, *, member_since: int) -> Outcome:
        """Endorse the change that was seen. Twice the same changes nothing."""
        who = self._colleague(who)
        with self.repository.writing():
            tip, proposal = self._open(n)
            self._check_change(proposal, change)
            if proposal.is_author(who):
                raise Refused(N_("You wrote part of this, so your own endorsement would not count."))
            if self._says_already(proposal, who, Kind.ENDORSE):
                return self._unchanged(n, proposal)
            trailers = {"Of": proposal.change, "Member-Since": str(member_since)}
            act = self._append(n, tip, who, Kind.ENDORSE, "", trailers)
        return self._settled(n, act)

    def object(self, n: int, who: Person, change: str, reason: str) -> Outcome:
        """Object to the change that was seen, with a reason."""
        who, text = self._colleague(who), _required(reason, N_("Please say why: what would make this acceptable?"))
        with self.repository.writing():
            tip, proposal = self._open(n)
            self._check_change(proposal, change)
            if proposal.is_author(who):
                raise Refused(N_("You wrote part of this. You can change the text, or withdraw the proposal."))
            if self._says_already(proposal, who, Kind.OBJECT):
                return self._unchanged(n, proposal)
            act = self._append(n, tip, who, Kind.OBJECT, text, {"Of": proposal.change})
        return self._settled(n, act)

    def answer(self, n: int, who: Person, objection: str, text: str) -> Outcome:
        """An author answers an objection."""
        who, text = self._colleague(who), _required(text, N_("Please write an answer."))
        with self.repository.writing():
            tip, proposal = self._open(n)
            if not proposal.is_author(who):
                raise Refused(N_("Only an author of this proposal can answer an objection."))
            if not any(act.id == objection and act.kind is Kind.OBJECT for act in proposal.acts):
                raise NotFound(N_("There is no such objection to this proposal."))
            act = self._append(n, tip, who, Kind.ANSWER, text, {"To": objection})
        return self._settled(n, act)

    def retract(self, n: int, who: Person, *, left: str | None = None) -> Outcome:
        """Take back an endorsement or objection. With ``left``, the wiki takes back the voice of a colleague who
        has gone, by address; ``who`` is then ignored, and the proposal may be closed: it can be reopened."""
        with self.repository.writing():
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

    # The life of a proposal

    def close(self, n: int, who: Person | None, reason: str = "") -> Outcome:
        """Withdraw a proposal. ``who`` is an author, or None for the wiki itself (the quiet period)."""
        with self.repository.writing():
            tip, proposal = self._open(n)
            who = self._colleague(who) if who is not None else None
            if who is not None and not proposal.is_author(who):
                raise Refused(N_("Only an author can withdraw this proposal."))
            act = self._append(n, tip, who or self.repository.system, Kind.CLOSE, reason)
        self.written(n)
        return Outcome(n, act, self.weigh(n).standing.reasons)

    def close_if_quiet(self, n: int) -> bool:
        """Close a proposal on which nothing happened for so long as the policy says; whether that was due."""
        with self.repository.writing():
            weighed = self.weigh(n)
            due = weighed.standing.closes_at
            if weighed.in_force or due is None or weighed.now < due:
                return False
            self._append(n, weighed.proposal.tip.id, self.repository.system, Kind.CLOSE, "")
        self.written(n)
        return True

    def reopen(self, n: int, who: Person, reason: str = "") -> Outcome:
        """Put a closed proposal back on the table."""
        who = self._colleague(who)
        with self.repository.writing():
            tip, proposal = self._not_in_force(n)
            if not proposal.is_author(who):
                raise Refused(N_("Only an author can reopen this proposal."))
            if proposal.closed is None:
                return self._unchanged(n, proposal)
            act = self._append(n, tip, who, Kind.REOPEN, reason)
        return self._settled(n, act)

    def refresh(self, n: int) -> Outcome:
        """Bring main into the proposal where it has moved under a touched page. `Conflict` where the same
        passage was changed: then an author must decide the words."""
        with self.repository.writing():
            tip, proposal = self._open(n)
            act = self._refresh(n, tip, proposal)
        return self._settled(n, act)

    def _refresh(self, n: int, tip: str, proposal: Proposal) -> str:
        main = self.repository.main()
        if not self._weigh(n, proposal, main).overtaken:
            return tip
        tree, conflicts = self.repository.differences.merge(tip, main)
        if conflicts:
            raise Conflict(
                N_("The same passage of “%(path)s” has changed meanwhile; an author must decide the words."),
                path=conflicts[0],
            )
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

    def comment(self, n: int, who: Person, text: str, *, at: str | None = None, to: str | None = None) -> str:
        """Say something about a proposal, apart from its chain. ``at`` is ``path:line`` of an inline comment,
        ``to`` the comment or act that is answered; for an inline comment the act whose text it is about. The id of
        the comment."""
        who, text = self._colleague(who), _required(text, N_("Please write a comment."))
        repository = self.repository
        with repository.writing():
            acts = repository.chain(self.tip(n))
            before = repository.refs.read(talk_ref(n))
            if at is not None:
                to = self._place(acts, at, to)
            elif to is not None and not any(act.id == to for act in (*acts, *self.talk(n))):
                raise NotFound(N_("What you answer to is not there any more."))
            batch = repository.batch()
            batch.tree({})
            trailers = {key: value for key, value in (("At", at), ("To", to)) if value is not None}
            act = batch.commit(
                tree=EMPTY_TREE,
                parents=(before,) if before else (),
                author=who,
                committer=repository.system,
                when=self._now(before) if before else int(self.clock()),
                message=message_of(Kind.COMMENT, text, trailers),
            )
            repository.store_and_swap(batch, [Swap(talk_ref(n), before, act)])
        self.written(n)
        return act

    def _place(self, acts: tuple[Act, ...], at: str, to: str | None) -> str:
        """The act whose text an inline comment is about; `Refused` where that text has no such line."""
        said = next((act for act in acts if act.id == to), acts[-1])
        path, _, line = at.rpartition(":")
        blob = self.repository.file(said.id, path) if line.isascii() and line.isdigit() and len(line) < 8 else None
        if blob is None or not 1 <= int(line) <= self.repository.content(blob).count(b"\n") + 1:
            raise Refused(N_("There is no such passage in the text of this proposal."))
        return said.id

    # Coming into force

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
        else:
            outcome = Outcome(n, act)
        self.written(n)
        return outcome

    def _try_to_merge(self, n: int, act: str) -> Outcome:
        weighed = self.weigh(n)
        if weighed.in_force:
            return Outcome(n, act, in_force=weighed.in_force)
        if weighed.overtaken and weighed.proposal.closed is None:
            weighed = self._refreshed(n, weighed)
        if weighed.standing.reasons:
            return Outcome(n, act, weighed.standing.reasons)
        with self.repository.writing():
            weighed = self.weigh(n)
            if weighed.in_force or weighed.standing.reasons:
                return Outcome(n, act, weighed.standing.reasons, weighed.in_force)
            return Outcome(n, act, in_force=self._merge(weighed))

    def _refreshed(self, n: int, weighed: Weighed) -> Weighed:
        try:
            with self.repository.writing():
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
        main = self.repository.main()
        return self._weigh(n, self.repository.proposal(tip), main)

    def _weigh(self, n: int, proposal: Proposal, main: str) -> Weighed:
        repository = self.repository
        merge = repository.merge_of(proposal.tip, main)
        active = self.active_members()
        if merge is not None:
            main = repository.commit(merge).parents[0]
            active = active_members_of(repository.commit(merge).message)
        policy = repository.policy(main)
        if policy.counts_lines:
            proposal = repository.proposal_of(proposal.acts, count_lines=True)
        now = repository.commit(merge).when if merge is not None else self._now(main, proposal.tip.id)
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


def _required(text: str, otherwise: str) -> str:
    cleaned = clean_text(text)
    if not cleaned:
        raise Refused(otherwise)
    return cleaned
