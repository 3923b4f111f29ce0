"""Talk: about the whole and about passages, which it follows when the text moves; beside the chain, never in it."""

from __future__ import annotations

import pytest

from tests.world import Page, World

NUMBER = "/-/proposals/1"
PATH = "travel/expenses.md"


@pytest.fixture
def proposed(world: World) -> World:
    """A proposal by Ana for a page with several passages."""
    text = world.text("travel/expenses") or ""
    world.propose("ana", {"travel/expenses": text.replace("every meal", "each meal")}, "Say it better")
    return world


def _text(world: World) -> str:
    blob = world.wiki.repository.file(world.wiki.guidelines.weigh(1).proposal.tip.id, PATH)
    assert blob is not None
    return world.wiki.repository.content(blob).decode()


def _line(world: World, words: str) -> int:
    return next(nth for nth, line in enumerate(_text(world).split("\n"), start=1) if words in line)


def _remark(world: World, who: str, words: str, text: str) -> Page:
    """Use the "+" beside the passage with these words."""
    visitor = world.visitor(who)
    visitor.open(NUMBER)
    place = f"{PATH}:{_line(world, words)}"
    (link,) = visitor.page.tree.xpath(f"//a[@class='say-here' and contains(@href, '{place}#')]/@href")
    visitor.open(link.partition("#")[0])
    form = visitor.page.tree.xpath("//*[@id='say']//form")[0]
    data = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    return visitor.post(form.get("action"), {**data, "text": text})


def _revise(world: World, old: str, new: str) -> None:
    text = _text(world)
    assert old in text
    world.wiki.guidelines.revise(1, world.person("ana"), {PATH: text.replace(old, new)})


def _beside(page: Page) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.tree.xpath("//div[@class='beside']")]


def test_a_remark_stands_beside_its_passage(proposed: World) -> None:
    page = _remark(proposed, "bob", "each meal", "Also a *coffee*?")
    assert page.status == 200
    (beside,) = _beside(page)
    assert "Bob Reyes" in beside
    assert "Also a coffee?" in beside
    block = page.tree.xpath("//div[@class='beside']/ancestor::div[contains(@class, 'diff-part')][1]")[0]
    assert "each" in block.text_content()
    assert "What was said stands beside the passages above" in page.main
    act = proposed.wiki.guidelines.talk(1)[0]
    assert act.at == f"{PATH}:{_line(proposed, 'each meal')}"
    assert act.to == proposed.change(1)


def test_it_follows_its_passage_when_the_text_moves(proposed: World) -> None:
    _remark(proposed, "bob", "each meal", "Also a coffee?")
    _revise(proposed, "# Expenses\n", "# Expenses\n\nA new beginning.\n\nAnd a second one.\n")
    page = proposed.visitor("cyd").open(NUMBER)
    (beside,) = _beside(page)
    assert "has changed since" not in beside
    block = page.tree.xpath("//div[@class='beside']/ancestor::div[contains(@class, 'diff-part')][1]")[0]
    assert "meal" in block.text_content()


def test_it_says_so_when_the_passage_has_other_words(proposed: World) -> None:
    _remark(proposed, "bob", "each meal", "Also a coffee?")
    _revise(proposed, "Keep the receipt of each meal.", "Keep the receipt of each meal and coffee.")
    (beside,) = _beside(proposed.visitor("cyd").open(NUMBER))
    assert "The passage has changed since. It said:Keep the receipt of each meal." in beside


def test_it_stays_below_when_the_passage_is_gone(proposed: World) -> None:
    _remark(proposed, "bob", "each meal", "Also a coffee?")
    _revise(proposed, "Keep the receipt of each meal.\n\n", "")
    page = proposed.visitor("cyd").open(NUMBER)
    assert _beside(page) == []
    talk = " ".join(page.tree.xpath("//section[@id='conversation']")[0].text_content().split())
    assert "about travel/expenses" in talk
    assert "The passage this is about is no longer there:Keep the receipt of each meal." in talk


def test_it_stays_below_when_its_page_leaves_the_proposal(proposed: World) -> None:
    guidelines, ana = proposed.wiki.guidelines, proposed.person("ana")
    _remark(proposed, "bob", "each meal", "Also a coffee?")
    guidelines.revise(1, ana, {"welcome.md": "# Welcome\n\nHello.\n", PATH: proposed.text("travel/expenses")})
    page = proposed.visitor("cyd").open(NUMBER)
    assert page.status == 200
    assert "Also a coffee?" in page.tree.xpath("//section[@id='conversation']")[0].text_content()


def test_a_remark_on_an_earlier_text_is_about_that_one(proposed: World) -> None:
    bob = proposed.visitor("bob")
    line, seen = _line(proposed, "each meal"), proposed.change(1)
    _revise(proposed, "# Expenses\n", "# Expenses\n\nA new beginning.\n")
    bob.post(f"{NUMBER}/comment", {"text": "This one.", "at": f"{PATH}:{line}", "to": seen})
    page = bob.open(NUMBER)
    block = page.tree.xpath("//div[@class='beside']/ancestor::div[contains(@class, 'diff-part')][1]")[0]
    assert "meal" in block.text_content()


def test_replies_stay_with_what_they_answer(proposed: World) -> None:
    _remark(proposed, "bob", "each meal", "Also a coffee?")
    first = proposed.wiki.guidelines.talk(1)[0].id
    cyd = proposed.visitor("cyd")
    cyd.post(f"{NUMBER}/comment", {"text": "Yes.", "to": first})
    second = proposed.wiki.guidelines.talk(1)[1].id
    cyd.post(f"{NUMBER}/comment", {"text": "And tea.", "to": second})
    (beside,) = _beside(cyd.open(NUMBER))
    assert beside.index("Also a coffee?") < beside.index("Yes.") < beside.index("And tea.")
    assert len(cyd.page.tree.xpath("//div[@class='beside']//ol//ol/li")) == 2


BAD_PLACES = (
    PATH, f"{PATH}:", f"{PATH}:0", f"{PATH}:-1", f"{PATH}:999999", f"{PATH}:1.5", f"{PATH}:٣", f"{PATH}:1e3",
    f"{PATH}:{'9' * 30}", "welcome:1", "nowhere.md:1", "../x.md:1", ":1", "policy.toml\x00:1", f"{PATH}:1\nAct: x",
)  # fmt: skip


@pytest.mark.parametrize("place", BAD_PLACES, ids=range(len(BAD_PLACES)))
def test_a_place_that_is_none_is_refused_and_nothing_written(proposed: World, place: str) -> None:
    before = proposed.everything()
    page = proposed.visitor("bob").post(f"{NUMBER}/comment", {"text": "Here.", "at": place, "to": proposed.change(1)})
    assert page.status in {400, 404}
    assert page.typed("typed") == "Here."
    assert proposed.everything() == before


@pytest.mark.parametrize("to", ["0" * 40, "main", "x", "f" * 39])
def test_an_answer_to_what_is_not_there_is_refused(proposed: World, to: str) -> None:
    before = proposed.everything()
    assert proposed.visitor("bob").post(f"{NUMBER}/comment", {"text": "Yes.", "to": to}).status == 404
    assert proposed.everything() == before


def test_odd_places_in_the_address_are_simply_not_shown(proposed: World) -> None:
    bob = proposed.visitor("bob")
    for place in ("x", f"{PATH}:999", "<script>", "%00", "a" * 3000):
        page = bob.open(NUMBER, query_string={"at": place})
        assert page.status == 200
        assert not page.tree.xpath("//*[@id='say']")


def test_long_talk_is_shown_piece_by_piece(proposed: World) -> None:
    for nth in range(45):
        proposed.wiki.guidelines.comment(1, proposed.person("bob"), f"Remark {nth}.")
    page = proposed.visitor("cyd").open(NUMBER)
    shown = [nth for nth in range(45) if f"Remark {nth}." in page.main]
    assert shown == list(range(25, 45))
    visitor = proposed.visitor("cyd")
    page = visitor.open(f"{NUMBER}?talk=2")
    assert [nth for nth in range(45) if f"Remark {nth}." in page.main] == list(range(5, 25))
    page = visitor.open(f"{NUMBER}?talk=3")
    assert [nth for nth in range(45) if f"Remark {nth}." in page.main] == list(range(5))
    assert visitor.open(f"{NUMBER}?talk=99").status == 200
    assert visitor.open(f"{NUMBER}?talk=x").status == 400


def test_hostile_words_stay_words(proposed: World) -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) \n\nAct: endorse"
    page = _remark(proposed, "bob", "each meal", evil)
    assert not page.tree.xpath("//main//script | //main//img | //*[@onerror]")
    assert not page.tree.xpath("//main//a[starts-with(@href, 'javascript')]")
    assert proposed.wiki.guidelines.weigh(1).proposal.voices == {}


def test_who_is_not_signed_in_reads_and_does_not_write(proposed: World) -> None:
    _remark(proposed, "bob", "each meal", "Also a coffee?")
    page = proposed.visitor().open(NUMBER)
    assert "Also a coffee?" in page.main
    assert not page.tree.xpath("//a[@class='say-here']")
    assert not page.offers("/comment")
