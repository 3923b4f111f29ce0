"""Nobody waits: asking, being asked, saying no, and what comes into force by itself, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window, endorse, overflows, propose

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_asked_with_a_click_endorsed_from_the_list_and_declined_without_a_word(window: Window, width: int) -> None:
    ana, bob, cyd = (window(width, who=who) for who in ("ana", "bob", "cyd"))
    text = f"# Hours\n\nWork when you work best, {width}.\n\nBe reachable when you said you would.\n"
    address = propose(ana, "working/hours", text, f"Asking {width}")
    number = address.rpartition("/")[2]
    for name in ("Bob Reyes", "Cyd Laurent"):
        ana.get_by_role("button", name=f"Ask {name}").click()
        expect(ana.locator(".message")).to_contain_text(f"{name} is asked")
    assert overflows(ana) == 0

    bob.goto("/-/waiting")
    row = bob.locator(".notice-row", has_text=f"Asking {width}")
    row.locator("summary").click()
    expect(row.locator("ins").first).to_contain_text(str(width))
    assert overflows(bob) == 0
    row.get_by_role("button", name="Endorse").click()
    expect(bob.locator(".message")).to_contain_text("Your endorsement is noted")

    cyd.goto(f"/-/waiting/{number}")
    assert cyd.url.endswith(f"/-/proposals/{number}#decision")
    cyd.get_by_role("button", name="Not me").click()
    expect(cyd.locator(".message")).to_contain_text("nobody is told why")
    ana.goto(address)
    expect(ana.locator("#asking")).to_contain_text(re.compile("Asked so far: .*Cyd Laurent"))
    ana.locator("summary", has_text="Withdraw").click()
    ana.get_by_role("button", name="Withdraw", exact=True).click()
    expect(ana.locator("#decision")).to_contain_text("Withdrawn")


def test_what_only_waits_says_when_it_comes_into_force_unless_somebody_objects(window: Window) -> None:
    dee = window(390, who="dee")
    address = propose(dee, "legal/contracts", "# Contracts\n\nThree of the board sign a contract.\n", "Let three sign")
    for who in ("ana", "bob", "cyd"):
        endorse(window(390, who=who), address)
    dee.goto(address)
    expect(dee.locator("#decision")).to_contain_text(re.compile("comes into force on .* unless somebody objects"))
    assert overflows(dee) == 0
    zed = window(1280, who="zed")
    zed.goto("/-/proposals?tab=open")
    expect(zed.locator("main")).to_contain_text(re.compile("comes into force on .* unless somebody objects"))
