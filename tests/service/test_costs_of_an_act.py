"""What an act costs beside being written: no more questions than it needs."""

from __future__ import annotations

from tests.sql import statements
from tests.world import World

HELLO = {"welcome": "# Welcome\n\nHello.\n"}


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
