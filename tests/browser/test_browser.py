"""What the wiki does in a real browser beyond what its forms do: a live preview, drafts that survive, themes."""

from __future__ import annotations

import pytest

from tests.browser.acts import Window, sign_in
from tests.browser.conftest import Complaints
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


def test_the_live_preview_shows_what_is_typed(window: Window) -> None:
    page = window(who="ana")
    page.goto("/-/edit/welcome")
    page.locator("textarea[name=text]").fill("# Hi\n\nVery **strong** words\n")
    page.locator("[data-preview] strong", has_text="strong").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_draft_survives_a_reload_and_goes_when_it_was_proposed(window: Window) -> None:
    page = window(who="ana")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/edit/notes/kitchen")
    page.locator("textarea[name=text]").fill("# Kitchen\n\nDrafted words.\n")
    page.get_by_label("What changes?").fill("Drafted title")
    page.reload()
    page.get_by_role("button", name="Go on with it").click()
    assert "Drafted words." in page.locator("textarea[name=text]").input_value()
    assert page.get_by_label("What changes?").input_value() == "Drafted title"
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    page.goto("/-/edit/notes/kitchen")
    assert not page.get_by_role("button", name="Go on with it").is_visible()


def test_a_session_that_ran_out_costs_no_words(window: Window, complaints: Complaints) -> None:
    page = window()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, "ana")
    page.goto("/-/edit/working/hours")
    page.locator("textarea[name=text]").fill("# Hours\n\nAn hour of typing.\n")
    page.get_by_label("What changes?").fill("An hour")
    page.context.clear_cookies()
    page.get_by_role("button", name="Propose", exact=True).click()
    assert "An hour of typing." in page.locator("#typed").input_value()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url("**/-/edit/working/hours")
    page.get_by_role("button", name="Go on with it").click()
    assert "An hour of typing." in page.locator("textarea[name=text]").input_value()
    complaints.found = [said for said in complaints.found if "401" not in said]


def test_the_theme_is_chosen_without_leaving_and_kept(window: Window) -> None:
    page = window()
    page.goto("/welcome")
    page.locator("details.menu summary").click()
    with page.expect_response("**/-/theme"):
        page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto("/travel/visa")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
