"""What every answer carries, and which requests are not answered."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.web.routes import all_routes
from tests.world import PASSWORD, Page, World, copy_of, open_world
from wiki.web.safety import HEADERS, local_path

NUMBER = "/-/proposals/1"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def test_every_answer_carries_the_headers_errors_included(world: World) -> None:
    visitor = world.visitor()
    addresses = [*all_routes(world.app), "/none", "/-/none", "/%00", "/%ff", "/-/static/none", "/welcome", "/.git"]
    for address in addresses:
        for method in ("GET", "POST", "HEAD", "DELETE", "OPTIONS"):
            response = visitor.client.open(address, method=method)
            assert response.status_code < 500
            where = f"{method} {address}"
            assert response.headers["Content-Security-Policy"] == POLICY, where
            assert response.headers["X-Content-Type-Options"] == "nosniff", where
            assert response.headers["Referrer-Policy"] == "same-origin", where
            assert "camera=()" in response.headers["Permissions-Policy"], where
            assert [len(response.headers.getlist(name)) for name, _ in HEADERS] == [1] * len(HEADERS), where
            response.close()


def test_no_page_has_inline_scripts_styles_or_handlers(world: World) -> None:
    world.propose("ana", {"welcome": "# W\n\n<script>alert(1)</script> [x](javascript:alert(1)) <b onclick=x>\n"})
    visitor = world.visitor("ana")
    for address in (
        "/", "/welcome", "/travel", NUMBER, "/-/edit/welcome", "/-/edit/welcome?proposal=1", "/-/new", "/-/proposals",
        "/-/changes", "/-/policy", "/-/history/welcome", "/none", "/-/remove/welcome",
    ):  # fmt: skip
        tree = visitor.open(address).tree
        assert not tree.xpath("//script[not(@src)] | //style | //@style")
        assert not [name for e in tree.iter() if isinstance(e.tag, str) for name in e.attrib if name.startswith("on")]
        assert not [a for a in tree.xpath("//@href | //@src | //@action") if ":" in a.split("/")[0]]


def test_what_people_type_never_becomes_markup(world: World) -> None:
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
    ana = world.visitor("ana")
    ana.open("/-/edit/welcome")
    ana.submit("/-/edit/welcome", "propose", text=f"# {evil}\n\n{evil}\n", title=evil[:100], why=evil)
    bob = world.visitor("bob")
    bob.open(NUMBER)
    bob.submit("/object", reason=evil)
    bob.submit("/comment", text=evil)
    for address in (NUMBER, "/-/proposals", "/", f"/-/new?name={evil}", f"/{evil}"):
        tree = bob.open(address).tree
        assert not tree.xpath("//script[not(@src)] | //img | //@onerror"), address
    tree = bob.open(f"/-/policy?path={evil}").tree
    assert not tree.xpath("//main//script | //main//img")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00", "é", "A" * 5000])
def test_a_wrong_token_changes_nothing_and_gives_the_text_back(world: World, token: str) -> None:
    world.propose("ana", {"welcome": "# W\n"})
    before = world.everything()
    for who, status in (("bob", 400), (None, 401)):
        visitor = world.visitor(who)
        for address in ("/-/edit/travel/expenses", "/-/new", f"{NUMBER}/object", f"{NUMBER}/comment"):
            page = visitor.post(address, {"csrf_token": token, "text": "Typed", "reason": "Typed"})
            assert page.status == status, address
            assert page.typed("typed") == "Typed"
        signing = visitor.post("/-/sign-in", {"csrf_token": token, "email": "bob@example.com", "password": PASSWORD})
        assert signing.status == 400
        assert visitor.post("/-/sign-out", {"csrf_token": token}).status == 400 or who is None
    assert world.everything() == before


def test_a_token_of_another_session_is_refused(world: World) -> None:
    ana, bob = world.visitor("ana"), world.visitor("bob")
    page = ana.post("/-/new", {"csrf_token": bob.token(), "name": "notes/x", "title": "x", "text": "x"})
    assert page.status == 400
    assert world.text("notes/x") is None


FROM_ELSEWHERE = (
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://evil.example@localhost:1"}, {"Origin": "http://localhost:81"}, {"Origin": "x"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://[::"}, {"Origin": ""},
)  # fmt: skip


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_what_comes_from_another_site_is_refused(world: World, headers: dict[str, str]) -> None:
    world.propose("ana", {"welcome": "# W\n"})
    bob = world.visitor("bob")
    before = world.everything()
    for address, data in (
        (f"{NUMBER}/endorse", {"change": world.change(1)}),
        ("/-/sign-out", {}),
        ("/-/theme", {"theme": "dark"}),
        ("/-/sign-in", {"email": "ana@example.com", "password": PASSWORD}),
        ("/-/preview", {"text": "x"}),
    ):
        page = bob.post(address, data, headers=headers)
        assert page.status == 403, address
        assert "another place" in page.main
    assert world.everything() == before
    assert "Signed in as" in bob.open("/").body


def test_our_own_pages_are_not_refused(world: World) -> None:
    bob = world.visitor("bob")
    for headers in ({"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert bob.post("/-/preview", {"text": "x"}, headers=headers).status == 200


@pytest.mark.parametrize("target", [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)", "http:evil.example",
    "/%0d%0aSet-Cookie:x", "/x\r\nX: y", "//", "/\\", "", "evil", "/\u2028/x",
    "https:/evil.example", "/a\\b", "@evil.example", "/x\x00",
])  # fmt: skip
def test_after_signing_in_one_stays_on_this_site(world: World, target: str) -> None:
    visitor = world.visitor()
    visitor.client.get("/-/sign-in", query_string={"next": target})
    data = {"email": "bob@example.com", "password": PASSWORD, "next": target, "csrf_token": visitor.token()}
    response = visitor.client.post("/-/sign-in", data=data)
    assert response.status_code == 303
    location = response.headers["Location"]
    assert location == quote(local_path(target), safe="/%:")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\\" not in location
    theme = visitor.client.post("/-/theme", data={"theme": "dark", "next": target, "csrf_token": visitor.token()})
    assert theme.headers["Location"].startswith("/")
    assert not theme.headers["Location"].startswith(("//", "/\\"))


def test_looking_changes_nothing(world: World) -> None:
    world.propose("ana", {"welcome": "# W\n"})
    before = world.everything()
    bob = world.visitor("bob")
    for address in all_routes(world.app):
        bob.client.get(address).close()
    assert world.everything() == before
    assert "leads nowhere" in bob.open("/-/sign-out").main


def test_cookies_are_closed_to_scripts_and_other_sites(world: World) -> None:
    visitor = world.visitor()
    response = visitor.client.get("/-/sign-in")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_cookies_are_for_https_only_where_the_operator_says_so(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "secure"), secure_cookies=True) as world:
        response = world.app.test_client().get("/-/sign-in", base_url="https://localhost")
        assert "; Secure" in response.headers["Set-Cookie"]
        assert response.headers["Strict-Transport-Security"]


def test_forwarded_headers_are_believed_from_named_proxies_only(founded: Path, tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9", "X-Forwarded-Host": "wiki.example"}
    with open_world(copy_of(founded, tmp_path / "proxied"), trusted_proxies=("10.0.0.1",)) as world:
        client = world.app.test_client()
        near = client.get("/-/sign-in", headers=forwarded, environ_overrides={"REMOTE_ADDR": "10.0.0.1"})
        far = client.get("/-/sign-in", headers=forwarded, environ_overrides={"REMOTE_ADDR": "10.0.0.2"})
        assert "Strict-Transport-Security" in near.headers
        assert "Strict-Transport-Security" not in far.headers


def test_a_reader_chooses_a_theme_without_signing_in(world: World) -> None:
    visitor = world.visitor()
    visitor.open("/welcome")
    form = visitor.page.form("/-/theme")
    response = visitor.client.post("/-/theme", data={**dict(form.fields), "theme": "dark"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/welcome"
    assert visitor.open("/welcome").tree.xpath("/html/@data-theme") == ["dark"]
    assert Page(visitor.client.post("/-/theme", data={"theme": "pink"})).status == 400


def test_pages_that_are_kept_for_readers_show_nothing_of_a_member(world: World) -> None:
    ana = world.visitor("ana")
    assert "ana@example.com" in ana.open("/welcome").body
    reader = world.visitor()
    for _ in range(2):
        assert "ana@example.com" not in reader.open("/welcome").body
    assert "ana@example.com" in ana.open("/welcome").body
    first = reader.client.get("/welcome")
    again = reader.client.get("/welcome", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    n = world.propose("ana", {"welcome": "# Welcome\n\nNew words.\n"})
    world.endorse(n, "bob", "cyd")
    fresh = reader.client.get("/welcome", headers={"If-None-Match": first.headers["ETag"]})
    assert fresh.status_code == 200
    assert "New words." in fresh.get_data(as_text=True)
