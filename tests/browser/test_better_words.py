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
    page.goto("/working/tea")
    page.evaluate(SELECT, "then pour")
    button = page.locator(".reword-chosen")
    expect(button).to_be_visible()
    assert barriers(page) == []
    button.click()
    sheet = _sheet(page)
    words = sheet.get_by_label("Better words")
    expect(words).to_have_value("Taste it first, then pour it.")
    words.fill(f"Taste it twice, then pour it at {width}.")
    expect(sheet.locator("ins").first).to_be_visible()
    sheet.get_by_label("Why?").fill("It says more.")
    assert barriers(page) == []
    box = sheet.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    sheet.get_by_role("button", name="Propose").click()
    page.wait_for_url("**/-/proposals/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Better words for “Taste it first, then pour it.”")


def test_by_keyboard_each_passage_has_a_button_and_escape_leaves(window: Window) -> None:
    page = window(390, who="cyd")
    page.goto("/working/tea")
    button = page.get_by_role("button", name="Suggest better words for “Pour it later.”")
    button.focus()
    box = button.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    assert page.evaluate("getComputedStyle(document.activeElement).opacity") == "1"
    page.keyboard.press("Enter")
    sheet = _sheet(page)
    expect(sheet.get_by_label("Better words")).to_be_focused()
    expect(sheet.get_by_label("Better words")).to_have_value("Pour it later.")
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    _sheet(page).get_by_label("Better words").fill("Pour it much later.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/-/proposals/*")


def test_of_equal_words_the_selected_ones_are_meant(window: Window) -> None:
    page = window(1280)
    page.goto("/working/tea")
    page.get_by_role("button", name="Suggest better words for “Take small ones. See hours.”").click(force=True)
    words = _sheet(page).get_by_label("Better words")
    expect(words).to_have_value("Take small ones. See hours.")
