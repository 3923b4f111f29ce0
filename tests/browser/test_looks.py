"""How pages look where nothing is written about it: a long tree, a narrow window, a picture of days, colours of the
reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.acts import Window, barriers, overflows, sign_in
from tests.browser.conftest import Site, serving
from tests.world import PAGES, POLICY, begin, write_pages

pytestmark = pytest.mark.browser
MANY = {f"many/page-{n:02}.md": f"# Page {n:02}\n\nNumber {n}.\n\n## One\n\nx\n\n## Two\n\ny\n" for n in range(39)}
MANY |= {f"zoo/animal-{n:02}.md": f"# Animal {n:02}\n\nNumber {n}.\n" for n in range(30)}
IN_VIEW = """() => {
  const tree = document.querySelector(".tree .pinned").getBoundingClientRect();
  const here = document.querySelector(".tree [aria-current]").getBoundingClientRect();
  return here.top >= tree.top && here.bottom <= tree.bottom && here.bottom <= innerHeight;
}"""
LOOKS = """(selectors) => {
  const [one, two] = selectors.map((each) => {
    const it = document.querySelector(each);
    const seen = [getComputedStyle(it), getComputedStyle(it, "::after")];
    return seen.map((its) => [its.borderBlockEndColor, its.borderBlockEndWidth, its.outlineStyle, its.fontWeight,
      its.content, its.backgroundColor, its.fill].join()).join();
  });
  return [one, two];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A wiki with long folders."""
    place = tmp_path_factory.mktemp("looks")
    with serving(begin(place / "data", write_pages(place / "pages", {**PAGES, **MANY}), POLICY)) as served:
        yield served


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("address", ["/many/page-01", "/many/page-36", "/zoo/animal-29"])
def test_the_page_one_is_on_is_in_view_in_a_long_tree(window: Window, address: str, scripts: bool) -> None:
    page = window(1280, scripts=scripts)
    page.goto(address)
    assert page.evaluate(IN_VIEW)
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_leads_to_how_we_decide(window: Window, width: int) -> None:
    page = window(width)
    page.goto("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="How we decide").click()
    assert page.get_by_role("heading", level=1).inner_text() == "How we decide"
    assert overflows(page) == 0


def test_the_picture_of_days_is_one_stop_for_the_keyboard_and_leads_to_each(window: Window) -> None:
    page = window(1280)
    page.goto("/-/changes")
    days = page.locator("svg[data-days] a")
    assert days.count() > 0
    assert page.locator('svg[data-days] a[tabindex="0"]').count() == 1
    last = days.last
    last.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert last.evaluate("day => day === document.activeElement")
    says = last.locator("title").text_content()
    page.keyboard.press("Enter")
    page.wait_for_url("**until=**")
    assert says.startswith(page.locator("#day-1").inner_text())
    assert barriers(page) == []


def test_without_scripts_each_day_is_a_link(window: Window) -> None:
    page = window(1280, scripts=False)
    page.goto("/-/changes")
    page.locator("svg[data-days] a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**until=**")


def test_suggested_edits_stand_in_the_text_and_not_over_it(window: Window) -> None:
    page = window(1280)
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<section class=suggestions><ul><li>a</li></ul></section>'"
    )
    style = page.locator("section.suggestions").evaluate("it => getComputedStyle(it).position")
    assert style == "static"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_the_colours_of_the_reader_states_can_be_told_apart(browser: Any, site: Site, theme: str) -> None:
    context = browser.new_context(base_url=site.address, forced_colors="active", color_scheme=theme)
    page = context.new_page()
    sign_in(page, "ana")
    page.goto("/many/page-03")
    page.locator("header .menu > summary").click()
    for pair in (
        (".places a[aria-current]", ".places a:not([aria-current])"),
        (".tree a[aria-current]", ".tree li:first-child a:not([aria-current])"),
        (".menu-body [aria-pressed='true']", ".menu-body [aria-pressed='false']"),
    ):
        one, two = page.evaluate(LOOKS, list(pair))
        assert one != two, pair
    page.goto("/-/edit/many/page-03")
    page.set_viewport_size({"width": 390, "height": 844})
    one, two = page.evaluate(LOOKS, [".pane-switch [aria-pressed='true']", ".pane-switch [aria-pressed='false']"])
    assert one != two
    dots = '<i class="dot full"></i><i class="dot"></i>'
    page.locator("main").evaluate("(main, dots) => { main.innerHTML = dots; }", dots)
    one, two = page.evaluate(LOOKS, [".dot.full", ".dot:not(.full)"])
    assert one != two
    context.close()
