"""Whoever comes back to a page of which they have a draft is told, and nobody else is."""

from __future__ import annotations

import os

from tests.conftest import CHECKOUT
from tests.warm import ended, python
from tests.world import Page, World
from wiki.database import writing
from wiki.drafts import Draft, DraftFile, forget_drafts

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


def _holding(world: World, path: str, who: str = "ana") -> list[int]:
    return [each.id for each in world.wiki.drafts.holding(world.people[who].id, path)]


def test_names_with_signs_that_mean_something_to_sql_are_found_alone(world: World) -> None:
    drafts, account = world.wiki.drafts, world.people["ana"].id
    names = ["a_b.md", "50%!.md", "größe/naïve.md", 'say "so".md', "back\\slash.md"]
    for name in names:
        drafts.save(Draft(account, files={name: DraftFile(f'"{names[0]}": {{"text"', None)}), 1)
    assert [_holding(world, name) for name in names] == [[1], [2], [3], [4], [5]]
    for name in ("a-b.md", "axb.md", "b.md", "50.md", "50%.md", "naïve.md", ""):
        assert _holding(world, name) == []
    assert _holding(world, names[0], "bob") == []


def test_what_a_draft_holds_is_what_it_was_saved_with_last(world: World) -> None:
    drafts, account = world.wiki.drafts, world.people["ana"].id
    begun = drafts.save(Draft(account, files={"a.md": DraftFile("A", "1" * 40), "b.md": DraftFile("B", None)}), 1)
    assert _holding(world, "a.md") == _holding(world, "b.md") == [begun.id]
    drafts.save(begun.without("b.md").with_files({"c.md": DraftFile(None, "2" * 40)}), 2)
    assert [_holding(world, name) for name in ("a.md", "b.md", "c.md")] == [[1], [], [1]]
    assert [each.goes for name in ("a.md", "c.md") for each in drafts.holding(account, name)] == [False, True]
    drafts.discard(begun.id, world.people["bob"].id)
    assert _holding(world, "a.md") == [1]
    drafts.discard(begun.id, account)
    assert _holding(world, "a.md") == _holding(world, "c.md") == []
    drafts.save(Draft(account, files={"a.md": DraftFile("A", None)}), 3)
    with writing(world.wiki.engine) as connection:
        forget_drafts(connection, account)
    assert drafts.of(account) == _holding(world, "a.md") == []


_SAVE = """
import os
from wiki.assembly import open_wiki
from wiki.drafts import Draft, DraftFile
from wiki.settings import Settings
wiki = open_wiki(Settings.load(os.environ))
account = next(each for each in wiki.accounts.everyone() if each.name.startswith("Ana"))
"""


def _elsewhere(world: World, do: str) -> None:
    """Have another process do something with drafts of Ana's."""
    settings = world.wiki.settings
    told = {"WIKI_DATA": str(settings.data), "WIKI_DATABASE_URL": settings.database_url, "PYTHONPATH": str(CHECKOUT)}
    assert ended(python(_SAVE + do, environment={**os.environ, **told})) == 0


def test_what_another_process_does_to_a_draft_shows_at_the_next_view(world: World) -> None:
    ana, bob = world.visitor("ana"), world.visitor("bob")
    for _ in range(3):
        assert TOLD not in ana.open(f"/{NAME}").main
    _elsewhere(world, f"wiki.drafts.save(Draft(account.id, files={{'{NAME}.md': DraftFile('Hm', None)}}), 7)")
    for _ in range(3):
        assert _ways_on(ana.open(f"/{NAME}")) == ["/-/drafts/1"]
        assert TOLD not in bob.open(f"/{NAME}").main
    _elsewhere(world, "wiki.drafts.save(wiki.drafts.get(1, account.id).without('travel/visa.md'), 8)")
    assert TOLD not in ana.open(f"/{NAME}").main
