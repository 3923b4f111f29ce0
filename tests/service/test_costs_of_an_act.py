"""What an act costs beside being written: no more questions than it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, select
from sqlalchemy.exc import IntegrityError

from tests.sql import statements
from tests.world import World
from wiki.database import writing
from wiki.model.acts import Act
from wiki.model.errors import NotFound, Unavailable
from wiki.model.merge import Weighed
from wiki.notify.matters import Happening
from wiki.notify.schema import notice, told

HELLO = {"welcome": "# Welcome\n\nHello.\n"}
_NOTICES = select(notice.c.account_id, notice.c.act, notice.c.matter)


def test_an_act_on_which_nobody_was_asked_looks_for_no_answers_and_counts_nobody_anew(
    world: World,
) -> None:
    n = world.propose("ana", HELLO)
    with statements(world.wiki.engine) as said:
        world.endorse(n, "bob")
    assert said
    assert not [each for each in said if "FROM requests" in each or ("count(*)" in each and "FROM account" in each)]


def test_a_policy_is_read_once_however_often_it_is_weighed_by(world: World) -> None:
    repository = world.wiki.repository
    policy = repository.policy(repository.main())
    world.endorse(world.propose("ana", HELLO), "bob", "cyd")
    assert repository.policy(repository.main()) is policy


def test_to_put_a_change_on_the_table_asks_sql_two_dozen_times(world: World) -> None:
    world.propose("ana", {"welcome": "# Welcome\n\nGood day.\n"})
    with statements(world.wiki.engine) as said:
        world.propose("ana", HELLO)
    assert 10 < len(said) <= 24, said


def test_what_an_act_leads_to_is_written_in_one_transaction(world: World) -> None:
    n, commits = world.propose("ana", HELLO), list[str]()

    def note(connection: Connection) -> None:
        commits.append(str(connection.get_execution_options().get("writes")))

    event.listen(world.wiki.engine, "commit", note)
    world.endorse(n, "bob")
    event.remove(world.wiki.engine, "commit", note)
    assert commits.count("True") == 1
    with world.wiki.engine.connect() as connection:
        assert connection.execute(select(told.c.tip).where(told.c.n == n)).scalar() == world.wiki.guidelines.tip(n)


@pytest.mark.parametrize("failing", [NotFound("gone"), Unavailable("not now"), IntegrityError("", None, Exception())])
def test_where_nobody_can_be_told_an_act_is_visible_and_told_of_later(
    world: World, monkeypatch: pytest.MonkeyPatch, failing: Exception
) -> None:
    n, telling = world.propose("ana", HELLO), world.wiki.notify.telling
    finish, seen = telling._finish, list[bool]()

    def fail_once(connection: Connection, weighed: Weighed, comments: Sequence[Act]) -> None:
        seen.append(connection.execute(select(notice.c.id).where(notice.c.matter == "objected")).first() is not None)
        if len(seen) == 1:
            raise failing
        finish(connection, weighed, comments)

    written, write = list[int](), telling._write

    def note(connection: Connection, weighed: Weighed, found: Sequence[Happening]) -> int:
        written.append(len(found))
        return write(connection, weighed, found)

    monkeypatch.setattr(telling, "_write", note)
    monkeypatch.setattr(telling, "_finish", fail_once)
    act = world.wiki.guidelines.object(n, world.person("bob"), world.change(n), "No.").act
    assert seen == [True, True]
    assert written == [1, 1], "what had been told was undone, and told of once more"
    row = world.wiki.index.proposal(n)
    assert row is not None
    assert row.objections == 1
    with world.wiki.engine.connect() as connection:
        rows = connection.execute(_NOTICES.where(notice.c.act == act)).all()
    assert [row.matter for row in rows] == ["objected"]


def test_an_act_is_on_the_disk_in_git_and_sql_has_nobody_wait(world: World) -> None:
    """What is lost with the power, the index and what people are told, is made again from git."""
    synced: list[int] = []
    unsynced = 1

    def note(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if connection.get_execution_options().get("writes"):
            synced.extend(driver.execute("PRAGMA synchronous").fetchone())

    event.listen(world.wiki.engine, "commit", note)
    world.endorse(world.propose("ana", HELLO), "bob", "cyd")
    event.remove(world.wiki.engine, "commit", note)
    assert len(synced) >= 3
    assert set(synced) == {unsynced}


def test_what_people_were_told_and_was_lost_with_the_power_is_told_again_once(world: World) -> None:
    n = world.propose("ana", HELLO)
    world.endorse(n, "bob", "cyd")
    with world.wiki.engine.connect() as connection:
        told_of = sorted(connection.execute(_NOTICES))
    assert told_of
    with writing(world.wiki.engine) as connection:
        for table in (told, notice):
            connection.execute(delete(table).where(table.c.n == n))
    for _ in range(2):
        world.wiki.tick()
    with world.wiki.engine.connect() as connection:
        assert sorted(connection.execute(_NOTICES)) == told_of


def test_a_proposal_after_many_others_reads_no_more_refs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(nth: int) -> dict[str, str]:
        return {"welcome": f"# Welcome\n\nHello, {nth}.\n"}

    read: list[str] = []
    refs = world.wiki.repository.refs
    reading = refs.read
    monkeypatch.setattr(refs, "read", lambda ref: read.append(ref) or reading(ref))
    counts = []
    for nth in range(12):
        read.clear()
        world.propose("ana", change(nth))
        counts.append(len(read))
    assert counts[-1] <= counts[1], counts


def test_how_a_proposal_stands_is_worked_out_once_in_a_moment_and_anew_where_anything_moved(world: World) -> None:
    guidelines = world.wiki.guidelines
    n = world.propose("ana", HELLO)
    stood = guidelines.weigh(n)
    assert guidelines.weigh(n) is stood
    world.endorse(n, "bob")
    assert len(guidelines.weigh(n).standing.valid) == len(stood.standing.valid) + 1
    later = guidelines.weigh(n)
    world.clock.wait(1)
    assert guidelines.weigh(n).now == world.wiki.now() > later.now
