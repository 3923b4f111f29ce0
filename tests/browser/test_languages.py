"""Every language of the interface in a real browser: it is chosen in the menu, and nothing overflows or is cut."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.acts import THEMES, Window, barriers, overflows
from tests.browser.conftest import Site
from wiki import places

pytestmark = pytest.mark.browser
SCREENS = ("/", "/welcome", "/-/proposals", "/-/edit/welcome", "/-/edit/policy.toml", "/-/new", "/-/history/welcome",
           "/-/who/welcome", "/-/growth/welcome", "/-/changes", "/-/policy", "/-/search?q=receipt", "/-/search?q=zzz",
           "/-/verify", "/-/remove/welcome", "/nowhere")  # fmt: skip


def choose(page: Any, language: str) -> None:
    """Choose a language in the menu, and wait until it is spoken."""
    page.locator(".menu > summary").click()
    page.locator(f"button[name=language][value={language}]").click()
    page.locator(f"html[lang={language}]").wait_for(state="attached")


def speaking(page: Any, site: Site, language: str) -> Any:
    """The window, in a language chosen on this device: in the menu a member chooses for all of theirs."""
    page.context.add_cookies([{"name": "language", "value": language, "url": site.address}])
    return page


@pytest.mark.parametrize("language", places.languages())
def test_every_language_fits_everywhere(window: Window, site: Site, complaints: Any, language: str) -> None:
    page = speaking(window(who="ana"), site, language)
    found = []
    for address in SCREENS:
        page.goto(address)
        for width in (1280, 800, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if overflows(page):
                found.append(f"{address} at {width}")
    assert found == []
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    complaints.found = [said for said in complaints.found if "404" not in said]


def test_from_right_to_left_every_screen_is_accessible(window: Window, site: Site, complaints: Any) -> None:
    page = speaking(window(390, who="ana"), site, "ar")
    found = []
    for address in SCREENS:
        page.goto(address)
        for theme, rules in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found += [f"{address}, {theme}: {barrier}" for barrier in barriers(page, rules)]
    assert found == []
    complaints.found = [said for said in complaints.found if "404" not in said]


def test_a_language_is_chosen_in_the_menu_which_stays_on_the_screen(window: Window) -> None:
    for width in (1280, 800, 390, 320):
        page = window(width)
        page.goto("/welcome")
        for language in ("fr", "ar"):
            choose(page, language)
            page.locator(".menu > summary").click()
            box = page.locator(".menu-body").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            page.locator(".menu > summary").click()


def test_from_right_to_left_the_days_below_a_picture_stay_at_its_ends(window: Window, site: Site) -> None:
    for language in ("en", "ar"):
        page = speaking(window(), site, language)
        page.goto("/-/growth/legal/contracts")
        first, last = (page.locator(".growth-days > span").nth(at) for at in (0, 1))
        assert first.locator("time").get_attribute("datetime") < last.locator("time").get_attribute("datetime")
        assert first.bounding_box()["x"] < last.bounding_box()["x"], language
        picture, days = (page.locator(f".growth {part}").bounding_box() for part in ("svg", ".growth-days"))
        assert (first.bounding_box()["x"], days["width"]) == (picture["x"], picture["width"])


def test_the_live_preview_turns_to_the_side_of_the_language_that_is_typed(window: Window, site: Site) -> None:
    page = window(who="ana")
    page.goto("/-/edit/welcome")
    text = page.locator("textarea[name=text]").input_value()
    pane = page.locator("[data-preview]")
    for typed, side in ((f"---\nlang: ar\n---\n\n{text}", "rtl"), (f"{text}\nMore.\n", "ltr")):
        page.locator("textarea[name=text]").fill(typed)
        page.wait_for_function(
            "(side) => getComputedStyle(document.querySelector('[data-preview]')).direction === side", arg=side
        )
        assert pane.get_attribute("lang") == ("ar" if side == "rtl" else None)
