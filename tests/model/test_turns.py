"""Whose turn it is, what a proposal says of another, and when a quiet one is closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import ANA, BOB, CYD, DAY, ZED, House
from wiki.model.acts import Kind
from wiki.model.decide import Lapse
from wiki.model.policy import parse_policy
from wiki.model.relations import Related, Relation, adopted_as, adopted_in, related_in, stating, without_relation
from wiki.model.turns import Task, objection_to_confirm, whose_turn

GROUPS = (
    '[groups]\nlegal = ["cyd@example.com", "ana@example.com"]\n[[rule]]\npages = "**"\nendorse = 1\nneed = ["@legal"]\n'
)


def test_first_it_is_any_colleague_s_turn_but_the_authors(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    weighed = house.weigh(n)
    (turn,) = whose_turn(weighed.proposal, weighed.standing, weighed.policy)
    assert turn.task is Task.ENDORSE
    assert turn.includes(BOB, weighed.proposal)
    assert not turn.includes(ANA, weighed.proposal)
    house.endorse(n, BOB)
    assert not turn.includes(BOB, house.weigh(n).proposal)


def test_then_an_author_s_where_somebody_objected(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    house.object(n, ZED)
    weighed = house.weigh(n)
    tasks = {turn.task: turn for turn in whose_turn(weighed.proposal, weighed.standing, weighed.policy)}
    assert set(tasks) == {Task.ENDORSE, Task.ANSWER}
    assert tasks[Task.ANSWER].includes(ANA, weighed.proposal)
    assert tasks[Task.ANSWER].about == weighed.standing.objections[0].id


def test_nobody_is_asked_to_endorse_a_text_that_must_be_brought_together_first(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    other = house.propose(CYD, {"welcome.md": "# W\n\nGood day.\n"})
    house.endorse(other, BOB)
    house.endorse(other, ZED)
    weighed = house.weigh(n)
    (turn,) = whose_turn(weighed.proposal, weighed.standing, weighed.policy)
    assert turn.task is Task.RECONCILE
    assert turn.includes(ANA, weighed.proposal)


def test_a_group_s_turn_leaves_out_its_authors(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    policy = parse_policy(GROUPS)
    _, then = house.guidelines.weigh_under(n, policy, int(house.clock.at))
    turns = {turn.task: turn for turn in whose_turn(then.proposal, then.standing, policy)}
    assert turns[Task.ENDORSE_FOR_GROUP].members == ("cyd@example.com",)
    assert turns[Task.ENDORSE_FOR_GROUP].includes(CYD, then.proposal)
    assert not turns[Task.ENDORSE_FOR_GROUP].includes(BOB, then.proposal)


def test_what_only_waits_is_nobody_s_turn(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    policy = parse_policy('[[rule]]\npages = "**"\nendorse = 0\nopen = "2d"\n')
    _, then = house.guidelines.weigh_under(n, policy, int(house.clock.at))
    assert [turn.task for turn in whose_turn(then.proposal, then.standing, policy)] == [Task.WAIT]
    assert then.standing.closes_at is None


def test_whoever_objected_before_the_edit_is_asked(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    objection = house.object(n, ZED)
    weighed = house.weigh(n)
    assert objection_to_confirm(weighed.proposal, weighed.standing.objections, ZED) is None
    house.guidelines.revise(n, ANA, {"welcome.md": "# W\n\nHello!\n"})
    weighed = house.weigh(n)
    asked = objection_to_confirm(weighed.proposal, weighed.standing.objections, ZED)
    assert asked is not None
    assert asked.id == objection
    assert objection_to_confirm(weighed.proposal, weighed.standing.objections, BOB) is None
    house.clock.wait(4 * DAY)
    weighed = house.weigh(n)
    assert objection_to_confirm(weighed.proposal, weighed.standing.objections, ZED) is None


def test_the_wiki_closes_what_is_quiet_and_only_then(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    assert house.weigh(n).standing.closes_at == int(house.clock.at) + 90 * DAY
    house.clock.wait(90 * DAY - 1)
    assert not house.guidelines.close_if_quiet(n)
    house.guidelines.comment(n, BOB, "Anybody?")
    house.clock.wait(1)
    assert house.guidelines.close_if_quiet(n)
    assert not house.guidelines.close_if_quiet(n)
    closed = house.weigh(n).proposal.closed
    assert closed is not None
    assert closed.by_system
    assert house.weigh(n).standing.closes_at is None


def test_an_endorsement_of_who_left_lapses_for_that(house: House) -> None:
    n = house.propose(ANA, {"welcome.md": "# W\n\nHello.\n"})
    house.endorse(n, BOB)
    house.guidelines.retract(n, ANA, left=BOB.email)
    assert [(act.author, cause) for act, cause in house.weigh(n).standing.lapsed] == [(BOB, Lapse.LEFT)]
    house.endorse(n, BOB)
    assert house.weigh(n).standing.lapsed == ()
    house.guidelines.retract(n, BOB)
    assert house.weigh(n).standing.lapsed == ()
    assert house.kinds(n)[-1] == Kind.RETRACT


@given(relation=st.sampled_from(Relation), n=st.integers(1, 10**8), why=st.text(max_size=60))
def test_a_relation_is_read_as_it_was_stated(relation: Relation, n: int, why: str) -> None:
    related = Related(relation, n)
    said = stating(related, why)
    assert related_in(said) == related
    assert without_relation(said).strip() == without_relation(why).strip()
    assert stating(related, said).startswith(f"{relation.value} #{n}.")
    assert adopted_in(adopted_as(n)) == n


@pytest.mark.parametrize("why", ["", "undoes #1.", "Undoes #0.", "Undoes #1", "Undoes #1. Really.", "x\nUndoes #1.",
                                 "Undoes #٣.", "Undoes #9999999999."])  # fmt: skip
def test_what_only_looks_like_a_relation_is_none(why: str) -> None:
    assert related_in(why) is None
    assert without_relation(why) == why
