"""Open proposals that touch the same passages: told in the editor, while somebody types, and on each other."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.world import Visitor, World
from wiki.together import near, radar

PAGE = "travel/expenses"
EDIT = f"/-/edit/{PAGE}"
MEALS, TRAINS = "Keep the receipt of every meal.", "Take the train where it is quick."


def _without(world: World, old: str, new: str) -> str:
    return (world.text(PAGE) or "").replace(old, new)


@pytest.fixture
def contested(world: World) -> World:
    """Two proposals for one page, in two of its sections."""
    world.propose("ana", {PAGE: _without(world, MEALS, "Keep no receipt.")}, "No receipts")
    world.propose("cyd", {PAGE: _without(world, TRAINS, "Take every train.")}, "All trains")
    return world


def _told(visitor: Visitor) -> list[str]:
    return [" ".join(each.text_content().split()) for each in visitor.page.tree.xpath("//*[@data-radar-shown]//li")]


def _while_typing(visitor: Visitor, text: str, place: str = EDIT) -> str:
    return visitor.post("/-/preview", {"text": text, "name": PAGE, "place": place}).body.partition("<template")[2]


def test_the_editor_tells_of_open_proposals_and_leads_to_helping_them(contested: World) -> None:
    bob = contested.visitor("bob")
    page = bob.open(EDIT)
    assert "2 open proposals would change this page" in page.main
    assert [each[:11] for each in _told(bob)] == ["No receipts", "All trains "]
    assert f"Meals: {MEALS}" in _told(bob)[0]
    ways = page.tree.xpath("//*[@data-radar-shown]//a[@class='plain']/@href")
    assert ways == [f"/-/suggest/1/{PAGE}", f"/-/suggest/2/{PAGE}"]
    assert bob.open(ways[0]).status == 200
    own = contested.visitor("ana").open(EDIT).tree.xpath("//*[@data-radar-shown]//a[@class='plain']/@href")
    assert own == [f"/-/suggest/2/{PAGE}"]


def test_a_section_shows_only_what_touches_it(contested: World) -> None:
    bob = contested.visitor("bob")
    page = bob.open(f"{EDIT}?section=trains")
    assert "1 open proposal would change this section" in page.main
    assert len(_told(bob)) == 1
    assert _told(bob)[0].startswith("All trains")
    bob.open(f"{EDIT}?section=hotels")
    assert _told(bob) == []
    assert bob.page.tree.xpath("//*[@data-radar-shown]/@hidden")


def test_the_preview_tells_which_proposals_would_change_what_is_typed(contested: World) -> None:
    bob = contested.visitor("bob")
    told = _while_typing(bob, _without(contested, MEALS, "Keep some receipts."))
    assert "1 open proposal would change what you change" in told
    assert told.index("No receipts") < told.index("The same passage as you.") < told.index("All trains")
    assert "what you change" not in _while_typing(bob, contested.text(PAGE) or "")
    section = _while_typing(bob, "## Trains\n\nTake no train.\n", f"{EDIT}?section=trains")
    assert "1 open proposal would change what you change" in section
    assert "No receipts" not in section
    assert _while_typing(bob, "x", "/-/edit/welcome") == ""
    assert _while_typing(bob, "x", "/-/new") == ""


def test_ones_own_proposal_is_not_told_of_while_revising_it(contested: World) -> None:
    cyd = contested.visitor("cyd")
    cyd.open(f"{EDIT}?proposal=2")
    assert [each[:11] for each in _told(cyd)] == ["No receipts"]


def test_the_difference_step_tells_too(contested: World) -> None:
    bob = contested.visitor("bob")
    bob.open(EDIT)
    page = bob.submit(EDIT, "difference", text=_without(contested, TRAINS, "Walk."), title="Walk")
    assert "1 open proposal would change what you change" in page.main
    assert _told(bob)[0].startswith("All trains")


def test_a_proposal_that_was_begun_earlier_is_told_of_where_its_passage_stands_now(contested: World) -> None:
    text = _without(contested, "# Expenses\n", "# Expenses\n\nNew words at the top.\n")
    contested.endorse(contested.propose("zed", {PAGE: text}), "bob", "dee")
    bob = contested.visitor("bob")
    bob.open(f"{EDIT}?section=trains")
    assert [each[:10] for each in _told(bob)] == ["All trains"]
    later = text.replace(TRAINS, "Take the night train.")
    contested.endorse(contested.propose("zed", {PAGE: later}), "bob", "dee")
    bob.open(f"{EDIT}?section=trains")
    assert [each[:10] for each in _told(bob)] == ["All trains"]


def test_proposals_that_overlap_name_each_other_and_say_which_would_have_to_follow(contested: World) -> None:
    contested.propose("dee", {PAGE: _without(contested, MEALS, "Keep two receipts.")}, "Two receipts")
    contested.endorse(1, "bob")
    visitor = contested.visitor()
    first, third = visitor.open("/-/proposals/1").main, visitor.open("/-/proposals/3").main
    assert "Another proposal, Two receipts, would change the same passage of “Expenses”." in first
    assert "this one is nearer: then that one would have to be brought up to date" in first
    assert "Another proposal, No receipts, would change the same passage of “Expenses”." in third
    assert "that one is nearer: then this one would have to be brought up to date" in third
    assert "Another proposal" not in visitor.open("/-/proposals/2").main
    contested.endorse(3, "bob")
    assert "Both need as many endorsements." in visitor.open("/-/proposals/3").main


def test_many_open_proposals_do_not_make_the_editor_longer_or_ask_more(contested: World) -> None:
    bob = contested.visitor("bob")

    def opened() -> tuple[int, int]:
        asked: list[str] = []
        event.listen(contested.wiki.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        size = len(bob.open(EDIT).body)
        return size, len(asked)

    for n in range(6):
        contested.propose("dee", {PAGE: _without(contested, MEALS, f"Keep {n} receipts.")}, f"Receipts {n}")
    opened()
    few = opened()
    for n in range(6, 24):
        contested.propose("dee", {PAGE: _without(contested, MEALS, f"Keep {n} receipts.")}, f"Receipts {n}")
    opened()
    many = opened()
    assert many[0] - few[0] < 200
    assert many[1] <= few[1]
    assert "and 20 more" in bob.page.main


def test_where_a_proposal_touches_a_page_is_worked_out_once(contested: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wiki = contested.wiki
    blob = wiki.repository.file(wiki.repository.main(), f"{PAGE}.md")
    assert blob is not None
    before = near(wiki, f"{PAGE}.md", blob.id)
    monkeypatch.setattr(radar, "spots", lambda *_texts: pytest.fail("worked out again"))
    assert near(wiki, f"{PAGE}.md", blob.id) == before


def test_what_is_put_in_is_named_and_not_the_passage_beside_it(world: World) -> None:
    text, last = world.text(PAGE) or "", "Sleep where you sleep well."
    world.propose("ana", {PAGE: f"{text}\nWe pay for breakfast.\n"}, "Breakfast")
    world.propose("cyd", {PAGE: f"{text}\nWe pay for dinner.\n"}, "Dinner")
    bob = world.visitor("bob")
    bob.open(EDIT)
    assert [each.partition("Hotels: ")[2] for each in _told(bob)] == [
        "new: We pay for breakfast.", "new: We pay for dinner.",
    ]  # fmt: skip
    page = bob.open("/-/proposals/1")
    assert "Another proposal, Dinner, would put something in at the same place of “Expenses”." in page.main
    (notice,) = page.tree.xpath("//div[contains(@class, 'overlap')]")
    assert "We pay for dinner." in notice.text_content()
    assert last not in notice.text_content()
    assert f"2 of them would put something in after: {last}" in bob.open(f"/{PAGE}").main
