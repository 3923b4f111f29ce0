"""Every form on the page of a proposal keeps what was typed where it is refused, and leads back."""

from __future__ import annotations

import pytest

from tests.world import World

NUMBER = "/-/proposals/1"
LONG = "much " * 5_000
FORMS = {
    "object": ("zed", "reason"),
    "answer": ("ana", "text"),
    "comment": ("zed", "text"),
    "close": ("ana", "reason"),
}


@pytest.fixture
def proposed(world: World) -> World:
    """A proposal by Ana, to which Cyd objects."""
    world.propose("ana", {"welcome": "# Welcome\n\nHello.\n"}, "Greet shortly")
    world.wiki.guidelines.object(1, world.person("cyd"), world.change(1), "No.")
    return world


@pytest.mark.parametrize("form", FORMS)
def test_what_is_too_long_is_refused_and_kept_whole(proposed: World, form: str) -> None:
    who, key = FORMS[form]
    objection = proposed.wiki.guidelines.weigh(1).proposal.objections()[0].id
    before = proposed.everything()
    visitor = proposed.visitor(who)
    sent = {key: LONG, "change": proposed.change(1), "to": objection if form == "answer" else ""}
    page = visitor.post(f"{NUMBER}/{form}", sent, headers={"Referer": f"http://localhost{NUMBER}"})
    assert page.status == 400
    assert page.typed("typed") == LONG
    assert page.tree.xpath(f"//main//a[@href='{NUMBER}']/text()") == ["Back"]
    assert proposed.everything() == before


@pytest.mark.parametrize("typed", ["   ", "\n\n\t ", "\u00a0", "\u200b", "\x00\x01"])
@pytest.mark.parametrize("form", ["object", "answer", "comment"])
def test_nothing_but_space_says_nothing(proposed: World, form: str, typed: str) -> None:
    who, key = FORMS[form]
    objection = proposed.wiki.guidelines.weigh(1).proposal.objections()[0].id
    before = proposed.everything()
    sent = {key: typed, "change": proposed.change(1), "to": objection if form == "answer" else ""}
    page = proposed.visitor(who).post(f"{NUMBER}/{form}", sent)
    assert page.status == 400
    assert proposed.everything() == before
