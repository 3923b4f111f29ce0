"""Pages that are kept: given out in a tenth of the time, and never a stale byte, nor one of somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from flask import Flask, make_response, render_template_string, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import World, copy_of, open_world
from wiki import create_app
from wiki.notify import PAGE
from wiki.web.kept import kept_answer, kept_pages
from wiki.web.kept.shelf import Shelf
from wiki.web.kept.showing import Showing
from wiki.web.safety import HEADERS

ADDRESSES = ("/", "/welcome", "/travel", "/travel/expenses", "/travel/", "/größe/naïve", "/-/contents",
             "/-/changes", "/-/proposals", "/-/history/welcome", "/-/who/welcome", "/-/growth/welcome",
             "/-/broken-links", "/nowhere", "/-/people/nobody")  # fmt: skip
LOOKS: tuple[dict[str, str], ...] = (
    {},
    {"theme": "dark"},
    {"language": "de"},
    {"slash": "off", "theme": "light"},
    {"theme": "<b>"},
)
_TOKEN = re.compile(rb'name="csrf_token" value="[^"]+"')


@pytest.fixture
def closed(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki that only members may read."""
    with open_world(copy_of(founded, tmp_path / "data"), reading="members") as opened:
        yield opened


@contextmanager
def watched(app: Flask) -> Iterator[list[str]]:
    """The paths of requests that get as far as Flask."""
    asked: list[str] = []
    before = app.before_request_funcs.setdefault(None, [])

    def note() -> None:
        asked.append(request.path)

    before.insert(0, note)
    try:
        yield asked
    finally:
        before.remove(note)


@pytest.fixture
def forgetful(world: World) -> Iterator[Flask]:
    """Another application on the same wiki, which keeps nothing."""
    settings, world.wiki.settings = world.wiki.settings, replace(world.wiki.settings, kept_megabytes=0)
    try:
        yield create_app(wiki=world.wiki)
    finally:
        world.wiki.settings = settings


def plain(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """An answer without what is another one each time: the id of the request, the time in the token of forms."""
    headers = sorted((key, value) for key, value in answer.headers if key != "X-Request-Id")
    return answer.status_code, headers, _TOKEN.sub(b"token", answer.get_data())


def cookies_of(client: FlaskClient) -> dict[str, str]:
    cookie = client.get_cookie("concord")
    return {"concord": cookie.value} if cookie is not None else {}


def ask(app: Flask, address: str, cookies: dict[str, str], **headers: str) -> TestResponse:
    """Ask with exactly these cookies."""
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    if cookies:
        sent["Cookie"] = "; ".join(f"{key}={value}" for key, value in cookies.items())
    return app.test_client(use_cookies=False).get(address, headers=sent)


def test_what_is_kept_is_byte_for_byte_what_would_be_made_anew(world: World, forgetful: Flask) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nNew words.\n"})
    world.propose("bob", {"travel/expenses": None, "travel/money": "# Money\n\nNew.\n"})
    assert not world.in_force(n)
    ana, bob, half = world.visitor("ana").client, world.visitor("bob").client, world.visitor().client
    half.get("/-/sign-in")  # a session, and nobody in it
    world.wiki.notify.watches.begin(world.people["ana"].id, PAGE, "welcome", world.wiki.now())
    people = {"stranger": {}, "visitor": cookies_of(half), "ana": cookies_of(ana), "bob": cookies_of(bob)}
    assert all(people[who] for who in ("visitor", "ana", "bob"))
    asked: list[dict[str, str]] = [{}, {"Accept_Language": "fr, de;q=0.5"}, {"Accept_Encoding": "gzip"}]
    every = list(product(ADDRESSES, people, LOOKS, asked))
    fresh = [plain(ask(forgetful, address, {**people[who], **looks}, **sent)) for address, who, looks, sent in every]
    for _ in range(3):  # made, made of what others left, kept
        for (address, who, looks, sent), anew in zip(every, fresh, strict=True):
            kept = plain(ask(world.app, address, {**people[who], **looks}, **sent))
            assert kept == anew, (address, who, looks, sent)


def test_what_is_kept_is_given_out_without_flask(world: World) -> None:
    clients = [world.visitor(who).client for who in (None, "ana", "bob")]
    for client in clients:
        for address in ("/welcome", "/travel", "/-/history/welcome", "/travel/"):
            client.get(address)
            client.get(address)
            with watched(world.app) as asked:
                answer = client.get(address)
            assert answer.status_code in {200, 301}
            assert asked == [], address
            assert all(answer.headers[key] == value for key, value in HEADERS)
            assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])
            head = client.head(address)
            assert head.get_data() == b""
            assert head.headers["Content-Length"] == answer.headers["Content-Length"]


def test_what_is_on_the_table_is_kept_for_strangers_until_somebody_acts(world: World) -> None:
    client = world.visitor().client
    n = world.propose("bob", {"welcome": "# Welcome\n\nCome in.\n"}, "Come in")
    client.get("/-/proposals")
    with watched(world.app) as asked:
        assert "Come in" in client.get("/-/proposals").get_data(as_text=True)
    assert asked == []
    world.endorse(n, "cyd", "dee")
    assert world.in_force(n)
    assert "Come in" not in client.get("/-/proposals").get_data(as_text=True)


def test_of_two_people_neither_meets_a_byte_of_the_other(world: World) -> None:
    names = {"ana": "Ana Souza", "bob": "Bob Reyes"}
    clients = {who: world.visitor(who).client for who in names}
    for _ in range(3):
        for address in ADDRESSES:
            for who, client in clients.items():
                other = next(name for name in names if name != who)
                body = client.get(address).get_data(as_text=True)
                assert f"{other}@example.com" not in body
                assert names[other] not in body
    for address in ADDRESSES:
        assert "Ana Souza" not in world.visitor().client.get(address).get_data(as_text=True)


def test_the_form_of_a_kept_page_works_for_its_reader_alone(world: World) -> None:
    ana, bob = world.visitor("ana"), world.visitor("bob")
    for visitor in (ana, bob, ana, bob):
        visitor.open("/welcome")
    fields = {**dict(ana.page.form("/-/watch").fields)}
    assert bob.client.post("/-/watch", data=fields).status_code == 400
    assert ana.client.post("/-/watch", data=fields).status_code == 303
    assert "Stop watching" in ana.open("/welcome").main
    assert "Stop watching" not in bob.open("/welcome").main


def test_whatever_changes_is_seen_at_once(world: World, forgetful: Flask) -> None:
    ana, bob, stranger = world.visitor("ana"), world.visitor("bob"), world.visitor()
    everybody = (ana, bob, stranger)

    def warm() -> None:
        for who in everybody:
            for _ in range(2):
                who.open("/welcome")
            fresh = plain(ask(forgetful, "/welcome", cookies_of(who.client)))
            assert fresh == plain(ask(world.app, "/welcome", cookies_of(who.client)))

    warm()
    n = world.propose("cyd", {"welcome": "# Welcome\n\nNew words.\n"}, "Newer words")
    assert all("Newer words" in who.open("/welcome").body for who in everybody)
    assert "1 waits for you" in bob.page.body
    warm()
    world.endorse(n, "ana", "bob")
    assert all("New words." in who.open("/welcome").body for who in everybody)
    assert "waits for you" not in ana.page.body
    warm()
    world.wiki.accounts.rename(world.people["cyd"], "Cyd Another", world.wiki.now())
    warm()
    world.wiki.accounts.rename(world.people["ana"], "Ana Novak", world.wiki.now())
    assert "Ana Novak" in ana.open("/welcome").body
    assert "Ana Novak" not in bob.open("/welcome").body
    warm()
    policy = (world.text("policy.toml") or "") + "\n# a word more\n"
    change = world.propose("bob", {"policy.toml": policy})
    assert "1 thing asks for you" not in stranger.open("/welcome").body
    assert "2 wait" not in ana.open("/welcome").body
    world.endorse(change, "ana", "cyd", "dee")
    assert all(who.open("/welcome").status == 200 for who in everybody)


def test_the_count_of_the_inbox_is_that_of_this_moment(world: World) -> None:
    ana = world.visitor("ana")
    for _ in range(2):
        ana.open("/welcome")
    assert "for you</span>" not in ana.page.body
    n = world.propose("ana", {"welcome": "# Welcome\n\nMine.\n"})
    world.wiki.guidelines.object(n, world.person("bob"), world.change(n), "Not so.")
    assert "1 thing asks for you" in ana.open("/welcome").body
    assert "1 thing asks for you" in ana.open("/welcome").body
    world.wiki.notify.inbox.mark_all_read(world.people["ana"].id, 10**6, world.wiki.now())
    assert "1 thing asks for you" not in ana.open("/welcome").body


@pytest.mark.parametrize("ends", ["deactivated", "another password", "ended elsewhere", "too old"])
def test_a_session_that_is_over_ends_at_once(closed: World, ends: str) -> None:
    ana = closed.visitor("ana")
    for _ in range(3):
        assert ana.client.get("/welcome").status_code == 200
    account = closed.people["ana"]
    if ends == "deactivated":
        closed.wiki.accounts.deactivate(account)
    elif ends == "another password":
        closed.wiki.accounts.set_password(account, "a calm red evening, later")
    elif ends == "ended elsewhere":
        (session,) = closed.wiki.sessions.of(account.id, closed.wiki.now())
        closed.wiki.sessions.end(account.id, session.id)
    else:
        closed.clock.wait(31)
    assert ana.client.get("/welcome").status_code == 302
    assert ana.client.get("/travel/").status_code == 302
    assert closed.app.test_client().get("/welcome").status_code == 302


def test_a_shared_cache_may_give_to_others_only_what_has_no_session(world: World) -> None:
    half = world.visitor().client
    half.get("/-/sign-in")
    for _ in range(3):
        for address in ("/", "/welcome", "/travel/", "/-/changes"):
            stranger = world.app.test_client().get(address)
            assert stranger.headers["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"
            assert "Set-Cookie" not in stranger.headers
            for client in (half, world.visitor("ana").client):
                answer = client.get(address)
                assert answer.headers["Cache-Control"] == "private, no-cache", address
                assert answer.headers["Vary"] == stranger.headers["Vary"]
    assert "public" not in world.app.test_client().get("/welcome?x=1").headers.get("Cache-Control", "")


def test_a_closed_wiki_keeps_nothing_for_strangers(closed: World) -> None:
    ana = closed.visitor("ana").client
    for _ in range(3):
        assert "private" in ana.get("/welcome").headers["Cache-Control"]
        assert closed.app.test_client().get("/welcome").status_code == 302
        assert closed.app.test_client().get("/welcome", headers=closed.program("ana")).status_code == 200


def test_what_a_browser_has_does_not_travel_again(world: World) -> None:
    for client in (world.visitor().client, world.visitor("ana").client):
        client.get("/welcome")
        tag = client.get("/welcome").headers["ETag"]
        for told in (tag, f'W/{tag}, "x"', "*"):
            answer = client.get("/welcome", headers={"If-None-Match": told})
            assert (answer.status_code, answer.get_data()) == (304, b"")
            assert "Content-Type" not in answer.headers
            assert answer.headers["ETag"] == tag
        assert client.get("/welcome", headers={"If-None-Match": f'{tag[:-1]}x"'}).status_code == 200


def test_a_page_that_asks_who_is_reading_is_not_shared(world: World) -> None:
    source = "{% extends 'layout.html' %}{% block main %}{{ current_user.email }}{% endblock %}"
    make = lambda: make_response(render_template_string(source))  # noqa: E731
    world.app.view_functions["broken_links.page"] = lambda: kept_answer(make)
    ana, bob = world.visitor("ana").client, world.visitor("bob").client
    for _ in range(3):
        assert "ana@example.com</main>" in _main(ana)
        assert "bob@example.com</main>" in _main(bob)


def _main(client: FlaskClient) -> str:
    return "".join(client.get("/-/broken-links").get_data(as_text=True).split())


def test_metrics_count_what_is_kept_under_its_own_kind(world: World) -> None:
    client = world.visitor().client
    for _ in range(3):
        client.get("/welcome")
    before = client.get("/-/metrics").get_data(as_text=True)
    client.get("/welcome")
    after = client.get("/-/metrics").get_data(as_text=True)
    count = re.compile(r'concord_requests_total\{worker="\d+",kind="pages",status="200"\} (\d+)')
    assert int(count.findall(after)[0]) == int(count.findall(before)[0]) + 1


def test_what_others_write_with_marks_of_ours_stays_their_words(world: World) -> None:
    n = world.propose("ana", {"notes/x": "# X\n\n\x020\x03 \x02=\x03 {{ mine('you') }} <b>\x02</b>\n"})
    assert world.in_force(n)
    for visitor in (world.visitor(), world.visitor("bob")):
        for _ in range(3):
            page = visitor.open("/notes/x")
            assert page.status == 200
            assert "mine('you')" in page.main
            assert not re.search("\x02[0-9a-f]{24}", page.body)


def test_how_long_ago_something_was_is_told_anew_after_a_minute(world: World) -> None:
    n = world.propose("ana", {"notes/x": "# X\n\nNew.\n"})
    assert world.in_force(n)
    client = world.visitor().client
    for _ in range(2):
        assert "just now" in client.get("/").get_data(as_text=True)
    with watched(world.app) as asked:
        client.get("/")
    assert asked == []
    world.clock.at += 120
    assert "2 minutes ago" in client.get("/").get_data(as_text=True)


def test_what_shows_a_page_is_known_as_long_as_it_is_kept(world: World) -> None:
    class Thing:
        """Something that shows pages."""

    showing: Showing[Thing] = Showing()
    one, two = Thing(), Thing()
    showing.note(one, ["a.md", "b.md"])
    showing.note(two, ["b.md"])
    assert showing.at(["a.md"]) == {one}
    assert showing.at(["b.md", "a.md", "c.md"]) == {one, two}
    del two
    assert showing.at(["b.md"]) == {one}
    kept, client = kept_pages(world.app), world.visitor().client
    for address in ("/welcome", "/travel/visa", "/welcome"):
        client.get(address)
    assert [again.sight.path for again in kept.asked_since(0, {"welcome.md", "nowhere.md"})] == ["/welcome"]
    assert {again.sight.path for again in kept.asked_since(0, None)} == {"/welcome", "/travel/visa"}


def test_pages_take_no_more_memory_than_they_may(world: World) -> None:
    shelf: Shelf[int, bytes] = Shelf(100_000)
    for n in range(1000):
        shelf.put(n, b"x" * 1000, 1000)
        shelf.put(1, b"y" * 900, 900)
        assert shelf.taken <= 100_000
    assert shelf.get(1) == b"y" * 900
    assert shelf.get(999) is not None
    assert shelf.get(2) is None
    shelf.put(2, b"", 90_000)
    assert shelf.get(2) is None
    kept = kept_pages(world.app)
    assert kept.pages.room + kept.pieces.room <= world.wiki.settings.kept_megabytes << 20


def test_paths_that_nothing_kept_shows_any_more_are_forgotten() -> None:
    class Thing:
        pass

    showing: Showing[Thing] = Showing()
    stays = Thing()
    showing.note(stays, ["stays"])
    for nth in range(5_000):
        showing.note(Thing(), [f"path {nth}"])
    assert showing.at(["stays", "path 3"]) == {stays}
    assert len(showing._at) <= 1_001
