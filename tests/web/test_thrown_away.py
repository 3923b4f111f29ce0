"""What is thrown away is named, and what was being typed can be brought back for a day."""

from __future__ import annotations

from tests.world import Visitor, World

EDIT = "/-/edit/travel/expenses"
TEXT = "# Expenses\n\nHalf a sentence\n"


def typed(visitor: Visitor, text: str = TEXT, title: str = "Half a title") -> None:
    """What the editor's script sends while somebody types."""
    visitor.post("/-/sketches", {"place": EDIT, "text": text, "title": title, "sketch": "0"})


def test_what_is_thrown_away_is_named_and_can_be_brought_back_for_a_day(world: World) -> None:
    ana = world.visitor("ana")
    typed(ana)
    ana.open(EDIT)
    page = ana.submit("/-/sketches/discard")
    assert page.messages == "What you had typed is thrown away: “Half a title …”"
    assert "You typed here" not in page.main
    assert "What you had typed here was thrown away on" in page.main
    assert "Half" not in ana.open("/-/drafts").main
    assert [each.fields["text"] for each in world.wiki.sketches.of(world.people["ana"].id, thrown=True)] == [TEXT]
    ana.open(EDIT)
    page = ana.submit("/-/sketches/bring-back")
    assert page.messages == "What you had typed is back."
    assert page.typed() == TEXT
    assert "Half a title" in ana.open("/-/drafts").main


def test_nobody_else_brings_it_back_and_after_a_day_it_is_gone(world: World) -> None:
    ana, bob = world.visitor("ana"), world.visitor("bob")
    typed(ana)
    ana.open(EDIT)
    ana.submit("/-/sketches/discard")
    assert "thrown away" not in bob.open(EDIT).main
    assert "nothing to bring back" in bob.post("/-/sketches/bring-back", {"place": EDIT}).messages
    world.clock.wait(1)
    assert "thrown away" not in ana.open(EDIT).main
    world.wiki.sweep()
    assert world.wiki.sketches.of(world.people["ana"].id, thrown=True) == []


def test_what_was_typed_since_is_not_replaced(world: World) -> None:
    ana = world.visitor("ana")
    typed(ana)
    ana.open(EDIT)
    ana.submit("/-/sketches/discard")
    typed(ana, "# Expenses\n\nAnother\n")
    assert "typed something else here since" in ana.post("/-/sketches/bring-back", {"place": EDIT}).messages
    assert ana.open(f"{EDIT}?resume=1").typed() == "# Expenses\n\nAnother\n"


def test_twice_the_latest_can_be_brought_back(world: World) -> None:
    ana = world.visitor("ana")
    for text in ("# Expenses\n\nFirst\n", "# Expenses\n\nSecond\n"):
        typed(ana, text, "")
        ana.open(EDIT)
        ana.submit("/-/sketches/discard")
    assert ana.page.messages == "What you had typed is thrown away: “# Expenses Second …”"
    assert ana.submit("/-/sketches/bring-back").typed() == "# Expenses\n\nSecond\n"


def test_a_place_that_is_none_is_refused(world: World) -> None:
    assert world.visitor("ana").post("/-/sketches/bring-back", {"place": "https://evil.example/"}).status == 400


def test_a_draft_that_is_thrown_away_is_named_with_its_pages(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    page = ana.submit(EDIT, "draft", text=TEXT, title="Half a title")
    page = ana.submit(page.address, "discard")
    assert page.messages == "The draft “Half a title” is thrown away, and with it: travel/expenses."
