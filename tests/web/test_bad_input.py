"""Whatever is sent, however malformed: a page that says what is wrong, never a fault, and nothing half written."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web.routes import HOSTILE_NAMES, all_routes
from tests.world import Page, World
from wiki.model.errors import Refused
from wiki.model.names import PageName

EDIT = "/-/edit/travel/expenses"
NUMBER = "/-/proposals/1"
FORMS = (
    "/-/new", EDIT, "/-/remove/travel/expenses", "/-/preview", "/-/sign-in", "/-/sign-out", "/-/theme",
    f"{NUMBER}/endorse", f"{NUMBER}/object", f"{NUMBER}/answer", f"{NUMBER}/retract", f"{NUMBER}/comment",
    f"{NUMBER}/close", f"{NUMBER}/reopen", f"{NUMBER}/refresh", "/-/welcome/nothing",
    "/-/account/name", "/-/account/password", "/-/account/address", "/-/account/tokens", "/-/account/leave",
)  # fmt: skip
MALFORMED = {
    "broken multipart": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="te'),
    "multipart without boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "multipart headers that never end": ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 5000),
    "bytes that are not text": ("application/x-www-form-urlencoded", b"text=\xff\xfe\x80&title=\xc3(&change=\xf0"),
    "NUL": ("application/x-www-form-urlencoded", b"text=%00&title=%00&name=%00&why=%00&change=%00&to=%00&reason=%00"),
    "nothing": ("application/x-www-form-urlencoded", b""),
    "JSON": ("application/json", b'{"text": ['),
    "another character set": ("application/x-www-form-urlencoded; charset=utf-7", b"texts=+AAAA-"),
    "a thousand fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=x" % i for i in range(1000))),
    "no type": ("", b"text=x"),
}


def assert_page(page: Page, *statuses: int) -> None:
    """An answer that a person can read."""
    assert page.status in statuses, f"{page.status} at {page.address}: {page.body[:500]}"
    assert page.main
    assert page.tree.xpath("//main//h1")
    assert "Traceback" not in page.body


@pytest.fixture
def proposed(world: World) -> World:
    world.propose("ana", {"travel/expenses": "# Expenses\n\nShorter.\n"})
    return world


def test_json_is_no_form(proposed: World) -> None:
    """It could say what no form can: half a character, a number, a list."""
    before, bob = proposed.everything(), proposed.visitor("bob")
    headers = {"X-CSRFToken": bob.token()}
    for address in FORMS:
        for body in (b'{"text": "\\ud800", "title": "\\ud800", "name": "\\ud800"}', b'{"text": 1}', b"[1]"):
            sent = bob.client.post(address, data=body, content_type="application/json", headers=headers)
            assert_page(Page(sent), 415)
    assert proposed.everything() == before


@pytest.mark.parametrize("malformed", MALFORMED)
def test_a_malformed_form_is_refused_wherever_it_is_sent(proposed: World, malformed: str) -> None:
    kind, body = MALFORMED[malformed]
    before = proposed.everything()
    for who in (None, "bob"):
        visitor = proposed.visitor(who)
        headers = {"X-CSRFToken": visitor.token()}
        for address in FORMS:
            if address in {"/-/sign-out", f"{NUMBER}/refresh", "/-/preview"}:
                continue  # these need no field: they do what they say
            page = Page(visitor.client.post(address, data=body, content_type=kind, headers=headers))
            assert_page(page, 400, 401, 404, 409, 413, 415)
    assert proposed.everything() == before


def test_a_body_of_five_mebibytes_is_too_much_everywhere(proposed: World) -> None:
    before = proposed.everything()
    bob = proposed.visitor("bob")
    headers = {"X-CSRFToken": bob.token()}
    for address in FORMS:
        assert_page(Page(bob.client.post(address, data={"text": "x" * (5 << 20)}, headers=headers)), 413)
    assert proposed.everything() == before


def test_a_page_over_the_limit_comes_back_filled_in(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    text = "word " * 220_000
    page = ana.submit(EDIT, "propose", text=text, title="Long")
    assert_page(page, 400)
    assert "too long" in page.main
    assert page.typed().strip() == text.strip()


def test_missing_fields_are_said_and_what_was_typed_stays(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/new")
    page = ana.submit("/-/new", "propose", text="# Kept\n", name="notes/kept", title="", why="because")
    assert_page(page, 400)
    assert page.tree.xpath("//*[@id='title' and @aria-invalid='true']")
    assert "Please give the change a title" in page.main
    assert page.typed().strip() == "# Kept"
    assert page.typed("why").strip() == "because"
    page = ana.submit("/-/new", "propose", title="T", text="   ")
    assert_page(page, 400)
    assert "An empty page says nothing" in page.main
    page = ana.submit("/-/new", "propose", text="# Kept\n", name="")
    assert_page(page, 400)
    assert page.tree.xpath("//*[@id='name' and @aria-invalid='true']")
    assert "A page needs a name." in page.main
    page = ana.submit("/-/new", "propose", name="notes/kept", title="x" * 500)
    assert_page(page, 400)


def test_a_change_that_changes_nothing_is_refused(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    page = ana.submit(EDIT, "propose", title="Nothing")
    assert_page(page, 400)
    assert "Nothing is different" in page.main


def test_every_address_refuses_other_methods(world: World) -> None:
    visitor = world.visitor("bob")
    token = {"X-CSRFToken": visitor.token()}
    for address, methods in all_routes(world.app).items():
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
            page = Page(visitor.client.open(address, method=method, headers=token))
            if method == "GET" and page.status == 404:
                continue  # an address that is only for forms
            assert page.status == 405, f"{method} {address}"
            assert page.response is not None
            if page.response.is_json:
                assert page.response.get_json()["status"] == 405
            else:
                assert_page(page, 405)
            assert page.response.headers["Allow"]
        assert visitor.client.open(address, method="BREW", headers=token).status_code in {400, 405}


BAD_NUMBERS = ("0", "-1", "1.5", "9" * 9, "9" * 30, "9" * 4000, "x", "١", "1e3", "0x10", "%00", "%ff", "1%0a")


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=range(len(BAD_NUMBERS)))
def test_proposals_that_do_not_exist_are_not_found(world: World, number: str) -> None:
    bob = world.visitor("bob")
    token = {"X-CSRFToken": bob.token()}
    assert_page(bob.open(f"/-/proposals/{number}"), 400, 404)
    for button in ("endorse", "object", "answer", "retract", "comment", "close", "reopen", "refresh"):
        sent = {"text": "x", "reason": "x", "change": "0" * 40, "to": "0" * 40}
        page = Page(bob.client.post(f"/-/proposals/{number}/{button}", data=sent, headers=token))
        assert_page(page, 400, 404, 405)
    assert_page(bob.open(f"{EDIT}?proposal={number}"), 400, 404)


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=range(len(BAD_NUMBERS)))
def test_numbers_in_a_query_that_are_none_are_refused(world: World, number: str) -> None:
    visitor = world.visitor()
    for address in ("/-/history/travel/expenses?before=", "/-/changes?before=", "/-/proposals?page="):
        assert_page(visitor.open(address + number), 200 if number in {"0", "9" * 9} else 400)


def test_lists_that_do_not_exist_are_not_found(world: World) -> None:
    for tab in ("x", "%00", "%ff", "open%00", "a" * 3000):
        assert_page(world.visitor("bob").open(f"/-/proposals?tab={tab}"), 404)


COMMITS = (
    "HEAD", "main", "0" * 40, "f" * 40, "0" * 39, "g" * 40, "--output=x", "0" * 39 + "%0a", "@{-1}", "%00", "%ff",
    "A" * 40, "refs%2fheads%2fmain", "main%5e%7bcommit%7d",
)  # fmt: skip


@pytest.mark.parametrize("commit", COMMITS, ids=range(len(COMMITS)))
def test_revisions_that_do_not_exist_are_not_found(world: World, commit: str) -> None:
    visitor = world.visitor()
    main = world.wiki.repository.main()
    assert_page(visitor.open(f"/-/revision/{commit}/travel/expenses"), 400, 404)
    assert_page(visitor.open(f"/-/compare/travel/expenses?a={commit}&b={main}"), 400, 404)
    assert_page(visitor.open(f"/-/compare/travel/expenses?b={commit}"), 400)
    assert_page(visitor.open(f"/-/revision/{main}/no/such/page"), 404)
    assert_page(visitor.open(f"/-/compare/travel/visa?a={main}&b={main}"), 200)


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_a_hostile_name_is_refused_in_every_address_and_form(world: World, name: str) -> None:
    before = world.everything()
    ana = world.visitor("ana")
    quoted = quote(name.encode("utf-8", "surrogatepass"))
    for prefix in ("/", "/-/history/", "/-/edit/", "/-/remove/", f"/-/revision/{'0' * 40}/", "/-/compare/"):
        page = Page(ana.client.get(f"{prefix}{quoted}"))
        if page.status not in {301, 302, 308}:
            assert_page(page, *((200, 400, 404) if _stands_for_a_folder(name) else (400, 404)))
    assert_page(ana.open(f"/-/policy?path={quoted}"), 200)
    assert_page(ana.open(f"/-/new?name={quoted}"), 200)
    page = ana.post("/-/new", {"name": name, "title": "Bad name", "text": "# Kept\n\nWords.\n", "do": "propose"})
    if not _allowed(name):
        assert_page(page, 400)
        assert "Words." in page.typed()
        assert world.everything() == before
    ana.open(EDIT)
    base = ana.page.form(EDIT).fields["base"]
    renamed = ana.post(EDIT, {"name": name, "title": "Bad name", "text": "# Kept\n\nWords.\n", "base": base})
    if not _allowed(name) and name not in {"//", "travel/expenses/deeper"}:  # unmoved, and a place left by the move
        assert_page(renamed, 400)
        assert world.everything() == before
    ana.post("/-/preview", {"name": name, "text": "[x](y)"})
    assert ana.page.status == 200


def _stands_for_a_folder(name: str) -> bool:
    return name.strip("/").casefold() in {"travel", ""}


def _allowed(name: str) -> bool:
    """Whether the rules let this name stand: what looks odd may still be allowed, once trimmed."""
    if name.casefold().startswith("travel"):
        return False
    try:
        PageName(name.strip().strip("/"))
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    "base", ["x" * 40, "a" * 19 + "\n" + "b" * 20, "0" * 40, "refs/heads/main", "\x00" * 40, "-" * 40]
)
def test_a_forged_beginning_never_reaches_git(world: World, base: str) -> None:
    world.propose("ana", {"welcome": "# W\n\nHello.\n"})
    before = world.everything()
    ana = world.visitor("ana")
    for address in (EDIT, "/-/remove/travel/expenses", "/-/edit/welcome?proposal=1"):
        sent = {"title": "x", "text": "# Mine\n\nWords.\n", "base": base, "name": ""}
        assert_page(ana.post(address, sent), 409)
    assert world.everything() == before
    for name in ("travel/expenses", "welcome", "travel/visa"):
        assert world.visitor().open(f"/{name}").status == 200, "git still answers what it is asked"


def test_an_unknown_page_offers_to_propose_it(world: World) -> None:
    page = world.visitor().open("/travel/boats")
    assert_page(page, 404)
    assert page.tree.xpath("//main//a[@href='/-/new?name=travel/boats']")
    assert "travel/boats" in page.main


def test_addresses_that_are_no_pages_lead_home(world: World) -> None:
    for address in (
        "/-/nothing",
        "/-/",
        "/-/static/none.css",
        "/-/static/../app.py",
        "/-/static/%2e%2e/app.py",
        "/.env",
    ):
        page = world.visitor().open(address)
        assert_page(page, 400, 404)
        assert page.tree.xpath("//main//a[@href='/']")


def test_headers_and_cookies_that_make_no_sense_change_nothing(world: World) -> None:
    visitor = world.visitor()
    strange = (
        {"Cookie": "concord=garbage; theme=<script>; concord=; =; x"},
        {"Cookie": "concord=" + "A" * 8000},
        {"Accept-Language": "x" * 4000},
        {"Accept-Language": "de-;q=9,*;q=x,\xff"},
        {"If-None-Match": '"' * 500},
        {"If-Modified-Since": "yesterday"},
        {"Referer": "javascript:alert(1)"},
        {"Host": "evil.example"},
        {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"},
        {"Range": "bytes=5-1"},
    )
    for headers in strange:
        for address in ("/", "/travel/expenses", "/-/proposals"):
            response = visitor.client.get(address, headers=headers)
            assert response.status_code == 200, headers
            assert "evil.example" not in response.get_data(as_text=True)
