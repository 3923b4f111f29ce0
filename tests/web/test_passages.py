"""Addresses of passages: they lead to the passage wherever it stands, or say what became of it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web.routes import HOSTILE_NAMES
from tests.world import Page, World
from wiki.addresses import passage_address
from wiki.web.places import with_passage_links

PATH = "travel/expenses"
RECEIPTS = "Keep the receipt of every meal."
TEXT = (
    "# Expenses\n\nYou are paid back what you spent.\n\n## Meals\n\n"
    f"{RECEIPTS}\n\n## Trains\n\nTake the train where it is quick.\n\n"
    "- Window seats are for everybody.\n- Aisle seats are too.\n\n"
    "| Class | Paid |\n| --- | --- |\n| second | always |\n| first | seldom |\n\n"
    "```\nride --second\nride --back\n```\n"
)


@pytest.fixture
def told(world: World) -> World:
    """A page whose passages have addresses."""
    _land(world, {PATH: TEXT})
    return world


def _land(world: World, edits: dict[str, str | None], who: str = "ana", title: str = "A change") -> str:
    n = world.propose(who, edits, title)
    world.endorse(n, *[each for each in ("bob", "cyd", "dee") if each != who][:2])
    assert world.in_force(n)
    world.clock.wait(1)
    return world.wiki.repository.main()


def _line(words: str, text: str = TEXT) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


def _address(world: World, words: str) -> str:
    return passage_address(world.wiki.repository.main(), PATH, _line(words))


def _found(page: Page) -> str:
    """The words that are marked on a page in force."""
    assert page.status == 200, page.main
    assert page.tree.xpath("//article//*[@id='passage']")
    return " ".join(
        " ".join(page.tree.xpath("//article//*[contains(@class, 'found')]")[0].text_content().split()).split()
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (RECEIPTS, RECEIPTS),
        ("## Trains", "Trains"),
        ("Aisle", "Aisle seats are too."),
        ("ride --back", "ride --second ride --back"),
    ],
)
def test_it_leads_to_the_passage_on_the_page_in_force(told: World, words: str, found: str) -> None:
    address = _address(told, words)
    answer = told.app.test_client().get(address, follow_redirects=False)
    assert answer.status_code == 308
    answer = told.app.test_client().get(answer.location)
    assert answer.status_code == 302
    assert answer.location.endswith("#passage")
    assert answer.location.startswith(f"/{PATH}?")
    page = told.visitor().open(address)
    assert _found(page) == found
    assert "data-line" not in page.body


def test_a_table_is_marked_row_by_row(told: World) -> None:
    page = told.visitor().open(_address(told, "first"))
    assert len(page.tree.xpath("//tr[contains(@class, 'found')]")) == 3
    assert len(page.tree.xpath("//*[@id='passage']")) == 1


def test_a_heading_has_an_address_by_its_name_too(told: World) -> None:
    visitor = told.visitor()
    anchors = visitor.open(f"/{PATH}").tree.xpath("//article//a[@class='anchor']/@href")
    short = told.wiki.repository.main()[:10]
    assert anchors == [f"?passage={short}.h-meals", f"?passage={short}.h-trains"]
    assert _found(visitor.open(f"/{PATH}{anchors[1]}")) == "Trains"
    anchors = visitor.open(f"/-/revision/{short}/{PATH}").tree.xpath("//article//a[@class='anchor']/@href")
    assert anchors == [f"/-/passage/{short}/{PATH}?at={at}" for at in ("h-meals", "h-trains")]
    assert _found(visitor.open(anchors[1])) == "Trains"
    _land(told, {PATH: TEXT.replace("## Meals", "## Food\n\nEat well.\n\n## Meals")})
    assert _found(visitor.open(anchors[0])) == "Meals"


def test_it_is_followed_through_edits_elsewhere(told: World) -> None:
    address = _address(told, RECEIPTS)
    for n in range(3):
        before = told.text(PATH) or ""
        _land(told, {PATH: before.replace("# Expenses\n", f"# Expenses\n\nNew passage {n}.\n")})
    page = told.visitor().open(address)
    assert _found(page) == RECEIPTS
    assert told.visitor().open(page.address).address == page.address


def test_it_is_followed_through_a_move_within_the_page(told: World) -> None:
    address = _address(told, RECEIPTS)
    _land(told, {PATH: TEXT.replace(f"{RECEIPTS}\n\n", "") + f"\n{RECEIPTS}\n"})
    page = told.visitor().open(address)
    assert page.address.startswith(f"/{PATH}?")
    assert _found(page) == RECEIPTS


def test_it_is_followed_through_a_rename_of_the_page(told: World) -> None:
    address, visitor = _address(told, RECEIPTS), told.visitor()
    landed = visitor.open(address).address
    _land(told, {PATH: None, "money/costs": TEXT})
    for each in (address, landed):
        page = visitor.open(each)
        assert page.address.startswith("/money/costs?")
        assert _found(page) == RECEIPTS
    _land(told, {PATH: f"# Another\n\nThis is another page.\n\n{RECEIPTS}\n"})
    for each in (address, landed):
        assert visitor.open(each).address.startswith("/money/costs?"), each


def test_two_pages_that_changed_their_names_are_not_taken_for_each_other(told: World) -> None:
    address, visitor = _address(told, RECEIPTS), told.visitor()
    other = told.text("travel/visa")
    _land(told, {PATH: None, "between": TEXT})
    _land(told, {"travel/visa": None, PATH: other})
    _land(told, {"between": None, "travel/visa": TEXT})
    page = visitor.open(address)
    assert page.address.startswith("/travel/visa?")
    assert _found(page) == RECEIPTS


def test_a_passage_that_changed_is_shown_as_it_was_with_the_change(told: World) -> None:
    address = _address(told, RECEIPTS)
    changed = _land(told, {PATH: TEXT.replace("every meal", "each meal")}, "zed", "Each is nicer")
    _land(told, {PATH: (told.text(PATH) or "").replace("You are paid", "Everybody is paid")})
    page = told.visitor().open(address)
    assert page.status == 200
    assert page.address.startswith("/-/passage/")
    assert "This passage reads otherwise since" in page.main
    assert RECEIPTS in page.main
    assert "Zed Okafor: Each is nicer" in page.main
    assert page.tree.xpath("//ins/text()") == ["each"]
    links = page.tree.xpath("//div[@class='notice']//a/@href")
    assert any(link.startswith(f"/{PATH}?passage=") and link.endswith("#passage") for link in links)
    assert any(link.startswith("/-/compare/") and changed in link for link in links)
    visitor = told.visitor()
    for link in links:
        assert visitor.open(link.partition("#")[0]).status == 200
    assert _found(visitor.open(links[[link.startswith(f"/{PATH}?") for link in links].index(True)])) == (
        "Keep the receipt of each meal."
    )


def test_a_passage_that_changed_little_by_little_is_still_found(told: World) -> None:
    address, words = _address(told, RECEIPTS), RECEIPTS
    for old, new in (("Keep", "Always hand in"), ("receipt", "paper"), ("every meal", "each dinner"), ("of", "for")):
        told_text = told.text(PATH) or ""
        changed = words.replace(old, new)
        _land(told, {PATH: told_text.replace(words, changed)}, title=f"Say {new}")
        words = changed
    page = told.visitor().open(address)
    assert "reads otherwise since" in page.main
    assert "Say Always hand in" in page.main
    assert any("passage=" in link for link in page.tree.xpath("//div[@class='notice']//a/@href"))


def test_a_passage_that_went_is_said_to_be_gone_since_when_and_by_whom(told: World) -> None:
    address = _address(told, RECEIPTS)
    _land(told, {PATH: TEXT.replace(f"{RECEIPTS}\n\n", "")}, "zed", "No receipts")
    _land(told, {PATH: (told.text(PATH) or "").replace("You are paid", "Everybody is paid")})
    page = told.visitor().open(address)
    assert "This passage is no longer on the page, since" in page.main
    assert "Zed Okafor: No receipts" in page.main
    assert RECEIPTS in page.main
    assert f"/{PATH}" in page.tree.xpath("//div[@class='notice']//a/@href")


def test_a_page_that_was_removed_says_by_whom(told: World) -> None:
    address, visitor = _address(told, RECEIPTS), told.visitor()
    landed = visitor.open(address).address
    _land(told, {PATH: None}, "zed", "We stay at home")
    page = visitor.open(address)
    assert page.status == 200
    assert "The page was removed on" in page.main
    assert "Zed Okafor: We stay at home" in page.main
    assert RECEIPTS in page.main
    assert visitor.open(landed).status in {200, 404}


def test_only_what_is_a_passage_of_that_revision_is_found(told: World) -> None:
    visitor, main = told.visitor(), told.wiki.repository.main()
    first = next(row.commit for row in (told.wiki.index.history("welcome") or []))
    for at in ("0", "1000000000000", "-1", "x", "", "1.5", "9999", "h-nothing", "h-", "٣", "1' or 1", "\x00"):
        page = visitor.open(f"/-/passage/{main}/{PATH}", query_string={"at": at})
        assert page.status == 404, at
        assert page.tree.xpath("//main//a[@href='/-/history/travel/expenses']"), at
    for commit in ("0" * 40, "HEAD", "main", main[:6], "0" * 7, main + "0", "--all"):
        page = visitor.open(f"/-/passage/{commit}/{PATH}?at=3")
        assert page.status == 404, commit
    assert visitor.open(f"/-/passage/{main}/no/such/page?at=3").status == 404
    assert visitor.open(f"/-/passage/{main}/größe/naïve?at=3").status == 200
    assert visitor.open(f"/-/passage/{first}/{PATH}?at=3").status == 200
    for name in HOSTILE_NAMES:
        assert visitor.open(f"/-/passage/{main}/{quote(name)}?at=3").status < 500, name


def test_a_page_is_shown_as_ever_where_the_passage_asked_for_is_none(told: World) -> None:
    visitor = told.visitor()
    for asked in ("", "x", "0", f"{'0' * 40}.3", "HEAD.3", f"{told.wiki.repository.main()}.0", "..", ".", "a.b.c"):
        page = visitor.open(f"/{PATH}", query_string={"passage": asked})
        assert page.status == 200
        assert page.address.startswith(f"/{PATH}")
        assert not page.tree.xpath("//*[@id='passage']")


def test_each_passage_on_who_wrote_this_has_its_address(told: World) -> None:
    visitor = told.visitor()
    addresses = visitor.open(f"/-/who/{PATH}").tree.xpath("//div[@class='passage']//a[@data-copy]/@href")
    found = [_found(visitor.open(address)) for address in addresses]
    assert len(found) == len(set(found)) == 9
    assert "Aisle seats are too." in found


def test_comparing_and_acts_have_short_addresses(told: World) -> None:
    visitor = told.visitor()
    new = _land(told, {PATH: TEXT.replace("every meal", "each meal")})
    old = (told.wiki.index.history(PATH) or [])[1].commit
    page = visitor.open(f"/-/compare/{PATH}?a={old[:10]}&b={new[:10]}&view=lines")
    assert page.status == 200
    assert page.address == f"/-/compare/{PATH}?a={old}&b={new}&view=lines"
    short = f"http://localhost/-/compare/{PATH}?a={old[:10]}&b={new[:10]}"
    assert page.tree.xpath("//a[@data-copy]/@href") == [f"{short}&view=lines"]
    page = visitor.open(f"/-/compare/{PATH}?a={new}&b={old}&view=beside")
    assert page.tree.xpath("//a[@data-copy]/@href") == [f"{short}&view=beside"]
    assert visitor.open(f"/-/compare/{PATH}?a={old}&b={new}").tree.xpath("//a[@data-copy]/@href") == [short]
    page = visitor.open("/-/proposals/1?story=all")
    acts = page.tree.xpath("//li[contains(@class, 'act')]//a[@data-copy]/@href")
    assert len(acts) == 4
    for act in acts:
        assert visitor.open(act).address.startswith("/-/proposals/1"), act
    assert visitor.open("/-/act/0000000").status == 404


@pytest.mark.parametrize("length", [40, 10])
def test_an_address_with_an_id_in_capitals_leads_to_the_one_in_small_letters(told: World, length: int) -> None:
    visitor = told.visitor()
    new = _land(told, {PATH: TEXT.replace("every meal", "each meal")})
    old = (told.wiki.index.history(PATH) or [])[1].commit
    a, b, act = old[:length].upper(), new[:length].upper(), told.wiki.guidelines.weigh(1).proposal.acts[0].id
    for asked, there in [
        (f"/-/revision/{a}/{PATH}", f"/-/revision/{old}/{PATH}"),
        (f"/-/compare/{PATH}?a={a}&b={b}", f"/-/compare/{PATH}?a={old}&b={new}"),
        (f"/-/passage/{a}/{PATH}?at={_line(RECEIPTS)}", f"/-/passage/{old}/{PATH}?at={_line(RECEIPTS)}"),
        (f"/-/changes/{b}", f"/-/changes/{new}"),
        (f"/-/verify/{b}", f"/-/verify/{new}"),
        (f"/-/act/{act[:length].upper()}", "/-/proposals/1?story=all"),
    ]:
        page = visitor.open(asked)
        assert (page.status, page.address) == (200, there), asked
    assert visitor.open(f"/-/revision/{'F' * length}/{PATH}").status == 404


def test_only_anchors_are_changed_and_not_text_that_looks_like_one() -> None:
    html = '<h2 id="h-x">X<a class="anchor" href="#h-x"></a></h2><pre>&lt;a class="anchor" href="#h-x"</pre>'
    assert with_passage_links(html, "?passage=0123456789.") == html.replace("#h-x", "?passage=0123456789.h-x", 1)


def test_a_passage_that_was_cut_before_its_page_was_removed_says_both(told: World) -> None:
    address, visitor = _address(told, RECEIPTS), told.visitor()
    _land(told, {PATH: TEXT.replace(f"{RECEIPTS}\n\n", "")}, "bob", "No receipts")
    _land(told, {PATH: None}, "zed", "We stay at home")
    page = visitor.open(address)
    assert page.status == 200
    assert "This passage is no longer on the page, since" in page.main
    assert "Bob Reyes: No receipts" in page.main
    assert "The page itself was removed later, on" in page.main
    assert "this passage with it" not in page.main


def test_the_difference_of_a_passage_is_shown_as_it_reads(told: World) -> None:
    address = _address(told, RECEIPTS)
    _land(told, {PATH: TEXT.replace(RECEIPTS, "Keep the **receipt** of [every](visa.md) meal.")})
    page = told.visitor().open(address)
    (difference,) = page.tree.xpath("//section[@aria-labelledby='since-then']")
    assert difference.xpath(".//strong[contains(., 'receipt')]")
    assert difference.xpath(".//a[contains(., 'every')]")
    assert "**" not in difference.text_content()


def test_the_difference_of_a_title_is_shown_as_it_is_written(told: World) -> None:
    address = _address(told, "# Expenses")
    _land(told, {PATH: TEXT.replace("# Expenses", "# Expenses of all kinds")})
    page = told.visitor().open(address)
    assert "Expenses of all kinds" in page.tree.xpath("//section[@aria-labelledby='since-then']")[0].text_content()
