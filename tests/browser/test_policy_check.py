"""The check of the rules in a real browser says how it stands, and says so too when it cannot be made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.acts import Window, overflows
from tests.browser.conftest import Complaints
from tests.world import POLICY

pytestmark = pytest.mark.browser
LINE = POLICY.split("\n").index("endorse = 3") + 1
WRONG = POLICY.replace("endorse = 3", "endorse = many")
STATUS = "[data-policy-status]"


@pytest.fixture
def editor(window: Window) -> Any:
    """The editor of the rules, opened by somebody who may write."""
    page = window(who="ana")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/edit/policy.toml")
    return page


def test_one_sentence_says_whether_it_is_valid(editor: Any) -> None:
    status, text = editor.locator(STATUS), editor.locator("textarea[name=text]")
    editor.locator(STATUS, has_text="This is a valid policy.").wait_for()
    text.fill(WRONG)
    editor.locator("[data-policy-check] .notice").wait_for()
    assert "not a valid policy yet" in status.inner_text()
    assert f"Line {LINE}" in status.inner_text()
    assert status.get_attribute("role") == "status"
    assert status.bounding_box()["width"] <= 1, "the notice says it to whoever sees"
    text.fill(POLICY.replace("endorse = 3", "endorse = 2"))
    editor.locator(STATUS, has_text="This is a valid policy.").wait_for()
    assert status.bounding_box()["width"] > 100


def test_a_check_that_cannot_be_made_takes_back_what_was_said_before(editor: Any, complaints: Complaints) -> None:
    text = editor.locator("textarea[name=text]")
    text.fill(WRONG)
    editor.locator("[data-policy-check] .notice").wait_for()
    editor.context.clear_cookies()
    text.fill(POLICY)
    editor.locator(STATUS, has_text="It cannot be checked just now. Your text is safe.").wait_for()
    assert editor.locator("[data-policy-check]").inner_text() == ""
    assert editor.locator("[data-gutter] .wrong").count() == 0
    assert text.get_attribute("aria-invalid") == "false"
    assert text.input_value() == POLICY
    complaints.found = [said for said in complaints.found if "400" not in said and "401" not in said]


def test_without_a_network_it_says_so_and_checks_again_later(editor: Any, complaints: Complaints) -> None:
    text = editor.locator("textarea[name=text]")
    editor.locator(STATUS, has_text="This is a valid policy.").wait_for()
    editor.context.set_offline(True)
    text.fill(WRONG)
    editor.locator(STATUS, has_text="It cannot be checked just now.").wait_for()
    editor.context.set_offline(False)
    text.press("End")
    text.type(" ")
    editor.locator("[data-policy-check] .notice").wait_for()
    complaints.found = [said for said in complaints.found if "ERR_INTERNET_DISCONNECTED" not in said]


def test_without_scripts_the_sentence_is_there_as_well(window: Window) -> None:
    page = window(390, scripts=False, who="bob")
    page.goto("/-/edit/policy.toml")
    page.locator("textarea[name=text]").fill(POLICY.replace("endorse = 3", "endorse = 2"))
    page.get_by_role("button", name="Check it").click()
    assert page.locator(STATUS).inner_text() == "This is a valid policy."
    assert page.locator("[data-policy-check] ins", has_text="Everything in “Legal”: 2 colleagues").count() == 1
    assert overflows(page) == 0
