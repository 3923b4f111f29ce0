"""Working on one proposal together, in a real browser: wide and narrow, light and dark, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python import sync_playwright as axe

from tests.browser.conftest import Complaints
from tests.browser.test_browser import RULES, overflows, sign_in

pytestmark = pytest.mark.browser
Window = Callable[..., Any]


def _propose(page: Any, name: str, text: str, title: str) -> str:
    page.goto(f"/-/edit/{name}")
    page.locator("textarea[name=text]").fill(text)
    page.get_by_label("What changes?").fill(title)
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    return str(page.url)


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (1280, False)])
def test_a_text_grows_between_colleagues(window: Window, width: int, scripts: bool) -> None:
    mark = f"{width}{'s' if scripts else 'n'}"
    ana, bob, cyd = (window(width, scripts=scripts) for _ in range(3))
    for page, who in ((ana, "ana"), (bob, "bob"), (cyd, "cyd")):
        sign_in(page, who)
        page.on("dialog", lambda dialog: dialog.accept())
    text = f"# Hours\n\nWork when you work best, {mark}.\n\nBe reachable when you said you would.\n"
    address = _propose(ana, "working/hours", text, f"Hours {mark}")
    cyd.goto(address)
    cyd.get_by_role("button", name="Endorse").click()
    cyd.wait_for_load_state()

    bob.goto(address)
    bob.get_by_role("link", name="Comment on this passage").last.click()
    bob.get_by_label("What do you want to say about this passage?").fill("Even at night?")
    bob.locator("#say").get_by_role("button", name="Say it").click()
    bob.locator(".beside", has_text="Even at night?").wait_for()
    bob.get_by_role("link", name="Suggest an edit").click()
    bob.locator("textarea[name=text]").fill(text.replace("work best", "think best"))
    bob.get_by_role("button", name="Suggest this to the authors").click()
    bob.wait_for_url("**/-/proposals/**")
    assert "Bob Reyes suggests" in bob.locator("#suggestions").inner_text()

    ana.goto(address)
    ana.get_by_role("button", name="Take it").click()
    ana.wait_for_load_state()
    assert "it was taken" in ana.locator("#suggestions").inner_text()

    cyd.goto(address)
    since = cyd.locator(".since-endorsed")
    assert "think" in since.locator("ins").inner_text()
    cyd.get_by_role("link", name="version 2").click()
    assert "From version 1 to version 2" in cyd.locator("main").inner_text()
    cyd.goto(address)
    cyd.get_by_role("button", name="Endorse again").click()
    cyd.wait_for_load_state()
    assert "1 of 2 colleagues" in cyd.locator("#decision").inner_text()
    for page in (ana, bob, cyd):
        assert overflows(page) == 0
    ana.goto(address)
    ana.locator("summary", has_text="Withdraw").click()
    ana.get_by_role("button", name="Withdraw", exact=True).click()
    ana.wait_for_load_state()
    assert "Withdrawn" in ana.locator("#decision").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_draft_over_several_pages_and_its_undoing(window: Window, width: int) -> None:
    page = window(width)
    sign_in(page, "dee")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/-/edit/notes/kitchen")
    text = page.locator("textarea[name=text]").input_value()
    page.locator("textarea[name=text]").fill(f"{text}\nAnd the plate, {width}.\n")
    page.get_by_label("What changes?").fill(f"Plates {width}")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url("**/-/drafts/*")
    draft = page.url
    page.locator("summary", has_text="Change another page with it").click()
    page.get_by_label("Address of the page").fill(f"notes/plates-{width}")
    page.get_by_label("Add it: there is no such page yet").check()
    page.get_by_role("button", name="Go on").click()
    page.locator("textarea[name=text]").fill("# Plates\n\nThey are round.\n")
    page.get_by_role("button", name="Put it into the draft").click()
    page.wait_for_url(draft)
    assert overflows(page) == 0
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    assert "In force since" in page.locator("#decision").inner_text()
    page.get_by_role("button", name="Propose to undo this").click()
    page.wait_for_url("**/-/drafts/*")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    assert f"Undoes “Plates {width}”" in page.locator("header.head").inner_text()
    page.goto("/notes/kitchen")
    assert f"And the plate, {width}." not in page.locator("article").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_screens_of_working_together_are_accessible_and_fit(
    window: Window, complaints: Complaints, theme: str, width: int
) -> None:
    page, other = window(width, theme=theme), window(width)
    for each, who in ((page, "zed"), (other, "bob")):
        each.on("dialog", lambda dialog: dialog.accept())
        sign_in(each, who)
    checker = axe.Axe()
    found = []

    def look(screen: str) -> None:
        for violation in checker.run(page, options=RULES).response["violations"]:
            targets = [node["html"][:160] for node in violation["nodes"][:2]]
            found.append(f"{screen}: {violation['id']}: {targets}")
        if overflows(page):
            found.append(f"{screen}: {overflows(page)} px too wide")

    text = f"# Meetings\n\nA meeting has an agenda, {theme} {width}.\n"
    address = _propose(page, "working/day-to-day/meetings", text, f"Agendas {theme} {width}")
    other.goto(address)
    other.get_by_role("button", name="Endorse").click()
    other.goto(f"{address}?at=working/day-to-day/meetings.md:3")
    other.get_by_label("What do you want to say about this passage?").fill("Always?")
    other.locator("#say").get_by_role("button", name="Say it").click()
    other.get_by_role("link", name="Suggest an edit").click()
    other.locator("textarea[name=text]").fill(text.replace("an agenda", "a short agenda"))
    other.get_by_role("button", name="Suggest this to the authors").click()
    other.wait_for_url("**/-/proposals/**")
    page.goto(address)
    look("suggestions and remarks, as an author")
    page.goto(f"{address}?at=working/day-to-day/meetings.md:3#say")
    look("remarking")
    page.get_by_role("button", name="Take it").click()
    page.goto(f"{address}/versions")
    look("versions")
    page.goto("/-/edit/notes/kitchen")
    page.locator("textarea[name=text]").fill("# Kitchen\n\nClean.\n")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url("**/-/drafts/*")
    page.locator("summary", has_text="Change another page with it").click()
    look("a draft")
    page.goto("/-/drafts")
    look("drafts")
    for screen, where in (
        ("how to check", "/-/verify"),
        ("who wrote this", "/-/who/travel/expenses"),
        ("history", "/-/history/travel/expenses"),
        ("history of the rules", "/-/policy/history"),
        ("rules", "/-/policy?path=legal/x"),
        ("editing the rules", "/-/edit/policy.toml"),
    ):
        page.goto(where)
        look(screen)
    _look_at_a_merge(page, f"{theme}{width}", look)
    page.goto(address)
    page.locator("summary", has_text="Withdraw").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    assert found == []


def _look_at_a_merge(page: Any, mark: str, look: Callable[[str], None]) -> None:
    page.goto(f"/-/new?name=notes/{mark}")
    page.locator("textarea[name=text]").fill("# A note\n\nWords.\n")
    page.get_by_label("What changes?").fill(f"A note {mark}")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    look("in force")
    page.get_by_role("link", name="Verify", exact=True).click()
    page.wait_for_url("**/-/verify/*")
    look("verified")
