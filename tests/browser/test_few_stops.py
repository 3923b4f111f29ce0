"""With the keyboard what stands beside every passage is one stop, within which the arrow keys go on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window, barriers, propose

pytestmark = pytest.mark.browser
TABLE = "|what|how much|\n|-|-|\n" + "".join(f"|thing {n}|{n} euro|\n" for n in range(12))


def _stops(page: Any, kind: str) -> int:
    """How often Tab stops at what has this class, from one end of the page to the other."""
    count = 0
    page.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return count
        count += kind in page.evaluate("document.activeElement.className").split()
    raise AssertionError("the page has no end")


def _sign(page: Any) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def test_better_words_for_the_passages_of_a_page_are_one_stop(window: Window) -> None:
    page = window(who="bob")
    page.goto("/travel/expenses")
    every = page.locator("button.reword")
    assert every.count() > 5
    assert _stops(page, "reword") == 1
    every.first.focus()
    assert barriers(page) == []
    seen = [_sign(page)]
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "End", "ArrowDown", "Home"):
        page.keyboard.press(key)
        seen.append(_sign(page))
    said = [f"Suggest better words for “{words}”" for words in (
        "You are paid back what you spent.", "Meals", "Keep the receipt of every meal.", "Sleep where you sleep well."
    )]  # fmt: skip
    assert seen == [said[0], said[1], said[2], said[1], said[3], said[3], said[0]]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Suggest better words")).to_be_visible()
    page.keyboard.press("Escape")
    assert _sign(page) == said[1]


def test_ways_to_comment_on_a_difference_are_one_stop(window: Window) -> None:
    page = window(who="bob")
    propose(page, "working/hours", f"# Hours\n\nOne.\n\nTwo.\n\nThree.\n\n{TABLE}", "Many things")
    address = page.url
    assert page.locator(".say-here").count() > 3
    assert _stops(page, "say-here") == 1
    page.locator(".say-here").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.classList.contains('say-here')")
    page.keyboard.press("Enter")
    page.wait_for_url("**?at=**")
    plain = window(scripts=False, who="bob")
    plain.goto(address)
    assert plain.locator(".say-here:not([tabindex])").count() > 3
