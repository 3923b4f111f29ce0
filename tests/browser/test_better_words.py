"""Better words for a sentence, wide and on a phone: select, type, propose; and the same by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window, barriers

pytestmark = pytest.mark.browser
SELECT = """(words) => {
  const walk = document.createTreeWalker(document.querySelector("article.prose"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(words);
    if (at < 0) continue;
    getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + words.length);
    return;
  }
}"""


def _sheet(page: Any) -> Any:
    sheet = page.get_by_role("dialog", name="Suggest better words")
    expect(sheet).to_be_visible()
    return sheet


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_selected_sentence_is_worded_better(window: Window, width: int, theme: str) -> None:
    page = window(width, theme=theme, who="bob")
    page.goto("/welcome")
    page.evaluate(SELECT, "change it")
    button = page.locator(".reword-chosen")
    expect(button).to_be_visible()
    assert barriers(page) == []
    button.click()
    sheet = _sheet(page)
    words = sheet.get_by_label("Better words")
    expect(words).to_have_value("Read it once, then change it.")
    words.fill(f"Read it once, then make it better at {width}.")
    expect(sheet.locator("ins").first).to_be_visible()
    sheet.get_by_label("Why?").fill("It says more.")
    assert barriers(page) == []
    box = sheet.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    sheet.get_by_role("button", name="Propose").click()
    page.wait_for_url("**/-/proposals/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Better words for “Read it once, then change it.”")


def test_by_keyboard_each_passage_has_a_button_and_escape_leaves(window: Window) -> None:
    page = window(390, who="cyd")
    page.goto("/travel/visa")
    button = page.get_by_role("button", name="Suggest better words for “We pay the fee.”")
    button.focus()
    box = button.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    assert page.evaluate("getComputedStyle(document.activeElement).opacity") == "1"
    page.keyboard.press("Enter")
    sheet = _sheet(page)
    expect(sheet.get_by_label("Better words")).to_be_focused()
    expect(sheet.get_by_label("Better words")).to_have_value("We pay the fee.")
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    _sheet(page).get_by_label("Better words").fill("We pay every fee.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/-/proposals/*")


def test_of_equal_words_the_selected_ones_are_meant(window: Window) -> None:
    page = window(1280)
    page.goto("/travel/visa")
    page.get_by_role("button", name="Suggest better words for “Ask early. See expenses.”").click(force=True)
    words = _sheet(page).get_by_label("Better words")
    expect(words).to_have_value("Ask early. See expenses.")
