"""Asking: rows that are made once, told once, and closed when there is nothing left to ask."""

from __future__ import annotations

import io
import json
import signal
import threading
import zipfile

import pytest

from tests.sql import statements
from tests.warm import ended, python
from tests.world import World
from wiki.accounts import former
from wiki.accounts.schema import account
from wiki.asking import Because, Fate
from wiki.database import writing
from wiki.model.acts import Person
from wiki.model.errors import Refused
from wiki.notify import Matter
from wiki.together import everything_about, leave_for_good

HOURS = "# Hours\n\nWork when you work best.\n\nBe reachable by noon.\n"
LATER = "# Hours\n\nWork when you work best.\n\nBe reachable by one.\n"
MORE = "# Hours\n\nWork when you work best.\n\nBe reachable by two.\n"


def propose(world: World, who: str = "ana", text: str = HOURS, title: str = "Noon at the latest") -> int:
    return world.propose(who, {"working/hours": text}, title)


def suggested(world: World, n: int) -> dict[str, Because]:
    """Who is suggested, with the first reason of each, in order."""
    found = world.wiki.asking.suggest(world.wiki.guidelines.weigh(n))
    return {one.person.name.split()[0].lower(): one.reasons[0].because for one in found}


def ask(world: World, n: int, *names: str, by: str = "ana") -> list[str]:
    handles = {world.person(who).handle for who in names}
    return [each.name.split()[0].lower() for each in world.wiki.asking.ask(n, world.people[by], handles)]


def fates(world: World, n: int) -> dict[str, Fate]:
    return {each.person.name.split()[0].lower(): each.fate for each in world.wiki.asking.of(n)}


def asked_in_inbox(world: World, who: str) -> list[int]:
    notices = world.wiki.notify.inbox.asks(world.people[who].id)
    return [one.n for one in notices if one.matter is Matter.ASKED]


def pass_time(world: World, days: float = 1 / 1440) -> None:
    world.clock.wait(days)
    world.wiki.tick()


# Who is suggested


def test_who_wrote_the_passage_and_who_endorsed_the_page_are_suggested_with_their_reasons(world: World) -> None:
    n = propose(world, "ana")
    world.endorse(n, "bob", "cyd")
    assert world.in_force(n)
    m = propose(world, "dee", LATER)
    found = suggested(world, m)
    assert found == {"ana": Because.WROTE, "bob": Because.ENDORSED, "cyd": Because.ENDORSED, "zed": Because.FREE}
    assert next(iter(found)) == "ana"
    assert list(found)[-1] == "zed"


def test_who_wrote_another_passage_of_the_page_knows_the_page_but_did_not_write_what_changes(world: World) -> None:
    world.endorse(propose(world, "ana"), "bob", "cyd")
    n = world.propose("dee", {"working/hours": HOURS.replace("Work when you work best.", "Work when you like.")})
    assert suggested(world, n)["ana"] is Because.PAGE


def test_who_knows_the_neighbouring_pages_is_suggested_for_a_new_one(world: World) -> None:
    world.endorse(propose(world, "ana"), "bob", "cyd")
    n = world.propose("dee", {"working/breaks": "# Breaks\n\nTake some.\n"})
    assert {who for who, why in suggested(world, n).items() if why is Because.NEARBY} == {"ana", "bob", "cyd"}


def test_an_author_under_another_address_is_not_suggested(world: World) -> None:
    n = propose(world)
    with writing(world.wiki.engine) as connection:
        old = ("ana@example.com", "ana@example.com")
        former.note(connection, world.people["ana"].id, former.EMAIL, old, "ana@new.example", world.wiki.now())
        there = account.c.id == world.people["ana"].id
        connection.execute(account.update().where(there).values(email="ana@new.example", email_key="ana@new.example"))
    assert set(suggested(world, n)) == {"bob", "cyd", "dee", "zed"}


def test_who_has_read_the_page_comes_before_others_without_that_being_said(world: World) -> None:
    commit = world.wiki.repository.main()
    world.wiki.visits.come(world.people["zed"].id, ["working/hours"], (commit, 1), world.wiki.now())
    found = suggested(world, propose(world))
    assert next(iter(found)) == "zed"
    assert set(found.values()) == {Because.FREE}


def test_nobody_is_suggested_for_what_needs_nobody(world: World) -> None:
    n = propose(world)
    world.endorse(n, "bob", "cyd")
    assert suggested(world, n) == {}
    m = propose(world, "bob", LATER)
    world.wiki.guidelines.close(m, world.person("bob"), "")
    assert suggested(world, m) == {}


def test_who_muted_the_proposal_is_not_asked_about_it(world: World) -> None:
    n = propose(world)
    world.wiki.notify.watches.mute(world.people["bob"].id, n, world.wiki.now())
    assert "bob" not in suggested(world, n)


def test_the_number_of_questions_grows_neither_with_the_history_nor_with_people(world: World) -> None:
    n = propose(world, "dee", LATER)
    weighed = world.wiki.guidelines.weigh(n)
    world.wiki.asking.suggest(weighed)
    with statements(world.wiki.engine) as before:
        world.wiki.asking.suggest(weighed)
    for number in range(30):
        account = world.wiki.accounts.add(f"new{number}@example.com", f"New {number}", None, world.wiki.now())
        world.wiki.accounts.seen(account, world.wiki.now())
        m = world.propose("ana", {"working/rest": f"# Rest\n\nTake {number} days.\n"})
        world.endorse(m, "bob", "cyd")
    with statements(world.wiki.engine) as after:
        assert len(world.wiki.asking.suggest(weighed)) == 5
    assert len(after) <= len(before) + 4, after


# Asking


def test_an_author_asks_those_they_choose_and_each_hears_of_it_once(world: World) -> None:
    n = propose(world)
    assert sorted(ask(world, n, "bob", "cyd")) == ["bob", "cyd"]
    assert ask(world, n, "bob", "cyd") == []
    assert asked_in_inbox(world, "bob") == asked_in_inbox(world, "cyd") == [n]
    assert asked_in_inbox(world, "dee") == []
    (notice,) = world.wiki.notify.inbox.asks(world.people["bob"].id)
    assert (notice.by.name, notice.because) == ("Ana Souza", "asked:free")


def test_only_an_author_asks_and_only_people_who_may_be_asked(world: World) -> None:
    n = propose(world)
    with pytest.raises(Refused):
        ask(world, n, "cyd", by="bob")
    assert ask(world, n, "ana") == []
    assert world.wiki.asking.ask(n, world.people["ana"], {Person("Nobody", "nobody@example.com").handle}) == []


def test_asking_changes_nothing_of_what_counts(world: World) -> None:
    n = propose(world)
    before, refs = world.wiki.guidelines.weigh(n), world.everything()
    ask(world, n, "bob", "cyd", "dee")
    world.wiki.asking.not_me(n, world.people["bob"])
    after = world.wiki.guidelines.weigh(n)
    assert world.everything() == refs
    assert after.standing == before.standing


@pytest.mark.parametrize("voice", ["endorse", "object"])
def test_any_voice_answers_a_request(world: World, voice: str) -> None:
    n = propose(world)
    ask(world, n, "bob")
    if voice == "endorse":
        world.endorse(n, "bob")
    else:
        world.wiki.guidelines.object(n, world.person("bob"), world.change(n), "Not by noon.")
    assert fates(world, n) == {"bob": Fate.ANSWERED}
    assert asked_in_inbox(world, "bob") == []


def test_talk_alone_does_not_answer_it(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    world.wiki.guidelines.comment(n, world.person("bob"), "I shall look at it.")
    assert fates(world, n) == {"bob": Fate.OPEN}


def test_a_request_ends_with_the_proposal(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob", "cyd", "dee")
    world.endorse(n, "bob", "cyd")
    assert fates(world, n) == {"bob": Fate.ANSWERED, "cyd": Fate.ANSWERED, "dee": Fate.ENDED}
    assert asked_in_inbox(world, "dee") == []


def test_nobody_has_more_than_three_requests_to_answer(world: World) -> None:
    numbers = [world.propose("ana", {f"notes/x{at}": f"# X\n\n{at}\n", "working/hours": None}) for at in range(4)]
    world.wiki.asking.choices.choose(world.people["bob"].id, 5)
    assert [ask(world, n, "bob") for n in numbers] == [["bob"], ["bob"], ["bob"], []]
    assert "bob" not in suggested(world, numbers[3])


@pytest.mark.parametrize("most", [1, 3, 5])
def test_nobody_is_asked_more_often_in_a_week_than_they_want(world: World, most: int) -> None:
    world.wiki.asking.choices.choose(world.people["bob"].id, most)
    count = 0
    for at in range(7):
        n = world.propose("ana", {"working/hours": f"# Hours\n\nBe reachable by {at}.\n"})
        count += len(ask(world, n, "bob"))
        world.wiki.guidelines.close(n, world.person("ana"), "")
        world.clock.wait(0.9)
    assert count == most
    world.clock.wait(7)
    assert ask(world, propose(world), "bob") == ["bob"]


def test_three_times_a_week_is_what_holds_for_who_did_not_say(world: World) -> None:
    assert world.wiki.asking.choices.of(world.people["bob"].id).most == 3
    with pytest.raises(Refused):
        world.wiki.asking.choices.choose(world.people["bob"].id, 100)


# Saying no


def test_not_me_holds_for_this_proposal_and_somebody_else_is_asked(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    assert world.wiki.asking.not_me(n, world.people["bob"])
    assert asked_in_inbox(world, "bob") == []
    assert "bob" not in suggested(world, n)
    pass_time(world)
    assert len(fates(world, n)) == 2
    assert not world.wiki.asking.not_me(n, world.people["bob"])
    pass_time(world)
    assert len(fates(world, n)) == 2, "once"
    assert "bob" in suggested(world, propose(world, "ana", LATER))


def test_not_now_is_a_pause_of_two_weeks_from_everything(world: World) -> None:
    n, m = propose(world), propose(world, "ana", LATER)
    ask(world, n, "bob")
    ask(world, m, "bob")
    until = world.wiki.asking.not_now(world.people["bob"])
    assert fates(world, n)["bob"] is fates(world, m)["bob"] is Fate.LATER
    assert asked_in_inbox(world, "bob") == []
    assert until == world.wiki.now() + 14 * 86400
    later = propose(world, "ana", MORE)
    assert "bob" not in suggested(world, later)
    world.clock.wait(14)
    assert "bob" in suggested(world, later)


def test_who_wants_to_be_asked_again_before_that_is(world: World) -> None:
    world.wiki.asking.not_now(world.people["bob"])
    world.wiki.asking.choices.resume(world.people["bob"].id)
    assert "bob" in suggested(world, propose(world))


# The circle widens


def test_after_three_days_others_are_asked_by_the_clock_once(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    pass_time(world, 2.9)
    assert fates(world, n) == {"bob": Fate.OPEN}
    for _ in range(3):
        pass_time(world, 0.1)
    assert fates(world, n) == dict.fromkeys(["bob", "cyd", "dee", "zed"], Fate.OPEN)
    assert [each.by for each in world.wiki.asking.of(n)[1:]] == [None, None, None]
    assert all(len(asked_in_inbox(world, who)) == 1 for who in ("cyd", "dee", "zed"))


def test_nobody_else_is_asked_where_enough_endorsed_or_the_proposal_was_withdrawn(world: World) -> None:
    n, m = propose(world), propose(world, "ana", LATER)
    ask(world, n, "bob")
    ask(world, m, "bob")
    world.endorse(n, "cyd", "dee")
    world.wiki.guidelines.close(m, world.person("ana"), "")
    pass_time(world, 4)
    assert list(fates(world, n)) == list(fates(world, m)) == ["bob"]


def test_nobody_is_asked_by_the_clock_whom_no_author_asked_about(world: World) -> None:
    n = propose(world)
    pass_time(world, 10)
    assert fates(world, n) == {}


def test_what_is_never_answered_is_closed_after_two_weeks(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    pass_time(world, 14)
    assert fates(world, n)["bob"] is Fate.EXPIRED
    assert n not in asked_in_inbox(world, "bob")


def test_the_circle_waits_for_somebody_who_may_be_asked(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob")
    for who in ("cyd", "dee", "zed"):
        world.wiki.asking.not_now(world.people[who])
    pass_time(world, 3)
    assert list(fates(world, n)) == ["bob"]
    world.wiki.asking.choices.resume(world.people["dee"].id)
    pass_time(world, 1)
    assert set(fates(world, n)) == {"bob", "dee"}


DYING = """
import os, signal, sys
from pathlib import Path
from wiki.assembly import open_wiki
from wiki.asking import asking
from wiki.settings import Settings
data, where, at = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
wiki = open_wiki(Settings(data=data, database_url=f"sqlite:///{data / 'wiki.db'}", secret_key="k" * 40), lambda: at)
def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before telling":
    asking.telling.tell_asked = die
elif where == "before the next look":
    wiki.asking._look_again = die
else:
    wiki.notify.tick = die
wiki.tick()
"""


@pytest.mark.parametrize("where", ["before telling", "before the next look", "after it"])
def test_a_clock_that_is_killed_while_widening_is_made_good_and_asks_nobody_twice(world: World, where: str) -> None:
    n = propose(world)
    ask(world, n, "bob")
    world.clock.wait(3)
    assert ended(python(DYING, world.data, where, world.clock.at)) == -signal.SIGKILL
    assert len(fates(world, n)) == (4 if where == "after it" else 1)
    for _ in range(2):
        world.wiki.tick()
        assert len(fates(world, n)) == 4
        assert all(len(asked_in_inbox(world, who)) == 1 for who in ("bob", "cyd", "dee", "zed"))


def test_clocks_and_authors_at_once_ask_nobody_more_than_agreed(world: World) -> None:
    numbers = [propose(world, "ana", HOURS.replace("noon", str(at)), f"By {at}") for at in range(6)]
    everybody = {account.person.handle for account in world.people.values()}

    def work() -> None:
        for n in numbers:
            world.wiki.asking.ask(n, world.people["ana"], everybody)
            world.wiki.asking.tick()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for who in ("bob", "cyd", "dee", "zed"):
        assert len(world.wiki.asking.open_of(world.people[who].id)) == 3


def test_who_leaves_is_forgotten_and_those_they_asked_stay_asked(world: World) -> None:
    n = propose(world)
    ask(world, n, "bob", "cyd")
    leave_for_good(world.wiki, world.people["bob"])
    leave_for_good(world.wiki, world.people["ana"])
    assert [(each.person.name, each.by) for each in world.wiki.asking.of(n)] == [("Cyd Laurent", None)]


def test_everything_is_told_to_whom_it_is_about(world: World) -> None:
    ask(world, propose(world), "bob")
    for who in ("ana", "bob"):
        with zipfile.ZipFile(io.BytesIO(everything_about(world.wiki, world.people[who]))) as archive:
            kept = json.loads(archive.read("about-me.json"))["asked to look"]["requests"]
        assert [(row["account_id"], row["by_id"]) for row in kept] == [(world.people["bob"].id, world.people["ana"].id)]
