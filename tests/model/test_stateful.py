"""Chance at the table: whatever colleagues do, in whatever order, nothing comes into force without enough."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests import naive
from tests.house import BEGAN, DAY, HOUR, PEOPLE, SYSTEM
from tests.model.table import PAGE, Table, blob
from wiki.model.acts import Kind, Person
from wiki.model.decide import decide
from wiki.model.policy import Policy, Rule

PERSON = st.sampled_from(PEOPLE)
WAIT = st.sampled_from([0, 1, HOUR, DAY - 1, DAY, 2 * DAY, 3 * DAY])
GROUP = {"few": frozenset(person.key for person in PEOPLE[3:])}
POLICY = st.builds(
    lambda endorse, open_, need, share, since, hold, weigh: Policy(
        rules=(Rule("**", endorse, open_, need, share),), members_since=since, hold=hold, weigh=weigh, groups=GROUP
    ),
    st.integers(0, 2), st.sampled_from([0, DAY]), st.sampled_from([(), ("few",)]),
    st.sampled_from([Decimal(0), Decimal("0.3")]), st.sampled_from([0, DAY]), st.sampled_from([0, DAY]),
    st.integers(0, 1),
)  # fmt: skip


class Colleagues(RuleBasedStateMachine):
    """Five colleagues, one proposal at a time, a policy that changes."""

    @initialize(policy=POLICY, who=PERSON)
    def begin(self, policy: Policy, who: Person) -> None:
        self.table = Table(now=BEGAN, policy=policy, policy_changed_at=BEGAN)
        self.table.propose(who)

    @rule(who=PERSON, other=PERSON, together=st.booleans())
    def revise(self, who: Person, other: Person, together: bool) -> None:
        self.table.revise(who, *([other] if together else []))

    @rule(kept=st.booleans())
    def refresh(self, kept: bool) -> None:
        self.table.refresh(kept=kept)

    @rule(who=PERSON, age=st.sampled_from([0, DAY - 1, DAY, 9 * DAY]), late=st.booleans())
    def endorse(self, who: Person, age: int, late: bool) -> None:
        self.table.endorse(who, since=self.table.now - age, of=self.table.acts[0].id if late else None)

    @rule()
    def endorse_all(self) -> None:
        self.table.endorse(*PEOPLE)

    @rule(who=PERSON, late=st.booleans())
    def object(self, who: Person, late: bool) -> None:
        self.table.object(who, of=self.table.acts[0].id if late else None)

    @rule(who=PERSON, nth=st.integers(0, 5))
    def answer(self, who: Person, nth: int) -> None:
        made = [act for act in self.table.acts if act.kind is Kind.OBJECT]
        if made:
            self.table.answer(who, made[nth % len(made)])

    @rule(who=st.sampled_from([*PEOPLE, SYSTEM]), left=st.one_of(st.none(), PERSON))
    def retract(self, who: Person, left: Person | None) -> None:
        self.table.retract(who, left=left.email.upper() if left else None)

    @rule(by_author=st.booleans())
    def close(self, by_author: bool) -> None:
        self.table.act(Kind.CLOSE, self.table.proposal.authors[0] if by_author else SYSTEM)

    @precondition(lambda self: self.table.proposal.closed is not None)
    @rule()
    def reopen(self) -> None:
        self.table.act(Kind.REOPEN, self.table.proposal.authors[0])

    @rule(seconds=WAIT)
    def wait(self, seconds: int) -> None:
        self.table.now += seconds

    @rule(policy=POLICY)
    def change_the_policy(self, policy: Policy) -> None:
        self.table.policy = policy
        self.table.policy_changed_at = self.table.now

    @rule(active=st.integers(0, 12))
    def come_and_go(self, active: int) -> None:
        self.table.active = active

    @rule(moved=st.booleans())
    def move_main(self, moved: bool) -> None:
        self.table.blobs = {PAGE.path: blob(9) if moved else PAGE.before}

    @invariant()
    def nothing_comes_into_force_without_enough(self) -> None:
        table = self.table
        moved = table.blobs is not None and table.blobs[PAGE.path] != PAGE.before
        enough = naive.enough(table.acts, self.bar(), table.now, table.active, table.policy_changed_at)
        assert (table.why_not == []) is (enough and not moved)

    @invariant()
    def what_is_explained_is_what_is_decided(self) -> None:
        table, weighed = self.table, self.table.standing
        assert list(weighed.reasons) == decide(table.proposal, table.main, table.policy, table.now, table.active)
        assert {act.author.key for act in weighed.valid} == naive.endorsers(table.acts, table.policy.members_since)
        assert sorted(act.id for act in weighed.objections) == sorted(
            act.id for act in naive.objections(table.acts, table.policy.hold, table.now)
        )
        assert weighed.requirement.endorsements(table.active) <= weighed.needed

    @invariant()
    def everyone_has_one_voice(self) -> None:
        proposal = self.table.proposal
        voices = [act.author.key for act in [*proposal.endorsements(), *proposal.objections()]]
        assert len(voices) == len(set(voices))
        assert {act.author.key for act in self.table.standing.valid}.isdisjoint(a.key for a in proposal.authors)

    @invariant()
    def time_alone_brings_it_about_exactly_when_it_is_said(self) -> None:
        table, weighed = self.table, self.table.standing
        if weighed.earliest is None:
            return
        began = table.now
        assert weighed.earliest > began
        table.now = weighed.earliest
        in_time = table.why_not
        table.now = weighed.earliest - 1
        too_early = table.why_not
        table.now = began
        assert in_time == []
        assert too_early != []

    @invariant()
    def between_the_moments_that_were_named_nothing_changes(self) -> None:
        table, weighed = self.table, self.table.standing
        began = table.now
        upto = weighed.moments[0] - 1 if weighed.moments else began + 30 * DAY
        before = table.why_not
        table.now = upto
        after = table.why_not
        table.now = began
        assert before == after

    def bar(self) -> naive.Bar:
        policy = self.table.policy
        only = policy.rules[0]
        need = tuple(policy.groups[name] for name in only.need)
        return naive.Bar(
            only.endorse, only.open, policy.hold, policy.weigh, policy.members_since, Fraction(only.share), need
        )


TestColleagues = Colleagues.TestCase
TestColleagues.settings = settings(max_examples=settings().max_examples, stateful_step_count=30)
