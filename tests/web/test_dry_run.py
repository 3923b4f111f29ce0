"""The dry run of a policy replays what happened, and is right about it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.world import POLICY, World
from wiki.guidelines.pasts import last_pasts
from wiki.model.acts import Person
from wiki.model.errors import WikiError
from wiki.model.policy import parse_policy
from wiki.model.replay import Ending, Past, rehearse, replay

PAGES = ("welcome", "travel/visa", "legal/contracts", "working/hours", "notes/kitchen")
ONE = POLICY.replace("endorse = 2", "endorse = 1")
LINES = POLICY + '\n[[rule]]\npages = "**"\nendorse = 1\nlines = 2\n'


def pasts(world: World, lines: bool = False) -> dict[int, Past]:
    told = last_pasts(world.wiki.repository, lambda: 5, 200, count_lines=lines).told
    return {past.n: past for past in told}


def some_weeks(world: World, seed: int, acts: int = 45) -> list[int]:
    """Colleagues do one thing or another, every few hours; every moment at which the wiki looked."""
    chance, moments = random.Random(seed), []
    for step in range(acts):
        world.clock.wait(chance.choice([0.01, 0.1, 0.4, 1]))
        world.wiki.tick()
        moments.append(world.wiki.now())
        with suppress(WikiError, StopIteration):
            chance.choice(deeds(world, chance, step))()
    return moments


def deeds(world: World, chance: random.Random, step: int) -> list[Callable[[], object]]:
    """What somebody might do now, what is usual more than once."""
    guidelines, last = world.wiki.guidelines, world.wiki.guidelines.count()
    who, page = chance.choice(sorted(world.people)), chance.choice(PAGES)
    n = chance.randint(max(1, last - 4), max(1, last))
    text = world.text(page) or f"# {page}\n"
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines) + 1), f"Said {step}.")
    edits: dict[str, str | None] = {page: "\n".join(lines)}
    if chance.random() < 0.15:
        edits = {chance.choice((f"notes/{step}", f"working/{step}")): "# New\n\nPage.\n"}
    others = POLICY.replace("endorse = 2", f"endorse = {chance.choice([1, 2, 3])}")
    return [
        *[lambda: world.propose(who, edits)] * 3,
        *[lambda: world.endorse(n, *chance.sample(sorted(world.people), 2))] * 4,
        lambda: guidelines.object(n, world.person(who), world.change(n), "No."),
        lambda: guidelines.answer(n, author(world, n), standing_objection(world, n), "Yes."),
        lambda: guidelines.retract(n, world.person(who)),
        lambda: guidelines.revise(n, author(world, n), {f"{page}.md": f"{text}\nMore {step}.\n"}),
        lambda: guidelines.close(n, author(world, n)),
        lambda: guidelines.reopen(n, author(world, n)),
        lambda: world.propose(who, {"policy.toml": others}, "Rules"),
    ]


def author(world: World, n: int) -> Person:
    return world.wiki.guidelines.weigh(n).proposal.acts[0].author


def standing_objection(world: World, n: int) -> str:
    return next(iter(world.wiki.guidelines.weigh(n).proposal.objections())).id


@pytest.mark.parametrize("seed", range(6))
def test_replayed_under_the_rules_of_its_day_everything_came_into_force_when_it_did(world: World, seed: int) -> None:
    moments = some_weeks(world, seed)
    told = pasts(world)
    assert set(told) == set(range(1, world.wiki.guidelines.count() + 1))
    for n, past in told.items():
        weighed = world.wiki.guidelines.weigh(n)
        at = replay(past.stages, past.active_members, world.wiki.now()).at
        if weighed.in_force is None:
            assert past.in_force_at is None
            assert at is None, n
        else:
            assert at is not None, n
            assert past.in_force_at == weighed.now == min(moment for moment in moments if moment >= at), n
    assert sum(past.in_force_at is not None for past in told.values()) > 1


def test_main_moves_under_what_only_waits(world: World) -> None:
    sooner = world.propose("bob", {"legal/contracts": "# Contracts\n\nSooner.\n"})
    world.clock.wait(0.5)
    later = world.propose("ana", {"legal/contracts": "# Contracts\n\nLater.\n"})
    for n in (sooner, later):
        world.endorse(n, "cyd", "dee", "zed")
    for _ in range(3):
        world.clock.wait(1)
        world.wiki.tick()
    assert (world.in_force(sooner), world.in_force(later)) == (True, False)
    past = pasts(world)[later]
    assert replay(past.stages, 5, world.wiki.now()).at is None


def test_softer_rules_bring_what_waits_into_force_when_they_come_into_force(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"})
    world.endorse(n, "bob")
    rules = world.propose("ana", {"policy.toml": ONE})
    world.endorse(rules, "bob", "cyd", "dee")
    world.clock.wait(2.5)
    world.wiki.tick()
    past = pasts(world)[n]
    assert past.in_force_at == world.wiki.now() == replay(past.stages, 5, world.wiki.now()).at


def test_the_same_rules_change_nothing_and_lower_ones_are_never_later(world: World) -> None:
    some_weeks(world, 31)
    now = world.wiki.now()
    for past in pasts(world).values():
        if all(stage.policy == past.stages[0].policy for stage in past.stages):
            assert rehearse(past, past.stages[0].policy, now).ending is Ending.SAME
        low = replay(past.stages, past.active_members, now, parse_policy(ONE.replace("endorse = 3", "endorse = 1")))
        high = replay(past.stages, past.active_members, now, parse_policy(POLICY))
        assert high.at is None or (low.at is not None and low.at <= high.at)


def test_the_page_of_a_change_of_rules_says_what_it_would_have_meant(world: World) -> None:
    agreed = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(agreed, "bob")
    world.clock.wait(1)
    world.endorse(agreed, "cyd")
    waiting = world.propose("bob", {"travel/visa": "# Visas\n\nAsk.\n"}, "Ask sooner")
    world.endorse(waiting, "zed")
    few = world.propose("ana", {"policy.toml": ONE}, "Fewer")
    more = world.propose("ana", {"policy.toml": POLICY.replace("endorse = 2", "endorse = 4")}, "More")
    said = world.visitor().open(f"/-/proposals/{few}").main
    assert "of the last 3 proposals 1 would have ended as it did." in said
    assert "1 would have come into force earlier." in said
    assert "Say hello would have come into force 1 day earlier" in said
    assert "1 that is not in force would be." in said
    assert "Ask sooner is not in force, but would be since" in said
    assert "Rule: any page, 1 colleague, no waiting" in said
    assert "It is assumed that everybody did what they did" in said
    strict = world.visitor().open(f"/-/proposals/{more}").main
    assert "Say hello would not be in force: 2 more colleagues must endorse it" in strict
    assert "dry-run" not in world.visitor().open(f"/-/proposals/{agreed}").body


def test_whoever_writes_rules_sees_it_before_they_propose(world: World) -> None:
    agreed = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(agreed, "bob", "cyd")
    visitor = world.visitor("ana")
    visitor.open("/-/edit/policy.toml")
    page = visitor.submit("/-/edit/policy.toml", "check", text=POLICY.replace("endorse = 2", "endorse = 3"))
    assert "Say hello would not be in force: one more colleague must endorse it" in page.main
    page = visitor.submit("/-/edit/policy.toml", "check", text=POLICY + "# A remark.\n")
    assert "It says the same as the rules in force" in page.main
    assert "What it would have meant so far" not in page.main


def test_before_the_first_proposal_there_is_nothing_to_go_by(world: World) -> None:
    visitor = world.visitor("ana")
    visitor.open("/-/edit/policy.toml")
    assert "nothing to go by" in visitor.submit("/-/edit/policy.toml", "check", text=ONE).main


def test_rules_about_lines_count_them_in_what_was(world: World) -> None:
    small = world.propose("ana", {"legal/contracts": "# Contracts\n\nOnly the whole board signs contracts.\n"}, "Small")
    large = world.propose("ana", {"working/hours": "# Hours\n\nA\n\nB\n\nC\n"}, "Large")
    for n in (small, large):
        world.endorse(n, "bob")
    told = pasts(world, lines=True)
    endings = {n: rehearse(told[n], parse_policy(LINES), world.wiki.now()).ending for n in told}
    assert endings == {small: Ending.GAINED, large: Ending.SAME}


def test_a_share_is_of_those_who_were_active_on_the_day_or_are_now(world: World) -> None:
    world.wiki.guidelines.active_members = lambda: 8
    agreed = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(agreed, "bob", "cyd")
    waiting = world.propose("bob", {"welcome": "# Welcome\n\nHello!\n"}, "Louder")
    told = pasts(world)
    assert (told[agreed].active_members, told[waiting].active_members) == (8, 5)
    half = parse_policy(POLICY.replace("endorse = 2", "endorse = 1\nshare = 0.5"))
    lost = rehearse(told[agreed], half, world.wiki.now())
    assert lost.ending is Ending.LOST
    assert [str(reason) for reason in lost.then.standing.reasons] == ["2 more colleagues must endorse it"]


def test_what_is_too_long_or_began_too_long_ago_is_left_out_and_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "First")
    for page in ("travel/visa", "working/hours"):
        world.endorse(world.propose("ana", {page: "# Else\n"}), "bob", "cyd")
    long = world.propose("ana", {"legal/contracts": "# Contracts\n"}, "Long")
    world.endorse(long, "bob", "cyd", "dee")
    monkeypatch.setattr("wiki.guidelines.pasts.MOST_ACTS", 3)
    monkeypatch.setattr("wiki.guidelines.pasts.MOST_STEPS", 2)
    told = last_pasts(world.wiki.repository, lambda: 5, 200)
    assert ([past.n for past in told.told], told.asked) == ([3], 4)
    few = world.propose("ana", {"policy.toml": ONE}, "Fewer")
    assert "proposals were left out, because they are too long or began too long ago." in (
        world.visitor().open(f"/-/proposals/{few}").main
    )
    assert first == 1


def test_what_was_replayed_is_kept_until_something_happens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from wiki.web.policy import dry_run

    made: list[int] = []
    real = dry_run.rehearse
    monkeypatch.setattr(dry_run, "rehearse", lambda past, *rest: made.append(past.n) or real(past, *rest))
    agreed = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    few = world.propose("ana", {"policy.toml": ONE}, "Fewer")
    visitor = world.visitor()
    for _ in range(3):
        visitor.open(f"/-/proposals/{few}")
    assert made == [few, agreed]
    world.endorse(agreed, "bob")
    assert "Say hello is not in force, but would be" in visitor.open(f"/-/proposals/{few}").main
