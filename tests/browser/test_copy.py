"""Copying addresses that stay: at a phone's width, by keyboard, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.acts import Window, barriers

pytestmark = pytest.mark.browser
WHO = "/-/who/travel/expenses"


def _copied(page: Any) -> str:
    page.locator("#copied", has_text="Copied").wait_for(state="attached")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_the_address_of_a_passage_is_copied_by_keyboard_and_leads_there(window: Window, width: int, theme: str) -> None:
    page = window(width, theme=theme)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(WHO)
    link = page.locator(".passage .to").nth(2)
    link.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy link"
    assert page.evaluate("getComputedStyle(document.activeElement).opacity") == "1"
    box = page.locator(":focus").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    page.keyboard.press("Enter")
    address = _copied(page)
    assert address == link.evaluate("link => link.href")
    assert barriers(page) == []
    page.goto(address)
    assert page.url.endswith("#passage")
    found = page.locator(".found")
    assert found.is_visible()
    assert 0 <= found.bounding_box()["y"] < page.viewport_size["height"]


def test_headings_have_a_button_and_keep_their_names(window: Window) -> None:
    page = window(390)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/travel/expenses")
    heading = page.get_by_role("heading", name="Meals", exact=True)
    heading.get_by_role("button", name="Copy the link to “Meals”").focus()
    page.keyboard.press("Space")
    address = _copied(page)
    assert "/-/passage/" in address
    assert page.url.endswith("#h-meals")
    assert barriers(page) == []
    page.goto(address)
    assert page.locator(".found").inner_text().startswith("Meals")


def test_without_scripts_there_are_links_and_no_buttons(window: Window) -> None:
    page = window(1280, scripts=False)
    page.goto(WHO)
    assert page.get_by_role("button", name="Copy link").count() == 0
    page.get_by_role("link", name="Link to this passage").first.click()
    page.wait_for_url("**/travel/expenses?passage=*")
    assert page.locator(".found").is_visible()
