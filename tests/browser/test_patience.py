"""The tests wait for scripts that are on their way, so none of them fails because a machine is slow."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window

pytestmark = pytest.mark.browser


def _late(page: Any, scripts: str) -> None:
    """Scripts that take half a second to come."""

    def later(route: Any) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route(scripts, later)


def test_a_key_waits_for_the_script_that_listens(window: Window) -> None:
    page = window()
    _late(page, "**/search*.js")
    page.goto("/travel/visa", wait_until="commit")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the guidelines")).to_be_focused()


def test_a_key_after_a_click_waits_for_the_scripts_of_the_next_page(window: Window) -> None:
    page = window()
    page.goto("/welcome")
    _late(page, "**/search*.js")
    page.get_by_role("link", name="How we decide").first.click()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the guidelines")).to_be_focused()
