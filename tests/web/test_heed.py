"""What a writer may not have meant is told before it is proposed: a title that goes, links that lead nowhere."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.pictures import png
from tests.world import Page, Visitor, World
from wiki.markdown import LostHead, lost_head

NAME = "notes/trips"
EDIT = f"/-/edit/{NAME}"
HEAD = "---\ntitle: Travelling\nreview_by: 2030-01-01\n---\n"
TEXT = f"{HEAD}\nAsk.\n"
FIRST_LINE = "The block between the two lines of three dashes must begin on the first line."
LOST = "The page would lose its title “Travelling”."
MEANT = "//input[@name='meant'][@type='checkbox']"


@pytest.fixture
def headed(world: World) -> World:
    """A page whose title stands in its front matter."""
    world.propose("ana", {NAME: TEXT})
    return world


def _heeded(page: Page) -> str:
    return " ".join(" ".join(page.tree.xpath("//main//div[contains(@class, 'heed')]//text()")).split())


def _touched(page: Page) -> str:
    return " ".join(" ".join(page.tree.xpath("//main//details[contains(@class, 'touches')]//text()")).split())


def _editing(world: World, who: str = "bob") -> Visitor:
    visitor = world.visitor(who)
    visitor.open(EDIT)
    return visitor


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        (TEXT, None), (f"{HEAD}Other.\n", None), ("---\n---\nAsk.\n", None), (f"\ufeff{TEXT}", None),
        (f"\n{TEXT}", LostHead.MISPLACED), (f"![a](b.png){TEXT}", LostHead.MISPLACED),
        (f"## {TEXT}", LostHead.MISPLACED),
        (f"Words first.\n\n{TEXT}", LostHead.MISPLACED), ("---\ntitle: Travelling\n\nAsk.\n", LostHead.UNCLOSED),
        ("---\ntitle: [x\n---\n\nAsk.\n", LostHead.UNREADABLE), ("---\ntitle: To: Rome\n---\n", LostHead.UNREADABLE),
        ("Ask.\n", LostHead.GONE), ("", LostHead.GONE), ("---\n\nAsk.\n", LostHead.GONE),
    ],
)  # fmt: skip
def test_it_is_known_what_became_of_front_matter(after: str, lost: LostHead | None) -> None:
    assert lost_head(TEXT, after) is lost


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("Ask.\n", None), ("---\nwords\n---\nAsk.\n", None), ("\n\n# Ask\n", None), ("---\n\nwords\n", None),
        (f"\n{TEXT}", LostHead.MISPLACED), ("---\ntitle: [x\n---\n", LostHead.UNREADABLE),
        ("---\ntitle: Trips\n\nAsk.\n", LostHead.UNCLOSED),
    ],
)  # fmt: skip
def test_what_was_plainly_meant_as_front_matter_is_known_in_a_new_page_too(text: str, lost: LostHead | None) -> None:
    assert lost_head("", text) is lost
    assert lost_head("Only words.\n", text) is lost
    assert lost_head(text, f"{text}\nMore.\n") is None


@pytest.mark.parametrize("before", [f"\n{TEXT}", f"![a](b.png){TEXT}"])
def test_a_title_that_would_be_lost_is_told_of_and_has_to_be_meant(headed: World, before: str) -> None:
    bob, was = _editing(headed), headed.everything()
    page = bob.submit(EDIT, "difference", text=before, title="A picture")
    assert _heeded(page) == f"Is this what you mean? {LOST} {FIRST_LINE} I mean it as it stands"
    assert LOST not in _touched(page)
    bob.open(EDIT)
    page = bob.submit(EDIT, "propose", text=before, title="A picture")
    assert page.address == EDIT
    assert headed.everything() == was
    assert LOST in _heeded(page)
    assert page.typed() == before
    assert page.tree.xpath("//section[@class='shown-difference']")
    assert page.tree.xpath(MEANT)
    assert LOST in _heeded(bob.submit(EDIT, "propose"))
    page = bob.post(EDIT, {"do": "propose", "text": before, "title": "A picture", "meant": "y", "base": _base(page)})
    assert page.address.startswith("/-/proposals/")
    assert headed.text(NAME) == before


def _base(page: Page) -> str:
    return str(page.tree.xpath("//input[@name='base']/@value")[0])


def test_what_cannot_be_read_is_told_of(headed: World) -> None:
    page = _editing(headed).submit(EDIT, "propose", text="---\ntitle: [x\n---\n\nAsk.\n", title="Brackets")
    assert f"{LOST} What stands between the lines of three dashes cannot be read." in _heeded(page)
    page = _editing(headed).submit(EDIT, "propose", text="---\ntitle: Trips\n\nAsk.\n", title="No end")
    assert f"{LOST} The block at the top must end with a line of three dashes." in _heeded(page)
    page = _editing(headed).submit(EDIT, "propose", text=f"\n{HEAD}\n# Travelling\n", title="Still called so")
    assert f"What is said at the top of the page would not be read. {FIRST_LINE}" in _heeded(page)
    page = _editing(headed).submit(EDIT, "propose", text="Ask.\n", title="No title")
    assert "The page would lose its title “Travelling”, and be called “Trips”." in _heeded(page)


def test_who_gives_a_page_its_title_in_another_way_is_not_asked(headed: World) -> None:
    page = _editing(headed).submit(EDIT, "propose", text="# Trips\n\nAsk.\n", title="A heading")
    assert page.address.startswith("/-/proposals/")


def test_a_new_page_whose_title_would_not_be_read_is_told_of(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/new")
    page = ana.submit("/-/new", "propose", name="notes/new", text=f"\n{TEXT}", title="New")
    assert f"What is said at the top of the page would not be read. {FIRST_LINE}" in _heeded(page)


def test_a_page_without_an_address_is_looked_at_all_the_same(world: World) -> None:
    ana = world.visitor("ana")
    for name in ("", "../x"):
        ana.open("/-/new")
        page = ana.submit("/-/new", "difference", name=name, text=f"\n{TEXT}")
        assert page.status == 200
        assert FIRST_LINE in _heeded(page)


def test_whoever_suggests_an_edit_is_told_too(headed: World) -> None:
    n = headed.propose("ana", {"travel/visa": TEXT})
    bob, to = headed.visitor("bob"), f"/-/suggest/{n}/travel/visa"
    bob.open(to)
    page = bob.submit(to, "propose", text=f"\n{TEXT}")
    assert LOST in _heeded(page)
    assert page.tree.xpath(MEANT)
    page = bob.post(to, {"do": "propose", "text": f"\n{TEXT}", "meant": "y", "base": headed.change(n)})
    assert page.address.startswith(f"/-/proposals/{n}")


def test_a_draft_keeps_it_says_it_and_is_not_proposed_until_it_is_meant(headed: World) -> None:
    bob = _editing(headed)
    page = bob.submit(EDIT, "draft", text=f"\n{TEXT}", title="A picture")
    assert page.address == "/-/drafts/1"
    assert LOST in _heeded(page)
    page = bob.submit("/-/drafts/1", "propose")
    assert (page.status, page.address) == (400, "/-/drafts/1")
    page = bob.post("/-/drafts/1", {"do": "propose", "title": "A picture", "meant": "y"})
    assert page.address.startswith("/-/proposals/")


def test_the_proposal_says_so_as_well(headed: World) -> None:
    n = headed.propose("bob", {"travel/visa": TEXT})
    headed.endorse(n, "ana", "cyd")
    n = headed.propose("bob", {"travel/visa": f"\n{TEXT}"})
    assert f"{LOST} {FIRST_LINE}" in _touched(headed.visitor().open(f"/-/proposals/{n}"))


NOWHERE = "See [a](nowhere.md), [b](/travel/visa), ![c](b.png), [d](terms.pdf), [[Bank Holidays]].\n"


def test_links_and_pictures_that_lead_nowhere_are_named_before_and_on_the_proposal(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/travel/expenses")
    text = f"{world.text('travel/expenses')}\n{NOWHERE}"
    told = [
        "“travel/bank-holidays” leads to no page yet", "“travel/nowhere” leads to no page yet",
        "There is no picture “travel/b.png”", "There is no document “travel/terms.pdf”",
    ]  # fmt: skip
    page = ana.submit("/-/edit/travel/expenses", "difference", text=text, title="Links")
    assert all(each in _touched(page) for each in told)
    assert "visa" not in _touched(page).partition("1 page")[0]
    page = ana.submit("/-/edit/travel/expenses", "propose")
    assert page.address.startswith("/-/proposals/")
    assert all(each in _touched(page) for each in told)


def test_a_draft_names_them_too_and_knows_what_comes_along(world: World) -> None:
    ana = world.visitor("ana")
    ana.open("/-/edit/travel/expenses")
    text = f"{world.text('travel/expenses')}\n{NOWHERE}"
    page = ana.submit("/-/edit/travel/expenses", "draft", text=text, title="Links")
    assert "“travel/nowhere” leads to no page yet" in _touched(page)
    assert "There is no picture “travel/b.png”" in _touched(page)
    ana.open("/-/new?draft=1")
    page = ana.submit("/-/new", "propose", name="travel/nowhere", text="# Nowhere\n\nWords.\n")
    assert "travel/nowhere" not in _touched(page)
    assert "“travel/bank-holidays” leads to no page yet" in _touched(page)
    page = ana.post("/-/drafts/1/pages", {"name": "travel/expenses", "kind": "remove"})
    assert "1 page links to “travel/expenses”, and its link would lead nowhere" in _touched(page)
    ana.open("/-/edit/policy.toml")
    page = ana.submit("/-/edit/policy.toml", "draft", text=f"{world.text('policy.toml')}\n# a word\n")
    assert page.address == "/-/drafts/2"
    assert not _touched(page)


def test_what_led_nowhere_before_or_comes_along_is_not_named(world: World) -> None:
    world.propose("ana", {"notes/links": "See [a](gone.md).\n"})
    n = world.propose("ana", {"notes/links": "See [a](gone.md), and [b](other.md).\n", "travel/visa": "x\n"})
    assert "leads to no page" in _touched(world.visitor().open(f"/-/proposals/{n}"))
    n = world.propose("ana", {"travel/visa": "See [a](other.md) and ![c](c.png).\n", "travel/other": "# Other\n"})
    said = _touched(world.visitor().open(f"/-/proposals/{n}"))
    assert "There is no picture “travel/c.png”" in said
    assert "leads to no page" not in said
    ana = world.visitor("ana")
    ana.open("/-/edit/travel/visa")
    form = {"do": "attach", "text": "x", "file": (BytesIO(png(1)), "Map.png")}
    page = ana.post("/-/edit/travel/visa", form, content_type="multipart/form-data")  # type: ignore[arg-type]
    assert "![Map](" in page.typed()
    page = ana.submit("/-/edit/travel/visa", "difference", title="A map")
    assert "There is no picture" not in page.main


def test_the_preview_marks_what_leads_nowhere(world: World) -> None:
    ana = world.visitor("ana")
    page = ana.post("/-/preview", {"text": NOWHERE, "name": "travel/new"})
    assert page.tree.xpath("//a[@class='missing'][starts-with(., 'a')]")
    assert not page.tree.xpath("//a[@class='missing'][starts-with(., 'b')]")
    assert "There is no picture “travel/b.png”" in page.body
    assert not page.tree.xpath("//img")


def test_what_is_wrong_with_an_address_stands_at_the_address(world: World) -> None:
    ana = world.visitor("ana")
    for name in ("travel", "Travel/Expenses", "travel/expenses", "welcome/more"):
        ana.open("/-/new")
        page = ana.submit("/-/new", "propose", name=name, text="# New\n\nWords.\n", title="New")
        assert _wrong(page) == ["name"], name
        assert not page.tree.xpath("//p[contains(@class, 'names')]/button[contains(., $it)]", it=f"“{name}”")
    ana.open("/-/edit/notes/kitchen")
    page = ana.submit("/-/edit/notes/kitchen", "propose", name="Travel/Visa", title="Move")
    assert _wrong(page) == ["name"]


def test_what_is_wrong_with_the_page_that_readers_are_led_to_stands_there(world: World) -> None:
    ana = world.visitor("ana")
    for name in ("no/such", "../x", "travel/visa"):
        ana.open("/-/remove/travel/visa")
        page = ana.submit("/-/remove/travel/visa", "propose", title="Remove it", lead_to=name)
        assert _wrong(page) == ["lead_to"], name


def _wrong(page: Page) -> list[str]:
    assert page.status in {400, 409}
    return [str(name) for name in page.tree.xpath("//main//*[@aria-invalid='true']/@name")]
