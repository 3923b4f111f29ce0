"""Screens of a wiki that is not as the others: one without a page, and one where something went wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.acts import Window, barriers_in_each_look
from tests.browser.conftest import Complaints, Site, serving
from tests.world import PAGES, POLICY, begin, write_pages

pytestmark = pytest.mark.browser
EMPTY = ("/", "/-/contents", "/-/changes", "/-/proposals", "/-/proposals?tab=in+force", "/-/broken-links",
         "/-/search?q=anything", "/-/policy", "/-/new")  # fmt: skip


@pytest.fixture(scope="module", params=["empty", "broken"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A wiki in which nobody has written yet, or one whose index has a page that cannot be read."""
    place = tmp_path_factory.mktemp(request.param)
    pages = write_pages(place / "pages", PAGES if request.param == "broken" else {".keep": ""})
    data = begin(place / "data", pages, POLICY)
    if request.param == "broken":
        _break(data / "wiki.db")
    with serving(data) as served:
        yield served


def _break(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE page SET provenance = '{' WHERE name = 'welcome'")
    connection.close()


@pytest.mark.parametrize("site", ["empty"], indirect=True)
@pytest.mark.parametrize("address", EMPTY)
def test_a_wiki_without_a_page_says_what_to_do_next(window: Window, address: str) -> None:
    page = window(who="ana")
    page.goto(address)
    assert barriers_in_each_look(page) == []
    main = page.get_by_role("main")
    assert len(main.inner_text().split()) > 8
    if address != "/-/broken-links":  # where there is nothing to do
        assert main.get_by_role("link").count() + main.get_by_role("button").count() > 0


@pytest.mark.parametrize("site", ["broken"], indirect=True)
def test_a_fault_of_ours_says_so(window: Window, complaints: Complaints) -> None:
    page = window(who="ana")
    answer = page.goto("/welcome")
    assert answer.status == 500
    assert "nothing was lost" in page.get_by_role("main").inner_text()
    assert barriers_in_each_look(page) == []
    complaints.found.clear()


@pytest.mark.parametrize("site", ["broken"], indirect=True)
def test_who_tries_too_often_is_told_when_to_come_back(window: Window, complaints: Complaints) -> None:
    page = window()
    answers = [page.goto(f"/-/welcome/{'x' * 10}").status for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert "wait a little" in page.get_by_role("main").inner_text()
    assert barriers_in_each_look(page) == []
    complaints.found.clear()


@pytest.mark.parametrize("site", ["broken"], indirect=True)
def test_what_is_too_large_is_refused_in_the_layout(window: Window, complaints: Complaints) -> None:
    page = window()
    page.goto("/-/sign-in")
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_label("Password").fill("not this one")
    page.evaluate("document.querySelector('main input[name=next]').value = 'word '.repeat(1_000_000)")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    assert page.get_by_role("heading", level=1).inner_text() == "Too much at once"
    assert barriers_in_each_look(page) == []
    complaints.found.clear()
