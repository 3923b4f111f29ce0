"""Administering with the keyboard alone, and coming in by a link from a phone without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window
from tests.browser.conftest import Site, serving
from tests.browser.keyboard import Keyboard
from tests.world import begin, open_world, write_pages

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A wiki of which Ana is the administrator."""
    place = tmp_path_factory.mktemp("door")
    data = begin(place / "data", write_pages(place / "pages"))
    with open_world(data) as world:
        world.wiki.administration.make_administrator(None, world.people["ana"].id, world.wiki.now())
    with serving(data) as served:
        yield served


def test_somebody_is_found_let_go_and_let_back_in_with_the_keyboard_alone(window: Window) -> None:
    keys = Keyboard(window(who="ana"))
    keys.page.goto("/")
    keys.tab_to("Signed in as", tag="summary")
    keys.press("Enter")
    keys.tab_to("Administration", tag="a")
    keys.press("Enter")
    keys.arrive("**/-/administration")
    keys.tab_to("Name or address", tag="input")
    keys.type("laurent")
    keys.press("Enter")
    keys.arrive("**?q=laurent")
    keys.tab_to("Cyd Laurent", tag="a")
    keys.press("Enter")
    keys.arrive("**/people/3")
    keys.tab_to("Deactivate this account", tag="a")
    keys.press("Enter")
    keys.arrive("**/people/3/deactivate")
    keys.tab_to("Deactivate this account", tag="button")
    keys.press("Enter")
    expect(keys.page.get_by_text("Cyd Laurent is deactivated.")).to_be_visible()
    keys.lands_on(classes="message")
    keys.tab_to("Reactivate this account", tag="button")
    keys.press("Enter")
    expect(keys.page.get_by_text("Cyd Laurent can sign in again.")).to_be_visible()


def test_a_link_is_made_and_somebody_comes_in_by_it_on_a_phone_without_scripts(window: Window) -> None:
    ana = window(who="ana")
    ana.goto("/-/invitations")
    ana.get_by_label("For how many people").fill("2")
    ana.get_by_role("button", name="Make a link").click()
    shown = ana.locator("a[data-copy]")
    expect(ana.get_by_role("button", name="Copy link")).to_be_visible()
    phone = window(390, scripts=False)
    phone.goto(str(shown.get_attribute("href")))
    phone.get_by_label("E-mail address").fill("eve@example.net")
    phone.get_by_label("Your name").fill("Eve Adams")
    phone.get_by_label("Password").fill("a bright green evening")
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_text("Welcome, Eve Adams.")).to_be_visible()
