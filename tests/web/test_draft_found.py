"""Whoever comes back to a page of which they have a draft is told, and nobody else is."""

from __future__ import annotations

from tests.world import Page, World
from wiki.drafts import Draft, DraftFile

NAME = "travel/visa"
EDIT = f"/-/edit/{NAME}"
TOLD = "You have a draft of this page"


def _ways_on(page: Page) -> list[str]:
    return [str(to) for to in page.tree.xpath("//main//a[.='Go on with it']/@href")]


def _begin(world: World, who: str = "ana", title: str = "Fees") -> None:
    visitor = world.visitor(who)
    visitor.open(EDIT)
    visitor.submit(EDIT, "draft", text="# Visas\n\nAsk late.\n", title=title)


def test_the_page_and_the_editor_lead_on_to_the_draft(world: World) -> None:
    ana = world.visitor("ana")
    assert TOLD not in ana.open(f"/{NAME}").main
    assert TOLD not in ana.open(EDIT).main
    _begin(world)
    page = ana.open(f"/{NAME}")
    assert TOLD in page.main
    assert _ways_on(page) == ["/-/drafts/1"]
    page = ana.open(EDIT)
    assert f"{TOLD}, saved on" in page.main
    assert "Fees" in page.main
    assert _ways_on(page) == [f"{EDIT}?draft=1"]
    page = ana.open(_ways_on(page)[0])
    assert page.typed() == "# Visas\n\nAsk late.\n"
    assert TOLD not in page.main


def test_nobody_else_is_told_and_no_other_page_says_so(world: World) -> None:
    _begin(world)
    for who in ("bob", None):
        assert TOLD not in world.visitor(who).open(f"/{NAME}").main
    assert TOLD not in world.visitor("bob").open(EDIT).main
    ana = world.visitor("ana")
    for other in ("travel/expenses", "travel/index", "größe/naïve"):
        assert TOLD not in ana.open(f"/{other}").main
        assert TOLD not in ana.open(f"/-/edit/{other}").main


def test_the_last_touched_of_several_is_meant_and_a_draft_that_is_gone_is_not(world: World) -> None:
    _begin(world)
    world.clock.wait(1)
    _begin(world, title="Other fees")
    ana = world.visitor("ana")
    assert _ways_on(ana.open(f"/{NAME}")) == ["/-/drafts/2"]
    assert _ways_on(ana.open(EDIT)) == [f"{EDIT}?draft=2", f"{EDIT}?draft=1"]
    world.wiki.drafts.discard(2, world.people["ana"].id)
    assert _ways_on(ana.open(f"/{NAME}")) == ["/-/drafts/1"]


def test_a_draft_that_removes_the_page_is_gone_on_with_where_drafts_are(world: World) -> None:
    ana = world.visitor("ana")
    _begin(world)
    ana.open("/-/drafts/1")
    ana.submit("/-/drafts/1/pages", None, name="working/hours", kind="remove")
    assert _ways_on(ana.open("/-/edit/working/hours")) == ["/-/drafts/1"]


def test_another_text_of_a_proposal_is_told_of_where_it_is_revised(world: World) -> None:
    n = world.propose("ana", {NAME: "# Visas\n\nAsk.\n"})
    ana, revising = world.visitor("ana"), f"{EDIT}?proposal={n}"
    ana.open(revising)
    ana.submit(EDIT, "draft", text="# Visas\n\nAsk twice.\n")
    assert TOLD in ana.open(revising).main
    assert TOLD not in ana.open(EDIT).main
    assert TOLD not in ana.open(f"/{NAME}").main


def test_names_with_signs_that_mean_something_to_sql_are_found_alone(world: World) -> None:
    drafts, account = world.wiki.drafts, world.people["ana"].id
    names = ["a_b.md", "50%!.md", "größe/naïve.md", 'say "so".md', "back\\slash.md"]
    for name in names:
        drafts.save(Draft(account, files={name: DraftFile(f'"{names[0]}": {{"text"', None)}), 1)
    assert [drafts.holding(account, name) for name in names] == [1, 2, 3, 4, 5]
    for name in ("a-b.md", "axb.md", "b.md", "50.md", "50%.md", "naïve.md", ""):
        assert drafts.holding(account, name) is None
    assert drafts.holding(world.people["bob"].id, names[0]) is None
