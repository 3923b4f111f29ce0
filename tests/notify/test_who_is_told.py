"""Who is told what, as a pure function: checked against a table, and against a slow reading of the rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import ANA, BEGAN, BOB, CYD, DEE, PEOPLE, SYSTEM, ZED
from tests.model.table import BASE, Table
from wiki.model.acts import CHANGES_TEXT, Act, Kind, Person
from wiki.model.merge import Weighed
from wiki.model.policy import parse_policy
from wiki.notify.matters import Asked, Followers, Happening, Matter, happenings, still_asks, told_of

NEEDS_LEGAL = (
    '[groups]\nlegal = ["cyd@example.com", "dee@example.com"]\n[[rule]]\npages = "**"\nendorse = 2\nneed = ["@legal"]\n'
)


def weighed(table: Table, in_force: str | None = None) -> Weighed:
    """What the service would say of the table."""
    return Weighed(7, table.proposal, table.standing, table.policy, BASE, table.now, table.active, in_force)


def happened(table: Table, new: list[Act] | None = None, asked: set[str] | None = None) -> list[Happening]:
    ids = {act.id for act in (table.acts if new is None else new)}
    return happenings(weighed(table), ids, (), (), False, asked or set())


def asks(found: list[Happening]) -> dict[str, dict[str, str]]:
    """By act: of whom what is asked, by first name."""
    return {
        one.id: {told.key.partition("@")[0]: told.matter.value for told in told_of(one, Followers())} for one in found
    }


WATCHING = {"bob@example.com": "page:travel/visa", "cyd@example.com": "folder:travel", "dee@example.com": "proposal:7"}
EVERYBODY = Followers(frozenset({ANA.key}), WATCHING, frozenset())


@pytest.mark.parametrize(
    ("matter", "who"),
    [
        (Matter.PROPOSED, {"ana", "bob", "cyd", "dee"}), (Matter.REVISED, {"ana", "bob", "cyd", "dee"}),
        (Matter.IN_FORCE, {"ana", "bob", "cyd", "dee"}), (Matter.CLOSED, {"ana", "bob", "cyd", "dee"}),
        (Matter.REOPENED, {"ana", "bob", "cyd", "dee"}), (Matter.COMMENTED, {"ana", "dee"}),
        (Matter.OBJECTED, {"ana", "dee"}),
    ],
)  # fmt: skip
def test_news_go_to_who_follows_and_talk_only_to_who_follows_closely(matter: Matter, who: set[str]) -> None:
    told = told_of(Happening("act", matter, ZED, 0, news=matter), EVERYBODY)
    assert {one.key.partition("@")[0] for one in told} == who
    assert not any(one.asks for one in told)


def test_what_asks_comes_before_news_and_each_is_told_once() -> None:
    one = Happening(
        "act", Matter.REVISED, ANA, 0, {BOB.key: Matter.LAPSED}, Matter.REVISED, unseen=frozenset({ANA.key})
    )
    told = {each.key: each for each in told_of(one, EVERYBODY)}
    assert told[BOB.key].matter is Matter.LAPSED
    assert told[BOB.key].asks
    assert not told[CYD.key].asks
    assert ANA.key not in told


def test_who_muted_it_is_not_told_even_what_asks() -> None:
    one = Happening("act", Matter.OBJECTED, ZED, 0, {ANA.key: Matter.OBJECTED}, Matter.OBJECTED)
    muted = Followers(EVERYBODY.authors, EVERYBODY.watching, frozenset({ANA.key, DEE.key}))
    assert told_of(one, muted) == []


def test_a_group_is_asked_when_it_is_proposed_and_who_is_asked_already_is_not_asked_again() -> None:
    table = Table(now=BEGAN, policy=parse_policy(NEEDS_LEGAL))
    first, second = table.propose(ANA), table.revise(ANA)
    assert asks(happened(table)) == {first.id: {"cyd": "group", "dee": "group"}, second.id: {}}
    assert asks(happened(table, asked={CYD.key})) == {first.id: {"dee": "group"}, second.id: {}}
    table.endorse(CYD)
    assert asks(happened(table)) == {first.id: {}, second.id: {}}


def test_a_refresh_that_keeps_the_change_tells_nobody() -> None:
    table = Table(now=BEGAN)
    table.propose(ANA)
    table.endorse(BOB)
    assert happened(table, [table.refresh(kept=True)]) == []
    lapsing = table.refresh(kept=False)
    assert asks(happened(table, [lapsing])) == {lapsing.id: {"bob": "lapsed"}}


def slowly(table: Table, at: int) -> set[str]:
    """Of whom an act asks something, read act by act from the rules: authors of an objection, those whose endorsement
    it ends, whoever is answered; there are no groups."""
    act, change, voices = table.acts[at], "", dict[str, tuple[Kind, str]]()
    authors = {p.key for one in table.acts if one.kind in (Kind.PROPOSE, Kind.REVISE)
               for p in (one.author, *one.co_authors)}  # fmt: skip
    for before in table.acts[:at]:
        if before.kind in CHANGES_TEXT and not before.kept:
            change = before.id
        if before.kind in (Kind.ENDORSE, Kind.OBJECT):
            voices[before.author.key] = (before.kind, before.of or "")
        if before.kind is Kind.RETRACT:
            voices.pop(before.speaks_for, None)
    match act.kind:
        case Kind.OBJECT:
            asked = authors
        case Kind.REVISE | Kind.REFRESH if not act.kept:
            asked = {key for key, (kind, of) in voices.items() if kind is Kind.ENDORSE and of == change} - authors
        case Kind.ANSWER:
            asked = {one.author.key for one in table.acts if one.id == act.to}
        case _:
            asked = set()
    return asked - {act.author.key}


KINDS = ("revise", "refresh", "kept", "endorse", "object", "answer", "retract", "left")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(PEOPLE)), max_size=12)


def play(table: Table, steps: list[tuple[str, Person]]) -> None:
    """Do what can be done of these steps."""
    table.propose(ANA)
    for step, who in steps:
        table.now += 60
        objections = [act for act in table.acts if act.kind is Kind.OBJECT]
        match step:
            case "revise":
                table.revise(who)
            case "refresh" | "kept":
                table.refresh(kept=step == "kept")
            case "endorse":
                table.endorse(who)
            case "object":
                table.object(who)
            case "answer" if objections:
                table.answer(ANA, objections[-1])
            case "retract":
                table.retract(who)
            case "left":
                table.retract(SYSTEM, who.email)


@given(STEPS)
def test_one_act_asks_authors_lapsed_endorsers_and_who_is_answered_and_nobody_else(
    steps: list[tuple[str, Person]],
) -> None:
    table = Table(now=BEGAN)
    play(table, steps)
    found = {one.id: one for one in happened(table)}
    for at, act in enumerate(table.acts):
        told = told_of(found[act.id], Followers()) if act.id in found else []
        assert {one.key for one in told} == slowly(table, at), act.kind
        assert all(one.asks for one in told)


@given(STEPS, st.integers(0, 12))
def test_it_does_not_matter_in_how_many_steps_people_are_told(steps: list[tuple[str, Person]], cut: int) -> None:
    table = Table(now=BEGAN)
    play(table, steps)
    whole = happened(table)
    assert [*happened(table, table.acts[:cut]), *happened(table, table.acts[cut:])] == whole


@given(STEPS)
def test_what_is_asked_can_be_done_and_is_then_no_longer_asked(steps: list[tuple[str, Person]]) -> None:
    table = Table(now=BEGAN)
    play(table, steps)

    def open_asks() -> list[Asked]:
        told = [each for one in happened(table) for each in told_of(one, Followers())]
        asked = [Asked(each.key, each.matter, each.happening.id, each.happening.about) for each in told]
        return [one for one in asked if still_asks(one, weighed(table), (), ())]

    for one in open_asks():
        person = next(each for each in PEOPLE if each.key == one.key)
        match one.matter:
            case Matter.OBJECTED:
                table.answer(person, next(act for act in table.acts if act.id == one.about))
            case Matter.LAPSED:
                table.endorse(person)
            case _:
                table.retract(person)
    left = open_asks()
    assert {one.matter for one in left} <= {Matter.ANSWERED}
    assert not any(still_asks(one, weighed(table, in_force="m" * 40), (), ()) for one in left)
