"""A page that says which language it is in is shown in that language, from that side, wherever its words stand."""

from __future__ import annotations

import pytest

from tests.world import Page, Visitor, World

PAGE = "travel/housing"
FIRST = "---\nlang: ar\n---\n\n# السكن\n\n- ندفع أجرة ليلتين في السنة.\n\nاحفظ كل إيصال دائما.\n"
SECOND = FIRST.replace("ليلتين", "ثلاث ليال")
THIRD = SECOND.replace("كل إيصال", "كل فاتورة")
ARABIC = ("ar", "rtl")


@pytest.fixture(params=["en", "ar"])
def reader(world: World, request: pytest.FixtureRequest) -> Visitor:
    """Somebody who reads in English or in Arabic; the page was changed once, and would be once more."""
    for text in (FIRST, SECOND):
        world.endorse(world.propose("ana", {PAGE: text}, "Housing"), "bob", "cyd")
    world.propose("ana", {PAGE: THIRD}, "Bills")
    visitor = world.visitor("dee")
    visitor.client.set_cookie("language", request.param)
    return visitor


def _around(page: Page, words: str) -> list[tuple[str, str]]:
    """The language and the side of every passage with these words."""
    passages = page.tree.xpath("//main//*[self::p or self::li][contains(., $words)]", words=words)
    return [
        (
            each.xpath("string(ancestor-or-self::*[@lang][1]/@lang)"),
            each.xpath("string(ancestor-or-self::*[@dir][1]/@dir)"),
        )
        for each in passages
    ]


def _commits(world: World) -> list[str]:
    return [row.commit for row in world.wiki.index.history(PAGE) or []]


@pytest.mark.parametrize(
    "address",
    [
        "/{page}",
        "/-/revision/{last}/{page}",
        "/-/compare/{page}?a={first}&b={last}",
        "/-/compare/{page}?a={first}&b={last}&view=beside",
        "/-/who/{page}",
        "/-/proposals/3",
        "/-/words/{page}",
        "/-/proposals/3/versions",
    ],
)
def test_the_words_of_a_page_are_in_its_language(world: World, reader: Visitor, address: str) -> None:
    last, first = _commits(world)
    page = reader.open(address.format(page=PAGE, first=first, last=last))
    assert page.status == 200
    found = _around(page, "دائما")
    assert found
    assert set(found) == {ARABIC}


def test_each_side_is_in_the_language_that_the_page_was_in(world: World) -> None:
    for text in (FIRST, FIRST.replace("lang: ar", "lang: de")):
        world.endorse(world.propose("ana", {PAGE: text}, "Housing"), "bob", "cyd")
    b, a = _commits(world)
    page = world.visitor().open(f"/-/compare/{PAGE}?a={a}&b={b}&view=beside")
    assert page.tree.xpath("//div[contains(@class, 'before')]/@lang")[0] == "ar"
    assert page.tree.xpath("//div[contains(@class, 'after')]/@lang")[0] == "de"


def test_line_by_line_it_is_source(world: World, reader: Visitor) -> None:
    last, first = _commits(world)
    page = reader.open(f"/-/compare/{PAGE}?a={first}&b={last}&view=lines")
    assert page.tree.xpath("//table[@class='diff-source']")
    assert not page.tree.xpath("//table[@class='diff-source']/ancestor::*[@lang][not(self::html)]")


def test_what_the_wiki_says_among_the_words_is_in_the_language_of_the_reader(world: World) -> None:
    old = FIRST + "".join(f"\nفقرة رقم {n} لا تتغير.\n" for n in range(9))
    for text in (old, old.replace("ليلتين", "ثلاث ليال")):
        world.endorse(world.propose("ana", {PAGE: text}, "Housing"), "bob", "cyd")
    b, a = _commits(world)
    page = world.visitor().open(f"/-/compare/{PAGE}?a={a}&b={b}")
    (told,) = page.tree.xpath("//details[@class='unchanged']/summary/span")
    assert (told.get("lang"), told.get("dir")) == ("en", "ltr")
    page = world.visitor().open(f"/-/compare/{PAGE}?a={a}&b={b}", headers={"Accept-Language": "ar"})
    assert page.tree.xpath("//details[@class='unchanged']/summary/span") == []


def test_the_editor_and_its_difference_are_in_the_language_of_the_page(world: World, reader: Visitor) -> None:
    edit = f"/-/edit/{PAGE}"
    page = reader.open(edit)
    rtl = page.tree.xpath("//html/@dir") == ["rtl"]
    fields = page.tree.xpath("//textarea[@name='text']")
    assert rtl or (fields[0].get("lang"), fields[0].get("dir")) == ARABIC
    assert page.tree.xpath("//p[@class='quoted']/bdi[contains(., 'دائما')]")
    page = reader.submit(edit, "preview", text=THIRD.replace("دائما", "دائما، في المكتب"))
    assert set(_around(page, "دائما، في")) == {ARABIC}
    page = reader.submit(edit, "difference", text=THIRD)
    (shown,) = page.tree.xpath("//section[@class='shown-difference']//div[@class='diff']")
    assert shown.xpath("string(ancestor::*[@dir][1]/@dir)") == "rtl"
    assert shown.xpath("string(ancestor::*[@lang][1]/@lang)") == "ar"


def test_the_live_preview_says_in_which_language_the_text_is(world: World) -> None:
    dee = world.visitor("dee")
    dee.open("/-/edit/welcome")
    told = [
        dee.client.post("/-/preview", data={"text": text, "name": PAGE, "csrf_token": dee.token()}).get_data(
            as_text=True
        )
        for text in (FIRST, "# Plain\n")
    ]
    assert '<template data-language lang="ar" dir="rtl"></template>' in told[0]
    assert "data-language" not in told[1]


def test_a_passage_that_is_quoted_is_in_the_language_of_its_page(world: World, reader: Visitor) -> None:
    line = FIRST.split("\n").index("- ندفع أجرة ليلتين في السنة.") + 1
    page = reader.open(f"/-/passage/{_commits(world)[-1]}/{PAGE}?at={line}")
    assert set(_around(page, "السنة")) == {ARABIC}
    page = reader.open(f"/-/words/{PAGE}?quote=احفظ+كل+إيصال+دائما.")
    assert set(_around(page, "دائما")) == {ARABIC}


def test_a_comparison_of_pages_without_a_language_has_the_menu_of_languages(world: World) -> None:
    for text in ("# Housing\n\nTwo nights.\n", "# Housing\n\nThree nights.\n"):
        world.endorse(world.propose("ana", {PAGE: text}, "Housing"), "bob", "cyd")
    b, a = _commits(world)
    page = world.visitor().open(f"/-/compare/{PAGE}?a={a}&b={b}&view=beside")
    assert page.status == 200
    assert "ar" in page.tree.xpath("//button[@name='language']/@value")
