"""Signing in and out, and the one-time links."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest

from tests.world import PASSWORD, World, copy_of, open_world
from wiki.accounts.passwords import Passwords

SIGN_IN = "/-/sign-in"


def test_signing_in_and_out(world: World) -> None:
    visitor = world.visitor()
    visitor.open(SIGN_IN)
    visitor.submit(SIGN_IN, email=" Bob@Example.com ", password=PASSWORD)
    assert visitor.page.address == "/"
    assert "Bob Reyes" in visitor.page.body
    assert visitor.open(SIGN_IN).address == "/"
    visitor.submit("/-/sign-out")
    assert "signed out" in visitor.page.messages
    assert "Bob Reyes" not in visitor.page.body


def test_unknown_and_wrong_get_the_same_answer(world: World) -> None:
    world.wiki.accounts.deactivate(world.people["zed"])
    answers = set()
    for email, password in (
        ("bob@example.com", "the wrong password"),
        ("nobody@example.com", PASSWORD),
        ("zed@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("bob@example.com\x00", PASSWORD),
        ("bob@example.com", PASSWORD + " " * 900),
    ):
        visitor = world.visitor()
        visitor.open(SIGN_IN)
        page = visitor.submit(SIGN_IN, email=email, password=password)
        assert page.status == 403
        assert PASSWORD not in page.body
        answers.add(page.main)
    assert len(answers) == 1


def test_unknown_and_wrong_take_the_same_time(world: World) -> None:
    accounts = world.wiki.accounts
    accounts.passwords = Passwords()
    accounts.set_password(world.people["bob"], "a slower calm morning")
    spent: dict[str, list[float]] = {"bob@example.com": [], "nobody@example.com": []}
    for _ in range(7):
        for email, times in spent.items():
            began = time.perf_counter()
            assert accounts.authenticate(email, "the wrong password", 0) is None
            times.append(time.perf_counter() - began)
    known, unknown = (median(times) for times in spent.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("fields", [{}, {"email": "bob@example.com"}, {"password": PASSWORD}, {"email": "x" * 5000}])
def test_a_form_with_something_missing_says_what(world: World, fields: dict[str, str]) -> None:
    page = world.visitor().post(SIGN_IN, fields)
    assert page.status == 400
    assert page.tree.xpath("//main//*[@role='alert']//a")


def test_too_many_tries_for_one_account_have_to_wait(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), sign_in_limit_per_account="3 per minute") as world:
        for who, tries in (("bob", 3), ("ana", 3)):
            visitor = world.visitor()
            for _ in range(tries):
                assert visitor.post(SIGN_IN, {"email": f"{who}@example.com", "password": "no"}).status == 403
        page = world.visitor().post(SIGN_IN, {"email": "BOB@example.com ", "password": PASSWORD})
        assert page.status == 429
        assert page.response is not None
        assert 0 < int(page.response.headers["Retry-After"]) <= 60
        assert "too many tries" in page.main
        assert world.visitor().open("/welcome").status == 200


def test_too_many_tries_from_one_address_have_to_wait(founded: Path, tmp_path: Path) -> None:
    with open_world(copy_of(founded, tmp_path / "data"), sign_in_limit_per_address="5 per minute") as world:
        visitor = world.visitor()
        statuses = [visitor.post(SIGN_IN, {"email": f"n{i}@example.com", "password": "no"}).status for i in range(7)]
        assert statuses == [403] * 5 + [429] * 2


def test_a_session_is_new_after_signing_in(world: World) -> None:
    visitor = world.visitor()
    visitor.open(SIGN_IN)
    token, before = visitor.token(), visitor.client.get_cookie("concord")
    visitor.submit(SIGN_IN, email="bob@example.com", password=PASSWORD)
    after = visitor.client.get_cookie("concord")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert visitor.client.post("/-/preview", data={"text": "x", "csrf_token": token}).status_code == 400


def test_the_first_account_is_made_with_a_link_that_works_once(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    (data / "wiki.db").unlink()
    with open_world(data) as world:
        wiki = world.wiki
        wiki.index.rebuild()
        token = wiki.accounts.issue_link("first", None, wiki.now())
        address = f"/-/welcome/{token}"
        one, two = world.visitor(), world.visitor()
        one.open(address)
        two.open(address)
        weak = one.submit(address, email="eve@example.com", name="Eve Adams", password="password1234")
        assert weak.status == 400
        assert "commonest" in weak.main
        done = one.submit(address, email="eve@example.com", name="Eve Adams", password=PASSWORD)
        assert "Welcome, Eve Adams." in done.messages
        late = two.submit(address, email="mal@example.com", name="Mal", password=PASSWORD)
        assert late.status == 404
        assert "used already" in late.main
        assert wiki.accounts.count() == 1
        assert two.open(address).status == 404


def test_a_link_that_is_too_old_or_invented_does_not_work(world: World) -> None:
    token = world.wiki.accounts.issue_link("password", world.people["bob"], world.wiki.now(), lifetime=60)
    world.clock.wait(1)
    for bad in (token, "x", "A" * 500, "%00", "%ff", token[:-1]):
        assert world.visitor().open(f"/-/welcome/{bad}").status in {400, 404}


def test_a_password_link_sets_a_password_and_ends_other_sessions(world: World) -> None:
    elsewhere = world.visitor("bob")
    token = world.wiki.accounts.issue_link("password", world.people["bob"], world.wiki.now())
    here = world.visitor()
    here.open(f"/-/welcome/{token}")
    here.submit(token, password="a brand new morning")
    assert "Your password is changed, and you are signed in." in here.page.messages
    assert "Bob Reyes" not in elsewhere.open("/").body
    assert world.visitor().sign_in("bob", "a brand new morning").page.address == "/"
