"""Administrators manage accounts and nothing else: every address is asked as one of them, and git is compared."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.web.door import appoint, deeds
from tests.web.routes import all_routes
from tests.world import Visitor, World, copy_of, open_world
from wiki.accounts.administration_log import Deed
from wiki.model.acts import Kind

ACCOUNTS = frozenset({"administration", "joining"})
"""The blueprints that manage accounts."""
NUMBER = "/-/proposals/1"
DEACTIVATE = "/-/administration/people/1/deactivate"
LAST = ("/-/account/sessions/1/end", "/-/sign-out")
"""What ends the session of who asks."""


@pytest.fixture
def twins(founded: Path, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """The same wiki twice. In both there is a proposal that Ana endorsed and that needs more; in the first, Zed is an
    administrator."""
    with open_world(copy_of(founded, tmp_path / "one")) as world:
        n = world.propose("bob", {"legal/contracts": "# Contracts\n\nEverybody signs.\n"})
        world.endorse(n, "ana")
        world.wiki.guidelines.object(n, world.person("dee"), world.change(n), "Not everybody.")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with ExitStack() as both:
        one, two = (both.enter_context(open_world(tmp_path / name, development=True)) for name in ("one", "two"))
        appoint(one, "zed")
        yield one, two


def _fields(world: World) -> dict[str, str]:
    """What any form of the wiki asks for, and what somebody might try who wants to be taken for others."""
    repository = world.wiki.repository
    blob = repository.file(repository.main(), "travel/expenses.md")
    assert blob is not None
    acts = world.wiki.guidelines.weigh(1).proposal.acts
    objection = next(act.id for act in acts if act.kind is Kind.OBJECT)
    mine = {
        "title": "Mine",
        "text": "# Mine\n\nMine alone.\n",
        "why": "I say so.",
        "name": "",
        "base": blob.id,
        "do": "propose",
    }
    voice = {"change": world.change(1), "to": objection, "reason": "I say so.", "at": "", "of": world.change(1)}
    others = {"author": "Bob Reyes <bob@example.com>", "with": "Bob Reyes", "email": "bob@example.com", "who": "bob",
              "by": "2", "account": "2", "account_id": "2", "as": "bob@example.com", "for": "ana@example.com",
              "act": "endorse", "administrator": "1", "force": "1", "merge": "1", "endorse": "0"}  # fmt: skip
    small = {"uses": "1", "days": "1", "theme": "dark", "slash": "on", "language": "en", "q": "a", "password": "x"}
    return {**mine, **voice, **others, **small}


def _walk(world: World, accounts: bool) -> Iterator[tuple[str, World, int]]:
    """Ask every address that is (not) about accounts, in every way it can be asked, as Zed; signing out at last."""
    zed, fields = world.visitor("zed"), _fields(world)
    routes = [(address, method) for address, methods in all_routes(world.app).items() for method in sorted(methods)]
    for address, method in sorted(routes, key=lambda route: (route[0] in LAST, route)):
        endpoint = world.app.url_map.bind("localhost").match(address, method=method)[0]
        if (endpoint.partition(".")[0] in ACCOUNTS) != accounts:
            continue
        data = {**fields, "csrf_token": zed.token()} if method == "POST" else None
        response = zed.client.open(address, method=method, data=data)
        status = response.status_code
        response.close()
        yield f"{method} {address}", world, status


def test_whatever_an_administrator_asks_leaves_in_git_what_the_same_of_a_colleague_leaves(
    twins: tuple[World, World],
) -> None:
    main = twins[0].everything()["refs/heads/main"]
    started = twins[0].everything()
    assert started == twins[1].everything()
    asked = 0
    for (what, one, status), (_, two, same) in zip(_walk(twins[0], False), _walk(twins[1], False), strict=True):
        assert status == same, what
        refs = one.everything()
        assert refs == two.everything(), what
        assert refs["refs/heads/main"] == main, f"{what} changed what is in force"
        asked += 1
    assert asked > 60
    assert len(twins[0].everything()) > len(started), "proposals were made on the way, as anybody makes them"
    _only_zed_spoke(twins[0])


def _only_zed_spoke(world: World) -> None:
    """Every act besides those that were there is Zed's own, or the wiki bringing a text up to date."""
    allowed = {"zed@example.com", world.wiki.repository.system.key}
    before = {1: {"bob@example.com", "ana@example.com", "dee@example.com"}}
    for n in range(1, world.wiki.guidelines.count() + 1):
        proposal = world.wiki.guidelines.weigh(n).proposal
        voices = {act.author.key for act in proposal.acts}
        assert voices <= allowed | before.get(n, set())
        assert [
            act.author.key for act in proposal.acts if act.kind is Kind.ENDORSE and act.author.key not in allowed
        ] == (["ana@example.com"] if n == 1 else [])


def test_administering_changes_nothing_in_git_but_the_voices_of_who_is_let_go(twins: tuple[World, World]) -> None:
    world = twins[0]
    before, asked = world.everything(), 0
    for what, _, status in _walk(world, True):
        after = world.everything()
        if what == f"POST {DEACTIVATE}":
            assert {ref for ref in after if after[ref] != before[ref]} == {"refs/proposals/1"}
            last = world.wiki.guidelines.weigh(1).proposal.acts[-1]
            assert (last.kind, last.by_system) == (Kind.RETRACT, True)
            before = after
        assert after == before, what
        assert status < 500
        asked += 1
    assert asked > 20
    assert {Deed.DEACTIVATED, Deed.REACTIVATED, Deed.MADE_ADMINISTRATOR} <= {deed for _, deed, _ in deeds(world)}


def test_a_colleague_who_is_no_administrator_gets_nowhere_there(twins: tuple[World, World]) -> None:
    world = twins[1]
    before, accounts = world.everything(), world.wiki.accounts.everyone()
    for what, _, status in _walk(world, True):
        if "/-/administration" in what:
            assert status == 403, what
    assert world.everything() == before
    assert [(a.id, a.active, a.administrator) for a in world.wiki.accounts.everyone()] == [
        (a.id, a.active, a.administrator) for a in accounts
    ]


def test_who_is_not_signed_in_is_asked_to_sign_in(twins: tuple[World, World]) -> None:
    world = twins[0]
    visitor = world.visitor()
    for address, methods in all_routes(world.app).items():
        if address.startswith(("/-/administration", "/-/invitations")):
            for method in methods:
                data = {"csrf_token": visitor.token()} if method == "POST" else None
                response = visitor.client.open(address, method=method, data=data)
                assert response.status_code in {302, 401}, address


def test_what_an_administrator_proposes_is_decided_as_anybodys(twins: tuple[World, World]) -> None:
    for world in twins:
        zed = world.visitor("zed")
        zed.open("/-/edit/welcome")
        zed.submit("/-/edit/welcome", "propose", text="# Welcome\n\nZed was here.\n", title="Zed")
        assert "0 of 2 colleagues" in zed.page.main
        assert not zed.page.offers("/endorse")
        refused = zed.post("/-/proposals/2/endorse", {"change": world.change(2)})
        assert refused.status == 400
        _endorse(world.visitor("bob"))
        assert not world.in_force(2)
        _endorse(world.visitor("cyd"))
        assert world.in_force(2)
    assert twins[0].everything() == twins[1].everything()


def _endorse(visitor: Visitor) -> None:
    visitor.open("/-/proposals/2")
    visitor.submit("/-/proposals/2/endorse")


def test_an_administrator_has_one_voice_as_anybody(twins: tuple[World, World]) -> None:
    for world in twins:
        zed = world.visitor("zed")
        for _ in range(3):
            zed.post(f"{NUMBER}/endorse", {"change": world.change(1)})
        assert len(world.wiki.guidelines.weigh(1).standing.valid) == 2
        assert not world.in_force(1)
    assert twins[0].everything() == twins[1].everything()
