"""Links that count from their page as if it were a folder, as they were written for addresses that end with a slash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import PAGES, World, begin, open_world, write_pages
from wiki.index.links import from_within

OURS = {
    "tools/slack.md": "# Slack\n\n[Begin](begin/), [Emoji](emoji/#faces), [None](none/).\n",
    "tools/slack/begin.md": "# Begin\n\nHere.\n",
    "tools/slack/emoji.md": "# Emoji\n\n## Faces\n\nSmile.\n",
    "tools/trello.md": "# Trello\n\n[Emoji](emoji/) of another tool.\n",
    "notes/footnote.md": "# Footnote\n\nSo it is.[^1]\n\n[^1]: Large ones are read by few.\n",
}


@pytest.fixture
def linked(tmp_path: Path) -> Iterator[World]:
    """A page that is a folder as well."""
    data = begin(tmp_path / "data", write_pages(tmp_path / "pages", {**PAGES, **OURS}))
    with open_world(data) as opened:
        yield opened


def test_they_lead_into_the_folder_of_the_page(linked: World) -> None:
    page = linked.visitor().open("/tools/slack")
    links = {link.text_content().split(" (")[0]: link for link in page.tree.xpath("//article//p/a")}
    assert links["Begin"].get("href") == "/tools/slack/begin"
    assert links["Emoji"].get("href") == "/tools/slack/emoji#h-faces"
    assert not links["Begin"].get("class")
    assert links["None"].get("class") == "missing"
    assert links["None"].get("href") == "/tools/none"


def test_such_a_page_stands_once_in_the_tree_beside_it(linked: World) -> None:
    page = linked.visitor().open("/tools/slack")
    (here,) = page.tree.xpath("//nav[@class='tree']//a[@href='/tools/slack']")
    assert here.get("aria-current") == "page"
    assert here.getparent().xpath("./ul//a/@href") == ["/tools/slack/begin", "/tools/slack/emoji"]


def test_elsewhere_the_same_link_leads_nowhere(linked: World) -> None:
    page = linked.visitor().open("/tools/trello")
    assert page.tree.xpath("//article//a[@class='missing']/@href") == ["/tools/emoji"]


def test_the_list_of_links_that_lead_nowhere_leaves_them_out(linked: World) -> None:
    page = linked.visitor().open("/-/broken-links")
    names = page.tree.xpath("//code[@class='page-name']/text()")
    assert "tools/begin" not in names
    assert {"tools/none", "tools/emoji"} <= set(names)


def test_a_footnote_is_no_link(linked: World) -> None:
    assert "Large" not in linked.visitor().open("/-/broken-links").main


def test_it_is_said_where_a_name_cannot_count_from_a_page() -> None:
    assert from_within("tools/begin", "tools/slack") == "tools/slack/begin"
    assert from_within("begin", "slack") == "slack/begin"
    assert from_within("elsewhere/begin", "tools/slack") == ""
    assert from_within("begin", "") == ""
