"""Pages are made again before anybody asks: the same as if somebody had, and without their being noted to have come."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.test_kept import cookies_of, forgetful, plain, watched
from tests.world import World
from wiki.prose import spots
from wiki.together import radar
from wiki.web.kept import ahead_of, kept_pages
from wiki.web.kept.ahead import Ahead

__all__ = ["forgetful"]

NEW = "# Welcome\n\nNew words.\n"


@pytest.fixture
def ahead(world: World) -> Ahead:
    """What looks once for each call, and has looked."""
    ahead = ahead_of(world.app)
    ahead.look()
    return ahead


@pytest.fixture
def busy(world: World) -> Iterator[Ahead]:
    """What looks all the time."""
    before, ahead = sys.getswitchinterval(), ahead_of(world.app)
    ahead.begin()
    yield ahead
    ahead.end()
    sys.setswitchinterval(before)


def _asked(app: Flask, client: FlaskClient, address: str = "/welcome") -> tuple[str, list[str]]:
    """What an answer says, and which requests got as far as Flask for it."""
    with watched(app) as asked:
        body = client.get(address).get_data(as_text=True)
    return body, asked


def _in_force(world: World, text: str = NEW, name: str = "welcome") -> None:
    n = world.propose("cyd", {name: text}, "A change")
    world.endorse(n, *[who for who in ("bob", "dee") if not world.in_force(n)])
    assert world.in_force(n)


def test_nobody_waits_for_a_page_that_others_changed(world: World, forgetful: Flask, ahead: Ahead) -> None:
    stranger, half, ana = world.visitor().client, world.visitor().client, world.visitor("ana").client
    half.get("/-/sign-in")  # a session, and nobody in it
    readers = (stranger, half, ana)
    for client in readers:
        client.get("/welcome")
    world.propose("bob", {"welcome": "# Welcome\n\nOther words.\n"}, "Other words")
    assert ahead.look() == 3
    for client in readers:
        body, asked = _asked(world.app, client)
        assert asked == []
        assert "Other words" in body
        anew = forgetful.test_client(use_cookies=False).get(
            "/welcome", headers={"Cookie": "; ".join(f"{key}={value}" for key, value in cookies_of(client).items())}
        )
        assert plain(client.get("/welcome")) == plain(anew)
    _in_force(world)
    assert ahead.look() == 3
    body, asked = _asked(world.app, stranger)
    assert asked == []
    assert "New words." in body
    assert ahead.look() == 0


def test_who_was_asked_for_in_whose_way_has_not_come(world: World, ahead: Ahead) -> None:
    dee = world.visitor("dee")
    dee.open("/welcome")
    seen = world.wiki.sessions.of(world.people["dee"].id, world.wiki.now())[0].seen_at
    for nth in range(3):
        world.clock.at += 400
        _in_force(world, f"# Welcome\n\nWords {nth}.\n")
        ahead.look()
    assert world.wiki.sessions.of(world.people["dee"].id, world.wiki.now())[0].seen_at == seen
    told = dee.open("/welcome").tree.xpath("//aside[contains(@class, 'since')]//li")
    assert len(told) == 3


def test_what_somebody_is_told_alone_is_made_for_them_alone(world: World, ahead: Ahead) -> None:
    ana, dee = world.visitor("ana"), world.visitor("dee")
    for who in (ana, dee, ana):
        who.open("/welcome")
    _in_force(world)
    assert ahead.look() == 1
    assert "has changed since you last read it" in dee.open("/welcome").main
    world.wiki.visits.forget(world.people["ana"].id)
    assert "has changed since you last read it" not in ana.open("/welcome").main


def test_a_page_that_nobody_asked_for_lately_waits_for_somebody(world: World) -> None:
    ahead = Ahead(ahead_of(world.app)._app, kept_pages(world.app), lately=0)
    stranger = world.visitor().client
    stranger.get("/welcome")
    ahead.look()
    _in_force(world)
    assert ahead.look() == 0
    body, asked = _asked(world.app, stranger)
    assert asked == ["/welcome"]
    assert "New words." in body


def test_one_who_makes_pages_again_does_not_do_so_for_ever(world: World) -> None:
    """That a page was made again is no reason to do so once more."""
    kept = kept_pages(world.app)
    stranger = world.visitor().client
    stranger.get("/welcome")
    ahead = ahead_of(world.app)
    ahead.look()
    (before,) = [again.asked_at for again in kept.asked_since(0, None)]
    _in_force(world)
    assert ahead.look() == 1
    assert [again.asked_at for again in kept.asked_since(0, None)] == [before]


def test_where_two_proposals_touch_a_page_is_worked_out_once(
    world: World, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(radar, "spots", lambda before, after: looked.append(after) or spots(before, after))
    readers = [world.visitor().client, world.visitor("ana").client]
    texts = [f"# Welcome\n\nThis is how we {how}.\n" for how in ("play", "rest", "read")]
    for nth, text in enumerate(texts):
        for client in readers:
            client.get("/welcome")
        n = world.propose("bob", {"welcome": text}, f"Proposal {nth}")
        assert ahead.look() == 2
    assert sorted(looked) == sorted(texts)
    world.endorse(n, "cyd")
    assert ahead.look() == 2
    assert len(looked) == len(texts)
    for client in readers:
        assert "3 of them would change the same passage" in client.get("/welcome").get_data(as_text=True)


def test_other_pages_are_left_as_they_are(world: World, ahead: Ahead) -> None:
    stranger = world.visitor().client
    for address in ("/welcome", "/travel/expenses"):
        stranger.get(address)
    _in_force(world)
    assert ahead.look() == 1
    assert _asked(world.app, stranger, "/travel/expenses")[1] == []


def test_whoever_has_left_is_asked_for_no_more(world: World, ahead: Ahead) -> None:
    ana = world.visitor("ana")
    ana.open("/welcome")
    ana.submit("/-/sign-out")
    _in_force(world)
    assert ahead.look() == 0


def test_a_page_that_cannot_be_made_is_made_for_whoever_asks(world: World, ahead: Ahead) -> None:
    stranger = world.visitor().client
    stranger.get("/welcome")
    view = world.app.view_functions["pages.page"]
    calls: list[str] = []

    def fails(name: str) -> object:
        calls.append(name)
        raise RuntimeError(name)

    world.app.view_functions["pages.page"] = fails
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    _in_force(world)
    ahead.look()
    world.app.view_functions["pages.page"] = view
    assert calls == ["welcome"]
    assert "New words." in _asked(world.app, stranger)[0]


@pytest.mark.usefixtures("busy")
def test_it_is_done_while_others_are_answered(world: World) -> None:
    stranger = world.visitor().client
    stranger.get("/welcome")
    time.sleep(0.3)  # it has looked once
    for nth in range(5):
        stranger.get("/welcome")
        _in_force(world, f"# Welcome\n\nWords {nth}.\n")
        (again,) = kept_pages(world.app).asked_since(0, None)
        until = time.monotonic() + 10
        while kept_pages(world.app).is_to_be_made(again) and time.monotonic() < until:
            time.sleep(0.02)
        body, asked = _asked(world.app, stranger)
        assert asked == []
        assert f"Words {nth}." in body
