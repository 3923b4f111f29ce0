"""The whole way to a provider and back in a real browser, under our own content security policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.acts import THEMES, Window, barriers
from tests.browser.conftest import Site, serving
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, ProviderNextDoor, open_provider
from tests.world import PASSWORD, begin, write_pages

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("KEEP_PICTURES")


@pytest.fixture(scope="module")
def next_door() -> Iterator[ProviderNextDoor]:
    """The provider."""
    with open_provider() as provider:
        for who, name in (("eve", "Eve Adams"), ("bob", "Bob Reyes"), ("ana", "Ana Souza")):
            address = f"{who}@example.com"
            provider.knows(who, email=address, email_verified=True, name=name, groups=["legal"])
        yield provider


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, next_door: ProviderNextDoor) -> Iterator[Site]:
    """A wiki beside it."""
    place = tmp_path_factory.mktemp("site")
    data = begin(place / "data", write_pages(place / "pages"))
    (data / "wiki.toml").write_text(
        f'[oidc.company]\nissuer = "{next_door.issuer}"\nclient_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
        'label = "Company account"\njoin = true\ngroups_claim = "groups"\ntrust_groups = true\n',
        encoding="utf-8",
    )
    with serving(data) as served:
        yield served


def looked_at(page: Any, name: str) -> None:
    """Nothing keeps anybody out of what is shown now, wide or narrow, light or dark."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for theme, rules in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{name}, {theme}, {width} px: {barrier}" for barrier in barriers(page, rules)]
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{theme}.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


def at_the_provider(page: Any, who: str) -> None:
    """Sign in on its page, which asks for a style from elsewhere that nobody answers here."""
    page.get_by_placeholder("sub").fill(who)
    page.get_by_role("button", name="Authorize").click()


def leave_out_what_is_elsewhere(page: Any) -> None:
    page.route("**/cdn.jsdelivr.net/**", lambda route: route.fulfill(body="", content_type="text/css"))


def test_somebody_new_makes_an_account_and_leaves_by_both_doors(
    window: Window, site: Site, next_door: ProviderNextDoor
) -> None:
    page = window()
    leave_out_what_is_elsewhere(page)
    page.goto("/-/sign-in?next=/travel/expenses")
    looked_at(page, "sign-in")
    page.get_by_role("link", name="Sign in with Company account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    assert page.url.startswith(next_door.issuer)
    at_the_provider(page, "eve")
    expect(page.get_by_role("heading", name="Make your account")).to_be_visible()
    looked_at(page, "new")
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/travel/expenses")
    expect(page.locator(".message")).to_have_text("Welcome, Eve Adams.")
    page.goto("/-/ways-to-sign-in")
    expect(page.get_by_text("This is the last way into your account")).to_be_visible()
    looked_at(page, "ways")
    page.goto("/-/policy")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    looked_at(page, "signed-out")
    page.get_by_role("link", name="Sign out of Company account too").click()
    page.wait_for_url(f"{next_door.issuer}/**")


def test_an_account_that_was_here_before_is_opened_after_its_password(window: Window, site: Site) -> None:
    page = window()
    leave_out_what_is_elsewhere(page)
    page.goto("/-/sign-in")
    page.get_by_role("link", name="Sign in with Company account").click()
    at_the_provider(page, "bob")
    expect(page.get_by_role("heading", name="Is this your account?")).to_be_visible()
    looked_at(page, "join")
    page.get_by_label("Password of your account here").fill(PASSWORD)
    page.get_by_role("button", name="It is mine").click()
    expect(page.locator(".message")).to_contain_text("From now on you can sign in with Company account.")


def test_one_more_way_is_linked_without_scripts_too(window: Window, site: Site) -> None:
    page = window(who="ana", scripts=False)
    leave_out_what_is_elsewhere(page)
    page.goto("/-/ways-to-sign-in")
    page.get_by_role("link", name="Link Company account").click()
    at_the_provider(page, "ana")
    expect(page.get_by_role("heading", name="One more way to sign in")).to_be_visible()
    page.get_by_role("button", name="Link them").click()
    expect(page.get_by_role("button", name="Unlink Company account")).to_be_visible()
    page.get_by_role("button", name="Unlink Company account").click()
    expect(page.get_by_role("link", name="Link Company account")).to_be_visible()


def test_who_thinks_better_of_it_comes_back(window: Window, site: Site, complaints: Any) -> None:
    page = window()
    leave_out_what_is_elsewhere(page)
    page.goto("/-/sign-in/company")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", name="You did not sign in")).to_be_visible()
    looked_at(page, "denied")
    complaints.found = [said for said in complaints.found if "status of 403" not in said]
