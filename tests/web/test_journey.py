"""From a wrong sentence to a guideline in force, as people walk it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, begin, open_world
from wiki import places

EDIT = "/-/edit/travel/expenses"


def test_a_colleague_suggests_two_endorse_and_it_is_in_force(world: World) -> None:
    ana, bob, cyd = (world.visitor(who) for who in ("ana", "bob", "cyd"))
    ana.open("/travel/expenses")
    ana.open(EDIT)
    text = ana.page.typed() + "\n## Taxis\n\nTake one after midnight.\n"
    proposed = ana.submit(EDIT, "propose", text=text, title="Pay for taxis", why="It is **late**.")
    assert proposed.address == "/-/proposals/1"
    assert "on the table" in proposed.messages
    assert "0 of 2 colleagues" in proposed.main
    assert world.text("travel/expenses") != text

    assert "Pay for taxis" in bob.open("/").main
    assert "1 waits for you" in " ".join(bob.page.tree.xpath("//header")[0].text_content().split())
    bob.open("/-/proposals/1")
    assert bob.submit("/-/proposals/1/endorse").status == 200
    assert "1 of 2 colleagues" in bob.page.main

    cyd.open("/-/proposals/1")
    in_force = cyd.submit("/-/proposals/1/endorse")
    assert "in force" in in_force.messages
    assert "In force since" in in_force.main
    assert world.text("travel/expenses") == text
    page = world.visitor().open("/travel/expenses")
    assert "Take one after midnight." in page.main
    assert "Last changed by Ana Souza, endorsed by 2 colleagues." in page.main
    assert "by proposal 1" in page.main


def test_a_new_page_comes_into_force_where_no_endorsement_is_needed(world: World) -> None:
    ana = world.visitor("ana")
    offered = ana.open("/notes/plants")
    assert offered.status == 404
    link = offered.tree.xpath("//main//a[contains(@href, '/-/new')]/@href")[0]
    ana.open(link)
    assert ana.page.tree.xpath("//input[@name='name']/@value") == ["notes/plants"]
    done = ana.submit("/-/new", "propose", text="# Plants\n\nWater them.\n", title="Water the plants")
    assert done.status == 200
    assert "in force" in done.messages
    assert "Water them." in world.visitor().open("/notes/plants").main


def test_a_page_is_removed_when_colleagues_agree_and_its_address_says_so(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/remove/working/hours")
    removal = ana.submit("/-/remove/working/hours", "propose", title="Trust people", why="They know.")
    assert "to be removed" in removal.main
    world.endorse(1, "bob", "cyd")
    gone = world.visitor().open("/working/hours")
    assert gone.status == 404
    assert "no longer in force" in gone.heading
    assert "Trust people" in gone.main
    history = world.visitor().open("/-/history/working/hours")
    assert history.status == 200
    assert "removed" in history.main


def test_a_page_is_renamed_and_its_old_address_leads_to_the_new_one(world: World) -> None:
    ana = world.visitor("ana")
    ana.open(EDIT)
    moved = ana.submit(EDIT, "propose", name="travel/money", title="Call it money")
    assert "moved from travel/expenses" in moved.main
    world.endorse(1, "bob", "cyd")
    page = world.visitor().open("/travel/expenses")
    assert page.status == 200
    assert page.address == "/travel/money"
    assert "moved from travel/expenses" in world.visitor().open("/-/history/travel/money").main


def test_the_policy_is_changed_like_a_page_at_its_own_strictest_rule(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/policy")
    ana.open("/-/edit/policy.toml")
    text = ana.page.typed().replace("endorse = 2", "endorse = 1")
    page = ana.submit("/-/edit/policy.toml", "propose", text=text, title="One is enough")
    assert page.status == 200, page.main
    assert "0 of 3 colleagues" in page.main
    world.endorse(1, "bob", "cyd", "dee")
    assert not world.in_force(1)
    world.clock.wait(2.1)
    world.wiki.tick()
    assert world.in_force(1)
    assert "1 colleague" in world.visitor().open("/-/policy?path=welcome").main


def test_preview_and_difference_show_what_would_be_proposed_and_change_nothing(world: World) -> None:
    before = world.everything()
    ana = world.visitor("ana")
    ana.open(EDIT)
    text = ana.page.typed().replace("every meal", "**no** meal")
    shown = ana.submit(EDIT, "preview", text=text, title="Fewer receipts", why="Paper")
    assert shown.tree.xpath("//*[@data-preview]//strong[text()='no']")
    assert shown.typed() == text.rstrip("\n") + "\n"
    different = ana.submit(EDIT, "difference")
    assert different.tree.xpath("//section[@aria-labelledby='difference-head']//ins")
    assert different.tree.xpath("//section[@aria-labelledby='difference-head']//del")
    assert different.typed("why").strip() == "Paper"
    assert different.tree.xpath("//input[@name='title']/@value") == ["Fewer receipts"]
    preview = ana.post("/-/preview", {"text": "*soft*", "name": "travel/x"})
    assert preview.body.strip() == '<p data-line="1"><em>soft</em></p>'
    assert world.everything() == before


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[World]:
    """The guidelines that every new wiki begins with."""
    policy = (places.starter_content() / "policy.toml").read_text(encoding="utf-8")
    data = begin(tmp_path / "data", places.starter_content(), policy)
    with open_world(data) as opened:
        yield opened


def test_the_starter_guidelines_can_be_read_and_changed_by_three_colleagues(starter: World) -> None:
    home = starter.visitor().open("/")
    names = [str(a) for a in home.tree.xpath("//main//a/@href") if not str(a).startswith("/-/")]
    pages = [name for name in names if starter.text(name.strip("/")) and not name.startswith("/legal")]
    assert pages, "the starter guidelines have no page"
    _change_and_bring_into_force(starter, pages[0].strip("/"))


@pytest.mark.corpus
def test_the_handbook_can_be_read_and_changed_by_three_colleagues(handbook: World) -> None:
    _change_and_bring_into_force(handbook, "about")


def _change_and_bring_into_force(world: World, name: str) -> None:
    ana = world.visitor("ana")
    ana.open(f"/-/edit/{name}")
    ana.submit(f"/-/edit/{name}", "propose", text=f"{ana.page.typed()}\nBe kind.\n", title="Be kind")
    for who in ("bob", "cyd"):
        colleague = world.visitor(who)
        colleague.open("/-/proposals/1")
        assert colleague.submit("/-/proposals/1/endorse").status == 200
    assert "Be kind." in world.visitor().open(f"/{name}").main
    assert "Be kind" in world.visitor().open("/-/changes").main


@pytest.mark.corpus
@pytest.mark.slow
def test_every_page_of_the_handbook_can_be_opened(handbook: World) -> None:
    visitor = handbook.visitor()
    root = handbook.wiki.index.contents()
    names = [node.name for node in _pages(root)]
    assert len(names) > 100
    for name in names:
        page = visitor.open(f"/{name}?redirect=no")
        assert page.status == 200, name
        assert page.heading


def _pages(node: object) -> Iterator[object]:
    for child in node.children:  # type: ignore[attr-defined]
        if child.kind == "page":
            yield child
        yield from _pages(child)


@pytest.fixture
def handbook(handbook_founded: Path, tmp_path: Path) -> Iterator[World]:
    """A wiki on a real handbook with its history."""
    data = tmp_path / "data"
    shutil.copytree(handbook_founded, data)
    with open_world(data) as opened:
        yield opened
