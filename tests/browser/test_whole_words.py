"""What is narrow stays readable: words stay whole, nothing is cut off without a sign that there is more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.acts import overflows
from tests.browser.conftest import Site, serving
from tests.world import PAGES, POLICY, begin, open_world, write_pages

pytestmark = pytest.mark.browser
TABLE = """\
# Costs

| What | Reimbursement | Documentation | Responsibility | Afterwards |
|:--|:--|:--|:--|:--|
| Train | the ticket | the ticket | [accountants](/welcome) | controllers |
| Hotel | a good ordinary one | the bill | `accounting` | controllers |
"""
BROKEN = """(selector) => {
  const broken = [];
  for (const each of document.querySelectorAll(selector)) {
    const walk = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      for (const word of walk.currentNode.data.matchAll(/\\p{L}+/gu)) {
        const range = document.createRange();
        range.setStart(walk.currentNode, word.index);
        range.setEnd(walk.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""
CUT = """(selector) => [...document.querySelectorAll(selector)].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.left < 0 || box.right > innerWidth || box.width === 0;
}).map((each) => each.textContent.trim())"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A wiki with a wide table, a page that changed, and something to count."""
    place = tmp_path_factory.mktemp("narrow")
    data = begin(place / "data", write_pages(place / "pages", {**PAGES, "travel/costs.md": TABLE}), POLICY)
    with open_world(data) as world:
        n = world.propose("ana", {"travel/costs": TABLE.replace("bill", "receipt")})
        world.endorse(n, "bob", "cyd")
    with serving(data) as served:
        yield served


@pytest.fixture
def window(browser: Any, site: Site) -> Iterator[Callable[[int, str], Any]]:
    """A window of this width, in this language."""
    contexts = []

    def open_window(width: int, language: str) -> Any:
        contexts.append(
            browser.new_context(base_url=site.address, viewport={"width": width, "height": 844}, locale=language)
        )
        return contexts[-1].new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("width", [1280, 390])
def test_words_in_heads_and_labels_are_whole(window: Any, width: int, language: str) -> None:
    page = window(width, language)
    page.goto("/-/history/travel/costs")
    page.locator("form.comparing button").click()
    page.wait_for_url("**/-/compare/**")
    for address in (page.url, "/-/words/travel/costs", "/travel/costs", "/-/how-we-are-doing"):
        page.goto(address)
        assert page.evaluate(BROKEN, "main :is(th, dt, .prose td)") == [], address
        assert overflows(page) == 0


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_place_of_the_menu_is_cut(window: Any, width: int, language: str) -> None:
    page = window(width, language)
    page.goto("/")
    assert page.evaluate(CUT, ".places a") == []
    assert overflows(page) == 0


def test_a_table_that_goes_on_has_a_shadow_at_its_edge(window: Any) -> None:
    page = window(390, "de")
    for address, table in (("/-/how-we-are-doing", ".doing-table"), ("/travel/costs", ".prose .table")):
        page.goto(address)
        box = page.locator(table).last
        assert box.evaluate("it => it.scrollWidth > it.clientWidth"), address
        assert "radial-gradient" in box.evaluate("it => getComputedStyle(it).backgroundImage"), address


@pytest.mark.parametrize("width", [1280, 390])
def test_the_rows_of_a_history_stand_in_line_whatever_is_chosen(window: Any, width: int) -> None:
    page = window(width, "en")
    page.goto("/-/history/travel/costs")
    texts = "rows => rows.map((row) => (({ x, width }) => [x, width])(row.lastElementChild.getBoundingClientRect()))"
    before = page.locator(".comparing .row").evaluate_all(texts)
    page.locator(".comparing [name=a]").first.check()
    assert page.locator(".comparing .row").evaluate_all(texts) == before
    assert len({tuple(each) for each in before}) == 1
    assert before[0][1] > min(width, 1000) / 2
    assert overflows(page) == 0
