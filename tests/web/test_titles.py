"""A page is called what it calls itself, in its front matter or by its heading, wherever it is worked on."""

from __future__ import annotations

import pytest

from tests.world import World
from wiki.index.summary import title_of

NAME = "travel/visa"
TEXT = "# Visas\n\nAsk early.\n"


def _files(page: object) -> list[str]:
    return [" ".join(h.text_content().split()) for h in page.tree.xpath("//section[@class='file']//h2")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (TEXT, "Visas"),
        ("Visas & *more*\n==========\n\nAsk.\n", "Visas & more"),
        ("---\ntitle: Papers <b>for</b> trips\n---\n\n# Visas\n", "Papers for trips"),
        ("---\nreview_by: 2030-01-01\n---\n\n# Visas\n", "Visas"),
        ("---\ntitle: [x\n---\n\n# Visas\n", "Visas"),
        ("No heading at all.\n", "Visa"),
        ("", "Visa"),
    ],
)
def test_a_title_is_read_from_the_text_and_only_then_from_the_name(text: str, title: str) -> None:
    assert title_of(NAME, text) == title


def test_where_a_page_is_changed_or_removed_it_has_its_own_title(world: World) -> None:
    ana = world.visitor("ana")
    assert ana.open(f"/-/edit/{NAME}").heading == "Suggest a change to “Visas”"
    assert ana.open(f"/-/remove/{NAME}").heading == "Propose to remove “Visas”"


def test_proposals_and_all_that_is_done_with_them_have_the_title_of_the_page(world: World) -> None:
    n = world.propose("ana", {NAME: TEXT, "travel/flat-share": "# Sharing a flat\n\nAsk.\n"})
    bob = world.visitor("bob")
    assert _files(bob.open(f"/-/proposals/{n}")) == ["Sharing a flat", "Visas"]
    assert bob.open(f"/-/suggest/{n}/{NAME}").heading == "Suggest other words for “Visas”"
    bob.submit(f"/-/suggest/{n}/{NAME}", "propose", text=f"{TEXT}\nAnd be patient.\n")
    page = bob.open(f"/-/proposals/{n}").tree.xpath("//section[@id='suggestions']")[0]
    assert "Visas" in page.text_content()
    ana = world.visitor("ana")
    assert ana.open(f"/-/edit/{NAME}?proposal={n}").heading == "Revise “Visas”"
    ana.submit(f"/-/edit/{NAME}", "propose", text=f"{TEXT}\nNow.\n")
    assert "Visas" in [
        h.text_content() for h in ana.open(f"/-/proposals/{n}/versions").tree.xpath("//main//h2|//main//h3")
    ]


def test_a_draft_has_the_titles_of_its_pages(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(f"/-/edit/{NAME}")
    page = ana.submit(f"/-/edit/{NAME}", "draft", text=TEXT)
    assert _files(page) == ["Visas"]
    assert ana.open(f"/-/edit/{NAME}?draft=1").heading == "Your draft: “Visas”"
    ana.open("/-/new?draft=1")
    page = ana.submit("/-/new", "propose", name="travel/flat-share", text="# Sharing a flat\n\nAsk.\n")
    assert _files(page) == ["Sharing a flat", "Visas"]
    assert ana.open("/-/edit/travel/flat-share?draft=1").heading == "Your draft: “Sharing a flat”"


def test_what_is_being_typed_is_listed_by_the_title_of_its_page(world: World) -> None:
    ana = world.visitor("ana")
    for place, fields in (
        (f"/-/edit/{NAME}", {"text": "# Something else\n"}),
        ("/-/edit/travel/expenses?section=meals", {"text": "## Meals\n"}),
        ("/-/new?name=notes/tea", {"text": "Green.\n", "name": "notes/green-tea"}),
        ("/-/new", {"text": "# A heading\n"}),
        ("/-/new?draft=9", {"text": "No heading.\n"}),
        ("/-/edit/working/hours", {"text": "x", "title": "Other hours"}),
    ):
        ana.post("/-/sketches", {"place": place, "sketch": "0", **fields})
    rows = ana.open("/-/drafts").tree.xpath("//p[@class='row-title']")
    found = {" ".join(row.text_content().split()) for row in rows}
    assert found == {"Visas", "Expenses", "Green tea", "A heading", "A new page", "Other hours"}
