"""Bringing two versions together in a real browser: on a phone, by keyboard alone, without scripts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.acts import Window, overflows
from tests.browser.conftest import Site, serving
from tests.browser.stage import MEALS, TRAINS
from tests.world import POLICY, begin, open_world, write_pages

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A small wiki in which proposal 1 of Ana was overtaken in two passages."""
    data = begin(tmp_path / "data", write_pages(tmp_path / "pages"), POLICY)
    with open_world(data) as world:
        world.clock.at = time.time() - 60
        text = world.text("travel/expenses") or ""
        world.propose("ana", {
            "travel/expenses": text.replace(MEALS, "Keep no receipt.").replace(TRAINS, "Walk."),
        })  # fmt: skip
        n = world.propose("dee", {
            "travel/expenses": text.replace(MEALS, "Keep all receipts.").replace(TRAINS, "Take the night train."),
        })  # fmt: skip
        world.endorse(n, "cyd", "zed")
    with serving(data) as served:
        yield served


def _tab_to(page: Any, condition: str) -> None:
    for _ in range(80):
        if page.evaluate(condition):
            return
        page.keyboard.press("Tab")
        visible = "document.activeElement === document.body || document.activeElement.checkVisibility()"
        assert page.evaluate(visible), "the focus is somewhere nobody can see"
    raise AssertionError(f"never reached by Tab: {condition}")


def _card(number: int) -> str:
    return f"document.querySelectorAll('fieldset.conflict')[{number}].contains(document.activeElement)"


def test_on_a_phone_by_keyboard_alone(window: Window) -> None:
    page = window(390, who="ana")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/proposals/1")
    _tab_to(page, "document.activeElement.textContent === 'Bring the two versions together'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/reconcile/1")
    assert overflows(page) == 0
    _tab_to(page, _card(0))
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "own"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Control+A")
    page.keyboard.type("Keep the large receipts.")
    _tab_to(page, _card(1))
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.value") == "mine"
    _tab_to(page, "document.activeElement.value === 'preview'")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result")
    assert page.evaluate("document.activeElement.id") == "result"
    assert "the large" in page.locator(".purpose ins").all_inner_texts()
    assert overflows(page) == 0
    _tab_to(page, "document.activeElement.value === 'put'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/proposals/1#decision")
    assert "Both versions are brought together" in page.locator(".messages").inner_text()
    assert "Walk." in page.locator("main").inner_text()


def test_without_scripts(window: Window) -> None:
    page = window(1280, scripts=False, who="ana")
    page.goto("/-/reconcile/1")
    cards = page.locator("fieldset.conflict")
    cards.nth(0).get_by_label("Both, one after the other").check()
    cards.nth(1).get_by_label("Other words").check()
    cards.nth(1).get_by_label("Your words for this passage").fill("Take any train.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Put this on the table").click()
    page.wait_for_url("**/-/proposals/1#decision")
    assert page.locator("main ins", has_text="any").count()


def test_what_was_typed_is_there_after_a_reload(window: Window) -> None:
    page = window(who="ana")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/reconcile/1")
    card = page.locator("fieldset.conflict").first
    card.get_by_label("Other words").check()
    card.get_by_label("Your words for this passage").fill("Words that took an hour.")
    page.goto("/")
    page.goto("/-/reconcile/1")
    card.get_by_label("Other words").check()
    assert card.get_by_label("Your words for this passage").input_value() == "Words that took an hour."
