"""Whom to ask: who knows it first, in turns among equals, and never who must not or does not want to be asked."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.asking.whom import DAY, MOST_OPEN, Because, Candidate, Question, Reason, whom, why_not
from wiki.model.acts import Person

NOW = 1_780_000_000
QUESTION = Question(7, NOW, voices=2)


def someone(number: int, **facts: object) -> Candidate:
    person = Person(f"Colleague {number}", f"colleague{number}@example.com")
    one = Candidate(number, person, member_since=NOW - 400 * DAY, seen_at=NOW - DAY)
    return replace(one, **facts)  # type: ignore[arg-type]


def asked(*people: Candidate, question: Question = QUESTION, most: int = 5) -> list[int]:
    return [one.account for one in whom(people, question, most)]


def test_who_wrote_what_changes_comes_before_who_endorsed_before_who_knows_the_page_or_its_neighbours() -> None:
    people = [someone(1), someone(2, nearby=True), someone(3, page=True), someone(4, endorsed=True)]
    assert asked(*people, someone(5, wrote=True)) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    "fact",
    [
        {"author": True},
        {"spoke": True},
        {"asked": True},
        {"active": False},
        {"seen_at": None},
        {"seen_at": NOW - 91 * DAY},
        {"seen_at": NOW - 90 * DAY},
        {"paused": NOW + 1},
        {"open": MOST_OPEN},
        {"week": 3},
        {"week": 1, "most": 1},
    ],
)
def test_somebody_is_not_asked_who(fact: dict[str, object]) -> None:
    assert asked(someone(1, wrote=True, **fact), someone(2)) == [2]


def test_an_account_that_is_too_young_for_its_voice_to_count_is_not_asked() -> None:
    young = someone(1, member_since=NOW - 5 * DAY)
    assert asked(young, question=replace(QUESTION, since=6 * DAY)) == []
    assert asked(young, question=replace(QUESTION, since=5 * DAY)) == [1]


def test_a_pause_that_is_over_and_a_free_week_let_somebody_be_asked_again() -> None:
    assert asked(someone(1, paused=NOW, week=2, open=MOST_OPEN - 1)) == [1]


def test_among_equals_whoever_was_asked_least_recently_is_first_and_who_never_was_before_them() -> None:
    people = [someone(1, asked_at=NOW - DAY), someone(2, asked_at=NOW - 9 * DAY), someone(3)]
    assert asked(*people) == [3, 2, 1]


def test_those_of_whom_nothing_is_known_have_their_turns_by_a_lot_that_differs_with_the_proposal() -> None:
    people = [someone(number) for number in range(40)]
    first = {asked(*people, question=replace(QUESTION, n=n))[0] for n in range(1, 30)}
    assert len(first) > 10


def test_members_of_a_group_that_is_lacking_lead_the_list_but_do_not_fill_it() -> None:
    lawyers = [someone(number, groups=frozenset({"legal"})) for number in (1, 2, 3)]
    others = [someone(number, wrote=True) for number in (4, 5, 6)]
    lacking = replace(QUESTION, groups=("legal",))
    found = asked(*others, *lawyers, question=lacking)
    assert set(found[:2]) < {1, 2, 3}
    assert set(found[2:]) == {4, 5, 6}
    assert asked(*others, *lawyers)[:3] != found[:3], "and stand where they know it once nobody of the group is lacking"


def test_where_only_a_group_is_lacking_nobody_else_is_asked() -> None:
    only = replace(QUESTION, voices=0, groups=("legal",))
    assert asked(someone(1, wrote=True), someone(2, groups=frozenset({"legal"})), question=only) == [2]


def test_who_works_in_another_language_is_asked_after_who_does_not_say() -> None:
    assert asked(someone(1, language=False), someone(2), someone(3, language=True)) == [3, 2, 1]
    assert asked(someone(1, language=False, nearby=True), someone(2)) == [2, 1]
    others = [someone(number, language=False) for number in range(10, 20)]
    assert set(asked(*others, *(someone(number) for number in range(5)))) == set(range(5))


def test_reading_orders_and_is_never_told() -> None:
    others = [someone(number) for number in range(1, 12)]
    found = whom([*others, someone(12, reads=True)], QUESTION, 12)
    assert found[0].account == 12
    assert {one.reasons for one in found} == {(Reason(Because.FREE),)}


def test_each_is_named_with_every_reason_that_everybody_may_know_the_best_first() -> None:
    one = someone(1, wrote=True, page=True, endorsed=True, nearby=True, groups=frozenset({"legal", "board"}))
    (found,) = whom([one], replace(QUESTION, groups=("legal",)), 5)
    assert found.reasons == (Reason(Because.GROUP, "legal"), Reason(Because.WROTE), Reason(Because.ENDORSED))


_moment = st.one_of(st.none(), st.integers(NOW - 200 * DAY, NOW + 20 * DAY))
_groups = st.frozensets(st.sampled_from(["legal", "board"]))
_people = st.lists(
    st.builds(
        Candidate,
        account=st.integers(1, 10_000),
        person=st.just(Person("Somebody", "somebody@example.com")),
        member_since=st.integers(NOW - 20 * DAY, NOW),
        seen_at=_moment,
        active=st.booleans(),
        author=st.booleans(),
        spoke=st.booleans(),
        asked=st.booleans(),
        wrote=st.booleans(),
        endorsed=st.booleans(),
        page=st.booleans(),
        nearby=st.booleans(),
        reads=st.booleans(),
        groups=_groups,
        language=st.one_of(st.none(), st.booleans()),
        open=st.integers(0, 4),
        week=st.integers(0, 6),
        most=st.sampled_from([1, 3, 5]),
        paused=_moment,
        asked_at=_moment,
    ),
    unique_by=lambda one: one.account,
)
_questions = st.builds(
    Question, n=st.integers(1, 99), now=st.just(NOW), voices=st.integers(0, 6), since=st.sampled_from([0, 7 * DAY]),
    groups=_groups.map(sorted).map(tuple),
)  # fmt: skip


@given(_people, _questions, st.integers(0, 8))
def test_nobody_is_asked_who_must_not_be(people: list[Candidate], question: Question, most: int) -> None:
    known = {one.account: one for one in people}
    found = [known[one.account] for one in whom(people, question, most)]
    assert len(found) <= most
    assert len({one.account for one in found}) == len(found)
    for one in found:
        assert not any((one.author, one.spoke, one.asked))
        assert one.active
        assert one.seen_at is not None
        assert one.seen_at > NOW - 90 * DAY
        assert NOW - one.member_since >= question.since
        assert one.paused is None or one.paused <= NOW
        assert one.open < MOST_OPEN
        assert one.week < one.most


@given(_people, _questions, st.randoms())
def test_the_list_is_the_same_in_whatever_order_people_come(
    people: list[Candidate], question: Question, by: Random
) -> None:
    shuffled = list(people)
    by.shuffle(shuffled)
    assert whom(people, question, 5) == whom(shuffled, question, 5)


@given(_people, _questions)
def test_a_lacking_group_comes_first_where_one_of_it_may_be_asked(people: list[Candidate], question: Question) -> None:
    found = whom(people, question, 5)
    for group in question.groups:
        free = [one for one in people if group in one.groups and why_not(one, question) is None]
        lead = {one.account for one in found[: 2 * len(question.groups)]}
        assert not free or any(one.account in lead for one in free)


@given(_people, _questions)
def test_there_is_always_a_reason_and_reading_is_never_seen_in_it(people: list[Candidate], question: Question) -> None:
    plain = [replace(one, reads=not one.reads) for one in people]
    reasons = {one.account: one.reasons for one in whom(people, question, 99)}
    assert reasons == {one.account: one.reasons for one in whom(plain, question, 99)}
    assert all(reasons.values())


@given(_people, _questions)
def test_whoever_leads_among_equals_was_asked_no_later(people: list[Candidate], question: Question) -> None:
    twins = [replace(one, account=one.account + 20_000, asked_at=NOW) for one in people]
    order = [one.account for one in whom([*people, *twins], question, 99) if not question.groups]
    known = {one.account: one for one in people}
    for number in order:
        if number in known and (known[number].asked_at or 0) < NOW:
            assert order.index(number) < order.index(number + 20_000)
