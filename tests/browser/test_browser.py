"""The wiki in a real browser: wide and narrow, light and dark, with and without scripts, by keyboard alone."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python import sync_playwright as axe

from tests.browser.conftest import Complaints, Site
from tests.world import PASSWORD

pytestmark = pytest.mark.browser
Window = Callable[..., Any]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def sign_in(page: Any, who: str) -> None:
    """Through the form."""
    page.goto("/-/sign-in")
    page.get_by_label("E-mail address").fill(f"{who}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url("**/")


def overflows(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (1280, False)])
def test_from_a_suggestion_to_a_page_in_force(window: Window, width: int, scripts: bool) -> None:
    words = f"Words for {width} {'with' if scripts else 'without'} scripts."
    ana = window(width, scripts=scripts)
    sign_in(ana, "ana")
    ana.goto("/travel/visa")
    ana.get_by_role("link", name="Suggest a change").first.click()
    text = ana.locator("textarea[name=text]")
    text.fill(f"{text.input_value()}\n{words}\n")
    ana.get_by_label("What changes?").fill("Say more")
    ana.get_by_label("Why?").fill("It was missing.")
    ana.get_by_role("button", name="Propose", exact=True).click()
    ana.wait_for_url("**/-/proposals/*")
    address = ana.url
    assert "0 of 2 colleagues" in ana.locator("#decision").inner_text()
    assert words in ana.locator("main").inner_text()
    assert overflows(ana) == 0
    for who in ("bob", "cyd"):
        colleague = window(width, scripts=scripts)
        sign_in(colleague, who)
        colleague.goto(address)
        colleague.get_by_role("button", name="Endorse").click()
        colleague.wait_for_load_state()
    assert "In force since" in colleague.locator("#decision").inner_text()
    ana.goto("/travel/visa")
    assert words in ana.locator("article").inner_text()
    assert overflows(ana) == 0


def test_by_keyboard_alone(window: Window) -> None:
    page = window()
    page.goto("/-/sign-in")
    page.keyboard.press("Tab")
    assert "Skip" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    _tab_to(page, "document.activeElement.name === 'email'")
    page.keyboard.type("dee@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto("/-/edit/notes/kitchen")
    _tab_to(page, "document.activeElement.name === 'text'")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nAnd the spoon.")
    _tab_to(page, "document.activeElement.name === 'title'")
    page.keyboard.type("Mention spoons")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/-/proposals/*")
    assert "In force since" in page.locator("#decision").inner_text()


def _tab_to(page: Any, condition: str) -> None:
    for _ in range(60):
        if page.evaluate(condition):
            return
        page.keyboard.press("Tab")
        visible = "document.activeElement === document.body || document.activeElement.checkVisibility()"
        assert page.evaluate(visible), "the focus is somewhere nobody can see"
    raise AssertionError(f"never reached by Tab: {condition}")


def test_the_live_preview_shows_what_is_typed(window: Window) -> None:
    page = window()
    sign_in(page, "ana")
    page.goto("/-/edit/welcome")
    page.locator("textarea[name=text]").fill("# Hi\n\nVery **strong** words\n")
    page.locator("[data-preview] strong", has_text="strong").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_draft_survives_a_reload_and_goes_when_it_was_proposed(window: Window) -> None:
    page = window()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, "ana")
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


@pytest.fixture(scope="module")
def addresses(site: Site, browser: Any) -> dict[str, str]:
    """Every screen, with something on it."""
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    sign_in(page, "zed")
    numbers = {}
    for name, title in (
        ("welcome", "A longer title of a proposal that is still open, for the phone"),
        ("notes/desk", "A desk"),
    ):
        page.goto(f"/-/edit/{name}" if name == "welcome" else f"/-/new?name={name}")
        page.locator("textarea[name=text]").fill(
            "# Title\n\nFirst words, second words.\n\n| a | b |\n|---|---|\n| c | d |\n"
        )
        page.get_by_label("What changes?").fill(title)
        page.get_by_role("button", name="Propose", exact=True).click()
        page.wait_for_url("**/-/proposals/*")
        numbers[name] = page.url.removeprefix(site.address)
    context.close()
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    sign_in(page, "bob")
    page.goto(numbers["welcome"])
    page.locator("details.objecting summary").click()
    page.get_by_label("What would make this acceptable?").fill("Say it in fewer words.")
    page.get_by_role("button", name="Object", exact=True).click()
    page.get_by_label("Say something").fill("Shall we?")
    page.get_by_role("button", name="Say it").click()
    page.goto("/-/history/notes/desk")
    revision = page.locator("main a[href*='/-/revision/']").first.get_attribute("href")
    commit = revision.split("/")[3]
    context.close()
    with urllib.request.urlopen(f"{site.address}/-/health") as answer:
        assert answer.status == 200
    return {
        "contents": "/", "page": "/travel/expenses", "folder": "/travel", "editor": "/-/edit/welcome", "new": "/-/new",
        "open": numbers["welcome"], "in force": numbers["notes/desk"], "proposals": "/-/proposals?tab=open",
        "waiting": "/-/proposals", "history": "/-/history/travel/visa", "revision": revision,
        "compare": f"/-/compare/notes/desk?a={commit}&b={commit}", "changes": "/-/changes",
        "policy": "/-/policy?path=legal/x", "remove": "/-/remove/welcome", "error": "/no/such/page",
        "rules": "/-/edit/policy.toml",
    }  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_is_accessible_and_fits(
    window: Window, addresses: dict[str, str], complaints: Complaints, theme: str, width: int
) -> None:
    page = window(width, theme=theme)
    page.on("dialog", lambda dialog: dialog.accept())
    checker = axe.Axe()
    found = []

    def look(screen: str) -> None:
        for violation in checker.run(page, options=RULES).response["violations"]:
            targets = [node["html"][:160] for node in violation["nodes"][:2]]
            found.append(f"{screen}: {violation['id']}: {targets}")
        if overflows(page):
            found.append(f"{screen}: {overflows(page)} px too wide")

    page.goto("/-/sign-in")
    look("sign-in")
    page.goto(addresses["open"])
    look("open, not signed in")
    sign_in(page, "zed")
    for screen, address in addresses.items():
        page.goto(address)
        look(screen)
    complaints.found = [said for said in complaints.found if "404" not in said]
    assert found == []
