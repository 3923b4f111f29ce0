"""Pages promise and offer nothing that is not so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.test_administration import appoint
from tests.world import World, copy_of, open_world

PAGE, SENTENCE = "travel/expenses", "Keep the receipt of every meal."


def test_what_was_there_when_the_wiki_was_founded_is_not_said_to_have_been_agreed_to(world: World) -> None:
    page = world.visitor().open("/")
    assert "Since the founding, every change here has come into force by our own rules." in page.body
    assert "agreed to it" not in page.body
    assert "every page says where its words come from" in page.main


def test_the_demonstration_is_said_to_be_set_by_the_file_that_marks_it(founded: Path, tmp_path: Path) -> None:
    data = copy_of(founded, tmp_path / "data")
    (data / "demonstration").touch()
    with open_world(data, demonstration=True) as world:
        appoint(world, "ana")
        page = world.visitor("ana").open("/-/administration/settings")
    (said,) = page.tree.xpath("//dl/div[dt='demonstration']/dd")
    assert " ".join(said.text_content().split()) == "true from the file demonstration in the data directory"


def test_the_time_for_reading_is_told_as_such_and_not_as_an_end(world: World) -> None:
    n = world.propose("ana", {"legal/contracts": "# Contracts\n\nSign nothing.\n"})
    main = world.visitor().open(f"/-/proposals/{n}").main
    assert "to read it; it cannot come into force before" in main
    assert "stays on the table until" not in main


@pytest.fixture
def overtaken(world: World) -> int:
    """A proposal whose sentence has come into force in other words meanwhile."""
    text = world.text(PAGE) or ""
    n = world.propose("ana", {PAGE: text.replace(SENTENCE, "Keep nothing.")}, "Keep nothing")
    world.endorse(world.propose("bob", {PAGE: text.replace(SENTENCE, "Keep it all.")}), "cyd", "dee")
    return n


def test_bringing_up_to_date_is_not_offered_where_only_an_author_can_decide_the_words(
    world: World, overtaken: int
) -> None:
    for who in ("ana", "bob", None):
        page = world.visitor(who).open(f"/-/proposals/{overtaken}")
        assert "Bring up to date" not in page.main
        assert page.offers(f"/-/proposals/{overtaken}/refresh") is False
        assert ("Bring the two versions together" in page.main) is (who == "ana")
        assert "Ana Souza: bring the two versions of the text together." in page.main
