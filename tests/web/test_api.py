"""The interface for programs: reading, proposing and revising with a token, and nothing else."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.sql import statements
from tests.web.routes import all_routes
from tests.world import World

API = "/-/api/1"
HELLO = {"title": "Say hello", "why": "It is kinder.", "pages": {"welcome": "# Welcome\n\nHello.\n"}}


def _get(world: World, address: str, headers: dict[str, str] | None = None) -> Any:
    answer = world.app.test_client().get(API + address, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    return answer.get_json()


def _post(world: World, address: str, headers: dict[str, str], values: object) -> TestResponse:
    return world.app.test_client().post(API + address, headers=headers, json=values)


def _sentence(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert told["status"] == status
    return str(told["error"])


# Reading


def test_the_pages_are_listed_by_name(world: World) -> None:
    told = _get(world, "/pages")
    names = [each["name"] for each in told["pages"]]
    assert names == sorted(names)
    assert {"welcome", "travel/expenses", "größe/naïve"} <= set(names)
    assert told["next"] is None
    (page,) = (each for each in told["pages"] if each["name"] == "travel/expenses")
    assert page["title"] == "Expenses"
    assert page["url"] == "http://localhost/travel/expenses"
    assert page["api"] == "http://localhost/-/api/1/pages/travel/expenses"


def test_a_long_list_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiki.web.api.pages.PER_PAGE", 4)
    seen: list[str] = []
    address: str | None = f"http://localhost{API}/pages"
    for _ in range(10):
        if address is None:
            break
        told = _get(world, address.removeprefix(f"http://localhost{API}"))
        seen += [each["name"] for each in told["pages"]]
        address = told["next"]
    assert address is None
    assert len(seen) == len(set(seen)) == 9


def test_a_page_tells_its_text_and_who_brought_it_into_force(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Say hello")
    world.endorse(n, "bob", "cyd")
    told = _get(world, "/pages/welcome")
    assert told["text"] == "# Welcome\n\nHello.\n"
    assert "Ana Souza" in [each["name"] for each in told["written_by"]]
    assert [each["name"] for each in told["endorsed_by"]] == ["Bob Reyes", "Cyd Laurent"]
    assert told["proposal"] == f"http://localhost/-/proposals/{n}"
    assert told["revision"] == world.wiki.repository.main()
    assert "@" not in json.dumps({key: value for key, value in told.items() if key != "text"})
    assert _get(world, "/pages/größe/naïve")["title"] == "Größe"


def test_proposals_are_listed_by_state_and_told_with_their_decision(world: World) -> None:
    n = world.propose("ana", {"welcome": "# Welcome\n\nHello.\n", "notes/kitchen": None}, "Say hello")
    world.endorse(n, "bob")
    world.wiki.guidelines.object(n, world.person("cyd"), world.change(n), "Too warm.")
    (row,) = _get(world, "/proposals")["proposals"]
    assert (row["number"], row["endorsements"], row["state"]) == (n, 1, "open")
    assert _get(world, "/proposals?state=closed")["proposals"] == []
    told = _get(world, f"/proposals/{n}")
    assert {each["page"]: each["what"] for each in told["changes"]} == {
        "welcome": "changed",
        "notes/kitchen": "removed",
    }
    decision = told["decision"]
    assert [each["name"] for each in decision["endorsed_by"]] == ["Bob Reyes"]
    assert [each["reason"] for each in decision["objections"]] == ["Too warm."]
    assert decision["not_yet_because"]
    assert told["change"] == world.change(n)
    world.wiki.guidelines.close(n, world.person("ana"))
    assert _get(world, f"/proposals/{n}")["state"] == "closed"


@pytest.mark.parametrize("address", ["/pages/none", "/pages/../x", "/proposals/99", "/proposals/x", "/nothing",
                                     "/proposals?state=nonsense", f"/proposals/{10**30}", "/pages/travel"])  # fmt: skip
def test_what_is_not_there_is_told_as_json(world: World, address: str) -> None:
    assert _sentence(world.app.test_client().get(API + address), 404)


@pytest.mark.parametrize("address", ["/pages?page=x", "/pages?page=-1", "/pages?page=9999999999999"])
def test_a_page_of_a_list_is_a_number(world: World, address: str) -> None:
    assert _sentence(world.app.test_client().get(API + address), 400)


def test_a_far_page_of_a_list_is_empty(world: World) -> None:
    assert _get(world, "/pages?page=99999") == {"pages": [], "next": None}


# Proposing


def test_a_program_proposes_in_the_name_of_its_owner(world: World) -> None:
    answer = _post(world, "/proposals", world.program("ana", may_propose=True), HELLO)
    assert answer.status_code == 201
    n = answer.get_json()["number"]
    proposal = world.wiki.guidelines.weigh(n).proposal
    assert proposal.acts[0].author == world.person("ana")
    assert proposal.acts[0].text == "Say hello\n\nIt is kinder."
    assert world.visitor().open(answer.get_json()["url"].removeprefix("http://localhost")).status == 200
    page = world.visitor("ana").open(f"/-/proposals/{n}")
    assert not page.offers("/endorse")


def test_and_revises_what_is_its_owners_own(world: World) -> None:
    program = world.program("ana", may_propose=True)
    n = _post(world, "/proposals", program, HELLO).get_json()["number"]
    change = world.change(n)
    other = {"change": change, "note": "Shorter.", "pages": {"welcome": "# Welcome\n\nHi.\n", "notes/tea": "# Tea\n"}}
    answer = _post(world, f"/proposals/{n}/revise", program, other)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert [each["page"] for each in answer.get_json()["changes"]] == ["notes/tea", "welcome"]
    assert _post(world, f"/proposals/{n}/revise", program, other).get_json()["change"] == answer.get_json()["change"]
    late = {**other, "pages": {"welcome": "# Welcome\n\nHey.\n"}}
    assert "changed since" in _sentence(_post(world, f"/proposals/{n}/revise", program, late), 409)
    theirs = world.propose("bob", {"working/hours": "# Hours\n\nNine.\n"})
    refused = {**other, "change": world.change(theirs)}
    assert "Only an author" in _sentence(_post(world, f"/proposals/{theirs}/revise", program, refused), 400)
    assert _sentence(_post(world, "/proposals/99/revise", program, other), 404)


def test_a_version_that_was_overtaken_is_a_conflict(world: World) -> None:
    program = world.program("ana", may_propose=True)
    seen = {"welcome": _get(world, "/pages/welcome")["version"]}
    n = world.propose("bob", {"welcome": "# Welcome\n\nOther.\n"})
    world.endorse(n, "cyd", "dee")
    assert _sentence(_post(world, "/proposals", program, {**HELLO, "seen": seen}), 409)
    fresh = {"welcome": _get(world, "/pages/welcome")["version"]}
    assert _post(world, "/proposals", program, {**HELLO, "seen": fresh}).status_code == 201


@pytest.mark.parametrize("values", [
    [], "x", 7, {}, {"title": "x"}, {"pages": {}}, {**HELLO, "title": ""}, {**HELLO, "title": 7},
    {**HELLO, "pages": []}, {**HELLO, "pages": {}}, {**HELLO, "pages": {"welcome": 7}}, {**HELLO, "why": None},
    {**HELLO, "pages": {"../x": "x"}}, {**HELLO, "pages": {".git/config": "x"}}, {**HELLO, "seen": {"welcome": 1}},
    {**HELLO, "pages": {"welcome": None, "none": None}}, {**HELLO, "pages": {"policy.toml": "nonsense"}}, {"more": 1},
    {**HELLO, "pages": {"\ud800": "x"}}, {**HELLO, "title": "x" * 500}, {**HELLO, "pages": {"welcome": ""}},
])  # fmt: skip
def test_what_is_no_proposal_is_refused_with_a_sentence(world: World, values: object) -> None:
    before = world.everything()
    assert _sentence(_post(world, "/proposals", world.program("ana", may_propose=True), values), 400)
    assert world.everything() == before


@pytest.mark.parametrize(("body", "kind", "status"), [
    (b"{", "application/json", 400), (b"\xff", "application/json", 400), (b"", "application/json", 400),
    (b"[" * 100_000, "application/json", 400), (b'{"a":' * 50_000, "application/json", 400),
    (b"title=x", "application/x-www-form-urlencoded", 415), (b"{}", "text/plain", 415),
    (b'{"title": "' + b"x" * (5 << 20) + b'"}', "application/json", 413),
])  # fmt: skip
def test_a_body_that_is_no_json_is_refused(world: World, body: bytes, kind: str, status: int) -> None:
    headers = world.program("ana", may_propose=True)
    answer = world.app.test_client().post(f"{API}/proposals", data=body, headers=headers, content_type=kind)
    assert _sentence(answer, status)


# Tokens


def test_to_propose_takes_a_token_that_may(world: World) -> None:
    before = world.everything()
    client = world.app.test_client()
    without = client.post(f"{API}/proposals", json=HELLO)
    assert _sentence(without, 401)
    assert without.headers["WWW-Authenticate"].startswith("Basic ")
    assert "may only read" in _sentence(_post(world, "/proposals", world.program("ana"), HELLO), 403)
    signed_in = world.visitor("ana")
    assert _sentence(signed_in.client.post(f"{API}/proposals", json=HELLO), 401)
    assert world.everything() == before


@pytest.mark.parametrize("scheme", ["Bearer {}", "bearer {}"])
def test_a_token_comes_as_bearer_or_as_a_password(world: World, scheme: str) -> None:
    key = world.program("ana", may_propose=True)["Authorization"].removeprefix("Bearer ")
    assert _post(world, "/proposals", {"Authorization": scheme.format(key)}, HELLO).status_code == 201
    for pair in (f"anybody:{key}", f":{key}", f"{key}:", f"{key}:x-oauth-basic"):
        basic = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        assert _post(world, "/proposals", basic, {**HELLO, "title": pair[:9]}).status_code == 201


def test_a_token_that_does_not_work_is_refused_wherever_it_comes(world: World) -> None:
    old = world.program("ana", days=1)
    gone = world.program("bob")
    (theirs,) = world.wiki.tokens.of(world.people["bob"].id)
    world.wiki.tokens.take_back(theirs.account, theirs.id)
    world.wiki.accounts.deactivate(world.people["cyd"])
    cyd = world.program("cyd")
    world.clock.wait(1)
    for headers in (old, gone, cyd, {"Authorization": "Bearer concord_nothing"}):
        for address in ("/welcome", "/-/feeds/changes", f"{API}/pages"):
            answer = world.app.test_client().get(address, headers=headers)
            assert answer.status_code == 401
            assert "does not work" in answer.get_data(as_text=True)


@pytest.mark.parametrize("header", [
    "", "Bearer", "Bearer ", "Basic", "Basic !!!", "Basic eDp5", "Digest x=y", "x" * 5_000, "Bearer x y z",
    "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
])  # fmt: skip
def test_what_is_no_token_of_ours_is_left_alone(world: World, header: str) -> None:
    assert world.app.test_client().get("/welcome", headers={"Authorization": header}).status_code == 200


def test_tokens_cannot_be_tried_without_end(world: World) -> None:
    client = world.app.test_client()
    statuses = [
        client.get("/welcome", headers={"Authorization": f"Bearer concord_{nth}"}).status_code for nth in range(62)
    ]
    assert (statuses[0], statuses[-1]) == (401, 429)


def test_a_token_opens_no_account_and_lends_no_voice(world: World) -> None:
    program = world.program("ana", may_propose=True)
    n = world.propose("bob", {"welcome": "# Welcome\n\nHello.\n"})
    before = world.everything()
    for address, methods in all_routes(world.app).items():
        for method in methods:
            if address.startswith(f"{API}/") or address.endswith("git-upload-pack"):
                continue
            answer = world.app.test_client().open(address, method=method, headers=program)
            if method != "GET":
                assert answer.status_code in {303, 400, 401, 403, 404, 405}, (method, address)
            elif address.startswith(("/-/account", "/-/admin")):
                assert answer.status_code in {302, 401}, address
            assert "Signed in as" not in answer.get_data(as_text=True), address
    forged = {"change": world.change(n), "reason": "No."}
    for act in ("endorse", "object", "retract", "comment", "close"):
        answer = world.app.test_client().post(f"/-/proposals/{n}/{act}", headers=program, data=forged)
        assert answer.status_code == 401, act
    assert world.everything() == before
    assert not any("/endorse" in address or "/object" in address
                   for address in all_routes(world.app) if address.startswith(f"{API}/"))  # fmt: skip


def test_the_last_use_is_shown_and_not_noted_each_time(world: World) -> None:
    program = world.program("ana")
    ana = world.visitor("ana")
    assert "never used" in ana.open("/-/account/tokens").main
    _get(world, "/pages", program)
    assert "last used just now" in ana.open("/-/account/tokens").main
    with statements(world.wiki.engine) as said:
        _get(world, "/pages", program)
    assert not [each for each in said if each.startswith(("UPDATE", "INSERT", "DELETE"))]


# The page of tokens


def test_a_token_is_made_shown_once_used_and_taken_back(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/account/tokens")
    page = ana.submit("/tokens", name="my reader", scope="propose", days="30", present="a calm blue morning")
    assert page.status == 201
    (key,) = page.tree.xpath("//*[@class='notice']//code/text()")
    assert page.response is not None
    assert page.response.headers["Cache-Control"] == "no-store"
    assert _post(world, "/proposals", {"Authorization": f"Bearer {key}"}, HELLO).status_code == 201
    page = ana.open("/-/account/tokens")
    assert "my reader" in page.main
    assert "reads and proposes" in page.main
    assert str(key) not in page.body
    ana.submit("/take-back")
    assert "my reader" not in ana.page.main
    assert _post(world, "/proposals", {"Authorization": f"Bearer {key}"}, HELLO).status_code == 401


@pytest.mark.parametrize("fields", [
    {"present": "wrong"}, {"present": ""}, {"name": ""}, {"name": "x" * 101}, {"name": "\u200b"}, {"days": "400"},
    {"days": "x"}, {"scope": "endorse"}, {"scope": ""},
])  # fmt: skip
def test_a_token_that_is_no_good_is_refused_with_what_was_typed(world: World, fields: dict[str, str]) -> None:
    ana = world.visitor("ana")
    ana.open("/-/account/tokens")
    values = {"name": "my reader", "scope": "read", "days": "30", "present": "a calm blue morning", **fields}
    page = ana.post("/-/account/tokens", values)
    assert page.status == 400
    assert page.tree.xpath("//*[@role='alert']//a")
    assert world.wiki.tokens.of(world.people["ana"].id) == []
    assert page.tree.xpath("//input[@id='name']/@value") == [values["name"]]


def test_the_tokens_of_others_cannot_be_taken_back(world: World) -> None:
    program = world.program("ana")
    (token,) = world.wiki.tokens.of(world.people["ana"].id)
    bob = world.visitor("bob")
    for number in (token.id, 0, 10**20):
        assert bob.post(f"/-/account/tokens/{number}/take-back").status == 200
    assert _get(world, "/pages", program)
