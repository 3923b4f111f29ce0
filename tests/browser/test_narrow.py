"""On a phone: nothing covers words, nothing stands on a line of its own that belongs to another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.acts import Window, propose

pytestmark = pytest.mark.browser
COVERED = """() => [...document.querySelectorAll('.say-here')].filter((sign) => {
  const box = sign.getBoundingClientRect();
  const range = document.createRange();
  const words = document.createTreeWalker(sign.closest('.difference'), NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    if (sign.contains(words.currentNode) || !words.currentNode.data.trim()) continue;
    range.selectNodeContents(words.currentNode);
    for (const line of range.getClientRects()) {
      const beside = line.right <= box.left || line.left >= box.right;
      if (!beside && line.bottom > box.top && line.top < box.bottom) return true;
    }
  }
  return false;
}).length"""
LENGTHS = ["in writing " * count + "i" * more for count in (3, 5) for more in range(1, 30)]
"""Some of them end where a line does."""


def _tops(page: Any, selector: str) -> set[int]:
    return set(
        page.locator(selector).evaluate_all("(all) => all.map((e) => Math.round(e.getBoundingClientRect().top))")
    )


def test_the_sign_for_a_comment_covers_no_word(window: Window) -> None:
    page = window(390, who="ana")
    address = propose(page, "travel/visa", "# Visas\n\n" + "\n\n".join(LENGTHS) + "\n", "At length")
    page.goto(address)
    assert page.locator(".say-here").count() > 3
    assert page.evaluate(COVERED) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_places_stand_in_one_row_with_a_number_beside_one_of_them(window: Window) -> None:
    page = window(390, who="bob")
    page.goto("/")
    page.evaluate("""() => {
      const link = document.querySelectorAll('.places a')[1];
      const count = link.querySelector('.count') ?? link.appendChild(document.createElement('span'));
      count.className = 'count';
      count.textContent = '12';
    }""")
    assert len(_tops(page, ".places a")) == 1


def test_the_stroke_after_a_crumb_stays_with_it(window: Window) -> None:
    page = window(390)
    page.goto("/working/day-to-day/meetings")
    content = (
        "(all) => all.map((e) => [getComputedStyle(e, '::before').content, getComputedStyle(e, '::after').content])"
    )
    found = page.locator(".crumbs li").evaluate_all(content)
    assert len(found) > 2
    assert all(before == "none" for before, _ in found)
    assert [after != "none" for _, after in found] == [True] * (len(found) - 1) + [False]


def test_the_link_to_an_item_of_a_list_takes_no_line(window: Window) -> None:
    page = window(390, who="ana")
    name = "notes/a-list"
    page.goto(f"/-/new?name={name}")
    text = "# A list\n\n" + "".join(f"- {words}\n" for words in LENGTHS)
    page.locator("textarea[name=text]").fill(text)
    page.get_by_label("What changes?").fill("Begin a list")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    propose(page, name, text.replace("in writing", "by hand", 1), "Other words")
    page.goto(f"/-/who/{name}")
    links = page.locator(".passage li > .to")
    assert links.count() > 0
    taken = """(all) => all.map((sign) => {
      const item = sign.parentElement, height = item.offsetHeight;
      sign.style.display = 'none';
      return height - item.offsetHeight;
    })"""
    assert set(links.evaluate_all(taken)) == {0}


def test_a_reason_is_quoted_on_the_side_where_it_begins(window: Window) -> None:
    page = window(390, who="ana")
    page.goto("/-/edit/working/hours")
    page.locator("textarea[name=text]").fill("# Hours\n\nWork at noon.\n")
    page.get_by_label("What changes?").fill("At noon")
    page.get_by_label("Why", exact=False).first.fill("It is bright then.")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/-/proposals/*")
    address = page.url
    page.context.add_cookies([{"name": "language", "value": "ar", "url": address}])
    page.goto(address)
    style = page.locator(".head > .why").evaluate(
        "(e) => [getComputedStyle(e).borderRightWidth, getComputedStyle(e).borderLeftWidth]"
    )
    assert style == ["3px", "0px"]
