"""Proposing a page: a name near to what was typed is offered, and a template wants words of one's own."""

from __future__ import annotations

import pytest

from tests.world import Visitor, World
from wiki.model.names import plain_name, problem_with_name

TEXT = "# Travel costs\n\nWe pay what a trip costs.\n"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Travel costs", "travel-costs"),
        ("Travel/Who pays?", "travel/who-pays"),
        ("  /travel//costs/ ", "travel/costs"),
        ("travel/costs.md", "travel/costs"),
        ("Größe & Güte", "größe-&-güte"),
        ("a\u0308pfel", "\u00e4pfel"),
        ("-- .hidden. --", "hidden"),
        ("../../etc/passwd", "etc/passwd"),
        ("何时 旅行", "何时-旅行"),
        ("travel\u200bcosts", "travelcosts"),
        ("???", None),
        ("", None),
        ("con", None),
        ("x" * 500, None),
        ("\ud800", None),
    ],
)
def test_the_plain_name_of_what_was_typed_is_a_name_or_nothing(typed: str, name: str | None) -> None:
    assert plain_name(typed) == name
    assert name is None or problem_with_name(name) is None


def write(world: World, name: str, text: str = TEXT, do: str = "propose") -> Visitor:
    """Ana writes a page."""
    ana = world.visitor("ana")
    ana.open("/-/new")
    ana.submit("/-/new", do, name=name, text=text, title="Say who pays")
    return ana


def offered(visitor: Visitor) -> list[str]:
    return [str(value) for value in visitor.page.tree.xpath("//button[@name='use']/@value")]


def take(visitor: Visitor, value: str) -> None:
    """Press the button that takes up a name."""
    form = visitor.page.form("/-/new")
    sent = {key: field for key, field in form.form_values() if key not in {"do", "use"}}
    visitor.post("/-/new", {**sent, "text": visitor.page.typed(), "use": value})


def test_a_title_typed_for_a_name_offers_the_name_it_would_have_in_one_click(world: World) -> None:
    ana = write(world, "Travel costs")
    assert ana.page.status == 400
    assert "without spaces is easier" in ana.page.main
    assert offered(ana) == ["propose travel-costs", "propose Travel costs"]
    assert ana.page.typed() == TEXT
    take(ana, "propose travel-costs")
    assert ana.page.address == "/-/proposals/1"
    (touched,) = world.wiki.guidelines.weigh(1).proposal.touched
    assert touched.path == "travel-costs.md"


def test_whoever_wants_spaces_keeps_them(world: World) -> None:
    ana = write(world, "Travel costs")
    take(ana, "propose Travel costs")
    assert world.wiki.guidelines.weigh(1).proposal.touched[0].path == "Travel costs.md"


def test_a_name_that_cannot_be_one_is_refused_with_another_and_what_was_wanted_goes_on(world: World) -> None:
    ana = write(world, "Travel: costs?", do="draft")
    assert ana.page.status == 400
    assert offered(ana) == ["draft travel-costs"]
    take(ana, "draft travel-costs")
    assert ana.page.address.startswith("/-/drafts/")
    assert "travel-costs" in ana.page.main


def test_no_name_at_all_offers_one_like_the_heading(world: World) -> None:
    ana = write(world, "")
    assert ana.page.status == 400
    assert offered(ana) == ["propose travel-costs"]


@pytest.mark.parametrize("use", ["", " ", "propose ", "propose ../x", "nothing travel-costs", "propose con", "x" * 999])
def test_an_invented_button_is_no_way_around(world: World, use: str) -> None:
    ana = write(world, "???")
    before = world.everything()
    take(ana, use)
    assert ana.page.status in {200, 400}
    if ana.page.status == 400:
        assert world.everything() == before
        assert ana.page.typed() == TEXT


def test_enter_in_the_name_field_does_what_was_wanted_and_takes_no_name_up(world: World) -> None:
    ana = write(world, "Travel costs", do="draft")
    first = ana.page.form("/-/new").xpath(".//button[not(@type='button')]")[0]
    assert (first.get("name"), first.get("value"), first.get("aria-hidden")) == ("do", "draft", "true")


TEMPLATE = "# What we decide\n\nSay here what.\n"


def test_an_untouched_template_is_not_proposed(world: World) -> None:
    n = world.propose("ana", {"_templates/decision": f"---\ntitle: Decision\n---\n\n{TEMPLATE}"})
    world.endorse(n, "bob", "cyd")
    ana = world.visitor("ana")
    page = ana.open("/-/new?template=decision")
    assert page.typed().strip() == TEMPLATE.strip()
    page = ana.submit("/-/new", "propose", name="notes/decided", title="Decide")
    assert page.status == 400
    assert "You have not changed the template yet." in page.main
    page = ana.submit("/-/new", "propose", text=TEMPLATE.replace("Say here what.", "We paint it blue."))
    assert page.address.startswith("/-/proposals/")
    ana.open("/-/new?template=decision")
    assert ana.submit("/-/new", "draft", name="notes/later", title="Later").address.startswith("/-/drafts/")


def test_an_untouched_template_is_not_proposed_from_a_draft_either(world: World) -> None:
    n = world.propose("ana", {"_templates/decision": TEMPLATE})
    world.endorse(n, "bob", "cyd")
    ana = world.visitor("ana")
    ana.open("/-/new?template=decision")
    page = ana.submit("/-/new", "draft", name="notes/later", title="Later")
    before = world.everything()
    page = ana.submit(page.address, "propose")
    assert page.status == 400
    assert "You have not changed the template of “Later” yet." in page.main
    assert world.everything() == before
