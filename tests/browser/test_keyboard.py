"""From signing in to a change in force with the keyboard alone; each step is seen, and leads where one goes on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window, sign_in
from tests.browser.conftest import Complaints
from tests.browser.keyboard import Keyboard
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


def _sign_in(keys: Keyboard, who: str) -> None:
    """From anywhere, by the link at the top."""
    keys.tab_to("Sign in", tag="a")
    keys.press("Enter")
    keys.arrive("**/-/sign-in**")
    keys.tab_to("E-mail address", tag="input")
    keys.type(f"{who}@example.com")
    keys.press("Tab")
    keys.see()
    keys.type(PASSWORD)
    keys.press("Enter")
    keys.arrive(re.compile(r"^(?!.*sign-in)"))


def _sign_out(keys: Keyboard) -> None:
    keys.tab_to("Signed in as", tag="summary", key="Shift+Tab")
    keys.press("Enter")
    keys.tab_to("Sign out", tag="button")
    keys.press("Enter")
    expect(keys.page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    keys.lands_on(classes="message", words="You are signed out.")


def test_from_signing_in_to_a_change_in_force(window: Window, complaints: Complaints) -> None:
    keys = Keyboard(window())
    keys.page.goto("/")
    keys.press("Tab")
    assert keys.see()["words"] == "Skip to the text"
    keys.press("Enter")
    keys.lands_on(tag="main")
    keys.page.reload()
    _sign_in(keys, "ana")
    _propose_by_keys(keys)
    _sign_out(keys)
    for who, said in (("bob", "endorsement is noted"), ("cyd", "in force")):
        _sign_in(keys, who)
        keys.tab_to("Proposals", tag="a")
        keys.press("Enter")
        keys.arrive("**/-/waiting")
        keys.tab_to("Open", tag="a")
        keys.press("Enter")
        keys.arrive("**/-/proposals?tab=open")
        keys.tab_to("We travel when we like", tag="a")
        keys.press("Enter")
        keys.arrive("**/-/proposals/*")
        keys.tab_to("Endorse", tag="button")
        keys.press("Space")
        keys.arrive("**/-/proposals/*#decision")
        keys.lands_on(id="decision")
        expect(keys.page.locator(".message")).to_contain_text(said)
        keys.press("Control+Home")
        _sign_out(keys)
    keys.press("/")
    keys.type("when we like")
    keys.press("Enter")
    keys.arrive("**/-/search?q=**")
    keys.tab_to("Travel", tag="a")
    keys.press("Enter")
    keys.arrive("**/travel**")
    expect(keys.page.get_by_role("main")).to_contain_text("We travel when we like, not when we must.")
    complaints.found = [said for said in complaints.found if "400" not in said]


def _propose_by_keys(keys: Keyboard) -> None:
    """Find the page, change it with buttons and dialogs, be refused once, and propose."""
    page = keys.page
    keys.press("/")
    assert keys.see()["name"] == "q"
    keys.type("trave")
    page.get_by_role("option", name="Travel").first.wait_for()
    keys.press("ArrowDown", "Enter")
    keys.arrive("**/travel**")
    keys.tab_to("Suggest a change", tag="a")
    keys.press("Enter")
    keys.arrive("**/-/edit/travel**")
    keys.tab_to("Text", tag="textarea")
    keys.press("Control+a")
    keys.type("# Travel\n\nWe travel when we like, not when we ")
    keys.press("Control+b")
    keys.type("must")
    keys.press("ArrowRight", "ArrowRight")
    keys.type(".")
    _open_dialogs_by_keys(keys)
    expect(page.get_by_label("Text", exact=True)).to_have_value(
        "# Travel\n\nWe travel when we like, not when we **must**."
    )
    keys.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="Nothing was proposed yet")).to_be_visible()
    keys.lands_on(classes="notice")
    keys.press("Tab")
    assert keys.see()["tag"] == "a"
    keys.press("Enter")
    keys.lands_on(name="title")
    keys.type("We travel when we like")
    keys.press("Control+Enter")
    keys.arrive("**/-/proposals/*")
    keys.lands_on(classes="message")


def _open_dialogs_by_keys(keys: Keyboard) -> None:
    """Each is left with Escape, and the focus is again on what opened it."""
    keys.press("Control+k")
    keys.page.locator("#link-dialog[open]").wait_for()
    assert keys.see()["id"] == "link-search"
    keys.press("Escape")
    keys.lands_on(name="text")
    for button, dialog in (("Link", "link"), ("Table", "table"), ("Keyboard shortcuts", "keys")):
        keys.press("Shift+Tab")
        keys.tab_to(button, tag="button", key="ArrowRight")
        keys.press("Enter")
        keys.page.locator(f"#{dialog}-dialog[open]").wait_for()
        keys.see()
        keys.press("Escape")
        keys.lands_on(words=button)
        keys.press("Tab")
        keys.lands_on(name="text")


def test_a_wrong_password_leads_to_what_is_to_be_mended(window: Window, complaints: Complaints) -> None:
    keys = Keyboard(window())
    keys.page.goto("/-/sign-in")
    keys.tab_to("E-mail address", tag="input")
    keys.type("ana@example.com")
    keys.press("Tab")
    keys.type("not this one")
    keys.press("Enter")
    expect(keys.page.get_by_role("alert")).to_be_visible()
    keys.lands_on(classes="wrong")
    keys.press("Tab", "Enter")
    keys.lands_on(name="password")
    complaints.found = [said for said in complaints.found if "403" not in said]


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_asked_for_has_the_focus(window: Window, scripts: bool) -> None:
    keys = Keyboard(window(scripts=scripts, who="dee"))
    keys.page.on("dialog", lambda dialog: dialog.accept())
    keys.page.goto("/-/edit/travel/visa")
    keys.tab_to("Text", tag="textarea")
    keys.press("Control+Home")
    keys.type("Early. ")
    keys.tab_to("Show what I would change", tag="button")
    keys.press("Enter")
    keys.page.get_by_role("region", name="What you would change").wait_for()
    keys.lands_on(id="difference-head")


def test_what_was_said_has_the_focus(window: Window) -> None:
    keys = Keyboard(window(who="dee"))
    keys.page.goto("/-/proposals/1")
    keys.tab_to("Say something", tag="textarea")
    keys.type("Thank you all.")
    keys.press("Tab", "Enter")
    keys.arrive("**#comment-*")
    keys.lands_on(classes="comment")


def _begun(window: Window, **options: Any) -> Keyboard:
    page = window(**options)
    page.goto("/welcome")
    return Keyboard(page)


@pytest.mark.parametrize("who", ["", "ana"])
def test_the_key_for_searching_can_be_switched_off_and_on_again(window: Window, who: str) -> None:
    keys = _begun(window, who=who)
    field = keys.page.get_by_role("combobox", name="Search the guidelines")
    for press, on in ((True, False), (True, True)):
        keys.page.reload()
        keys.tab_to("Signed in as" if who else "Looks and language", tag="summary")
        keys.press("Enter")
        keys.tab_to("Search with the “/” key", tag="button")
        with keys.page.expect_response("**/-/slash"):
            keys.press("Space")
        keys.lands_on(words="Search with the “/” key")
        for _time in range(2):
            expect(keys.page.locator("button[name=slash]")).to_have_attribute("aria-pressed", str(on).lower())
            assert (field.get_attribute("aria-keyshortcuts") == "/") == on
            keys.press("/")
            assert field.evaluate("it => it === document.activeElement") == (on and press)
            keys.page.reload()


def test_escape_leaves_the_menu_to_what_opened_it(window: Window) -> None:
    page = window()
    sign_in(page, "bob")
    keys = Keyboard(page)
    keys.tab_to("Signed in as", tag="summary")
    keys.press("Enter", "Tab")
    keys.see()
    keys.press("Escape")
    keys.lands_on(tag="summary")
    expect(page.get_by_role("button", name="Sign out")).not_to_be_visible()
