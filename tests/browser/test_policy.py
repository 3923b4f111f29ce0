"""The rules in a real browser: checked while one types, the wrong line marked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.acts import Window, overflows
from tests.browser.conftest import Complaints
from tests.world import POLICY

pytestmark = pytest.mark.browser
LINE = POLICY.split("\n").index("endorse = 3") + 1


@pytest.fixture
def editor(window: Window) -> Any:
    """The editor of the rules, opened by somebody who may write."""
    page = window(who="ana")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/edit/policy.toml")
    return page


def test_the_rules_are_checked_while_one_types(editor: Any) -> None:
    text, said = editor.locator("textarea[name=text]"), editor.locator("[data-policy-check]")
    said.get_by_text("says the same as the rules in force").wait_for()
    text.fill(POLICY.replace("endorse = 3", "endorse = many"))
    said.get_by_text("not a valid policy").wait_for()
    assert editor.locator("[data-gutter] .wrong").inner_text() == str(LINE)
    assert text.get_attribute("aria-invalid") == "true"
    said.get_by_role("link", name=f"Line {LINE}").click()
    chosen = "el => el.value.slice(el.selectionStart, el.selectionEnd)"
    assert text.evaluate(chosen) == "endorse = many"
    assert editor.evaluate("document.activeElement.name") == "text"
    text.fill(POLICY.replace("endorse = 3", "endorse = 2"))
    said.locator("ins", has_text="Everything in “Legal”: 2 colleagues").wait_for()
    assert said.locator("del", has_text="Everything in “Legal”: 3 colleagues").count() == 1
    assert editor.locator("[data-gutter] .wrong").count() == 0
    assert text.get_attribute("aria-invalid") == "false"


def test_every_line_has_its_number_beside_it_however_far_one_scrolls(editor: Any) -> None:
    text = editor.locator("textarea[name=text]")
    text.fill(POLICY + "# One more line.\n" * 120)
    text.evaluate("el => { el.scrollTop = 400; el.dispatchEvent(new Event('scroll')) }")
    gutter = editor.locator("[data-gutter]")
    assert gutter.locator("span").count() == POLICY.count("\n") + 121
    assert gutter.evaluate("el => el.scrollTop") == 400
    tall = gutter.locator("span").first.evaluate("el => el.getBoundingClientRect().height")
    line = text.evaluate("el => parseFloat(getComputedStyle(el).lineHeight)")
    assert tall == pytest.approx(line, abs=0.1)
    assert gutter.evaluate("el => el.offsetHeight") == text.evaluate("el => el.offsetHeight")


def test_a_session_that_ran_out_leaves_the_text_alone(editor: Any, complaints: Complaints) -> None:
    editor.locator("[data-policy-check]").get_by_text("says the same").wait_for()
    editor.context.clear_cookies()
    with editor.expect_response("**/-/policy/check*") as answered:
        editor.locator("textarea[name=text]").fill("typed on")
    assert answered.value.status in {400, 401}
    assert editor.locator("textarea[name=text]").input_value() == "typed on"
    complaints.found = [said for said in complaints.found if "400" not in said and "401" not in said]


def test_without_scripts_a_button_checks(window: Window) -> None:
    page = window(390, scripts=False, who="bob")
    page.goto("/-/edit/policy.toml")
    page.locator("textarea[name=text]").fill(POLICY.replace("endorse = 3", "endorse = many"))
    page.get_by_role("button", name="Check it").click()
    assert f"Line {LINE}" in page.locator("[data-policy-check]").inner_text()
    assert "endorse = many" in page.locator("textarea[name=text]").input_value()
    assert overflows(page) == 0
