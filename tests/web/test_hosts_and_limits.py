"""Whose site this is, which redirects stay on it, who may ask how often, and what every answer carries."""

from __future__ import annotations

import io
import re
import struct
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.pictures import GIF, PDF, png
from tests.world import PASSWORD, Page, World, copy_of, open_world
from wiki.addresses import host_name
from wiki.web.quotas import KINDS
from wiki.web.safety import HEADERS, local_path

FORGED = (
    "evil.example", "evil.example:80", "localhost@evil.example", "localhost.evil.example",
    "wiki.example.com.evil.example",
    "evil.example/wiki.example.com", "wiki.example.com,evil.example", "wiki.example.com evil.example", "xn--evil",
    "[::2]",
    "WIKI.example.com:99999", "wiki.example.com:x", "wiki..example.com", "-", "", "a" * 300, "w\xefki.example.com",
    "[::1",
    "wiki.example.com\\evil.example", "wiki.example.com#", "127.0.0.2",
)  # fmt: skip
SITE = "https://wiki.example.com"


def _asked_as(world: World, host: str, address: str = "/") -> TestResponse:
    """An answer to a request that names a host as a program would."""
    return world.app.test_client().get(address, environ_overrides={"HTTP_HOST": host})


def test_a_request_for_another_host_is_refused(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), allowed_hosts=("wiki.example.com",)) as world:
        for at, host in enumerate(FORGED):
            address = ("/", "/welcome", "/-/verify", "/-/sign-in", "/-/feeds/changes", "/none", "//x")[at % 7]
            answer = _asked_as(world, host, address)
            assert answer.status_code in {400, 421}, (host, address)
            assert "evil.example" not in answer.text
            assert "evil.example" not in answer.headers.get("Location", "")
            assert answer.headers["Content-Security-Policy"]
            assert Page(answer).main


def test_a_request_for_ours_is_answered(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), allowed_hosts=("wiki.example.com",)) as world:
        for host in ("wiki.example.com", "WIKI.Example.Com", "wiki.example.com:8443", "wiki.example.com."):
            assert _asked_as(world, host).status_code == 200


def test_the_host_of_the_site_is_the_one_that_is_allowed(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), site_url=SITE) as world:
        client = world.app.test_client()
        assert client.get("/", headers={"Host": "wiki.example.com"}).status_code == 200
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
        assert client.get("/", headers={"Host": "127.0.0.1:8000"}).status_code == 200
        assert client.get("/-/health", headers={"Host": "10.0.0.7"}).status_code == 200
        said = Page(client.get("/", headers={"Host": "evil.example"})).main
        assert "allowed_hosts" in said


def test_links_to_copy_are_those_of_the_site_and_not_of_whoever_asks(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), site_url=SITE) as world:
        n = world.propose("ana", {"welcome": "# W\n\nHello.\n"})
        world.endorse(n, "bob", "cyd")
        client = world.app.test_client()
        for address in ("/-/verify", "/-/feeds/changes", f"/-/revision/{world.wiki.repository.main()}/welcome"):
            body = client.get(address, headers={"Host": "localhost:1234"}).text
            assert "localhost:1234" not in body
            assert f"{SITE}/-/" in body


def test_a_redirect_never_names_the_host_that_was_asked_for(world: World) -> None:
    client = world.app.test_client()
    moved = 0
    for address in ("/-/history//travel/expenses", "/travel//expenses", "//evil.example/..", "/travel/",
    "/-/proposals/", "/welcome/",
                    "/\\evil.example/", "/-/people//evil.example", "//evil.example//"):  # fmt: skip
        for host in ("localhost", "evil.example"):
            location = client.get(address, headers={"Host": host}).headers.get("Location")
            if location is not None:
                moved += 1
                assert location.startswith("/")
                assert not location.startswith(("//", "/\\"))
    assert moved


def test_hosts_are_read_as_they_are_written() -> None:
    assert host_name("Wiki.Example.com:80") == "wiki.example.com"
    assert host_name("[::1]:8000") == "[::1]"
    assert host_name("127.0.0.1") == "127.0.0.1"
    assert host_name("a" * 64) is None
    assert host_name(".".join(["a" * 60] * 5)) is None


TARGETS = (
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "/\t//evil.example",
    "/\x0b/evil.example", "\t//evil.example", "/\r\n/evil.example", "//evil.example@localhost",
    "//localhost@evil.example",
    "https://localhost@evil.example/", "https:evil.example", "https:/evil.example", "http:\\\\evil.example",
    "HTTPS://evil.example",
    "//evil%2eexample", "//\u3002evil.example", "//evil\uff0eexample", "\u3000//evil.example", "//[::1]", "//[",
    "javascript:trap()", "data:text/html,x", " javascript:trap()", "\x01javascript:trap()", "/\x00/evil.example",
    "//\x00evil.example",
    ".//evil.example", "..//evil.example", "evil.example", "?//evil.example", "#//evil.example",
    "/a\nLocation: //evil.example",
    "//evil.example/%2f..", "/\\/evil.example", "\\\\evil.example", "https://evil.example#localhost",
)  # fmt: skip
STAYS = ("/\u2028/evil.example", "/\xad/evil.example", "/%5cevil.example", "/%2f/evil.example", "/%09/evil.example",
"/.//evil.example", "/a//evil.example", "/?next=//evil.example",
         "/@evil.example", "/a:b", "/-/history/x?before=1#y")  # fmt: skip


def test_no_spelling_of_a_target_leads_away(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), sign_in_limit_per_account="1000 per minute") as world:
        visitor = world.visitor()
        for target in (*TARGETS, *STAYS):
            assert local_path(target) == (target if target in STAYS else "/"), target
            for what, value in (("theme", "dark"), ("language", "de"), ("slash", "off")):
                _stays(visitor.client.post(f"/-/{what}", data={what: value, "next": target}))
        for target in (*TARGETS[::5], *STAYS):
            visitor = world.visitor()
            sent = {"email": "bob@example.com", "password": PASSWORD, "next": target, "csrf_token": visitor.token()}
            _stays(visitor.client.post("/-/sign-in", data=sent))
            _stays(visitor.client.get("/-/sign-in", query_string={"next": target}))


def _stays(answer: TestResponse) -> None:
    location = answer.headers["Location"]
    assert re.match(r"/(?![/\\])[\x21-\x7e]*\Z", location), location
    assert urlsplit(location).netloc == ""
    answer.close()


# Forms


def _posts(world: World) -> list[tuple[str, str]]:
    """Every address that something can be sent to, with its endpoint."""
    adapter = world.app.url_map.bind("localhost")
    found = []
    for rule in world.app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        numbers = {
            key: 1
            for key in rule.arguments
            if key in rule._converters and "Integer" in type(rule._converters[key]).__name__
        }
        values = {key: "travel/expenses" if key in {"name", "path"} else "x" for key in rule.arguments} | numbers
        found += [(adapter.build(rule.endpoint, values, method=method), rule.endpoint) for method in sorted(methods)]
    return found


WITHOUT_TOKEN = {
    "checking.upload_pack": "git sends no token; it only reads",
    "signin.welcome": "the link itself is the secret, and a used or invented one is not found",
    "site.theme": "sets a cookie of one's own; pages for readers without a session are the same for all",
    "site.slash": "as the theme",
    "languages.choose": "as the theme",
    "inbox.unsubscribe": "mail programs send no token; the address is signed",
    "api.propose": "a program shows a token of its own instead, and no cookie counts",
    "api.revise": "as above",
}


def test_every_form_needs_a_token_but_those_that_are_named(world: World) -> None:
    world.propose("ana", {"travel/expenses": "# Expenses\n\nShorter.\n"})
    before = world.everything()
    bob = world.visitor("bob")
    for address, endpoint in _posts(world):
        answer = bob.client.post(address, data={"text": "x", "title": "x", "next": "/"})
        if endpoint not in WITHOUT_TOKEN:
            assert answer.status_code == 400, f"{address} asks for no token"
            assert "sent from elsewhere" in Page(answer).main
        answer.close()
    assert world.everything() == before
    assert "Bob Reyes" in bob.open("/").body


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str)
def test_every_form_is_refused_from_another_site_token_or_not(world: World, headers: dict[str, str]) -> None:
    world.propose("ana", {"travel/expenses": "# Expenses\n\nShorter.\n"})
    before = world.everything()
    bob = world.visitor("bob")
    token = bob.token()
    for address, endpoint in _posts(world):
        answer = bob.client.post(address, data={"csrf_token": token, "theme": "dark"}, headers=headers)
        assert answer.status_code == 403, (endpoint, answer.status_code)
        assert "Set-Cookie" not in answer.headers or "theme" not in answer.headers["Set-Cookie"]
        answer.close()
    assert world.everything() == before


# Headers and cookies


def test_every_kind_of_answer_carries_the_headers(world: World) -> None:
    n = world.propose("ana", {"welcome": "# W\n\nHello.\n"})
    bob, reader = world.visitor("bob"), world.visitor().client
    page = reader.get("/welcome")
    style = re.search(r'href="(/-/static/style\.[0-9a-f]+\.css)"', page.text)
    assert style
    sent = {"csrf_token": bob.token(), "place": "/-/edit/welcome", "file": (io.BytesIO(png()), "a.png")}
    upload = bob.client.post("/-/uploads", data=sent, content_type="multipart/form-data")
    world.app.view_functions["site.icon"] = lambda: 1 // 0
    kept = {"If-None-Match": page.headers["ETag"]}
    answers = {
        "kept": page, "kept again": reader.get("/welcome"), "304": reader.get("/welcome", headers=kept),
        "HEAD": reader.head("/welcome"), "static": reader.get(style[1]),
        "no such file": reader.get("/-/static/none.css"),
        "feed": reader.get("/-/feeds/changes"),
        "clone": reader.get("/-/guidelines.git/info/refs?service=git-upload-pack"),
        "JSON": bob.client.get("/-/pages.json"), "upload": upload, "attachment": bob.client.get(upload.json["address"]),
        "redirect": reader.get("/travel/"), "of the framework": reader.get("/travel//visa"), "404": reader.get("/none"),
        "405": reader.put("/welcome"), "400": reader.get("/%00"), "403": reader.post("/-/theme",
        headers={"Origin": "null"}),
        "413": bob.client.post("/-/preview", data={"text": "x" * (5 << 20)}), "health": reader.get("/-/health"),
        "signed in": bob.client.get(f"/-/proposals/{n}"), "500": reader.get("/favicon.ico"),
        "robots": reader.get("/robots.txt"),
        "to sign in": reader.get("/-/new"), "range": reader.get("/welcome", headers={"Range": "bytes=0-1"}),
    }  # fmt: skip
    assert answers["304"].status_code == 304
    assert answers["500"].status_code == 500
    assert "ZeroDivision" not in answers["500"].text
    for kind, answer in answers.items():
        for name, value in HEADERS:
            if name == "Content-Security-Policy" and kind == "attachment":
                assert "default-src 'none'; sandbox" in answer.headers[name]
                continue
            assert answer.headers.getlist(name) == [value], (kind, name)
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers
        answer.close()


def test_every_cookie_is_closed_to_scripts_and_other_sites(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), secure_cookies=True) as world:
        client = world.app.test_client()
        form = client.get("/-/sign-in", base_url="https://localhost")
        set_by = [form, *(client.post(f"/-/{what}", data={what: value, "next": "/"}, base_url="https://localhost")
                          for what, value in (("theme", "dark"), ("slash", "off"), ("language", "de")))]  # fmt: skip
        token = re.search('name="csrf_token" value="([^"]+)"', form.text)
        assert token
        sent = {"email": "bob@example.com", "password": PASSWORD, "csrf_token": token[1]}
        set_by.append(
            client.post(
                "/-/sign-in", data=sent, base_url="https://localhost", headers={"Referer": "https://localhost/"}
            )
        )
        cookies = [cookie for answer in set_by for cookie in answer.headers.getlist("Set-Cookie")]
        assert {cookie.partition("=")[0] for cookie in cookies} >= {"concord"}
        for cookie in cookies:
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}, (
                cookie
            )
            assert "Domain" not in cookie
        assert all(answer.headers["Strict-Transport-Security"] for answer in set_by)


@pytest.mark.parametrize("near", ["10.0.0.1", "::1"])
def test_nobody_but_a_named_proxy_says_who_asks(founded: Path, tmp_path: Path, near: str) -> None:
    limits = {"trusted_proxies": ("10.0.0.1", "::1"), "sign_in_limit_per_address": "2 per minute"}
    with open_world(copy_of(founded, tmp_path / "data"), **limits) as world:
        for remote, statuses in (("10.0.0.2", [403, 403, 429]), (near, [403, 403, 403])):
            visitor = world.visitor()
            told = []
            for n in range(3):
                sent = {"email": f"{n}@example.com", "password": "no", "csrf_token": visitor.token()}
                headers = {"X-Forwarded-For": f"9.9.9.{n}", "X-Forwarded-Host": "localhost"}
                told.append(
                    visitor.client.post(
                        "/-/sign-in", data=sent, headers=headers, environ_overrides={"REMOTE_ADDR": remote}
                    )
                )
            assert [answer.status_code for answer in told] == statuses


# How often


def test_every_limited_endpoint_exists(world: World) -> None:
    assert set(KINDS) <= {rule.endpoint for rule in world.app.url_map.iter_rules()}


def test_after_so_many_proposals_one_has_to_wait_and_loses_nothing(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), proposal_limit="2 per hour") as world:
        ana = world.visitor("ana")
        sent = {"title": "A note", "text": "# Note\n\nMy words.\n", "do": "propose"}
        for n in range(2):
            assert ana.post("/-/new", {**sent, "name": f"notes/n{n}"}).address.startswith("/-/proposals/")
        before = world.everything()
        page = ana.post("/-/new", {**sent, "name": "notes/n2"})
        assert page.status == 429
        assert 0 < int(page.response.headers["Retry-After"]) <= 3600
        assert "My words." in page.typed("typed")
        assert world.everything() == before
        assert ana.post("/-/new", {**sent, "name": "notes/n2", "do": "preview"}).status == 200
        assert world.visitor("bob").post("/-/new", {**sent, "name": "notes/n2"}).status == 200


def test_what_was_refused_does_not_count(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), proposal_limit="1 per hour") as world:
        ana = world.visitor("ana")
        for _ in range(4):
            assert (
                ana.post("/-/new", {"title": "", "text": "# Note\n", "name": "notes/n", "do": "propose"}).status == 400
            )
        sent = {"title": "A note", "text": "# Note\n", "name": "notes/n", "do": "propose"}
        assert ana.post("/-/new", sent).address.startswith("/-/proposals/")


def test_after_so_many_remarks_and_files_one_has_to_wait(founded: Path, tmp_path: Path) -> None:
    limits = {"act_limit": "2 per hour", "attachment_limit": "2 per hour", "costly_limit": "3 per minute"}
    with open_world(copy_of(founded, tmp_path / "data"), **limits) as world:
        n = world.propose("ana", {"welcome": "# W\n\nHello.\n"})
        bob = world.visitor("bob")
        statuses = [bob.post(f"/-/proposals/{n}/comment", {"text": f"Remark {at}"}).status for at in range(3)]
        assert statuses == [200, 200, 429]
        assert bob.page.typed("typed") == "Remark 2"
        token = bob.token()
        for at, status in enumerate((201, 201, 429)):
            sent = {"csrf_token": token, "place": "/-/edit/welcome", "file": (io.BytesIO(png(at)), "a.png")}
            answer = bob.client.post("/-/uploads", data=sent, content_type="multipart/form-data")
            assert answer.status_code == status
            answer.close()
        reader = world.visitor()
        assert [reader.open(f"/-/search?q={at}").status for at in range(4)] == [200, 200, 200, 429]
        assert reader.open("/welcome").status == 200
        assert bob.open("/-/search?q=1").status == 200


# Files


def _huge_png(width: int, height: int) -> bytes:
    """A small file that says it holds very many points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    held = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", held) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "status"),
    [(_huge_png(60_000, 60_000), 400), (_huge_png(2**31 - 1, 2**31 - 1), 400), (_huge_png(0, 0), 400),
     (GIF[:6] + struct.pack("<HH", 65535, 65535) + GIF[10:], 400), (_huge_png(7_000, 8_000), 201),
     (b"\x89PNG\r\n\x1a\n", 400),
     (PDF, 201), (PDF + b"<script>trap()</script>", 201)],
)  # fmt: skip
def test_a_picture_that_unpacks_to_more_than_a_browser_holds_is_refused(world: World, data: bytes, status: int) -> None:
    ana = world.visitor("ana")
    sent = {"csrf_token": ana.token(), "place": "/-/edit/welcome", "file": (io.BytesIO(data), "a.png")}
    answer = ana.client.post("/-/uploads", data=sent, content_type="multipart/form-data")
    assert answer.status_code == status, answer.json
    if status == 400:
        assert answer.json["problem"]


def test_a_document_is_given_out_locked_up(world: World) -> None:
    ana = world.visitor("ana")
    sent = {"csrf_token": ana.token(), "place": "/-/edit/welcome", "file": (io.BytesIO(PDF), "a.pdf")}
    given = ana.client.get(ana.client.post("/-/uploads", data=sent, content_type="multipart/form-data").json["address"])
    assert given.mimetype == "application/pdf"
    assert given.headers.getlist("Content-Security-Policy") == [
        "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ]
    assert given.headers["Content-Disposition"].startswith("attachment;")
