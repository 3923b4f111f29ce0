"""What people do in a browser, and what is looked at on every screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.world import PASSWORD

Window = Callable[..., Any]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# The themes differ in their colours alone, so what is no matter of colour is looked for once.
THEMES = (("light", RULES), ("dark", COLOURS))
# Each differs from the one before in one thing, for each costs another layout.
LOOKS = ((1280, "light", RULES), (1280, "dark", COLOURS), (390, "dark", COLOURS), (390, "light", RULES))
RUN = """(options) => axe.run(options).then(({ violations }) => violations.map(({ id, nodes }) =>
  `${id}: ${nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(" … ")}`))"""

# A page has a dozen colours, and axe reads each of them hundreds of times, which takes it longer than all else it does.
READ_EACH_COLOUR_ONCE = """() => {
  const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (known.has(text)) return Object.assign(this, known.get(text));
    read.call(this, text);
    const { r, g, b, alpha } = this;
    known.set(text, { r, g, b, alpha });
    return this;
  };
}"""


def sign_in(page: Any, who: str) -> None:
    """Through the form."""
    page.goto("/-/sign-in")
    page.get_by_label("E-mail address").fill(f"{who}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url("**/")


def propose(page: Any, name: str, text: str, title: str) -> str:
    """Another text for a page, through the editor; the address of the proposal."""
    page.goto(f"/-/edit/{name}")
    page.locator("textarea[name=text]").fill(text)
    page.get_by_label("What changes?").fill(title)
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    return str(page.url)


def endorse(page: Any, address: str, button: str = "Endorse") -> None:
    """Under the difference of a proposal."""
    page.goto(address)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".message")).to_be_visible()


def overflows(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def barriers(page: Any, rules: Mapping[str, Any] = RULES) -> list[str]:
    """What keeps somebody out of what the page shows now: what axe finds, and words beyond the edge."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(READ_EACH_COLOUR_ONCE)
    found = list(page.evaluate(RUN, {**rules, "resultTypes": ["violations"], "selectors": False}))
    return [*found, f"{overflows(page)} px too wide"] if overflows(page) else found


def barriers_in_each_look(page: Any) -> list[str]:
    """The same of a page that is shown wide and in light now: wide and on a phone, in light and in dark."""
    found, before = [], (1280, "light")
    for width, theme, rules in LOOKS:
        if width != before[0]:
            page.set_viewport_size({"width": width, "height": 900})
        if theme != before[1]:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        before = width, theme
        found += [f"{theme}, {width} px: {barrier}" for barrier in barriers(page, rules)]
    return found
