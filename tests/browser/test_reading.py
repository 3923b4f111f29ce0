"""Reading in a real browser: nothing moves while a page appears, paper shows the page alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.acts import Window, overflows
from tests.browser.conftest import Site, serving
from tests.browser.stage import EVERYTHING
from tests.world import PAGES, POLICY, begin, write_pages

pytestmark = pytest.mark.browser
SHIFT = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 600);
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A wiki in development, with a page that holds everything."""
    place = tmp_path_factory.mktemp("reading")
    data = begin(place / "data", write_pages(place / "pages", {**PAGES, "travel/all.md": EVERYTHING}), POLICY)
    (data / "wiki.toml").write_text("development = true\n")
    with serving(data) as served:
        yield served


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_page_appears(window: Window, width: int) -> None:
    page = window(width)
    for address in ("/", "/travel/all", "/travel"):
        page.goto(address)
        assert page.evaluate(SHIFT) < 0.01, address


def test_a_heading_leads_to_itself_by_keyboard(window: Window) -> None:
    page = window()
    page.goto("/travel/expenses")
    page.locator("h2 .anchor").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#h-meals"


def test_the_table_of_contents_follows_the_reader(window: Window) -> None:
    page = window()
    page.goto("/travel/all")
    page.evaluate(
        "document.documentElement.style.scrollBehavior = 'auto'; window.scrollTo(0, document.body.scrollHeight)"
    )
    page.locator(".toc.wide [aria-current=location]").wait_for()


def test_paper_shows_the_page_alone_and_where_it_comes_from(window: Window) -> None:
    page = window()
    page.goto("/travel/all")
    page.emulate_media(media="print")
    for gone in (".bar", ".tree", ".turn", ".foot", ".margin", ".actions"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    assert page.locator("h1").is_visible()
    assert page.locator(".prose h2", has_text="Notes").locator("a.anchor").is_visible()
    assert page.locator(".colophon .printed").is_visible()
    after = "getComputedStyle(document.querySelector('.prose a.external'), '::after').content"
    assert "https://example.org/a" in page.evaluate(after)


def test_the_chosen_theme_is_there_before_any_script_runs(window: Window) -> None:
    page = window(scripts=False)
    page.goto("/")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.goto("/travel/all")
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_colours_of_the_system_leave_everything_readable(window: Window) -> None:
    page: Any = window()
    page.emulate_media(forced_colors="active")
    page.goto("/-/components")
    assert overflows(page) == 0
    assert page.locator(".callout").first.is_visible()
