"""Searching in a real browser: by keyboard from anywhere, on a phone, without scripts, for everybody."""

from __future__ import annotations

import pytest

from tests.browser.acts import Window, overflows

pytestmark = pytest.mark.browser


def test_from_the_slash_to_a_page_by_keyboard(window: Window) -> None:
    page = window()
    page.goto("/travel/visa")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search the guidelines")
    assert field.evaluate("it => it === document.activeElement")
    page.keyboard.type("exp")
    page.get_by_role("option", name="Expenses").wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert "suggestion" in page.locator(".search-box [role=status]").inner_text()
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/travel/expenses")


def test_escape_closes_and_enter_searches_the_texts(window: Window) -> None:
    page = window()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("meal")
    page.get_by_role("banner").get_by_role("status").get_by_text("No title is like this.").wait_for(state="attached")
    page.locator("#find").fill("exp")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.locator("#find").get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert page.locator("#find").get_attribute("aria-expanded") == "false"
    assert page.locator("#find").input_value() == "exp"
    page.locator("#find").fill("meals")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/search?q=meals")
    page.get_by_role("link", name="Expenses").click()
    page.wait_for_url("**/travel/expenses")


def test_the_slash_is_a_letter_where_one_types(window: Window) -> None:
    page = window()
    page.goto("/-/sign-in")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("a/b")
    assert page.get_by_label("E-mail address").input_value() == "a/b"


def test_suggestions_move_nothing(window: Window) -> None:
    page = window()
    page.goto("/travel/visa")
    before = page.locator("h1").bounding_box()
    page.locator("#find").fill("exp")
    page.get_by_role("option").first.wait_for()
    assert page.locator("h1").bounding_box() == before
    page.get_by_role("option").first.click()
    page.wait_for_url("**/travel/expenses")


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_it_is_one_tap_away(window: Window, width: int) -> None:
    page = window(width)
    page.goto("/travel/visa")
    assert overflows(page) == 0
    page.get_by_role("banner").get_by_role("link", name="Search").click()
    page.wait_for_url("**/-/search")
    page.get_by_role("combobox", name="Search the guidelines").fill("receipt")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/search?q=receipt*")
    assert "Keep the receipt of every meal." in page.locator("main").inner_text()
    assert overflows(page) == 0


def test_without_scripts_the_form_does_it(window: Window) -> None:
    page = window(scripts=False)
    page.goto("/travel/visa")
    page.get_by_label("Search the guidelines").fill("receipt")
    page.get_by_role("banner").get_by_role("button", name="Search").click()
    assert "Keep the receipt of every meal." in page.locator("main").inner_text()
