"""Five journeys of people through the wiki, each at a desk and on a phone, against a real server."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window, endorse, overflows, propose

pytestmark = pytest.mark.browser
WIDE, PHONE = 1280, 390


def main_of(page: Any) -> Any:
    """The page itself."""
    return page.get_by_role("main")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_newcomer_reads_and_finds(window: Window, width: int) -> None:
    page = window(width)
    page.goto("/")
    expect(main_of(page).get_by_role("heading", name="How to begin")).to_be_visible()
    if width == PHONE:
        page.get_by_role("banner").get_by_role("link", name="Search").click()
        page.wait_for_url("**/-/search")
    page.get_by_role("combobox", name="Search the guidelines").fill("who pays the fee")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/search?q=*")
    expect(main_of(page)).to_contain_text("We pay the fee.")
    main_of(page).get_by_role("link", name="Visas").click()
    page.wait_for_url("**/travel/visa")
    page.get_by_role("article").get_by_role("link", name="expenses").click()
    page.wait_for_url("**/travel/expenses")
    expect(main_of(page).get_by_role("heading", level=1)).to_have_text("Expenses")
    if width == PHONE:
        page.get_by_text("On this page").locator("visible=true").click()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Hotels").click()
    expect(page).to_have_url(re.compile("#h-hotels$"))
    expect(page.get_by_role("heading", name="Hotels")).to_be_in_viewport()
    page.get_by_role("link", name="History:").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of Expenses")
    main_of(page).locator(".row-title").get_by_role("link").first.click()  # of a page that no proposal has changed
    expect(main_of(page)).to_contain_text("This is the revision in force")
    assert overflows(page) == 0


@pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (PHONE, True), (WIDE, False)])
def test_a_member_suggests_a_change(window: Window, width: int, scripts: bool) -> None:
    mark = f"{width}{'' if scripts else ' without scripts'}"
    page = window(width, scripts=scripts, who="ana")
    page.goto("/travel/expenses")
    page.get_by_role("link", name="Suggest a change", exact=True).first.click()
    text = page.get_by_label("Text", exact=True)
    if scripts:
        _write_with_buttons(page, text, f"Lunch at {mark}")
    else:
        text.fill(f"{text.input_value()}\n**Lunch at {mark}**\n")
        page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    if scripts and width == PHONE:
        page.get_by_role("button", name="Preview").click()
    expect(preview.locator("strong", has_text=f"Lunch at {mark}")).to_be_visible()
    page.get_by_role("button", name="Show what I would change").click()
    shown = page.get_by_role("region", name="What you would change")
    expect(shown.get_by_role("insertion")).to_contain_text(f"Lunch at {mark}")
    page.get_by_label("What changes?").fill(f"Speak of lunch at {mark}")
    page.get_by_label("Why?").fill("Everybody asks.")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    expect(page.locator(".message")).to_contain_text("on the table")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Speak of lunch at {mark}")
    expect(page.get_by_role("heading", name="0 of 2 colleagues")).to_be_visible()
    expect(main_of(page).locator("ins").first).to_contain_text("Lunch at")
    assert overflows(page) == 0


def _write_with_buttons(page: Any, text: Any, words: str) -> None:
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Strong", exact=True).click()
    expect(text).to_be_focused()
    expect(text).to_have_value(re.compile(r"\n\*\*.*\*\*$"))
    page.keyboard.type(words)
    expect(text).to_have_value(re.compile(rf"\*\*{words}\*\*$"))


@pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (PHONE, True), (WIDE, False)])
def test_colleagues_endorse_until_it_is_in_force(window: Window, width: int, scripts: bool) -> None:
    words = f"Words for {width} {'with' if scripts else 'without'} scripts."
    ana, bob, zed = (window(width, scripts=scripts, who=who) for who in ("ana", "bob", "zed"))
    ana.goto("/-/edit/travel/visa")
    before = ana.locator("textarea[name=text]").input_value()
    address = propose(ana, "travel/visa", f"{before}\n{words}\n", "Say more about visas")

    zed.goto(address)
    zed.get_by_text("Object…").click()
    zed.get_by_label("What would make this acceptable?").fill("Say in which countries.")
    zed.get_by_role("button", name="Object", exact=True).click()
    expect(zed.locator(".message")).to_contain_text("objection is noted")
    expect(zed.locator("#decision")).to_contain_text("Zed Okafor objected")

    endorse(bob, address)
    expect(bob.locator("#decision")).to_contain_text("Not in force yet, because")

    ana.goto(address)
    ana.get_by_label("What do you say to this?").fill("In all of them.")
    ana.get_by_role("button", name="Answer", exact=True).click()
    expect(ana.locator("#decision")).to_contain_text("Ana Souza answered")

    zed.goto(address)
    expect(zed.locator("#decision")).to_contain_text("In all of them.")
    endorse(zed, address)
    expect(zed.get_by_role("heading", name="In force since")).to_be_visible()
    for page in (ana, bob, zed):
        page.goto("/travel/visa")
        expect(page.get_by_role("article")).to_contain_text(words)
        assert overflows(page) == 0
    expect(bob.get_by_text("endorsed by 2 colleagues.")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_an_author_resolves_a_conflict(window: Window, width: int) -> None:
    cyd, dee, ana, bob = (window(width, who=who) for who in ("cyd", "dee", "ana", "bob"))
    text = "# Welcome\n\nThis is how we work. Read it {}, then change it.\n"
    first = propose(cyd, "welcome", text.format(f"slowly, {width}"), f"Read slowly, {width}")
    second = propose(dee, "welcome", text.format(f"twice, {width}"), f"Read twice, {width}")
    endorse(ana, second)
    for page in (ana, bob):
        endorse(page, first)

    dee.goto(second)
    dee.get_by_role("link", name="Bring the two versions together").click()
    card = dee.get_by_role("group", name="Which words?")
    expect(card).to_contain_text("slowly")
    card.get_by_label("Other words").check()
    card.get_by_label("Your words for this passage").fill(f"Read it slowly and twice, {width}.")
    dee.get_by_role("button", name="Preview").click()
    expect(dee.get_by_role("heading", name="What would be on the table")).to_be_in_viewport()
    dee.get_by_role("button", name="Put this on the table").click()
    expect(dee.locator(".message")).to_contain_text("brought together")
    assert overflows(dee) == 0

    ana.goto(second)
    expect(ana.get_by_role("region", name="What changed since you endorsed")).to_contain_text("slowly and twice")
    endorse(ana, second, "Endorse again")
    endorse(bob, second)
    expect(bob.get_by_role("heading", name="In force since")).to_be_visible()
    bob.goto("/welcome")
    expect(bob.get_by_role("article")).to_have_text(f"Read it slowly and twice, {width}.")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_historian_asks_who_wrote_a_sentence(window: Window, width: int) -> None:
    page = window(width)
    page.goto("/legal/contracts")
    page.get_by_role("link", name="Who wrote this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who wrote Contracts")
    passage = page.locator("section.written", has_text="Two of the board sign")
    expect(passage).to_contain_text("Dee Okonkwo")
    expect(passage).to_contain_text("endorsed by Ana Souza, Bob Reyes, Cyd Laurent")
    passage.get_by_role("link", name="Let two sign").click()
    page.wait_for_url("**/-/proposals/1")
    decision = page.get_by_role("region", name="In force since")
    for name in ("Ana Souza", "Bob Reyes", "Cyd Laurent"):
        expect(decision).to_contain_text(f"{name} endorsed")
    expect(main_of(page).get_by_role("insertion").first).to_contain_text("Two of the board")
    expect(main_of(page).get_by_role("deletion").first).to_be_visible()
    assert overflows(page) == 0

    page.get_by_role("link", name="the page in force").click()
    page.get_by_role("link", name="History: 2 revisions").click()
    page.get_by_role("button", name="Compare the two chosen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed in Contracts")
    expect(main_of(page).get_by_role("insertion").first).to_be_visible()
    page.get_by_role("link", name="History").click()
    page.get_by_label("As it was on").fill(f"{datetime.fromtimestamp(time.time() - 40 * 86400, tz=UTC):%Y-%m-%d}")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(main_of(page)).to_contain_text("It was in force from")
    expect(page.get_by_role("article")).to_contain_text("Only the board signs contracts.")
    assert overflows(page) == 0
