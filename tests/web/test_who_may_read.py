"""Where only members may read, strangers see nothing: every address is tried."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.web.routes import all_routes
from tests.world import World, copy_of, open_world
from wiki.model.errors import Refused
from wiki.settings import Settings
from wiki.web.who_may_read import OPEN, OPEN_BLUEPRINTS

PAGES = ("/", "/welcome", "/travel", "/-/changes", "/-/search?q=expenses", "/-/history/welcome", "/-/policy")
FOR_PROGRAMS = ("/-/feeds/changes", "/-/feeds/proposals", "/-/guidelines.git/info/refs?service=git-upload-pack",
                "/-/api/1/pages", "/-/api/1/pages/welcome", "/-/api/1/proposals")  # fmt: skip


@pytest.fixture
def closed(founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki that only members may read."""
    with open_world(copy_of(founded, tmp_path / "data"), reading="members") as opened:
        yield opened


def _is_open(world: World, address: str, method: str) -> bool:
    endpoint, _ = world.app.url_map.bind("localhost").match(address, method=method)
    return endpoint in OPEN or endpoint.partition(".")[0] in OPEN_BLUEPRINTS


def test_a_stranger_gets_nowhere(closed: World) -> None:
    closed.propose("ana", {"welcome": "# Welcome\n\nA secret plan.\n"}, "A secret plan")
    tried = 0
    for address, methods in all_routes(closed.app).items():
        for method in sorted(methods | {"HEAD", "OPTIONS"}):
            if method not in {"HEAD", "OPTIONS"} and _is_open(closed, address, method):
                continue
            if method in {"HEAD", "OPTIONS"} and _is_open(closed, address, min(methods)):
                continue
            answer = closed.app.test_client().open(address, method=method)
            tried += 1
            assert answer.status_code in {302, 401} or (method == "POST" and answer.status_code == 400), (
                method, address, answer.status_code)  # fmt: skip
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/-/sign-in"), address
            body = answer.get_data(as_text=True)
            for secret in ("secret plan", "Ana Souza", "Expenses", "Welcome\n"):
                assert secret not in body, (address, secret)
    assert tried > 100


@pytest.mark.parametrize("address", ["/no/such/page", "/-/nowhere", "/travel/expenses/", "/-/api/1/nowhere",
                                     "/WELCOME", "/-/people/x", "/.git/config"])  # fmt: skip
def test_a_stranger_cannot_tell_what_is_there_from_what_is_not(closed: World, address: str) -> None:
    answer = closed.app.test_client().get(address)
    assert answer.status_code in {302, 401}
    assert "no page" not in answer.get_data(as_text=True)


def test_what_lets_people_in_stays_open(closed: World) -> None:
    client = closed.app.test_client()
    for address in ("/-/sign-in", "/-/health", "/-/static/style.css", "/favicon.ico", "/robots.txt"):
        assert client.get(address).status_code in {200, 301}, address
    assert client.get("/robots.txt").get_data(as_text=True) == "User-agent: *\nDisallow: /\n"
    page = closed.visitor().open("/-/sign-in")
    assert "Only members can read here" in page.main
    assert "Everybody can read" not in page.body
    assert closed.visitor().open("/-/welcome/nothing").status == 404
    dark = closed.app.test_client().post("/-/theme", data={"theme": "dark"})
    assert dark.status_code == 303


def test_a_member_reads_everything_after_signing_in(closed: World) -> None:
    visitor = closed.visitor()
    page = visitor.open("/travel/expenses")
    assert page.address.startswith("/-/sign-in?next=")
    visitor.submit("/-/sign-in", email="ana@example.com", password="a calm blue morning")
    assert visitor.page.address == "/travel/expenses"
    for address in (*PAGES, *FOR_PROGRAMS):
        assert visitor.open(address).status == 200, address


def test_pages_that_are_kept_in_memory_do_not_leak(closed: World) -> None:
    program, client = closed.program("ana"), closed.app.test_client()
    for address in PAGES:
        first = client.get(address, headers=program)
        assert first.status_code == 200, address
        again = client.get(address, headers={**program, "If-None-Match": first.headers.get("ETag", "x")})
        assert again.status_code in {200, 304}
        for headers in ({}, {"If-None-Match": first.headers.get("ETag", "x")}, {"Authorization": "Basic eDp5"}):
            stranger = closed.app.test_client().get(address, headers=headers)
            assert stranger.status_code == 302, address
        bad = closed.app.test_client()
        bad.set_cookie("concord", "nonsense")
        assert bad.get(address).status_code == 302


def test_nobody_on_the_way_keeps_what_only_members_may_see(closed: World) -> None:
    program, client, ana = closed.program("ana"), closed.app.test_client(), closed.visitor("ana").client
    for address in (*PAGES, *FOR_PROGRAMS):
        for answer in (client.get(address, headers=program), ana.get(address)):
            said = answer.headers["Cache-Control"]
            assert "private" in said or "no-store" in said, address
            assert "public" not in said, address
    assert "private" not in client.get("/-/static/style.css").headers["Cache-Control"]


def test_a_session_that_is_over_reads_no_more(closed: World) -> None:
    ana = closed.visitor("ana")
    assert ana.client.get("/welcome").status_code == 200
    closed.wiki.accounts.deactivate(closed.people["ana"])
    assert ana.client.get("/welcome").status_code == 302


@pytest.mark.parametrize("address", FOR_PROGRAMS)
def test_programs_are_asked_for_a_token_and_read_with_it(closed: World, address: str) -> None:
    client = closed.app.test_client()
    asked = client.get(address)
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    key = closed.program("ana")["Authorization"].removeprefix("Bearer ")
    for header in (f"Bearer {key}", "Basic " + base64.b64encode(f"ana:{key}".encode()).decode()):
        assert client.get(address, headers={"Authorization": header}).status_code == 200


def test_a_program_reads_as_a_stranger_would(closed: World) -> None:
    page = closed.app.test_client().get("/welcome", headers=closed.program("ana")).get_data(as_text=True)
    assert "This is how we work" in page
    assert "Ana Souza" not in page.partition("<main")[0]


def test_a_clone_asks_for_a_token(closed: World, tmp_path: Path) -> None:
    key = closed.program("ana")["Authorization"].removeprefix("Bearer ")
    server = make_server("127.0.0.1", 0, closed.app, threaded=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ASKPASS": "true"}
    place = f"127.0.0.1:{server.server_port}/-/guidelines.git"
    try:
        results = [
            subprocess.run(["git", "clone", "-q", address, tmp_path / folder], env=environment, capture_output=True,
                           timeout=60, check=False)
            for address, folder in ((f"http://{place}", "without"), (f"http://ana:concord_x@{place}", "wrong"),
                                    (f"http://ana:{key}@{place}", "with"))
        ]  # fmt: skip
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
    assert [result.returncode == 0 for result in results] == [False, False, True], results
    assert (tmp_path / "with" / "welcome.md").exists()


def test_everybody_reads_where_nothing_else_was_said(world: World) -> None:
    for address in (*PAGES, *FOR_PROGRAMS):
        answer = world.app.test_client().get(address)
        assert answer.status_code == 200, address
        assert "private" not in answer.headers.get("Cache-Control", "") or address.startswith("/-/api")


def test_a_setting_that_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="everyone"):
        Settings.load({"WIKI_DATA": str(tmp_path), "WIKI_READING": "friends"})
    assert Settings.load({"WIKI_DATA": str(tmp_path)}).reading == "everyone"
    assert Settings.load({"WIKI_DATA": str(tmp_path), "WIKI_READING": "members"}).members_only
