"""A proposal replayed under other rules: what it would have come to, judged by the one function that decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import naive
from tests.house import ANA, BEGAN, BOB, CYD, DAY, DEE, HOUR, PEOPLE, SYSTEM
from tests.model.table import PAGE, Table, blob
from wiki.model.acts import Act, Kind
from wiki.model.policy import Policy, Rule
from wiki.model.replay import Ending, Past, Replayed, Stage, rehearse, replay

FEW = {"few": frozenset(person.key for person in PEOPLE[3:])}
UNTIL = BEGAN + 40 * DAY


def rules(endorse: int = 2, open_: int = 0, need: tuple[str, ...] = (), **general: int) -> Policy:
    return Policy(rules=(Rule("**", endorse, open_, need),), groups=FEW, **general)


@dataclass
class Told:
    """A table whose story is kept, stage by stage."""

    table: Table
    stages: list[Stage] = field(default_factory=list)

    def note(self) -> None:
        table = self.table
        self.stages.append(Stage(table.now, table.proposal, table.main, table.policy))

    def replayed(self, policy: Policy | None = None, until: int = UNTIL) -> Replayed:
        return replay(self.stages, self.table.active, until, policy)


def told(*deeds: tuple[int, Callable[[Table], object]], policy: Policy | None = None) -> Told:
    """What happened: each deed after so many hours."""
    story = Told(Table(now=BEGAN, policy=policy or rules()))
    story.table.propose()
    story.note()
    for hours, deed in deeds:
        story.table.now += hours * HOUR
        deed(story.table)
        story.note()
    return story


def endorse(*people: object) -> Callable[[Table], object]:
    return lambda table: table.endorse(*people)  # type: ignore[arg-type]


def test_the_first_moment_with_enough_is_the_moment() -> None:
    story = told((1, endorse(BOB)), (2, endorse(CYD)), (5, endorse(DEE)))
    assert story.replayed().at == BEGAN + 3 * HOUR
    assert story.replayed(rules(1)).at == BEGAN + HOUR
    assert story.replayed(rules(3)).at == BEGAN + 8 * HOUR
    missing = story.replayed(rules(4))
    assert missing.at is None
    assert [str(reason) for reason in missing.standing.reasons] == ["one more colleague must endorse it"]


def test_time_passes_after_the_last_act_but_not_beyond_today() -> None:
    story = told((1, endorse(BOB, CYD)))
    week = rules(2, 7 * DAY)
    assert story.replayed(week).at == BEGAN + 7 * DAY
    assert story.replayed(week, until=BEGAN + 7 * DAY - 1).at is None


def test_without_endorsements_asked_it_is_in_force_when_proposed_and_the_time_is_over() -> None:
    story = told((1, endorse(BOB)), (48, endorse(CYD)))
    assert story.replayed(rules(0)).at == BEGAN
    assert story.replayed(rules(0, DAY)).at == BEGAN + DAY


def test_a_text_that_was_replaced_meanwhile_has_to_wait_anew() -> None:
    story = told((20, lambda table: table.revise()), (1, endorse(BOB)))
    assert story.replayed(rules(0, DAY)).at == BEGAN + 44 * HOUR
    assert story.replayed(rules(1, DAY)).at == BEGAN + 44 * HOUR


def test_a_group_that_was_never_heard_is_what_would_be_missing() -> None:
    story = told((1, endorse(BOB, CYD)))
    assert [reason.about for reason in story.replayed(rules(2, need=("few",))).standing.reasons] == ["few"]
    assert told((1, endorse(BOB, DEE))).replayed(rules(2, need=("few",))).at == BEGAN + HOUR


def test_an_objection_weighs_what_the_rules_say() -> None:
    answered: list[Act] = []
    story = told(
        (1, lambda table: answered.append(table.object(BOB))),
        (1, lambda table: table.answer(ANA, answered[0])),
        (1, endorse(CYD, DEE)),
        policy=rules(2, weigh=0, hold=0),
    )
    assert story.replayed().at == BEGAN + 3 * HOUR
    assert story.replayed(rules(2, weigh=0, hold=2 * DAY)).at == BEGAN + HOUR + 2 * DAY
    assert story.replayed(rules(2, weigh=1, hold=0)).at is None


def test_what_was_overtaken_or_closed_waits_as_it_did() -> None:
    def move(table: Table) -> None:
        table.blobs = {PAGE.path: blob(9)}

    def follow(table: Table) -> None:
        table.refresh(kept=True)
        table.blobs = None

    story = told((1, move), (1, endorse(BOB)), (5, follow))
    assert story.replayed(rules(1)).at == BEGAN + 7 * HOUR
    closed = told((1, lambda table: table.act(Kind.CLOSE)), (1, endorse(BOB)))
    assert closed.replayed(rules(0, DAY)).at is None


def test_rules_of_the_day_hold_where_no_others_are_asked_about() -> None:
    def soften(table: Table) -> None:
        table.policy, table.policy_changed_at = rules(1), table.now

    story = told((1, endorse(BOB)), (4, soften))
    assert story.replayed().at == BEGAN + 5 * HOUR
    assert story.replayed(rules(2)).at is None


def test_a_proposal_that_never_was_cannot_be_replayed() -> None:
    with pytest.raises(ValueError, match="never happened"):
        replay((), 5, UNTIL)


@pytest.mark.parametrize(
    ("policy", "ending"),
    [
        (rules(2), Ending.SAME), (rules(1), Ending.EARLIER), (rules(2, 3 * DAY), Ending.LATER),
        (rules(3), Ending.LOST),
    ],
)  # fmt: skip
def test_what_came_into_force_is_told_by_what_would_be_different(policy: Policy, ending: Ending) -> None:
    story = told((1, endorse(BOB)), (1, endorse(CYD)))
    late = BEGAN + 2 * HOUR + 50  # the clock of the wiki looks now and then
    past = Past(1, tuple(story.stages), 5, late)
    assert rehearse(past, policy, UNTIL).ending is ending


def test_what_is_not_in_force_may_gain() -> None:
    past = Past(1, tuple(told((1, endorse(BOB))).stages), 5, None)
    assert rehearse(past, rules(1), UNTIL).ending is Ending.GAINED
    assert rehearse(past, rules(2), UNTIL).ending is Ending.SAME


PERSON = st.sampled_from(PEOPLE)
DEED = st.tuples(
    st.sampled_from([0, 1, 23, 24, 30, 72]),
    st.sampled_from(["endorse", "endorse", "endorse", "object", "answer", "retract", "revise", "refresh", "close",
                     "reopen", "rules"]),
    PERSON,
    st.integers(0, 3),
)  # fmt: skip
POLICY = st.builds(
    lambda endorse, open_, need, since, hold, weigh: Policy(
        rules=(Rule("**", endorse, open_, need),), members_since=since, hold=hold, weigh=weigh, groups=FEW
    ),
    st.integers(0, 3), st.sampled_from([0, DAY, 2 * DAY]), st.sampled_from([(), ("few",)]),
    st.sampled_from([0, DAY]), st.sampled_from([0, DAY, 3 * DAY]), st.integers(0, 2),
)  # fmt: skip


def _do(table: Table, kind: str, who: object, nth: int, others: Policy) -> None:
    proposal = table.proposal
    if kind == "endorse":
        table.endorse(who, since=table.now - nth * DAY)  # type: ignore[arg-type]
    elif kind == "object":
        table.object(who)  # type: ignore[arg-type]
    elif kind == "answer":
        made = [act for act in table.acts if act.kind is Kind.OBJECT]
        if made:
            table.answer(proposal.authors[0], made[nth % len(made)])
    elif kind == "retract":
        table.retract(who)  # type: ignore[arg-type]
    elif kind == "revise":
        table.revise(who)  # type: ignore[arg-type]
    elif kind == "refresh":
        table.refresh(kept=bool(nth))
    elif kind == "close":
        table.act(Kind.CLOSE, SYSTEM)
    elif kind == "reopen" and proposal.closed is not None:
        table.act(Kind.REOPEN, proposal.authors[0])
    elif kind == "rules":
        table.policy, table.policy_changed_at = others, table.now


def _story(first: Policy, others: Policy, deeds: list[tuple[int, str, object, int]]) -> Told:
    story = Told(Table(now=BEGAN, policy=first))
    story.table.propose()
    story.note()
    for hours, kind, who, nth in deeds:
        story.table.now += hours * HOUR
        _do(story.table, kind, who, nth, others)
        story.note()
    return story


def _bar(policy: Policy) -> naive.Bar:
    rule = policy.rules[0]
    need = tuple(policy.groups[name] for name in rule.need)
    return naive.Bar(rule.endorse, rule.open, policy.hold, policy.weigh, policy.members_since, Fraction(0), need)


def _hour_by_hour(story: Told, until: int, policy: Policy | None) -> int | None:
    """The first full hour with enough, told naively."""
    for at in range(BEGAN, until + 1, HOUR):
        stages = [stage for stage in story.stages if stage.at <= at]
        here = [stage for stage in stages if stage.at == at] or stages[-1:]
        for stage in here:
            bar = _bar(policy or stage.policy)
            if naive.enough(list(stage.proposal.acts), bar, at, 5, stage.main.policy_changed_at):
                return at
    return None


@given(POLICY, POLICY, st.lists(DEED, max_size=8), st.one_of(st.none(), POLICY))
def test_whatever_happened_the_moment_is_the_one_that_is_found_hour_by_hour(
    first: Policy, others: Policy, deeds: list[tuple[int, str, object, int]], asked: Policy | None
) -> None:
    story = _story(first, others, deeds)
    until = story.table.now + 8 * DAY
    assert story.replayed(asked, until).at == _hour_by_hour(story, until, asked)


@given(POLICY, POLICY, st.lists(DEED, max_size=10), POLICY, st.integers(0, 2), st.booleans(), st.integers(0, 2))
def test_a_lower_bar_is_never_later(
    first: Policy, others: Policy, deeds: list[tuple[int, str, object, int]], high: Policy, less: int, sooner: bool,
    lighter: int,
) -> None:  # fmt: skip
    rule = high.rules[0]
    lower = replace(rule, endorse=max(0, rule.endorse - less), open=0 if sooner else rule.open,
                    need=() if lighter else rule.need)  # fmt: skip
    low = replace(high, rules=(lower,), weigh=max(0, high.weigh - lighter), members_since=0 if sooner else DAY)
    high = replace(high, members_since=DAY)
    story = _story(first, others, deeds)
    above, below = story.replayed(high).at, story.replayed(low).at
    assert above is None or (below is not None and below <= above)
