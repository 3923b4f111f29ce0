"""How large something may be is told in the units of the reader's language."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from tests.world import World
from wiki.model.words import Size, say
from wiki.web.words import size, translate


@pytest.mark.parametrize(
    ("octets", "plain", "french"),
    [
        (5 << 20, "5 MB", "5\u202fMo"), (1 << 20, "1 MB", "1\u202fMo"), (3 << 19, "1.5 MB", "1,5\u202fMo"),
        ((1 << 20) - 1, "1024 kB", "1\u202f024\u202fko"), (300, "1 kB", "1\u202fko"),
    ],
)  # fmt: skip
def test_a_size_has_units_that_people_know(world: World, octets: int, plain: str, french: str) -> None:
    assert str(say("at most %(most)s", most=Size(octets))) == f"at most {plain}"
    with world.app.test_request_context("/"), force_locale("fr"):
        assert size(Size(octets)).replace("\xa0", "\u202f") == french
        assert translate(say("%(most)s", most=Size(octets))).replace("\xa0", "\u202f") == french


def test_the_editor_and_its_refusals_say_megabytes(world: World) -> None:
    ana = world.visitor("ana")
    page = ana.open("/-/edit/travel/visa")
    assert "at most 5 MB." in page.main
    assert page.tree.xpath("//form[@data-editor]/@data-most") == [str(5 << 20)]
    page = ana.submit("/-/edit/travel/visa", "propose", text="x" * ((1 << 20) + 1), title="Long")
    assert "This page is too long: at most 1 MB." in page.main
    assert "up to 1 MB of text" in ana.post("/-/edit/travel/visa", {"text": "x" * (5 << 20)}).body


def test_how_many_words_a_change_added_and_removed_is_told_from_the_left_in_every_language(world: World) -> None:
    hours = world.text("working/hours") or ""
    n = world.propose("ana", {"working/hours": hours.replace("Work", "Work quietly and gladly", 1)})
    world.endorse(n, "bob", "cyd")
    for language in ("en", "ar"):
        page = world.visitor().open("/-/history/working/hours", headers={"Accept-Language": language})
        told = page.tree.xpath("//span[@class='size']/span[@dir='ltr']")[0]
        assert told.text_content() == "+3"
