"""The clock of the server jumps, forwards and back: nothing is lost, nothing waits for a day that is far away."""

from __future__ import annotations

from pathlib import Path

from tests.post_office import open_post_office
from tests.world import DAY, World, copy_of, open_world
from wiki.outbox import Letter


def test_times_in_git_never_run_back(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nCome in.\n"})
    world.clock.wait(400)
    world.endorse(n, "bob")
    world.clock.wait(-800)
    world.endorse(n, "cyd")
    assert world.in_force(n)
    later = world.propose("ana", {"welcome": "# Welcome\n\nDo come in.\n"})
    times = [act.when for act in world.wiki.guidelines.weigh(n).proposal.acts]
    assert times == sorted(times)
    main = world.wiki.repository.commit(world.wiki.repository.main())
    assert main.when >= times[-1]
    assert world.wiki.guidelines.weigh(later).proposal.acts[0].when >= main.when


def test_a_session_survives_a_clock_that_jumps_there_and_back(world: World) -> None:
    ana = world.visitor("ana")
    for days in (20, -400, 380):
        world.clock.wait(days)
        assert ana.open("/-/account").status == 200


def test_a_letter_that_was_put_in_by_a_clock_that_was_ahead_goes_today(founded: Path, tmp_path: Path) -> None:
    with open_post_office() as office:
        with open_world(copy_of(founded, tmp_path / "data"), mail_server=office.address) as world:
            world.clock.wait(300)
            world.wiki.outbox.put(Letter("ahead", "ana@example.com", "Hello", "Hello."), now=world.wiki.now())
            world.clock.wait(-300)
            assert world.wiki.outbox.deliver(world.wiki.now) == 1
            assert world.wiki.outbox.deliver(world.wiki.now) == 0
        assert len(office.letters) == 1


def test_a_worker_that_was_killed_with_a_clock_that_was_ahead_holds_a_letter_no_longer(
    founded: Path, tmp_path: Path
) -> None:
    with open_post_office() as office:
        with open_world(copy_of(founded, tmp_path / "data"), mail_server=office.address) as world:
            outbox, now = world.wiki.outbox, world.wiki.now()
            outbox.put(Letter("held", "ana@example.com", "Hello", "Hello."), now=now)
            assert outbox._take("a lease of a worker that is gone", now + 300 * DAY, {"mail"})
            assert outbox.deliver(world.wiki.now) == 1
        assert [letter["Subject"] for letter in office.letters] == ["Hello"]


def test_the_clock_of_the_wiki_beats_on_after_a_jump_back(world: World) -> None:
    n = world.propose("ana", {"notes/kitchen": "# Kitchen\n\nWash two cups.\n"})
    world.clock.wait(100)
    world.wiki.tick()
    world.clock.wait(-100)
    world.wiki.tick()
    assert world.in_force(n)
    assert world.wiki.health.last_tick() == world.wiki.now()
