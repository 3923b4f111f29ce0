"""Still right? A page whose day has come is confirmed on a phone by keyboard, and wide by whoever endorses it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.acts import Window, barriers, endorse, propose
from tests.browser.keyboard import Keyboard
from tests.world import PAGES
from wiki.together import later

pytestmark = pytest.mark.browser
PAGE = "größe/naïve"


def test_from_the_list_a_page_is_read_confirmed_and_endorsed(window: Window) -> None:
    ana, phone, dee = window(1280, who="ana"), window(390, theme="dark", who="bob"), window(1280, who="dee")
    text = f"---\nreview_by: 2025-01-31\n---\n\n{PAGES[f'{PAGE}.md']}"
    address = propose(ana, PAGE, text, "Look at it again")
    for who in ("cyd", "dee"):
        endorse(window(1280, who=who), address)
    keys = Keyboard(phone)
    phone.goto("/-/still-right")
    assert barriers(phone) == []
    keys.tab_to("Größe", tag="a")
    keys.press("Enter")
    keys.arrive(re.compile("#still-right$"))
    asked = phone.get_by_role("region", name="Still right?")
    assert barriers(phone) == []
    keys.tab_to("Ask again", tag="select")
    asked.get_by_label("Ask again").select_option("3")
    box = asked.get_by_role("button", name="It is still right").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    keys.tab_to("It is still right", tag="button")
    keys.press("Enter")
    keys.arrive("**/-/proposals/*")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Still right: Größe")
    day = later(datetime.now(UTC).date(), 3)
    expect(phone.locator(".confirms")).to_contain_text(f"still right until {day.day} {day:%B %Y}")
    assert barriers(phone) == []

    dee.goto(f"/{PAGE}")
    dee.get_by_role("link", name="Look at it and endorse").click()
    dee.wait_for_url("**/-/proposals/*#decision")
    for page in (dee, window(1280, who="cyd")):
        endorse(page, phone.url)
    dee.goto(f"/{PAGE}")
    expect(dee.get_by_role("heading", level=1)).to_have_text("Größe")
    expect(dee.locator("#still-right")).to_have_count(0)
